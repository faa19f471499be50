"""Reports flow in while processes, the broker and the database are killed; afterwards everything is counted.

Run it with ``python -m benchmarks.chaos``. The tests run a small dose of the same.
"""
