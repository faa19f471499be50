"""How a record grows: rows to the ledger, who may see it, and the facts that say so, in one transaction.

Used by everything that writes here. Step 2 of a complaint's journey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heard.casefile import CaseState, replay
from heard.ledger import Happening, NewHappening, number, to_json
from heard.people import Recipient, Roster
from heard.procedure import Procedure
from services.chassis import ledger
from services.chassis.tables import new_id
from services.chassis.work import Work
from services.safeguarding import patterns, records
from services.safeguarding.calling import Call, cannot_take, interval, may_see, plan, rule_for, rungs
from services.safeguarding.models import ledger as ledger_rows


@dataclass(slots=True)
class Growth:
    """One record that grows in this transaction. `row` is what the records table says; `made` are its calls so far."""

    row: dict[str, Any]
    procedure: Procedure
    state: CaseState
    roster: Roster
    now: datetime
    made: list[Call] = field(default_factory=list)
    new: list[NewHappening] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    ladder: list[dict[str, Any]] = field(default_factory=list)
    alert: dict[str, Any] | None = None
    alert_is_new: bool = False

    @property
    def report_id(self) -> str:
        """Whose record it is."""
        return str(self.row["report_id"])

    @property
    def place(self) -> dict[str, str]:
        """The tenant, provider and home, as facts carry them."""
        return {name: self.row[name] for name in ("operator", "provider", "home")}

    def add(self, *happenings: NewHappening, words: str | None = None) -> None:
        """Add rows and let the state follow them. `words` are sealed with the last of these rows."""
        for happening in number(happenings, self.state.seq, self.now):
            self.state = self.state.then(happening)
        self.new += happenings
        if words:
            self.words[self.state.seq] = words

    def concerns(self) -> list[str]:
        """The concerns that are open."""
        return [found.concern for found in self.state.open_concerns]

    def raise_alert(self, priority: str) -> None:
        """Raise an alert and call the first on the ladder at once."""
        rule = rule_for(self.procedure, self.concerns())
        self.alert_is_new = True
        self.alert = {
            "id": new_id(), "report_id": self.report_id, "priority": priority, "rule": rule.key if rule else "",
            "raised_at": self.now, "attempts": 0, "next_call_at": self.now,
            "answered_at": None, "answered_by": None, "how": None,
        }  # fmt: skip
        self.call([])

    def call(self, made: Sequence[Call], *, pass_on: bool = False) -> None:
        """Make the calls that are due for this record's alert; `made` are the alert's calls so far.

        `pass_on`: whoever was called has just said that they cannot, so the next is called now.
        """
        assert self.alert is not None  # noqa: S101  (callers raise or load it)
        rule = next((one for one in self.procedure.notification_rules if one.key == self.alert["rule"]), None)
        priority = self.alert["priority"]
        ladder_ = rungs(self.procedure, self.state, self.roster, rule, self.now, priority)
        every = interval(self.procedure, self.state, rule, self.now, priority)
        cannot = cannot_take(self.state, self.alert["id"])
        due = plan(ladder_, made, self.alert["raised_at"], every, self.now, cannot=cannot, pass_on=pass_on)
        able = [rung for rung in ladder_ if rung.who.key not in cannot] or ladder_
        self.ladder = [
            {"kind": one.who.kind, "key": one.who.key, "after": one.after_seconds}
            for one in able
            if one.who.kind != "party"
        ]
        for who in due.now:
            self._note_call(who, list(rule.channels) if rule and rule.channels else ["email"])
        self.alert["next_call_at"] = due.next_at

    def _note_call(self, who: Recipient, channels: list[str]) -> None:
        assert self.alert is not None  # noqa: S101
        self.alert["attempts"] += 1
        outside = who.kind != "person"
        self.made.append(Call(who.key, outside, self.now))
        self.calls.append(
            {
                "alert_id": self.alert["id"], "attempt": self.alert["attempts"], "report_id": self.report_id,
                "person": None if outside else who.key, "contact": who.key if outside else None, "at": self.now,
                "channels": channels,
            }
        )  # fmt: skip
        data = {"alert": self.alert["id"], "rule": self.alert["rule"], "attempt": self.alert["attempts"]}
        self.add(NewHappening("called", self.now, "system", None, data | {"contact" if outside else "person": who.key}))


def grown(
    work: Work, report_id: str, row: Mapping[str, Any], procedure: Procedure, happenings: Sequence[Any], roster: Roster,
    made: Sequence[Mapping[str, Any]] = (),
) -> Growth:  # fmt: skip
    """A record that stands, made ready to grow."""
    calls = [call_of(call) for call in made]
    return Growth(dict(row), procedure, replay(procedure, happenings), roster, work.now, calls)


def call_of(call: Mapping[str, Any]) -> Call:
    """A call as the ladder counts it."""
    return Call(call["person"] or call["contact"], call["person"] is None, call["at"], call["failed_at"] is not None)


def load(work: Work, report_ids: Sequence[str], roster: Roster) -> dict[str, Growth]:
    """Records held for change in this transaction, with their ledgers and calls: four statements for any number."""
    rows = records.standing(work.conn, report_ids, to_change=True)
    ledgers = ledger.read_many(work.conn, ledger_rows, rows)
    calls = records.calls_of_reports(work.conn, rows)
    return {
        report_id: grown(work, report_id, row, work.house.procedures.pinned(row["procedure_version"]),
                         ledgers[report_id], roster, calls[report_id])
        for report_id, row in rows.items()
    }  # fmt: skip


def write(work: Work, growths: Sequence[Growth], *, fresh: bool = False) -> dict[str, Sequence[Happening]]:
    """Write what grew: ledger rows, alerts, calls, the wall, and the facts. Returns each record's new rows.

    `fresh`: these records are new, and their first rows travel with the proof that they were screened.
    """
    noticed = patterns.notice(work, growths)
    numbered = {}
    for growth in growths:
        before = growth.state.seq - len(growth.new)
        numbered[growth.report_id] = (before, number(growth.new, before, work.now))
    ledger.append_many(
        work, ledger_rows,
        [(report_id, before, rows) for report_id, (before, rows) in numbered.items() if rows],
        {growth.report_id: growth.words for growth in growths if growth.words} or None,
    )  # fmt: skip
    records.raise_alerts(work.conn, [g.alert for g in growths if g.alert and g.alert_is_new])
    records.note_calls(
        work.conn, [{k: v for k, v in call.items() if k != "channels"} for g in growths for call in g.calls]
    )
    viewers = {g.report_id: may_see(g.procedure, g.state, g.roster, g.made, work.now) for g in growths}
    records.let_see(work.conn, viewers, fresh=viewers if fresh else ())
    for growth in growths:
        if not fresh or growth.report_id in noticed:
            records.store(work.conn, growth.report_id, _row_of(growth))
        if not fresh and growth.alert and not growth.alert_is_new:
            kept = ("attempts", "next_call_at", "answered_at", "answered_by", "how", "priority")
            records.store_alert(work.conn, growth.alert["id"], {name: growth.alert[name] for name in kept})
        _announce_calls(work, growth)
        if not fresh:
            _announce_rows(work, growth, numbered[growth.report_id][1])
    return {report_id: rows for report_id, (_, rows) in numbered.items()}


def _row_of(growth: Growth) -> dict[str, Any]:
    return {
        "seq": growth.state.seq,
        "roster_version": growth.roster.version,
        "identified": all(one.identified for one in growth.state.subjects.values()),
        "priority": growth.row["priority"],
        "closed_at": growth.row["closed_at"],
        "read_due_at": growth.row["read_due_at"],
        "triage_due_at": growth.row["triage_due_at"],
    }


def _announce_calls(work: Work, growth: Growth) -> None:
    for call in growth.calls:
        work.publish(
            "ladder_called",
            {
                "alert_id": call["alert_id"], "report_id": growth.report_id, "attempt": call["attempt"],
                "person": call["person"], "contact": call["contact"], "channels": call["channels"],
                "priority": growth.alert["priority"] if growth.alert else "soon", "at": work.now.isoformat(),
                "ladder": growth.ladder, **growth.place,
            },
        )  # fmt: skip


def _announce_rows(work: Work, growth: Growth, happenings: Sequence[Happening]) -> None:
    if happenings:
        alert_id = growth.alert["id"] if growth.alert else None
        work.publish(
            "safeguarding_advanced",
            {
                "report_id": growth.report_id, "alert_id": alert_id,
                "happenings": [to_json(one) for one in happenings], **growth.place,
            },
        )  # fmt: skip
