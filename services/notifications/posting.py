"""How a message goes out, or does not: made once, tried until it is handed over or given up, and each end is a fact.

A trial keeps everything and hands over nothing. Nothing goes to a person complained about, whoever asks for it: that
was already seen to when the message was asked for, and is seen to here again. What cannot be delivered becomes a task
of a named person.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from heard.procedure import Procedure
from heard.roster import Roster
from heard.vocabulary import GROUP
from services.chassis.errors import Unavailable
from services.chassis.gate import Busy, Handed, Undeliverable
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.texting import Text, Texting
from services.chassis.work import Fact, Work
from services.notifications import mailbook, plan, rendering
from services.notifications.addresses import Address, FollowPage, Inbox, Number, address_of, goes_first
from services.notifications.memory import Case
from services.notifications.quiet import not_before

AT_ONCE = 50
KEPT_AWAY = "person_is_kept_away"
_LEASE = timedelta(minutes=5)  # longer than a mail server may take: then another replica may try
_PAUSES = (1, 2, 5, 15, 30, 60)  # minutes between tries; the last one again and again
_GIVEN_UP_AFTER = {False: timedelta(hours=24), True: timedelta(hours=1)}  # a call about an alert is of no use later


def make(house: House, work: Work, wanted: Sequence[tuple[Case, plan.Wanted]]) -> None:
    """Make the messages that are new. In a trial that is their end; live, they wait to be sent."""
    if not wanted:
        return
    roster = house.roster(even_if_stale=True)
    planned: list[tuple[Case, plan.Wanted, dict[str, Any]]] = []
    for case, one in wanted:
        why = KEPT_AWAY if _must_not_hear(case, roster, one.kind, one.whom, one.facts) else None
        planned.append((case, one, _begins(house, case, one, work.now, why)))
    made = mailbook.make(work.conn, planned)
    cases = {case.id: case for case, _ in wanted}
    seen = []
    for row in made:
        case = cases[row["case_id"]]
        by = row["facts"].get("by")  # a form is seen by whoever sent it, and by nobody else who works on the case
        viewers = {by: "own"} if by else {one: "case" for one in case.viewers(roster, work.now)}
        if row["kind"] == "person" and row["state"] != "failed":
            viewers[row["whom"]] = "own"
        seen += [(row["id"], person, why) for person, why in viewers.items()]
        if row["state"] != "waiting":
            _tell(work, row)
    mailbook.let_see(work.conn, seen)


def _must_not_hear(case: Case, roster: Roster, kind: str, whom: str, facts: Mapping[str, Any]) -> bool:
    """Whether it is or may be about this person; what is written to them as such is theirs to read."""
    return kind == "person" and not facts.get("as_subject") and whom in case.kept_away(roster)


def _begins(house: House, case: Case, wanted: plan.Wanted, now: datetime, why: str | None) -> dict[str, Any]:
    begins: dict[str, Any] = {"made_at": now, "next_at": None, "done_at": now, "channel": None, "why": why}
    if why:
        return begins | {"state": "failed"}
    if not house.settings.live:
        return begins | {"state": "held_trial", "channel": "trial"}
    procedure = _procedure_of(house, case)
    return begins | {"state": "waiting", "next_at": not_before(procedure, wanted, now), "done_at": None}


def _procedure_of(house: House, case: Case) -> Procedure:
    provider = house.who.entry("provider", case.provider) or {}
    return rendering.procedure_of(house.procedures, case.procedure_version or str(provider.get("procedure")))


def send_due(house: House, post: Post, texting: Texting | None = None, *, calls: bool | None = None) -> int:
    """Send what is due, one message at a time outside any transaction; how many were tried.

    The ladder's `calls` go in a lane of their own: a server that lets one letter wait for its answer holds up no call.
    """
    texting = texting or Texting(house.settings)
    with house.db.reading() as conn:
        if not mailbook.is_anything_due(conn, house.clock.now(), calls=calls):
            return 0
    with house.way.taken() if calls else nullcontext():
        return _send_these(house, post, texting, calls)


def _send_these(house: House, post: Post, texting: Texting, calls: bool | None) -> int:
    with house.working() as work:
        rows = mailbook.due(work.conn, work.now, AT_ONCE, calls=calls)
        for row in rows:
            mailbook.note(work.conn, row.id, attempts=row.attempts + 1, next_at=work.now + _LEASE)
    for row in sorted(rows, key=lambda row: (not row.urgent, not goes_first(house, row))):
        if not calls:
            house.way.give()
        _send(house, post, texting, row._mapping)
    return len(rows)


def _send(house: House, post: Post, texting: Texting, row: Any) -> None:
    number: str | None = None
    try:
        with house.db.reading() as conn:
            case = mailbook.known(conn, [row["case_id"]])[row["case_id"]]  # now: somebody may have been named meanwhile
            if _must_not_hear(case, house.roster(even_if_stale=True), row["kind"], row["whom"], row["facts"]):
                raise Undeliverable(KEPT_AWAY)
            to = address_of(house, conn, case, row)
            letter = rendering.as_sent(house, conn, case, row, by_text=isinstance(to, Number))
        match to:
            case FollowPage():
                handed = Handed("follow_page")
            case Inbox():
                handed = Handed("portal")
            case Number():
                number = number_digest(house, to.number)
                text = Text(row["id"], to.number, letter.text.strip(), to.verified, again=row["attempts"] > 0)
                handed = texting.send(text)
            case Address():
                handed = post.send(_mail(row, to, letter))
    except Undeliverable as fault:
        _give_up(house, row, fault.why)
    except Unavailable as fault:
        _try_again(house, row, fault.after if isinstance(fault, Busy) else None)
    else:
        with house.working() as work:
            done = {
                "state": "sent", "channel": handed.channel, "done_at": work.now, "next_at": None,
                "reference": handed.reference or None, "number": number,
            }  # fmt: skip
            mailbook.note(work.conn, row["id"], **done)
            _tell(work, {**row, **done})
            if isinstance(to, FollowPage) and to.by_hand and rendering.is_read_behind_the_code(row["template"]):
                _ask_somebody(house, work, row, plan.by_hand)


def _mail(row: Any, to: Address, letter: rendering.Written) -> Letter:
    return Letter(row["id"], to.email, letter.subject, letter.text, letter.narrative, to.verified, letter.html,
                  letter.attachments)  # fmt: skip


def number_digest(house: House, number: str) -> str:
    """How a number that was texted is kept: nobody reads it back, and an answer from it is known."""
    return hmac.new(house.vault.derive("numbers that were texted"), number.encode(), "sha256").hexdigest()


def _try_again(house: House, row: Any, after: float | None) -> None:
    """Later: after our own pause, and not before the other side wants to hear of it again."""
    now = house.clock.now()
    if now - row["made_at"] >= _GIVEN_UP_AFTER[bool(row["urgent"])]:
        _give_up(house, row, "no_answer_from_the_carrier")
        return
    pause = max(timedelta(minutes=_PAUSES[min(row["attempts"], len(_PAUSES) - 1)]), timedelta(seconds=after or 0))
    with house.db.writing() as conn:
        mailbook.note(conn, row["id"], next_at=now + pause)


def _give_up(house: House, row: Any, why: str) -> None:
    with house.working() as work:
        if any(one.delivered_at for one in mailbook.by_id(work.conn, [row["id"]])):
            _stands_by_the_page(work, row)
        else:
            fails(house, work, row, why)


def read_behind_the_code(house: House, message_ids: Sequence[str]) -> None:
    """Letters that whoever complained has before them now, for the first time: of what failed, that it arrived."""
    with house.working() as work:
        for row in mailbook.by_id(work.conn, message_ids):
            if row.delivered_at is None:
                mailbook.note(work.conn, row.id, delivered_at=work.now)
                if row.state == "failed":
                    _stands_by_the_page(work, row._mapping)


def _stands_by_the_page(work: Work, row: Any) -> None:
    """Only the notice did not get through: the letter has been read, and whoever it is for has been told."""
    done = {"state": "sent", "channel": "follow_page", "done_at": work.now, "next_at": None}
    mailbook.note(work.conn, row["id"], **done)
    _tell(work, {**row, **done})


def fails(house: House, work: Work, row: Any, why: str) -> None:
    """The end of a message that cannot be delivered: a fact, and a task for a named person.

    Of one that somebody must not get nothing is asked: nobody is to tell them in another way.
    """
    done = {"state": "failed", "why": why, "done_at": work.now, "next_at": None}
    mailbook.note(work.conn, row["id"], **done)
    _tell(work, {**row, **done})
    if why != KEPT_AWAY and row["template"] not in plan.TASKS:
        waits = rendering.is_read_behind_the_code(row["template"]) and why != "no_address"  # a linked case has no page
        task = plan.not_reached if waits else plan.could_not_tell
        _ask_somebody(house, work, row, partial(task, why=why))


def came_back(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """What mailboxes answered by themselves. A call that nobody reads now has failed, as much as one that came back.

    Of anything else an out-of-office reply is noted and no more: it will be read. So is all that comes back of a
    letter that has been read: what came back is only the notice of it.
    """
    answers = {fact.body["message_id"]: fact.body for fact in facts}
    for row in mailbook.by_id(work.conn, answers):
        answer, is_call = answers[row.id], bool(row.about.get("alert_id"))
        if row.state != "sent":
            continue
        if not is_call and (answer["sort"] == "away" or row.delivered_at is not None):
            mailbook.note(work.conn, row.id, why="away" if answer["sort"] == "away" else "came_back")
        else:
            fails(house, work, row._mapping, "nobody_reads_it_now" if answer["sort"] == "away" else "came_back")


def _ask_somebody(house: House, work: Work, row: Any, task: Callable[[Any, str], plan.Wanted]) -> None:
    """Make what a machine cannot do the task of a named person."""
    case = mailbook.known(work.conn, [row["case_id"]])[row["case_id"]]
    person = _who_sees_to_it(house, case, row, work.now)
    if person:
        make(house, work, [(case, task(row, person))])


def _who_sees_to_it(house: House, case: Case, row: Any, now: datetime) -> str | None:
    """Whoever sent a form; else the handler, else the group's operator; nobody while only safeguarding may know."""
    roster = house.roster(even_if_stale=True)
    if by := row["facts"].get("by"):
        return None if by in case.kept_away(roster) else str(by)
    may = case.viewers(roster, now) - {row["whom"]}
    handler = case.parts.get("handles")
    if handler in may:
        return handler
    group = roster.holders(GROUP, case.provider, case.home, now)
    return next((one for one in group if one in may), None)


def _tell(work: Work, row: Any) -> None:
    """Say what became of a message to whoever keeps the evidence: the case, the alert or the form."""
    about, failed = row["about"], row["state"] == "failed"
    body = {
        **{name: row[name] for name in ("operator", "provider", "home")},
        "message_id": row["id"],
        "channel": row["channel"] or "none",
        "at": row["done_at"].isoformat(),
        **({"why": row["why"]} if failed else {}),
    }
    if about.get("alert_id"):
        call = {name: about[name] for name in ("alert_id", "report_id", "attempt")}
        if failed:
            work.publish("call_failed", body | call | {"goes_on": mailbook.goes_on(work.conn, row)})
        else:
            work.publish("call_sent", body | call)
    elif about.get("sent"):
        form = {"report_id": about["report_id"], "seq": about["sent"]}
        if failed:
            work.publish("form_failed", body | form)
        else:
            work.publish("form_delivered", body | form)
    elif about.get("case_id"):
        told = {"case_id": about["case_id"], "about": about, "whom": row["whom"]}
        if failed:
            work.publish("message_failed", body | told)
        else:
            work.publish("message_sent", body | told)
