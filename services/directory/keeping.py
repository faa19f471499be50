"""Who may keep the directory, and for whom: the group's operator for their own group, the administrator for everybody.

For anybody else there is no such page and no such person: the answer is that of something that does not exist. What is
changed is recorded with who changed it. Nobody changes what stands here about themselves: roles decide who reads what,
and a role that somebody held decides whom a complaint is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from services.chassis.errors import Invalid, NotFound
from services.directory import people, register
from services.directory.changes import ENDINGS, FORMS, GROUP_OPERATOR, HOLIDAYS, REFERS_TO, SYSTEM_ADMINISTRATOR, Find

if TYPE_CHECKING:
    from services.chassis.house import House

Command = Mapping[str, Any]
_FOR_ONESELF = ("away", "back", "reach")
"""What anybody may say of themselves: it takes work and calls away from them, or says how these reach them."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps the directory: of every operator (`everywhere`), or of their own."""

    person: str
    operator: str
    everywhere: bool

    def keeps(self, operator: str | None) -> bool:
        """Whether what belongs to this operator is theirs to look at and to change."""
        return self.everywhere or operator == self.operator


def keeper(conn: Connection, person_id: str, now: datetime) -> Keeper:
    """The person as a keeper. Raises `NotFound` for everybody who is none."""
    known = people.person(conn, person_id, now)
    held = {one["role"] for one in known["holdings"] if one["provider"] is None}
    if not held & {GROUP_OPERATOR, SYSTEM_ADMINISTRATOR}:
        raise NotFound
    return Keeper(person_id, known["operator"], SYSTEM_ADMINISTRATOR in held)


@contextmanager
def looking(house: House, person_id: str, now: datetime) -> Iterator[tuple[Connection, Keeper]]:
    """Who is who as this keeper may read it: behind the database's own wall round their group, too.

    Whoever keeps every group's reads past it, which nobody else does. Raises `NotFound` for who is no keeper.
    """
    with house.db.seen_by(person_id) as conn:
        who = keeper(conn, person_id, now)
        if not who.everywhere:
            yield conn, who
            return
    with house.db.reading() as conn:
        yield conn, who


def keeps_person(conn: Connection, person_id: str, of: str, now: datetime) -> None:
    """Raise `NotFound` unless the one keeps the other's entry."""
    who, entry = keeper(conn, person_id, now), register.find(conn, "person", of)
    if entry is None or not who.keeps(entry["operator"]):
        raise NotFound


def may_change(conn: Connection, who: Keeper, commands: Sequence[Command]) -> None:
    """Raise unless each command is about this keeper's own: `NotFound` for another's, `Invalid` for what none may."""

    def find(kind: str, entry_id: str) -> dict[str, Any] | None:
        return register.find(conn, kind, entry_id)

    for number, command in enumerate(commands):
        if not who.everywhere:
            _is_theirs(who, number, command, find)
        if who.person in _persons(command, find) and command.get("do") not in _FOR_ONESELF:
            said = "Nobody changes this about themselves: another keeper of the directory does, or whoever runs Heard."
            raise Invalid({f"commands[{number}].person": [said]})


def _is_theirs(who: Keeper, number: int, command: Command, find: Find) -> None:
    if command.get("do") == "add_operator" and not _stands(command, find):
        raise Invalid({f"commands[{number}].do": ["Only the system administrator adds an operator."]})
    if _kind(command) == HOLIDAYS:
        raise Invalid({f"commands[{number}].do": ["Only the system administrator changes the calendar."]})
    if command.get("role") == SYSTEM_ADMINISTRATOR:
        raise Invalid({f"commands[{number}].role": ["Only a system administrator appoints another."]})
    if not all(who.keeps(operator) for operator in _operators(command, find)):
        raise NotFound


def _stands(command: Command, find: Find) -> bool:
    return bool(command.get("id")) and find("operator", str(command["id"])) is not None


def _persons(command: Command, find: Find) -> set[str]:
    """The persons whom a command is about: named in it, or in what stands under its id."""
    kind = _kind(command)
    standing = (find(kind, str(command["id"])) or {}) if kind and command.get("id") else {}
    named = {str(each[field]) for each in (command, standing)
             for field in ("person", "passes_to", "a", "b") if each.get(field)}  # fmt: skip
    return named | ({str(command.get("id"))} if kind == "person" else set())


