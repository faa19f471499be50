"""What is born of the nursery shares what was read, and nothing that it waits with."""

import subprocess
import sys

BORN = """
import os
from services.chassis import green
green.patch()
from eventlet import hubs
from tests.ground import nursery
shared = hubs.get_hub()
if child := os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
nursery._wait_alone()
assert hubs.get_hub() is not shared
assert shared.poll.closed
"""


def test_each_process_waits_for_events_of_its_own() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", BORN], check=True, timeout=60)
