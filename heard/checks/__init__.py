"""What is looked at in a procedure that reads well: one module for each thing that can be broken, weak or missing.

`heard.lint` runs them all, for `heard policy check` and the conformance test.
"""