def _kind(command: Command) -> str:
    """The kind of entry that a command leaves behind; nothing for one that there is not."""
    return (FORMS.get(str(command.get("do"))) or ENDINGS.get(str(command.get("do"))) or ("", None))[0]


def _operators(command: Command, find: Find) -> set[str | None]:
    """The operators to whom what a command names belongs; what does not exist yet belongs to nobody."""
    kind = _kind(command)
    named = [(REFERS_TO[field], str(command[field])) for field in REFERS_TO if command.get(field)]
    named += [("provider", str(one)) for one in command.get("works_for") or ()]
    named += [(kind, str(command["id"]))] if kind and command.get("id") else []
    named += [("person", str(command["b"]))] if kind == "relation" and command.get("b") else []
    return {operator for each in named for operator in _owners(*each, find)}


def _owners(kind: str, entry_id: str, find: Find) -> set[str | None]:
    if kind == "operator":
        return {entry_id}
    entry = find(kind, entry_id)
    if entry is None:
        return set()
    if "operator" in entry:
        return {entry["operator"]}
    return {owner for field in ("person", "provider", "a") if entry.get(field)
            for owner in _owners(REFERS_TO[field], str(entry[field]), find)}  # fmt: skip


def book(conn: Connection, who: Keeper, now: datetime) -> dict[str, Any]:
    """Everything of this keeper's, by kind: what the directory's pages are made of; each entry with its id.

    ``{operators, providers, homes, people, holdings, absences, on_call, relations, contacts}``, moments as text.
    """
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for entry in register.of_groups(conn):  # a relation has a kind of its own: who manages whom, who lives with whom
        said = {"kind": entry.kind, "id": entry.id, **(entry.as_json()["data"] or {})}
        by_kind.setdefault(entry.kind, []).append(said)
    mine = {one["id"] for one in by_kind.get("person", ()) if who.keeps(one["operator"])}
    kept: dict[str, list[dict[str, Any]]] = {
        "operators": [one for one in by_kind.get("operator", ()) if who.keeps(one["id"])],
        **{name: [one for one in by_kind.get(kind, ()) if who.keeps(one["operator"])]
           for kind, name in (("provider", "providers"), ("home", "homes"), ("person", "people"),
                              ("contact", "contacts"))},
        **{name: [one for one in by_kind.get(kind, ()) if one["person"] in mine]
           for kind, name in (("holding", "holdings"), ("absence", "absences"), ("on_call", "on_call"))},
        "relations": [one for one in by_kind.get("relation", ()) if one["a"] in mine],
    }  # fmt: skip
    for those in kept.values():
        those.sort(key=lambda one: str(one.get("name") or one.get("since") or one["id"]))
    return {**kept, "everywhere": who.everywhere, "now": now.isoformat()}


def said_changes(conn: Connection, who: Keeper, most: int) -> list[dict[str, Any]]:
    """The newest changes to what is this keeper's: ``[{at, by, by_name, entries: [{kind, id, data, was?}]}]``.

    Of what was removed `data` is None, and `was` says what it had been.
    """

    def find(kind: str, entry_id: str) -> dict[str, Any] | None:
        return register.find(conn, kind, entry_id)

    found = []
    for change in register.changes_of(conn, most):
        entries = [e for e in change["entries"] if who.everywhere or _about(e, find) & {who.operator}]
        if entries:
            by = register.find(conn, "person", change["by"])
            found.append({"at": change["at"].isoformat(), "by": change["by"], "by_name": by["name"] if by else None,
                          "entries": entries})  # fmt: skip
    return found


def _about(entry: Mapping[str, Any], find: Find) -> set[str | None]:
    data = entry["data"] or entry.get("was") or {}
    if entry["kind"] == "operator":
        return {entry["id"]}
    if data.get("operator"):
        return {data["operator"]}
    owned = [field for field in ("person", "provider", "a") if data.get(field)]
    return {owner for field in owned for owner in _owners(REFERS_TO[field], str(data[field]), find)}
