"""Learns the table of the screen's second half again: ``python -m benchmarks.learning``."""

from benchmarks.learning.lesson import main

main()
