"""What notifications remembers of a case: who holds which part, whom it is about, how far its ledger was heard.

Small on purpose: enough to address a message and to keep it from a person complained about, whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heard.instants import moment_of
from heard.roster import Roster
from heard.vocabulary import GROUP

NOWHERE: dict[str, Any] = {}
"""The contact of a linked case: it has no receipt, so no page on which somebody could read a letter."""


@dataclass(slots=True)
class Case:
    """One case as notifications knows it. `procedure_version` is None until workflow has spoken of it."""

    id: str
    operator: str
    provider: str
    home: str
    reference: str
    complainant: str | None = None
    contact: dict[str, Any] | None = None
    procedure_version: str | None = None
    stage: str | None = None
    seq: int = 0
    parts: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, dict[str, Any]] = field(default_factory=dict)
    screened: bool = False

    def take(self, happening: Mapping[str, Any]) -> None:
        """Take in the next row of the ledger."""
        data = happening.get("data") or {}
        match happening["event"]:
            case "received":
                self.complainant = data.get("complainant") or self.complainant
                if data.get("linked"):
                    self.contact = NOWHERE
            case "assigned":
                self.parts[str(data["part"])] = str(data.get("person") or "")
            case "stood_down":
                self.parts = {part: who for part, who in self.parts.items() if who != data.get("person")}
            case "named":
                self._named(happening, data)
            case "screened":
                self.screened = True
            case "stage_opened":
                self.stage, self.parts = data.get("stage") or happening.get("stage"), {}
        self.seq = int(happening["seq"])

    def _named(self, happening: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        key = str(data.get("subject") or data.get("person") or data.get("role") or happening["seq"])
        before = self.subjects.get(key, {})
        roles = [*(data.get("roles") or ()), *([data["role"]] if data.get("role") else [])]
        identified = bool(data.get("identified", data.get("person") is not None))
        self.subjects[key] = {
            "person": data.get("person"),
            "roles": roles or before.get("roles", []),
            "identified": identified,
            "might_be": [] if identified else list(data.get("might_be") or before.get("might_be", ())),
            "at": before.get("at") or moment_of(happening["at"]).isoformat(),
        }

    def is_complainant(self, word: str) -> bool:
        """Whether this word means the person who complained. A young person does where they are that person."""
        return word == "complainant" or (word == "young_person" and self.complainant == "young_person")

    def kept_away(self, roster: Roster) -> frozenset[str]:
        """The persons whom the complaint is or may be about, under any role they hold, and their partners."""
        away: set[str] = set()
        for subject in self.subjects.values():
            away.update(subject["might_be"])
            if subject["person"]:
                away.add(subject["person"])
            else:
                for role in subject["roles"]:
                    away.update(roster.holders(role, self.provider, self.home, moment_of(subject["at"])))
        return frozenset(away.union(*(roster.related("spouse_or_partner", one) for one in away)))

    def viewers(self, roster: Roster, now: datetime) -> frozenset[str]:
        """Who may look at every message of the case: who holds a part, and the group's operator.

        Nobody before the screen, and nobody while it is not known whom the case is about.
        """
        if not self.screened or any(not subject["identified"] for subject in self.subjects.values()):
            return frozenset()
        group = {
            one
            for one in roster.holders(GROUP, self.provider, self.home, now)
            if one in roster.people and roster.people[one].operator == self.operator
        }
        return frozenset({who for who in self.parts.values() if who} | group) - self.kept_away(roster)


def next_rows(case: Case, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that follow on `case.seq` without a gap, in order; later ones must wait."""
    by_seq = {int(row["seq"]): row for row in rows}
    found: list[Mapping[str, Any]] = []
    at = case.seq
    while at + 1 in by_seq:
        at += 1
        found.append(by_seq[at])
    return found
