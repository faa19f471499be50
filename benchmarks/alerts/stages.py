"""Where the time of a call goes: from receipt to the mail server, as the services wrote it down on the way.

Read from the tables that carry the facts, so only where facts go over a broker; whoever hands them over within one
process keeps no such rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from services.chassis.topology import first_key
from tests.ground.harness import Platform

STAGES = ("until said", "until it left intake", "until heard", "until read", "until it left safeguarding",
          "until heard by notifications", "until in the post")  # fmt: skip

_SAID = "SELECT message_id, body ->> 'report_id' AS report, written_at, sent_at FROM outbox WHERE fact IN (?, ?)"
_HEARD = "SELECT message_id, heard_at FROM inbox WHERE handler = ?"


def _facts(platform: Platform, publisher: str, listener: str, fact: str) -> dict[str, tuple[Any, ...]]:
    """By report: when a fact was written, when it left, and when it was heard; the first of each report."""
    heard = {row["message_id"]: row["heard_at"] for row in platform.rows(listener, _HEARD, [fact])}
    found: dict[str, tuple[Any, ...]] = {}
    for row in platform.rows(publisher, f"{_SAID} ORDER BY id", [fact, first_key(fact)]):
        if row["message_id"] in heard and row["sent_at"]:
            found.setdefault(row["report"], (row["written_at"], row["sent_at"], heard[row["message_id"]]))
    return found


def took(platform: Platform, posted: Mapping[str, float]) -> dict[str, list[float]]:
    """Seconds of each stage of some reports. ``posted``: when the mail server had the call about each, Unix time."""
    received = _facts(platform, "intake", "safeguarding", "complaint_received")
    called = _facts(platform, "safeguarding", "notifications", "ladder_called")
    times = {row["id"]: row["received_at"] for row in platform.rows("intake", "SELECT id, received_at FROM reports")}
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for report in posted:
        if report in received and report in called:
            moments = [times[report], *received[report], *called[report]]
            seconds = [one.timestamp() for one in moments] + [posted[report]]
            for stage, (before, after) in zip(STAGES, pairwise(seconds), strict=True):
                found[stage].append(after - before)
    return found
