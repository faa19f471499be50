"""The directory as somebody at a desk names it: a home by its short name, a person by email or name, a role in words.

Used by the import and by the command line; both find what they mean here, or say what there is. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from heard.procedure import Procedure
from heard.registry import Registry
from services.directory.changes import PLATFORM_ROLES, Entry

Standing = dict[str, Any]


class Unknown(LookupError):
    """Nothing here is called that, or more than one thing is; the sentence says what there is."""


def plainly(text: str) -> str:
    """As names are compared: no spaces round it, capitals do not count, one space between words."""
    return " ".join(text.split()).casefold()


class Known:
    """What stands in the directory, as one operator's own; each entry as ``{id, ...}``."""

    def __init__(self, entries: Iterable[Entry], procedures: Registry, operator: str) -> None:
        self.operator, self.procedures = operator, procedures
        self._by_kind: dict[str, list[Standing]] = {}
        for entry in entries:
            self._by_kind.setdefault(entry.kind, []).append({**(entry.data or {}), "id": entry.id})
        self.people = self._mine("person")
        self.homes = self._mine("home")
        self.providers = self._mine("provider")
        self.contacts = self._mine("contact")
        ids = {one["id"] for one in self.people}
        self.holdings = [one for one in self._by_kind.get("holding", ()) if one["person"] in ids]

    def _mine(self, kind: str) -> list[Standing]:
        return [one for one in self._by_kind.get(kind, ()) if one["operator"] == self.operator]

    def elsewhere(self, slug: str) -> bool:
        """Whether a home of another operator has this short name."""
        return any(one["slug"] == slug and one["operator"] != self.operator for one in self._by_kind.get("home", ()))

    def provider(self, name: str) -> Standing:
        """A provider by its name. Raises Unknown."""
        return _the_one(self.providers, "name", name, "provider")

    def home(self, slug: str) -> Standing:
        """A home by its short name. Raises Unknown."""
        return _the_one(self.homes, "slug", slug, "home")

    def person(self, said: str) -> Standing:
        """A person by email address or, where only one is called that, by name. Raises Unknown."""
        by_email = [one for one in self.people if one.get("email") and plainly(one["email"]) == plainly(said)]
        if by_email:
            return by_email[0]
        named = [one for one in self.people if plainly(one["name"]) == plainly(said)]
        if len(named) > 1:
            raise Unknown(f"{len(named)} people are called {said!r}: give the email address")
        if not named:
            raise Unknown(f"nobody here has the email address or the name {said!r}")
        return named[0]

    def procedure_of(self, provider: Mapping[str, Any]) -> Procedure:
        """The procedure of a provider."""
        found: Procedure = self.procedures.get(provider["procedure"])
        return found

    def role(self, said: str, provider: Mapping[str, Any] | None) -> str:
        """A role's key, by its key, name, or what it is also called. Raises Unknown."""
        wanted = plainly(said.replace("_", " "))
        for one in PLATFORM_ROLES:
            if plainly(one.replace("_", " ")) == wanted:
                return one
        if provider is None:
            raise Unknown(f"{said!r} is held at a provider: say at which")
        roles = self.procedure_of(provider).roles
        for role in roles:
            if wanted in {plainly(name.replace("_", " ")) for name in (role.key, role.name, *role.also_called)}:
                return role.key
        there = ", ".join([*(role.key for role in roles), "staff"])
        raise Unknown(f"the procedure of {provider['name']} has no role {said!r}; it has: {there}")


def _the_one(those: Sequence[Standing], by: str, said: str, what: str) -> Standing:
    found = [one for one in those if plainly(str(one[by])) == plainly(said)]
    if not found:
        there = ", ".join(sorted(str(one[by]) for one in those)) or "none yet"
        raise Unknown(f"no {what} here is called {said!r}; there are: {there}")
    return found[0]
