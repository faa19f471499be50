"""The case service on a database of its own, with the invented people and the facts that reach it over the wire.

No broker and no other service: facts are handed in as they would be heard; what is published stands in the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from heard.events import read_fact
from services.chassis.clock import set_clock
from services.chassis.hearing import hear
from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE
from services.chassis.vault import Vault
from services.chassis.work import Fact, Message, Work
from services.directory.demo import HELD_SINCE, TIDEWATER, Group, demo_id
from services.workflow import acting, casebook, hearing, looking_in, page, public, today, waking
from services.workflow.casework import Desk
from tests.ground import world
from tests.ground.migrated import lay_out

HANDLERS = {
    "complaint_received": hearing.complaints_received,
    "past_complaint_told": hearing.past_complaints_told,
    "words_received": hearing.words_received,
    "report_screened": hearing.reports_screened,
    "safeguarding_advanced": hearing.safeguarding_advanced,
    "message_sent": hearing.messages_handed_over,
    "message_failed": hearing.messages_handed_over,
}


class NoOutbox:
    """What is committed stays in the outbox table; a test reads it there."""

    def committed(self, messages: Sequence[Message]) -> None:
        """Nobody is waiting."""

    def settled(self, fact: str, messages: Sequence[Message]) -> None:
        """Nobody is waiting."""


class CaseRoom:
    """A case service that a test can talk to. Times are London's unless they say otherwise."""

    def __init__(
        self, folder: Path, at: str = "2026-11-23 09:00", database_url: str = "", group: Group = TIDEWATER
    ) -> None:
        self.clock_file = folder / "clock"
        self.move_to(at)
        settings = Settings(
            mode="distributed" if database_url else "embedded", var=folder, keys_dir=folder / "keys",
            clock_file=self.clock_file, database_url=database_url,
        )  # fmt: skip
        lay_out(settings, "workflow")
        self.house = House(settings, "workflow")
        self.house.outbox = NoOutbox()  # type: ignore[assignment]
        self.intake = Vault("intake", folder / "keys")
        self.safeguarding_vault = Vault("safeguarding", folder / "keys")
        self.group = group
        self.home = demo_id(group.homes[0].slug)
        self.version = 0
        self.heard: list[Message] = []
        self.days: dict[str, str] = {}
        self.directory(*people_of(self.group))

    def move_to(self, when: str | datetime) -> None:
        """Set the clock, and let what has fallen due happen."""
        set_clock(self.clock_file, world.moment(when))
        if hasattr(self, "house"):
            self.ring()

    def ring(self) -> None:
        """What the ticks do, until there is nothing left to do."""
        while True:
            with self.house.working() as work:
                desk = Desk(self.house, work)
                done = desk.look_again(casebook.waking(work.conn, work.now, 50))
            version = self.house.roster().version
            with self.house.working() as work:
                desk = Desk(self.house, work)
                done += desk.look_again(casebook.routed_before(work.conn, version, 50))
            done += looking_in.show_again(self.house) + waking.follow_the_calendar(self.house)
            if not done:
                return

    # ------------------------------------------------------------ facts come in

    def directory(self, *entries: dict[str, Any]) -> None:
        """Who is who changes."""
        self.version += 1
        fact = Fact("directory_changed", {"version": self.version, "entries": list(entries)}, uuid4().hex, "", now())
        with self.house.working() as work:
            looking_in.follow(work, self.house.who.take_changes(work, [fact]))

    def proclaim(self, day: str, name: str = "A day of thanks", *, taken_back: bool = False) -> None:
        """The calendar changes, as the directory tells it; what follows happens."""
        since = self.days.setdefault(day, self.house.clock.now().isoformat())
        until = {"until": self.house.clock.now().isoformat(), "because": "put off"} if taken_back else {"until": None}
        data = {"day": day, "name": name, "reason": "proclaimed in council", "since": since, **until}
        self.directory({"kind": "bank_holiday", "id": day.replace("-", ""), "data": data})

    def hears(self, name: str, *bodies: Mapping[str, Any], message_id: str | None = None) -> None:
        """Hand facts over as the broker would, in one batch."""
        messages = [Message(message_id or uuid4().hex, name, dict(body), "", now()) for body in bodies]
        self.heard += messages
        fault = hear(self.house, partial(HANDLERS[name], self.house), messages)
        if fault is not None:
            raise fault

    def hears_again(self) -> None:
        """Everything that was heard comes once more, as it was and as another message."""
        for message in [one for heard in self.heard for one in (heard, replace(heard, message_id=uuid4().hex))]:
            fault = hear(self.house, partial(HANDLERS[message.name], self.house), [message])
            if fault is not None:
                raise fault

    def report(self, **changes: Any) -> dict[str, Any]:
        """A ``complaint_received`` about Harbour House at this moment, with changes laid over it."""
        report_id = str(changes.get("report_id") or uuid4().hex)
        key = self.intake.new_key(report_id, "words")
        at = self.house.clock.now().isoformat()
        return {
            "operator": demo_id(self.group.slug),
            "provider": demo_id(f"provider.{self.group.slug}"),
            "home": self.home,
            "report_id": report_id,
            "reference": f"T{report_id[:4]}-{report_id[4:8]}".upper(),
            "procedure": self.group.procedure,
            "received_at": at,
            "first_known": at,
            "kind": "complaint",
            "formality": "formal",
            "channel": "portal",
            "complainant": "young_person",
            "anonymous": False,
            "contactable": True,
            "about_a_child": True,
            "child_ages": [16],
            "in_danger_now": False,
            "subjects": [],
            "words": self.intake.envelope(key, {"what_happened": "My door does not lock."}),
        } | changes

    def receives(self, **changes: Any) -> str:
        """Hear a report; the case's id."""
        report = self.report(**changes)
        self.hears("complaint_received", report)
        return str(report["report_id"])

    def screen_of(self, case_id: str, **changes: Any) -> dict[str, Any]:
        """A ``report_screened`` that found nothing, with changes laid over it."""
        place = {"operator": demo_id(self.group.slug), "provider": demo_id(f"provider.{self.group.slug}")}
        at = self.house.clock.now().isoformat()
        found = {"report_id": case_id, "screened_at": at, "priority": "routine", "concerns": [], "subjects": []}
        return {**place, "home": self.home, **found} | changes

    def screened(self, case_id: str, **changes: Any) -> None:
        """Hear that safeguarding has screened it."""
        self.hears("report_screened", self.screen_of(case_id, **changes))

    def opens(self, **changes: Any) -> str:
        """Hear a report and that it was screened; the case's id."""
        case_id = self.receives(**changes)
        self.screened(case_id)
        return case_id

    @property
    def lead(self) -> str:
        """The safeguarding lead of the group."""
        return next(one.key for one in self.group.people if "designated_safeguarding_lead" in one.roles)

    def safeguarding(self, case_id: str, seq: int, *events: tuple[str, dict[str, Any]]) -> None:
        """Hear rows of the safeguarding ledger, from ``seq`` on."""
        at = self.house.clock.now().isoformat()
        rows = [
            {"seq": n, "event": event, "at": at, "written_at": at, "by": person(self.lead), "data": data}
            for n, (event, data) in enumerate(events, seq)
        ]
        place = {"operator": demo_id(self.group.slug), "provider": demo_id(f"provider.{self.group.slug}")}
        fact = {**place, "home": self.home, "report_id": case_id, "happenings": rows}
        self.hears("safeguarding_advanced", fact)

    # ------------------------------------------------------------ people come in

    def case(self, who: str, case_id: str, *, to_read: bool = False) -> dict[str, Any]:
        """The case page of an invented person."""
        return page.case(self.house, person(who), case_id, to_read=to_read)

    def today(self, who: str) -> dict[str, Any]:
        """Today's list of an invented person."""
        return today.today(self.house, person(who))

    def cases(self, who: str) -> list[str]:
        """The ids of the cases that an invented person sees."""
        return [one["case_id"] for one in today.cases(self.house, person(who))["cases"]]

    def act(
        self, who: str, case_id: str, command: str, *, seq: int | None = None, key: str | None = None, **data: Any
    ) -> Any:
        """An invented person does something."""
        return acting.act(self.house, person(who), case_id, command, data, seq, key)

    def follow(self, case_id: str) -> dict[str, Any]:
        """What the complainant reads."""
        return public.view(self.house, case_id)

    def promise(self, case_id: str, duty: str, stage: str | None = "stage_1") -> tuple[str | None, str]:
        """What the complainant reads of a duty: its day, and whether it was kept."""
        rule = self.house.procedures.get(self.group.procedure).duty(duty, stage)
        found = [one for one in self.follow(case_id)["promises"] if one["says"] in (rule.promise, rule.says)]
        return (found[0]["by"], found[0]["status"]) if found else (None, "not promised")

    # ------------------------------------------------------------ what it wrote

    def events(self, case_id: str) -> list[str]:
        """The events of a ledger, in order."""
        return [row.event for row in self.rows(case_id)]

    def rows(self, case_id: str, event: str | None = None) -> list[Any]:
        """The rows of a ledger, all or those of one event."""
        with self.house.db.reading() as conn:
            rows = casebook.ledgers(conn, [case_id])[case_id]
        return [row for row in rows if event in (None, row.event)]

    def published(self, fact: str = "case_advanced") -> list[dict[str, Any]]:
        """The bodies of every fact of this name said so far, each checked by its schema."""
        outbox = HOUSE.outbox
        with self.house.db.reading() as conn:
            rows = conn.execute(outbox.select().where(outbox.c.fact == fact).order_by(outbox.c.id))
            bodies = [row.body for row in rows]
        for body in bodies:
            read_fact(fact, body)
        return bodies

    def working(self) -> Any:
        """A unit of work."""
        return self.house.working()


