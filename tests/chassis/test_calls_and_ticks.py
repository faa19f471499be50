"""Questions are answered, their errors travel, and a clock that is moved rings what waits for time."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.clock import set_clock
from tests.chassis.conftest import Toys


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [
        ("not_found", {"error": "NotFound"}),
        ("refused", {"error": "Refused", "detail": "No.", "clause": "IOI-18", "instead": "Ask the panel."}),
        ("invalid", {"error": "Invalid", "fields": {"home": ["There is no such home."]}}),
        ("conflict", {"error": "Conflict", "expected": 3, "actual": 5}),
        ("too_many", {"error": "TooMany", "retry_after": 30}),
    ],
)
def test_an_error_arrives_as_what_it_is(one_platform: Toys, kind: str, arrives: dict[str, object]) -> None:
    answer = one_platform.get("workflow", f"/ask?service=intake&method=trouble&kind={kind}")
    assert arrives.items() <= answer.items()


def test_a_fault_of_ours_says_nothing_of_what_was_said(one_platform: Toys) -> None:
    answer = one_platform.get("workflow", "/ask?service=intake&method=trouble&kind=bug")
    assert answer["error"] == "Failed"
    assert "child" not in str(answer)


def test_a_service_that_is_away_is_unavailable(one_platform: Toys) -> None:
    assert one_platform.get("workflow", "/ask?service=reporting&method=ping")["error"] == "Unavailable"


def test_the_correlation_id_goes_with_the_question(one_platform: Toys) -> None:
    port, prefix = one_platform.ports["workflow"], "/_/workflow" if one_platform.embedded else ""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{prefix}/ask?service=intake&method=correlation",
        headers={"X-Correlation-Id": "story-1"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["X-Correlation-Id"] == "story-1"
        assert json.load(answer) == {"answer": "story-1"}


def test_every_service_measures_itself(one_platform: Toys) -> None:
    status, text = one_platform.top("safeguarding", "/metrics")
    assert status == 200
    for name in ("heard_outbox_unsent", "heard_outbox_age_seconds", "heard_parked_waiting", "heard_queue_depth",
                 "heard_queue_age_seconds", "heard_facts_handled_total", "heard_facts_failed_total"):  # fmt: skip
        assert f"# TYPE {name.removesuffix('_total')}" in text or f"# TYPE {name}" in text
    assert text.count("# TYPE heard_outbox_unsent ") == 1


def test_numbers_are_for_whoever_looks_after_the_installation(one_platform: Toys) -> None:
    """A count that goes up would tell the person complained about that somebody has complained."""
    status, text = one_platform.top("safeguarding", "/metrics", measuring=False)
    assert status == 404
    assert "heard_" not in text


def test_what_is_not_there_is_not_found(one_platform: Toys) -> None:
    if one_platform.embedded:
        assert one_platform.top("intake", "/_/nobody/")[0] == 404
    assert one_platform.top("intake", "/health/live")[0] == 200


def test_moving_the_clock_rings_at_once(toys: Toys) -> None:
    toys.clock = toys.folder / "clock"
    set_clock(toys.clock, datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    toys.start()
    toys.until(lambda: toys.get("intake", "/state")["times"] == ["2026-12-25T02:00:00+00:00"])
    set_clock(toys.clock, datetime(2026, 12, 28, 9, 0, tzinfo=UTC))
    toys.until(lambda: toys.get("intake", "/state")["times"][-1] == "2026-12-28T09:00:00+00:00", 5)


def test_the_logs_are_json_lines(one_platform: Toys) -> None:
    one_platform.get("workflow", "/ask?service=intake&method=trouble&kind=bug")
    lines = [line for log in Path(one_platform.folder).glob("*.log") for line in log.read_text().splitlines() if line]
    assert all(isinstance(json.loads(line), dict) for line in lines)
