"""What notifications does with the facts it hears: remember, plan, make the messages, each batch in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from heard.facts.parts import last_told
from heard.roster import Roster
from services.chassis.house import House
from services.chassis.leaving import whose_role_ended
from services.chassis.work import Fact, Work
from services.notifications import mailbook, own_system, plan, posting
from services.notifications.addresses import keep_keys, ways_to
from services.notifications.memory import Case, next_rows
from services.notifications.quiet import ONE_FOR_ALL
from services.notifications.rendering import procedure_of


def complaints_received(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Remember how the complainant may be reached, and send a receipt to whoever can be."""
    bodies = {fact.body["report_id"]: fact.body for fact in sorted(facts, key=lambda fact: str(fact.body["report_id"]))}
    reachable = {report_id: body["contact"] for report_id, body in bodies.items() if body.get("contact")}
    kept = dict(zip(reachable, keep_keys(house, work.conn, list(reachable.items())), strict=True))
    cases = {
        report_id: replace(_blank(report_id, body), complainant=body["complainant"], contact=kept.get(report_id))
        for report_id, body in bodies.items()
    }
    posting.make(house, work, [(cases[one], plan.receipt(body)) for one, body in bodies.items() if body["contactable"]])
    # Last: whoever has a call to make about one of them at this moment waits for little more than the commit.
    known = [case for case in mailbook.arrive(work.conn, cases.values()) if case.screened]
    mailbook.see_again(work.conn, {
        case.id: _who_sees(house.roster(even_if_stale=True), case, work) for case in known
    })  # fmt: skip


