"""How many reports a second go the whole way, from HTTP to "screened and case open", and how that compares to the bare
commits and confirmed messages that it is made of. Run it with ``python -m benchmarks.journey``.
"""
