"""What the sheets of a group mean for the directory: the changes that lead from what stands to what they say.

Everything that is wrong is found at once and said with its place; then nothing is changed. What the sheets do not name
is left as it is, and an empty cell changes nothing. So the same sheets twice change nothing the second time, and
corrected sheets change what was corrected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args
from uuid import uuid4

from heard.who import ContactKind
from services.chassis.contact_book import OUT_OF_HOURS, same_area
from services.directory.changes import HELD_EVERYWHERE, SYSTEM_ADMINISTRATOR
from services.directory.known import Known, Standing, Unknown, plainly
from services.directory.sheets import Fault, Row, Sheets, midnight

Command = dict[str, Any]
_REACH = ("name", "phone", "out_of_hours", "email")
_NAMED = {"provider": "name", "home": "name", "person": "name"}


@dataclass(slots=True)
class Plan:
    """The commands in order, each with the line that asks for it; what they do, in words; what is wrong."""

    commands: list[tuple[Command, Row]] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class Import:
    """One import into one operator's directory. ``plan`` is its whole result; nothing is written here."""

    def __init__(self, sheets: Sheets, known: Known, now: datetime) -> None:
        self.sheets, self.known, self.now = sheets, known, now
        self.plan = Plan(faults=list(sheets.faults))
        self._seen: dict[tuple[str, ...], int] = {}
        self._claimed: set[str] = set()

    def planned(self) -> Plan:
        """Work through the sheets in the order in which one names what stands in another."""
        for sheet, take in (("providers", self._provider), ("areas", self._area), ("homes", self._home),
                            ("people", self._person), ("roles", self._role)):  # fmt: skip
            for row in self.sheets.of(sheet):
                try:
                    take(row)
                except _Wrong as wrong:
                    self.plan.faults.append(row.fault(wrong.column, wrong.says))
        self.plan.faults.sort(key=lambda fault: (fault.file, fault.line))
        return self.plan

    # -- one line of each sheet

    def _provider(self, row: Row) -> None:
        self._once(row, "provider", row["provider"])
        if row["procedure"] not in self.known.procedures.keys():  # noqa: SIM118 (a registry, not a dict)
            there = ", ".join(self.known.procedures.keys())
            raise _Wrong("procedure", f"no such procedure is installed; there are: {there}")
        standing = self._find(self.known.provider, row["provider"])
        said = {"operator": self.known.operator, "name": row["provider"], "procedure": row["procedure"],
                "colour": (standing or {}).get("colour")}  # fmt: skip
        self._become(row, "provider", "add_provider", standing, said)

    def _area(self, row: Row) -> None:
        self._once(row, "contact", row["area"], row["contact"])
        contact = row["contact"].lower().replace(" ", "_")
        keys = {one.key for p in self.known.providers for one in self.known.procedure_of(p).contacts}
        allowed = {*get_args(ContactKind), OUT_OF_HOURS, *keys}
        if contact not in allowed:
            there = ", ".join(sorted(allowed))
            raise _Wrong("contact", f"{row['contact']!r} is no body known here; there are: {there}")
        standing = next(
            (one for one in self.known.contacts
             if not one.get("provider") and one["contact"] == contact and same_area(one["area"], row["area"])), None,
        )  # fmt: skip
        said = {"operator": self.known.operator, "area": row["area"], "contact": contact}
        given = {name: row[name] for name in _REACH if row[name] is not None}
        if not (standing or given.get("phone") or given.get("email")):
            raise _Wrong("phone", "give a telephone number or an email address")
        moved = standing and any(given.get(name, standing[name]) != standing[name] for name in _REACH[1:])
        verified = row["last_verified"] or (None if moved or not standing else standing["verified_on"])
        kept = {name: (standing or {}).get(name) for name in _REACH}
        says = f"{contact} of {row['area']}"
        self._become(row, "contact", "set_contact", standing, said | kept | given | {"verified_on": verified}, says)

    def _home(self, row: Row) -> None:
        self._once(row, "home", row["home"])
        provider = self._must(self.known.provider, row["provider"], "provider")
        if self.known.elsewhere(row["home"]):
            raise _Wrong("home", f"{row['home']!r} is taken in this installation; choose another short name")
        standing = self._find(self.known.home, row["home"])
        if standing and standing["provider"] != provider["id"]:
            raise _Wrong("provider", "another provider runs this home; hand it over with: heard directory hand-over")
        area = row["area"] or (standing or {}).get("area")
        said = {"provider": provider["id"], "name": row["name"], "slug": row["home"], "area": area}
        self._become(row, "home", "add_home", standing, said | {"operator": self.known.operator})

    def _person(self, row: Row) -> None:
        self._once(row, "email" if row["email"] else "name", row["email"] or row["name"])
        standing = self._standing(row)
        works_for = None
        if row["works_for"]:
            named = [name.strip() for name in row["works_for"].split(";") if name.strip()]
            works_for = [self._must(self.known.provider, name, "works_for")["id"] for name in named]
        before = standing or {"email": None, "phone": None, "works_for": [], "outside": False, "verified": False}
        given = {"email": row["email"], "phone": row["phone"], "works_for": works_for, "outside": row["outside"],
                 "verified": row["email_verified"]}  # fmt: skip
        if row["email"] and row["email"] != before["email"] and row["email_verified"] is None:
            given["verified"] = False  # what was verified was another address
        said = {"operator": self.known.operator, "name": row["name"]}
        said |= {name: before[name] if value is None else value for name, value in given.items()}
        self._claimed.add(self._become(row, "person", "add_person", standing, said)["id"])

    def _standing(self, row: Row) -> Standing | None:
        """The person whom a line means: by email, else by name; never one whom another line has named already."""
        standing = self._find(self.known.person, row["email"]) if row["email"] else None
        if standing is not None:
            return standing
        called = [one for one in self.known.people
                  if plainly(one["name"]) == plainly(row["name"]) and one["id"] not in self._claimed]  # fmt: skip
        if len(called) > 1 and row["email"]:
            called = [one for one in called if not one.get("email")]
        if len(called) > 1:
            raise _Wrong("email", f"{len(called)} people are called {row['name']!r}: give the email address")
        return called[0] if called else None

    def _role(self, row: Row) -> None:
        person = self._must(self.known.person, row["person"], "person")
        home = self._must(self.known.home, row["home"], "home") if row["home"] else None
        provider = self._provider_of(row, home)
        try:
            role = self.known.role(row["role"], provider)
        except Unknown as fault:
            raise _Wrong("provider" if provider is None else "role", str(fault)) from None
        if role == SYSTEM_ADMINISTRATOR:
            raise _Wrong("role", "a system administrator is appointed by hand: heard directory role")
        if role in HELD_EVERYWHERE and home is not None:
            raise _Wrong("home", "this role is held in the whole group: leave home and provider empty")
        place = {"person": person["id"], "role": role, "provider": provider["id"] if provider else None,
                 "home": home["id"] if home else None}  # fmt: skip
        since, until = (midnight(row[name]) if row[name] else None for name in ("from", "until"))
        if since and until and until <= since:
            raise _Wrong("until", "this is not after the day on which it begins")
        self._once(row, "role", *(str(value) for value in place.values()), str(since or ""))
        standing = self._holding(place, since)
        before = standing or {"since": since or self.now, "until": None, "reads_safeguarding": False}
        said = place | {"since": since or before["since"], "until": until or before["until"],
                        "reads_safeguarding": before["reads_safeguarding"]}  # fmt: skip
        where = f" at {home['name']}" if home else f" at {provider['name']}" if provider else ""
        says = f"{person['name']}, {role.replace('_', ' ')}{where}"
        self._become(row, "holding", "hold_role", standing, said, says)

    # -- within

    def _provider_of(self, row: Row, home: Standing | None) -> Standing | None:
        """The provider at which a role is held: as said, or the home's own."""
        if row["provider"]:
            provider = self._must(self.known.provider, row["provider"], "provider")
            if home and home["provider"] != provider["id"]:
                raise _Wrong("home", f"{home['name']} is run by another provider")
            return provider
        return next((one for one in self.known.providers if home and one["id"] == home["provider"]), None)

    def _holding(self, place: Mapping[str, Any], since: datetime | None) -> Standing | None:
        """The holding that a line speaks of: one of that person, role and place that the line does not come after."""
        found = [one for one in self.known.holdings if all(one[name] == value for name, value in place.items())]
        found.sort(key=lambda one: (one["until"] is None, one["since"]))
        last = found[-1] if found else None
        return None if last and since and last["until"] and since >= last["until"] else last

    def _become(
        self, row: Row, kind: str, do: str, standing: Standing | None, said: Mapping[str, Any], says: str = ""
    ) -> Standing:
        """Note what leads from what stands to what a line says; the entry as it will be, known from now on."""
        entry: Standing = {**(standing or {}), **said, "id": standing["id"] if standing else uuid4().hex}
        differs = [name for name, value in said.items() if standing is None or standing.get(name) != value]
        called = says or str(said.get(_NAMED.get(kind, ""), ""))
        if not differs:
            self.plan.unchanged += 1
        else:
            derived = ("operator",) if kind == "home" else ()
            fields = {name: _as_sent(value) for name, value in said.items() if name not in derived}
            self.plan.commands.append(({"do": do, "id": entry["id"], **fields}, row))
            what = f"changed {kind}: {called} ({', '.join(differs)})" if standing else f"new {kind}: {called}"
            self.plan.says.append(what)
        known = {"provider": self.known.providers, "contact": self.known.contacts, "home": self.known.homes,
                 "person": self.known.people, "holding": self.known.holdings}[kind]  # fmt: skip
        if standing in known:
            known.remove(standing)
        known.append(entry)
        return entry

    def _once(self, row: Row, column: str, *key: str) -> None:
        name = (row.file, *(plainly(part) for part in key))
        before = self._seen.setdefault(name, row.line)
        if before != row.line:
            raise _Wrong(column, f"line {before} says this already")

    def _find(self, ask: Any, said: str) -> Standing | None:
        try:
            found: Standing = ask(said)
        except Unknown:
            return None
        return found

    def _must(self, ask: Any, said: str, column: str) -> Standing:
        try:
            found: Standing = ask(said)
        except Unknown as fault:
            raise _Wrong(column, str(fault)) from None
        return found


class _Wrong(Exception):
    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column, self.says = column, says


def _as_sent(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def faults_of(refused: Mapping[str, Sequence[str]], plan: Plan) -> list[Fault]:
    """What the directory itself refused, with the lines that asked for it."""
    found = []
    for field_, said in refused.items():
        number, _, column = field_.removeprefix("commands[").partition("].")
        row = plan.commands[int(number)][1]
        found.append(row.fault(column, " ".join(said)))
    return found
