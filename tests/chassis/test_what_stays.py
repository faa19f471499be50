"""What a process has loaded when it is at work is there to stay, and nobody waits while it is looked through again."""

from __future__ import annotations

import subprocess
import sys

A_PROCESS = """
import gc
from services.chassis.process import keep_what_is_loaded

loaded = len(gc.get_objects())
assert keep_what_is_loaded() > loaded / 2, "what is loaded stays"
assert len(gc.get_objects()) < 1000, "and is not looked through"
later = [[] for _ in range(1000)]
assert len(gc.get_objects()) > 1000, "what comes later is"
"""


def test_what_was_loaded_at_the_start_is_not_looked_through_for_rubbish() -> None:
    done = subprocess.run([sys.executable, "-c", A_PROCESS], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
