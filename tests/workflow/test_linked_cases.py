"""A second case grows out of the first, and neither tells of the other to anybody who may not see both.

A neighbour complains about what young people are said to have done; a young person is told, heard and offered an
advocate in a case of their own, which does not say who complained.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import Conflict, NotFound, Refused
from services.workflow import casebook
from tests.ground.alliance import LARKFIELD
from tests.workflow.case_room import CaseRoom, holding, person, subject

MANAGER, REGISTERED, DIRECTOR, GROUP = "hester-quillan", "lambert-oyelaran", "rosalind-teversham", "magnus-ellerby"
STAFF, OTHER_STAFF, OUTSIDE = "ottilie-brandreth", "caspian-dowrick", "cordelia-wexcombe"
NEIGHBOUR = {"complainant": "public", "about_a_child": True, "child_ages": [16], "categories": ["noise"]}


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service of a group that goes by Infinity Alliance's procedure."""
    room = CaseRoom(tmp_path, group=LARKFIELD)
    yield room
    room.house.close()


@pytest.fixture
def alliance_on_postgres(tmp_path: Path, database_url: str) -> Iterator[CaseRoom]:
    """The same on PostgreSQL, built by its migrations."""
    room = CaseRoom(tmp_path, database_url=database_url, group=LARKFIELD)
    yield room
    room.house.close()


def yes_it_is(room: CaseRoom, case_id: str, who: str = MANAGER, **how: Any) -> Any:
    return room.act(who, case_id, "decide", decision="open_behaviour", answer="yes", **how)


def opened_from(room: CaseRoom, case_id: str) -> str:
    yes_it_is(room, case_id)
    return str(room.rows(case_id, "linked_case_opened")[-1].data["case"])