def ladders_called(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Call whoever safeguarding wants called."""
    cases = mailbook.take_up(work.conn, [_blank(fact.body["report_id"], fact.body) for fact in facts])
    wanted = []
    for fact in facts:
        ways = ways_to(house, fact.body["person"]) if fact.body["person"] else ("email",)
        wanted += [(cases[fact.body["report_id"]], one) for one in plan.call(fact.body, ways)]
    posting.make(house, work, wanted)
    work.rings.add("send_calls")


def forms_handed_over(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Send a form to a body outside; its document is kept as it came, sealed."""
    bodies = [fact.body for fact in facts]
    cases = mailbook.take_up(work.conn, [_blank(body["report_id"], body) for body in bodies])
    kept = keep_keys(house, work.conn, [(body["report_id"], body["document"]) for body in bodies])
    wanted = [plan.form(body, document) for body, document in zip(bodies, kept, strict=True)]
    posting.make(house, work, [(cases[one.case_id], one) for one in wanted])


def standing_duties_reminded(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Remind whoever owes it. There is no case: what is remembered of the place only says who may see the message."""
    cases = mailbook.take_up(work.conn, [_place(fact.body) for fact in facts])
    for fact in facts:
        cases[fact.body["book_id"]].procedure_version = fact.body["procedure_version"]
    mailbook.remember(work.conn, list(cases.values()))
    posting.make(house, work, [
        (cases[fact.body["book_id"]], one) for fact in facts for one in plan.standing(fact.body)
    ])  # fmt: skip


def cases_advanced(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Take the new rows of each case in order, hold what came too early, and make the messages that they ask for."""
    roster = house.roster()  # stale: nobody is told by an old list; the fact waits
    blanks = {fact.body["case_id"]: _blank(fact.body["case_id"], fact.body) for fact in facts}
    cases = mailbook.take_up(work.conn, blanks.values())
    waiting = mailbook.take_held(work.conn, cases)
    in_order = sorted(facts, key=lambda fact: last_told(fact.body))
    hears = {fact.body["case_id"]: str(fact.body["hears"] or "") for fact in in_order}
    came: dict[str, list[dict[str, Any]]] = {case_id: list(waiting.get(case_id, ())) for case_id in cases}
    for fact in in_order:
        case = cases[fact.body["case_id"]]
        if last_told(fact.body) <= case.seq:  # said again
            continue
        case.reference, case.procedure_version = fact.body["reference"], fact.body["procedure_version"]
        came[case.id] += _rows(house, work, case, fact.body)
    wanted: list[tuple[Case, plan.Wanted]] = []
    heard: dict[str, int] = {}
    anew: dict[str, mailbook.Sees] = {}
    moved: list[Case] = []
    for case in cases.values():
        before, stood = (case.viewers(roster, work.now), case.kept_away(roster)), case.seq
        new, early = _take(house, case, roster, came[case.id], hears[case.id], work)
        wanted += [(case, one) for one in new]
        mailbook.hold(work.conn, case.id, early)
        if waiting.get(case.id):
            heard[case.id] = case.seq
        after = case.viewers(roster, work.now), case.kept_away(roster)
        if case.seq > stood and after[0]:  # shown to nobody yet: told to nobody
            moved.append(case)
        if after != before:
            anew[case.id] = _who_sees(roster, case, work)
    mailbook.see_again(work.conn, anew)
    mailbook.let_go(work.conn, heard)
    mailbook.remember(work.conn, list(cases.values()))
    posting.make(house, work, _one_for_all(house, work, wanted))
    own_system.note(work, moved)


def no_longer_viewers(work: Work, entries: Sequence[Mapping[str, Any]]) -> None:
    """Whoever lost the role by which they saw the messages of cases, and works on there, sees their own alone."""
    seen = mailbook.seen_as_viewers(work.conn, whose_role_ended(entries, work.now))
    if not seen:
        return
    roster, lost = work.house.who.as_kept(work.conn), dict[str, list[str]]()
    for case in mailbook.known(work.conn, seen).values():
        for person in seen[case.id] - case.viewers(roster, work.now):
            lost.setdefault(person, []).append(case.id)
    for person, case_ids in lost.items():
        mailbook.no_viewer_of(work.conn, person, case_ids)


def _who_sees(roster: Roster, case: Case, work: Work) -> mailbook.Sees:
    """Who sees which messages of a case; whoever holds no role at its home sees none, not even their own."""
    left = {one for one in roster.people if not roster.roles_of(one, work.now, case.provider, case.home)}
    return mailbook.Sees(case.viewers(roster, work.now), case.kept_away(roster), frozenset(left))


def _rows(house: House, work: Work, case: Case, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each row of a fact with its letters, in a form that can be kept; the letters' keys are kept apart."""
    kept = keep_keys(house, work.conn, [(case.id, one["words"]) for one in body["letters"]])
    letters = [
        {"seq": one["seq"], "to": one["to"], "words": words} for one, words in zip(body["letters"], kept, strict=True)
    ]
    plain = [
        {**row, "at": row["at"].isoformat(), "written_at": row["written_at"].isoformat()} for row in body["happenings"]
    ]
    return [{"row": row, "letters": [one for one in letters if one["seq"] == row["seq"]]} for row in plain]


def _take(
    house: House, case: Case, roster: Roster, came: Sequence[dict[str, Any]], hears: str, work: Work
) -> tuple[list[plan.Wanted], list[dict[str, Any]]]:
    """The messages that the rows in turn ask for, and the rows that came too early."""
    procedure = procedure_of(house.procedures, str(case.procedure_version))
    kept = {int(one["row"]["seq"]): one for one in came}
    wanted: list[plan.Wanted] = []
    for row in next_rows(case, [one["row"] for one in kept.values()]):
        case.take(row)
        wanted += plan.from_row(procedure, case, roster, row, kept[int(row["seq"])]["letters"], work.now)
        if row["event"] == "words_screened" and hears in roster.people:
            wanted.append(plan.wrote(case, row, hears))
    return wanted, [one for seq, one in kept.items() if seq > case.seq]


def _one_for_all(
    house: House, work: Work, wanted: Sequence[tuple[Case, plan.Wanted]]
) -> list[tuple[Case, plan.Wanted]]:
    """Of the notices that whoever complained wrote, one in a while: what comes within it waits for the next, and what
    comes while one waits is told by that one.
    """
    about = {case.id for case, one in wanted if one.template == plan.WROTE}
    last = mailbook.last_notices(work.conn, about, plan.WROTE) if about else {}
    kept, waits = [], {place for place, row in last.items() if row.state == "waiting"}
    for case, one in wanted:
        if one.template == plan.WROTE:
            place = case.id, one.whom
            if place in waits:
                continue
            waits.add(place)
            before = last.get(place)
            until = before.done_at + ONE_FOR_ALL if before and before.state != "failed" else work.now
            if until > work.now and not house.settings.live:
                continue
            one = replace(one, after=until)
        kept.append((case, one))
    return kept


def _place(body: Mapping[str, Any]) -> Case:
    return Case(body["book_id"], body["operator"], body["provider"], body["home"], "", screened=True)


def _blank(case_id: str, body: Mapping[str, Any]) -> Case:
    return Case(case_id, body["operator"], body["provider"], body["home"], str(body.get("reference") or ""))
