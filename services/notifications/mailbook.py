"""Where messages and what is remembered of cases are kept: read many, write many, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, not_, or_, select, update

from services.chassis.claim import claim
from services.chassis.rows import add_new, among, put
from services.chassis.tables import new_id
from services.notifications.memory import Case
from services.notifications.models import CALLS, WATCHED, cases, held, message_viewers, messages
from services.notifications.plan import Wanted

PAGE = 50


def take_up(conn: Connection, blank: Iterable[Case]) -> dict[str, Case]:
    """What is remembered of these cases, locked in the order of their ids; a new one is remembered as given.

    The row is made before it is locked: two facts about a new case may come at the same moment.
    """
    new = {case.id: case for case in blank}
    if not new:
        return {}
    add_new(conn, cases, [asdict(new[one]) for one in sorted(new)], cases.c.id)
    asked = select(cases).where(among(cases.c.id, new)).order_by(cases.c.id).with_for_update()
    return {row["id"]: _case(row) for row in conn.execute(asked).mappings()}


def arrive(conn: Connection, these: Iterable[Case]) -> list[Case]:
    """Keep what came with reports; returns those cases, locked, of which something else was known before."""
    in_order = sorted(these, key=lambda case: case.id)  # in which all others lock them, too
    new = add_new(conn, cases, [asdict(case) for case in in_order], cases.c.id)
    before = [case for case in in_order if case.id not in new]
    put(conn, cases, [asdict(case) for case in before], only=("reference", "complainant", "contact"))
    return list(take_up(conn, before).values())


def known(conn: Connection, case_ids: Iterable[str]) -> dict[str, Case]:
    """What is remembered of these cases."""
    asked = select(cases).where(among(cases.c.id, case_ids))
    return {row["id"]: _case(row) for row in conn.execute(asked).mappings()}


def _case(row: Any) -> Case:
    return Case(**{field.name: row[field.name] for field in fields(Case)})


def remember(conn: Connection, these: Sequence[Case]) -> None:
    """Keep what is now known of these cases."""
    put(conn, cases, [asdict(case) for case in these])


def hold(conn: Connection, case_id: str, early: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows of a ledger that came too early, each with its letters: ``{row, letters}``."""
    kept = [{"case_id": case_id, "seq": int(one["row"]["seq"]), "body": dict(one)} for one in early]
    add_new(conn, held, kept, held.c.seq)