def test_the_answer_opens_a_case_of_its_own_with_its_own_ledger_people_and_clock(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    assert second != first
    assert alliance.events(second)[:3] == ["received", "linked_to", "screened"]
    page = alliance.case(MANAGER, second)
    assert page["stage"]["key"] == "behaviour" and page["reference"] != alliance.case(MANAGER, first)["reference"]
    assert [one["name"] for one in page["people"]] == ["Hester Quillan"]
    due = {one["duty"]: one["due"] for one in page["dues"]}
    assert (due["tell_young_person"], due["hear_young_person"]) == ("2026-11-25", "2026-11-30")
    assert {"acknowledge", "respond", "brief_record"}.isdisjoint(due)  # what is owed to a neighbour is not owed here
    with alliance.house.db.reading() as conn:
        assert casebook.is_whole(conn, first) and casebook.is_whole(conn, second)
    told = [fact for fact in alliance.published() if fact["case_id"] == second]
    assert [row["seq"] for fact in told for row in fact["happenings"]][:3] == [1, 2, 3]


def test_it_is_opened_once_however_often_the_answer_is_given(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    seq = alliance.case(MANAGER, first)["seq"]
    answer = yes_it_is(alliance, first, key="a click", seq=seq)
    assert yes_it_is(alliance, first, key="a click", seq=seq) == answer
    with pytest.raises(Conflict):
        yes_it_is(alliance, first, key="another click", seq=seq)
    with pytest.raises(Refused, match="open already"):
        yes_it_is(alliance, first)
    alliance.hears_again()
    assert len(alliance.rows(first, "linked_case_opened")) == 1
    assert len(alliance.cases(MANAGER)) == 2


def test_the_row_that_asks_for_it_and_the_case_itself_stand_or_fall_together(
    alliance: CaseRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = alliance.opens(**NEIGHBOUR)

    def dies(*_: object) -> None:
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(casebook, "keep_due_lines", dies)
    with pytest.raises(RuntimeError):
        yes_it_is(alliance, first)
    monkeypatch.undo()
    assert alliance.rows(first, "linked_case_opened") == [] and alliance.cases(MANAGER) == [first]
    assert opened_from(alliance, first) in alliance.cases(MANAGER)


def test_the_young_person_s_case_carries_nothing_of_who_complained(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    received = alliance.rows(second, "received")[0].data
    assert {"complainant", "channel", "anonymous", "on_behalf", "first_contact"}.isdisjoint(received)
    assert received["contactable"] is False and received["children"] == [{"age": 16}]
    page = alliance.case(MANAGER, second)
    assert page["words"] == []
    assert "public" not in json.dumps(page["ledger"]) and "withdraw" not in {one["name"] for one in page["actions"]}


def test_what_the_neighbour_says_later_reaches_the_first_case_only(alliance: CaseRoom) -> None:
    report = alliance.report(**NEIGHBOUR)
    first = report["report_id"]
    alliance.hears("complaint_received", report)
    alliance.screened(first)
    second = opened_from(alliance, first)
    before = alliance.events(second)
    key = alliance.intake.envelope_key(first, report["words"])
    place = {name: alliance.screen_of(first)[name] for name in ("operator", "provider", "home")}
    words = alliance.intake.envelope(key, {"words": "They did it again last night."})
    at = (alliance.house.clock.now() + timedelta(minutes=1)).isoformat()
    fact = {"report_id": first, "words_id": "w" * 32, "received_at": at, "sort": "message", "words": words}
    alliance.hears("words_received", place | fact)
    alliance.screened(first, words_id="w" * 32)
    assert alliance.rows(first, "words_screened") and alliance.events(second) == before
    assert [one["sort"] for one in alliance.case(MANAGER, first)["words"]] == ["report", "message"]
    assert alliance.case(MANAGER, second)["words"] == []


def test_what_the_complainant_reads_says_nothing_of_the_young_person_s_case(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    opened_from(alliance, first)
    said = json.dumps(alliance.follow(first)).lower()
    assert "review" not in said and "warning" not in said and "hear" not in said
    says = "that it was dealt with, and nothing more about any young person"
    answer = next(one for one in alliance.case(MANAGER, first)["actions"] if one["name"] == "respond")
    assert says in answer["needs"]["contents"]


def test_whoever_is_kept_from_the_first_case_is_kept_from_the_second(alliance: CaseRoom) -> None:
    first = alliance.receives(**NEIGHBOUR)
    alliance.screened(first, subjects=[subject(who=MANAGER)])
    second = opened_by(alliance, first, REGISTERED)
    assert alliance.cases(MANAGER) == []
    assert alliance.case(REGISTERED, second)["people"][0]["name"] == "Lambert Oyelaran"
    with pytest.raises(NotFound):
        alliance.case(MANAGER, second)


def opened_by(room: CaseRoom, case_id: str, who: str) -> str:
    yes_it_is(room, case_id, who)
    return str(room.rows(case_id, "linked_case_opened")[-1].data["case"])


def test_whoever_turns_out_to_be_complained_of_later_is_shut_out_of_both(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    alliance.safeguarding(first, 1, ("named", subject(who=MANAGER)))
    for case_id in (first, second):
        assert alliance.rows(case_id, "stood_down")[-1].data["person"] == person(MANAGER)
        with pytest.raises(NotFound):
            alliance.case(MANAGER, case_id)
    assert alliance.case(DIRECTOR, second)["people"][-1]["name"] == "Lambert Oyelaran"


def test_whoever_stood_down_from_the_first_does_not_meet_the_matter_again_in_the_second(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    alliance.act(MANAGER, first, "stand_down", part="handles", why="the neighbour is my sister")
    second = opened_by(alliance, first, REGISTERED)
    assert second not in alliance.cases(MANAGER)
    assert "sister" not in json.dumps([row.data for row in alliance.rows(second)])


def test_whoever_stands_down_from_the_first_later_stands_down_in_the_second_too(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    assert alliance.case(MANAGER, second)["people"][0]["name"] == "Hester Quillan"
    alliance.act(MANAGER, first, "stand_down", part="handles", why="the neighbour is my sister")
    assert second not in alliance.cases(MANAGER)
    row = alliance.rows(second, "stood_down")[0]
    assert row.data["person"] == person(MANAGER) and "sister" not in json.dumps(dict(row.data))
    page = alliance.case(REGISTERED, second)
    assert page["people"][-1]["name"] == "Lambert Oyelaran" and page["people"][-1]["stood_down"] is None


def test_whoever_hands_a_part_over_for_no_conflict_keeps_the_second_case(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    alliance.act(MANAGER, first, "hand_over", part="handles", person=person(REGISTERED), why="too much to do")
    assert alliance.case(REGISTERED, first)["people"][-1]["name"] == "Lambert Oyelaran"
    assert second in alliance.cases(MANAGER) and alliance.rows(second, "stood_down") == []


def test_staff_on_duty_see_the_cases_they_hold_and_no_other(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR | {"formality": "informal"})
    handler = next(one for one in (STAFF, OTHER_STAFF) if alliance.cases(one))
    other = OTHER_STAFF if handler == STAFF else STAFF
    assert alliance.cases(handler) == [first] and alliance.cases(other) == []
    second = opened_by(alliance, first, handler)
    assert second not in alliance.cases(handler)  # the house manager hears the young person
    page = alliance.case(handler, first)
    assert page["linked"] == [] and second not in json.dumps(page)
    (link,) = alliance.case(MANAGER, first)["linked"]
    assert (link["case_id"], link["way"]) == (second, "opened")
    (back,) = alliance.case(MANAGER, second)["linked"]
    assert (back["case_id"], back["way"]) == (first, "grew_from")


def test_nothing_is_decided_about_a_young_person_who_was_not_told_offered_an_advocate_and_heard(
    alliance: CaseRoom,
) -> None:
    second = opened_from(alliance, alliance.opens(**NEIGHBOUR))
    review = {"decision": "conduct_review", "answer": "yes", "record": {"reason": "to hear more"}}
    with pytest.raises(Refused, match="too early"):
        alliance.act(MANAGER, second, "decide", **review)
    with pytest.raises(Refused, match="were not told"):
        alliance.act(MANAGER, second, "reach", milestone="young_person_heard")
    told = ["what is said, and not who said it", "that they may answer, or not", "that an advocate can help them"]
    alliance.act(MANAGER, second, "tell", duty="tell_young_person", whom="young_person", channel="in_person",
                 contents=told, leaves_out=UNNAMED)  # fmt: skip
    alliance.act(MANAGER, second, "reach", milestone="young_person_heard")
    with pytest.raises(Refused, match="not offered an advocate"):
        alliance.act(MANAGER, second, "decide", **review)
    alliance.act(MANAGER, second, "record", event="advocate_offered")
    alliance.act(MANAGER, second, "decide", **review)
    assert {one["duty"] for one in alliance.case(MANAGER, second)["dues"]} >= {"hold_conduct_review"}


TOLD = ["what is said, and not who said it", "that they may answer, or not", "that an advocate can help them"]
OUTCOME = ["what was decided and why", "what happens next", "how to say that they disagree, and who can help them"]
COPY = ["what was said, their side and what was decided", "nothing that says who complained"]
REVIEW = ["why there is a review", "when and where", "that an advocate or somebody they trust may come with them"]
WHY = {"reason": "he is sorry, and it was his birthday"}
UNNAMED = ["who complained"]


def heard(room: CaseRoom, first: str) -> str:
    """The young person's case, told, helped by an advocate if they wished, and heard; a conduct review was held."""
    second = opened_from(room, first)
    for duty, contents in (("tell_young_person", TOLD), ("offer_to_step_in", [])):
        room.act(MANAGER, second, "tell", duty=duty, whom="young_person", channel="in_person", contents=contents,
                 leaves_out=UNNAMED)  # fmt: skip
    room.act(MANAGER, second, "record", event="advocate_offered")
    room.act(MANAGER, second, "reach", milestone="young_person_heard")
    room.act(MANAGER, second, "decide", decision="conduct_review", answer="yes", record=WHY)
    room.act(MANAGER, second, "reach", milestone="conduct_review_held")
    return second


def ends(room: CaseRoom, second: str, who: str, told: str = "tell_outcome") -> None:
    """The young person is told, a copy is kept without who complained, and the case is closed."""
    room.act(who, second, "tell", duty=told, whom="young_person", channel="in_person", contents=OUTCOME,
             leaves_out=UNNAMED)  # fmt: skip
    room.act(who, second, "record", event="copied_to_folder", contents=COPY, leaves_out=UNNAMED)
    fields = ["what_was_said", "their_side", "advocate_offered", "what_was_decided"]
    room.act(who, second, "record", event="recorded", record="behaviour_log", fields=fields)
    room.act(who, second, "close", outcome="resolved")


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize("end", ["no_action", "support", "warning_letter", "behaviour_review"])
def test_a_conduct_review_ends_in_one_of_four_ways_and_the_neighbour_hears_that_it_was_dealt_with(
    alliance: CaseRoom, end: str
) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = heard(alliance, first)
    alliance.act(MANAGER, second, "decide", decision="after_review", answer=end, record=WHY)
    who = MANAGER
    if end == "behaviour_review":
        who = REGISTERED  # a step further up: the registered manager holds it
        assert alliance.case(who, second)["stage"]["key"] == "behaviour_review"
        alliance.act(who, second, "tell", duty="tell_of_review", whom="young_person", channel="in_person",
                     contents=REVIEW, leaves_out=UNNAMED)  # fmt: skip
        alliance.act(who, second, "reach", milestone="behaviour_review_held")
        alliance.act(who, second, "decide", decision="agreed_in_review", answer="support", record=WHY)
    else:
        due = {one["duty"]: one["status"] for one in alliance.case(MANAGER, second)["dues"]}
        assert due["tell_outcome"] == due["copy_to_folder"] == "running"
    ends(alliance, second, who)
    page = alliance.case(who, second)
    assert page["state"] == "closed"
    read = json.dumps(alliance.follow(first)).lower()
    for word in ("review", "warning", "conduct", "support", "no action", second):
        assert word not in read, word
    assert "public" not in json.dumps(page["ledger"])


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize("end", ["no_action", "support"])
def test_without_a_review_there_is_no_warning_and_no_behaviour_review(alliance: CaseRoom, end: str) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    alliance.act(MANAGER, second, "tell", duty="tell_young_person", whom="young_person", channel="in_person",
                 contents=TOLD, leaves_out=UNNAMED)  # fmt: skip
    alliance.act(MANAGER, second, "record", event="advocate_offered")
    alliance.act(MANAGER, second, "reach", milestone="young_person_heard")
    alliance.act(MANAGER, second, "excuse", duty="offer_to_step_in", ground="not possible")
    alliance.act(MANAGER, second, "decide", decision="conduct_review", answer="no", record=WHY)
    with pytest.raises(Refused, match="no answer to it"):
        alliance.act(MANAGER, second, "decide", decision="without_review", answer="warning_letter", record=WHY)
    alliance.act(MANAGER, second, "decide", decision="without_review", answer=end, record=WHY)
    ends(alliance, second, MANAGER)


@pytest.mark.clause("INF-6")
def test_the_neighbours_answer_cannot_go_without_saying_that_it_was_dealt_with_and_nothing_more(
    alliance: CaseRoom,
) -> None:
    first = alliance.opens(**NEIGHBOUR)
    opened_from(alliance, first)
    alliance.act(MANAGER, first, "excuse", duty="talk_it_over", ground="they do not wish it")
    contents = ["what was found and why", "what will be done", "how to appeal, and by when",
                "outside bodies: the council, Ofsted"]  # fmt: skip
    answer = {"findings": {"complaint": "upheld"}, "words": "It was dealt with."}
    with pytest.raises(Refused, match="that it was dealt with, and nothing more"):
        alliance.act(MANAGER, first, "respond", contents=contents, **answer)
    more = "that it was dealt with, and nothing more about any young person"
    alliance.act(MANAGER, first, "respond", contents=[*contents, more], **answer)


def test_another_young_person_is_heard_in_another_case(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR | {"child_ages": [15, 17]})
    with pytest.raises(Refused):
        alliance.act(MANAGER, first, "open_linked", linked="behaviour", reason="there were two")
    one = opened_from(alliance, first)
    assert "children" not in alliance.rows(one, "received")[0].data  # nobody has said which of the two
    alliance.act(MANAGER, first, "open_linked", linked="behaviour", reason="there were two")
    opened = [row.data["case"] for row in alliance.rows(first, "linked_case_opened")]
    assert len(set(opened)) == 2 and len(alliance.case(MANAGER, first)["linked"]) == 2


def test_a_message_about_one_case_is_written_down_in_that_case_only(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    second = opened_from(alliance, first)
    place = {name: alliance.screen_of(first)[name] for name in ("operator", "provider", "home")}
    at = alliance.house.clock.now().isoformat()
    for case_id in (first, second):
        about = {"case_id": case_id, "event": "assigned", "part": "handles"}
        sent = {"message_id": case_id, "case_id": case_id, "about": about, "whom": "x", "channel": "email", "at": at}
        alliance.hears("message_sent", place | sent)
    for case_id in (first, second):
        assert [row.data["message"] for row in alliance.rows(case_id, "told")] == [case_id]


def test_a_wish_for_somebody_outside_moves_the_case_to_them(alliance: CaseRoom) -> None:
    first = alliance.opens(**NEIGHBOUR)
    assert alliance.case(MANAGER, first)["people"][0]["name"] == "Hester Quillan"
    alliance.act(MANAGER, first, "answer_fact", fact="wants_external", value="yes")
    held = {one["part"]: one["name"] for one in alliance.case(DIRECTOR, first)["people"] if not one["stood_down"]}
    assert held == {"handles": "Cordelia Wexcombe", "oversees": "Rosalind Teversham"}


def test_where_a_body_outside_handles_it_whoever_oversees_writes_down_what_it_did(alliance: CaseRoom) -> None:
    gone = holding(OUTSIDE, "external_investigator", None)
    alliance.directory(gone | {"data": None})
    first = alliance.receives(**NEIGHBOUR)
    alliance.screened(first, subjects=[subject(who=REGISTERED)])
    held = {one["part"]: one["name"] for one in alliance.case(DIRECTOR, first)["people"]}
    outside = alliance.house.procedures.get("infinity_alliance").contact("childrens_home_improvement")
    assert held["handles"] == outside.name
    contents = ["what was found and why", "what will be done", "how to appeal, and by when",
                "outside bodies: the council, Ofsted"]  # fmt: skip
    alliance.act(DIRECTOR, first, "excuse", duty="talk_it_over", ground="they do not wish it")
    alliance.act(DIRECTOR, first, "respond", findings={"complaint": "upheld"}, contents=contents, words="Our answer.")
    alliance.act(DIRECTOR, first, "ask_to_go_on", to="appeal")
    appeal = {one["part"]: one["name"] for one in alliance.case(DIRECTOR, first)["people"] if one["stage"] == "appeal"}
    somebody_else = "External independent investigator"  # and the director writes down what they do
    assert appeal == {"handles": somebody_else, "oversees": "Rosalind Teversham"}
    needed = [row["sentence"] for row in alliance.case(DIRECTOR, first)["ledger"] if row["event"] == "assigned"]
    assert any("A second external independent investigator is needed" in said for said in needed)


@pytest.mark.parametrize("role", ["registered_manager", "nominated_individual"])
def test_a_complaint_about_who_runs_the_service_goes_outside_with_the_director_overseeing(
    alliance: CaseRoom, role: str
) -> None:
    who = {"registered_manager": REGISTERED, "nominated_individual": "ignatius-plowright"}[role]
    first = alliance.receives(**NEIGHBOUR)
    alliance.screened(first, subjects=[subject(who=who)])
    held = {one["part"]: one["name"] for one in alliance.case(DIRECTOR, first)["people"]}
    assert held == {"handles": "Cordelia Wexcombe", "oversees": "Rosalind Teversham"}
    assert alliance.cases(who) == []


def test_a_complaint_about_the_director_goes_outside_and_the_director_sees_nothing_of_it(alliance: CaseRoom) -> None:
    first = alliance.receives(**NEIGHBOUR)
    alliance.screened(first, subjects=[subject(who=DIRECTOR)])
    assert alliance.case(OUTSIDE, first)["people"][0]["name"] == "Cordelia Wexcombe"
    assert alliance.cases(DIRECTOR) == []


def test_the_database_itself_keeps_the_two_cases_apart(alliance_on_postgres: CaseRoom) -> None:
    room = alliance_on_postgres
    first = room.opens(**NEIGHBOUR | {"formality": "informal"})
    handler = next(one for one in (STAFF, OTHER_STAFF) if room.cases(one))
    second = opened_by(room, first, handler)
    assert room.cases(handler) == [first] and set(room.cases(MANAGER)) == {first, second}
    room.safeguarding(first, 1, ("named", subject(who=MANAGER)))
    assert room.cases(MANAGER) == []