def people_of(group: Group) -> list[dict[str, Any]]:
    """Directory entries of an invented group."""
    operator, provider = demo_id(group.slug), demo_id(f"provider.{group.slug}")
    entries = [
        {"kind": "operator", "id": operator, "data": {"name": group.name}},
        {"kind": "provider", "id": provider,
         "data": {"operator": operator, "name": group.provider, "procedure": group.procedure}},
        *({"kind": "home", "id": demo_id(p.slug),
           "data": {"operator": operator, "name": p.name, "provider": provider, "slug": p.slug}} for p in group.homes),
    ]  # fmt: skip
    for one in group.people:
        employed = not set(one.roles) & set(group.employs_all_but)
        data = {"operator": operator, "name": one.name, "works_for": [provider] if employed else []}
        entries.append({"kind": "person", "id": person(one.key), "data": data})
        entries += [holding(one.key, role, one.home) for role in one.roles]
    for kind, a, b in group.relations:
        entries.append({"kind": "relation", "id": uuid4().hex, "data": {"kind": kind, "a": person(a), "b": person(b)}})
    return entries


def holding(who: str, role: str, home: str | None) -> dict[str, Any]:
    """The entry of a role that an invented person holds."""
    group = world.group_of(who)
    provider = None if role == "group_operator" else demo_id(f"provider.{group.slug}")
    data = {"person": person(who), "role": role, "provider": provider, "home": demo_id(home) if home else None}
    return {"kind": "holding", "id": f"{who}.{role}"[:64], "data": data | {"since": HELD_SINCE}}


def person(who: str) -> str:
    """The id of an invented person."""
    return world.person_id(who)


def now() -> datetime:
    """Real time, as the wire has it."""
    return datetime.now(UTC)


def subject(
    name: str = "s1", *, who: str | None = None, role: str | None = None, might_be: Sequence[str] = ()
) -> dict[str, Any]:
    """Whom a report is about."""
    return {
        "subject": name, "person": person(who) if who else None, "role": role, "identified": who is not None,
        "might_be": [person(one) for one in might_be],
    }  # fmt: skip


def later(moment: datetime, **length: float) -> datetime:
    """That much later."""
    return moment + timedelta(**length)


__all__ = ["CaseRoom", "Work", "holding", "later", "person", "subject"]
