"""Whatever happens in a case, in whatever order: no message reaches a person whom it is or may be about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications import hearing
from tests.directory.neighbours import Neighbours, person, row
from tests.notifications.test_telling_people import GROUP, HANDLER, SUBJECT, advanced, outbox

LEAD, MANAGER = person("imogen-ashdale"), person("odette-marlingford")
EVERYBODY = (HANDLER, GROUP, SUBJECT, LEAD, MANAGER)
PARTS = ("handles", "investigates", "decides", "oversees")


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    made = Neighbours(tmp_path_factory.mktemp("told"), "notifications")
    yield made
    made.close()


def events() -> st.SearchStrategy[list[tuple[str, dict[str, Any]]]]:
    """Rows of a ledger by chance: who is named, who may be meant, who gets a part, who is to be told."""
    who = st.sampled_from(EVERYBODY)
    to = st.lists(who, min_size=1, max_size=3).map(
        lambda those: [{"kind": "person", "key": one, "word": "handler"} for one in those]
    )
    named = st.builds(lambda p: ("named", {"person": p, "identified": True, "subject": "s1", "role": None,
                                           "might_be": []}), who)  # fmt: skip
    meant = st.builds(lambda those: ("named", {"person": None, "identified": False, "subject": "s1", "role": None,
                                               "might_be": those}), st.lists(who, max_size=3))  # fmt: skip
    assigned = st.builds(lambda p, part: ("assigned", {"stage": "stage_1", "part": part, "person": p}), who,
                         st.sampled_from(PARTS))  # fmt: skip
    late = st.builds(lambda t: ("escalated", {"stage": "stage_1", "duty": "respond", "key": "respond", "step": 0,
                                              "due": "2026-12-01", "to": t}), to)  # fmt: skip
    decided = st.builds(lambda t: ("decided", {"stage": "stage_1", "decision": "staff_outcome", "answer": "x",
                                               "to": t}), to)  # fmt: skip
    excused = st.builds(lambda t: ("duty_excused", {"stage": "stage_2", "duty": "copy_to_named_staff", "to": t}), to)
    return st.lists(st.one_of(named, meant, assigned, late, decided, excused, st.just(("screened", {}))), max_size=12)


def kept_away(rows: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """Whom the case is or may be about after these rows."""
    last = next((data for event, data in reversed(rows) if event == "named"), None)
    return set() if last is None else {last["person"]} - {None} | set(last["might_be"])


@given(happened=events())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_reaches_a_person_that_it_is_about(
    trial: Neighbours, happened: list[tuple[str, dict[str, Any]]]
) -> None:
    case_id = uuid4().hex  # a case of its own each time: what was heard of one is remembered
    rows = [("received", {"kind": "complaint"}), ("stage_opened", {"stage": "stage_1"}), *happened]
    body = advanced(trial, *(row(seq, event, **data) for seq, (event, data) in enumerate(rows, 1)))
    trial.hear(hearing.cases_advanced, "case_advanced", body | {"case_id": case_id})
    sent = [one for one in trial.published("message_sent") if one["case_id"] == case_id]
    assert not {one["whom"] for one in sent} & kept_away(rows)  # as it is known when they are made
    for away in kept_away(rows):
        assert not [one for one in outbox(trial, away) if one["case_id"] == case_id]