def take_held(conn: Connection, case_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows that were kept of these cases, by case, in order."""
    asked = select(held).where(among(held.c.case_id, case_ids)).order_by(held.c.case_id, held.c.seq)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in conn.execute(asked):
        found.setdefault(row.case_id, []).append(row.body)
    return found


def let_go(conn: Connection, heard: Mapping[str, int]) -> None:
    """Forget kept rows up to the number that was heard of each case."""
    for case_id, seq in heard.items():
        conn.execute(delete(held).where(held.c.case_id == case_id, held.c.seq <= seq))


def make(conn: Connection, wanted: Sequence[tuple[Case, Wanted, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Make the messages that are new; each comes with its case and with where it stands (`posting`)."""
    rows = [
        {
            "id": new_id(),
            "key": one.key,
            "case_id": one.case_id,
            "operator": case.operator,
            "provider": case.provider,
            "home": case.home,
            "about": one.about,
            "kind": one.kind,
            "whom": one.whom,
            "template": one.template,
            "facts": one.facts,
            "words": one.words,
            "urgent": one.urgent,
            "way": one.way,
            "attempts": 0,
            **state,
        }
        for case, one, state in wanted
    ]
    new = add_new(conn, messages, rows, messages.c.id)
    return [row for row in rows if row["id"] in new]


def let_see(conn: Connection, rows: Sequence[tuple[str, str, str]]) -> None:
    """Let persons see messages: ``(message, person, why)`` each."""
    new = [{"message_id": message, "person_id": person, "why": why} for message, person, why in rows]
    add_new(conn, message_viewers, new, message_viewers.c.message_id)


class Sees(NamedTuple):
    """Who sees the messages of a case: all of them, none but what is written to them as a subject, none at all."""

    viewers: frozenset[str]
    kept_away: frozenset[str]
    left: frozenset[str]

    def own(self, person: str, facts: Mapping[str, Any]) -> bool:
        """Whether somebody sees a message that is written to them."""
        return person not in self.left and (person not in self.kept_away or bool(facts.get("as_subject")))


def see_again(conn: Connection, who: Mapping[str, Sees]) -> None:
    """Show every message of each case to exactly its viewers, and their own to whoever it is written to.

    A form that somebody sent stays theirs alone. ``who``: by case.
    """
    if not who:
        return
    asked = select(messages.c.id, messages.c.case_id, messages.c.kind, messages.c.whom, messages.c.facts)
    mine = conn.execute(asked.where(among(messages.c.case_id, who))).all()
    conn.execute(delete(message_viewers).where(among(message_viewers.c.message_id, [row.id for row in mine])))
    sent = {row.id: row.facts["by"] for row in mine if row.facts.get("by")}
    seen = [(row.id, person, "case") for row in mine if row.id not in sent for person in who[row.case_id].viewers]
    theirs = [(row, sent[row.id]) for row in mine if row.id in sent]
    theirs += [(row, row.whom) for row in mine if row.kind == "person"]
    own = [(row.id, person, "own") for row, person in theirs if who[row.case_id].own(person, row.facts)]
    let_see(conn, list({(message, person): (message, person, why) for message, person, why in seen + own}.values()))


def seen_as_viewers(conn: Connection, people: Iterable[str]) -> dict[str, set[str]]:
    """By case, who of these people sees its messages because they work on it or look after the group."""
    theirs = among(message_viewers.c.person_id, people) & (message_viewers.c.why == "case")
    asked = select(messages.c.case_id, message_viewers.c.person_id).join(
        message_viewers, message_viewers.c.message_id == messages.c.id
    )
    found: dict[str, set[str]] = {}
    for row in conn.execute(asked.where(theirs).distinct()).all():
        found.setdefault(row.case_id, set()).add(row.person_id)
    return found


def no_viewer_of(conn: Connection, person_id: str, case_ids: Iterable[str]) -> None:
    """Take from this person the messages of these cases that are not written to them."""
    of_these = select(messages.c.id).where(among(messages.c.case_id, case_ids))
    mine = (message_viewers.c.person_id == person_id) & (message_viewers.c.why == "case")
    conn.execute(delete(message_viewers).where(mine, message_viewers.c.message_id.in_(of_these)))


def due(conn: Connection, now: datetime, most: int, *, calls: bool | None = None) -> Sequence[Row[Any]]:
    """Messages to try now, claimed for this transaction, urgent ones first.

    `calls`: only those of the ladder, or only the others; None: whichever wait.
    """
    asked = select(messages).where(_is_due(now, calls))
    return claim(conn, asked.order_by(messages.c.urgent.desc(), messages.c.next_at), most)


def is_anything_due(conn: Connection, now: datetime, *, calls: bool | None = None) -> bool:
    """Whether any of them is: asked often, and nothing is held for it."""
    return conn.execute(select(messages.c.id).where(_is_due(now, calls)).limit(1)).first() is not None


def _is_due(now: datetime, calls: bool | None) -> ColumnElement[bool]:
    due = messages.c.next_at <= now
    if calls is None:
        return due
    return due & (messages.c.template.in_(CALLS) if calls else messages.c.template.not_in(CALLS))


def note(conn: Connection, message_id: str, **what: Any) -> None:
    """Write what became of a message."""
    conn.execute(update(messages).where(messages.c.id == message_id).values(**what))


def by_id(conn: Connection, message_ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Messages, locked in the order of their ids."""
    asked = select(messages).where(among(messages.c.id, message_ids)).order_by(messages.c.id).with_for_update()
    return conn.execute(asked).all()


def last_notices(conn: Connection, case_ids: Iterable[str], template: str) -> dict[tuple[str, str], Any]:
    """The newest message of this sort in each of these cases to each person: by case and person."""
    kept = messages.c
    asked = select(kept.case_id, kept.whom, kept.state, kept.done_at)
    mine = among(kept.case_id, case_ids), kept.template == template
    return {(row.case_id, row.whom): row for row in conn.execute(asked.where(*mine).order_by(kept.made_at, kept.id))}


def answered(conn: Connection, message_id: str, number: str, since: datetime) -> Row[Any] | None:
    """The message that an answer means: the one it names, else the newest that was texted to its number."""
    if message_id and (named := by_id(conn, [message_id])):
        return named[0]
    kept = messages.c
    asked = select(messages).where(kept.number == number, kept.done_at >= since).order_by(kept.done_at.desc(), kept.id)
    return conn.execute(asked.limit(1)).first() if number else None


def goes_on(conn: Connection, row: Mapping[str, Any]) -> bool:
    """Whether the same call goes to the same person in another way that did not fail."""
    kept = messages.c
    same = (kept.case_id == row["case_id"]) & (kept.whom == row["whom"]) & (kept.id != row["id"])
    asked = select(kept.about).where(same, kept.state != "failed")
    call = {name: row["about"][name] for name in ("alert_id", "attempt")}
    return any(call.items() <= about.items() for about in conn.scalars(asked))


def visible_to(person_id: str) -> Select[Any]:
    """The wall: the messages that this person may see. Every question of a person starts here."""
    mine = select(message_viewers.c.message_id).where(message_viewers.c.person_id == person_id)
    return select(messages).where(messages.c.id.in_(mine))


def page_of(conn: Connection, person_id: str, page: int, state: str | None) -> Sequence[Row[Any]]:
    """A page of the messages that a person may see, newest first, and one more row when there are more."""
    asked = visible_to(person_id)
    if state:
        asked = asked.where(messages.c.state == state)
    order = (messages.c.made_at.desc(), messages.c.id)
    return conn.execute(asked.order_by(*order).limit(PAGE + 1).offset(PAGE * max(page - 1, 0))).all()


def seen(conn: Connection, person_id: str, message_id: str) -> Row[Any] | None:
    """One message, when this person may see it."""
    return conn.execute(visible_to(person_id).where(messages.c.id == message_id)).first()


def papers_of(conn: Connection, person_id: str, case_id: str, templates: Sequence[str]) -> Sequence[Row[Any]]:
    """The messages of a case that were written to be kept, of those this person may see, the newest first."""
    kept = messages.c
    paper = kept.template.like("complainant/%") | kept.template.in_(templates)
    asked = visible_to(person_id).where(kept.case_id == case_id, paper)
    return conn.execute(asked.order_by(kept.made_at.desc(), kept.id)).all()


def letters_of(conn: Connection, report_id: str, but: Sequence[str]) -> Sequence[Row[Any]]:
    """The letters to the complainant of a report, oldest first, without those of these templates."""
    theirs = messages.c.template.like("complainant/%"), messages.c.template.not_in(but)
    asked = select(messages).where(messages.c.case_id == report_id, *theirs)
    return conn.execute(asked.order_by(messages.c.made_at, messages.c.id)).all()


def counts(conn: Connection) -> dict[str, int]:
    """How many messages wait and how many failed; nought too, so that whoever watches sees the first one fail.

    One that is kept until the morning does not wait. Not how many were sent: that would be counted over everything
    there ever was.
    """
    asked = select(messages.c.state, func.count()).where(messages.c.state.in_(WATCHED)).group_by(messages.c.state)
    kept_for_the_morning = and_(messages.c.attempts == 0, messages.c.next_at > messages.c.made_at)
    asked = asked.where(or_(messages.c.state == "failed", not_(kept_for_the_morning)))
    return dict.fromkeys(WATCHED, 0) | {state: number for state, number in conn.execute(asked)}
