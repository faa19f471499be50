"""How a body outside is reached for one home: as its area says, else as its provider says, else as the document says.

A procedure's file names the bodies that its document names. A home stands in an area of its own, and each area has its
own LADO and its own numbers: what somebody looked up for that area, and verified, goes before what a document printed.
Safeguarding, notifications and intake all ask here, so that whoever is called is called at the same number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from heard.procedure import Contact, Phone
from heard.reaching import is_answered

if TYPE_CHECKING:
    from services.chassis.people_copy import PeopleCopy

OUT_OF_HOURS = "out_of_hours"
"""The area's number for nights and weekends: shown beside the bodies that a concern may need."""
AT_NIGHT = "nights, weekends and bank holidays"
"""What such a number is for, in words."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a body is reached for one home. `area` is set when that area's own entry says so."""

    name: str
    email: str | None = field(repr=False)
    phones: tuple[Phone, ...]
    verified_on: str | None
    area: str | None = None
    out_of_hours: Phone | None = None
    """Which of `phones` is the one for nights, weekends and bank holidays."""

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any], phone_for: str | None = None) -> Reached:
        """As somebody entered it."""
        usual = (Phone(number=str(entry["phone"]), for_=phone_for),) if entry.get("phone") else ()
        late = Phone(number=str(entry["out_of_hours"]), for_=AT_NIGHT) if entry.get("out_of_hours") else None
        verified = entry.get("verified_on") or ("before dates were kept" if entry.get("verified") else None)
        return cls(entry.get("name") or "", entry.get("email"), (*usual, late) if late else usual, verified,
                   entry.get("area"), late)  # fmt: skip

    @property
    def checked_on(self) -> date | None:
        """The day on which somebody last made sure; None where nobody did, or nobody wrote down when."""
        try:
            return date.fromisoformat(self.verified_on) if self.verified_on else None
        except ValueError:  # "before dates were kept"
            return None

    def by_the_hour(self, now: datetime, *, shut: bool) -> list[dict[str, Any]]:
        """The numbers, those first that are answered now; `now` is None where nothing is known of that.

        `shut`: offices are taken to be shut at this hour.
        """

        def answered(phone: Phone) -> bool | None:
            said = is_answered(phone, now)
            if said is None and self.out_of_hours:
                return shut == (phone is self.out_of_hours)
            return said

        found = [{"number": one.number, "for": one.for_, "open": list(one.open), "now": answered(one)}
                 for one in self.phones]  # fmt: skip
        return sorted(found, key=lambda one: one["now"] is False)


def reached(who: PeopleCopy, contact: Contact, provider: str, home: str) -> Reached:
    """How a contact of a procedure is reached for that home."""
    known = given(who, (contact.key, contact.is_), provider, home)
    if known is not None:
        return replace(known, name=known.name or contact.name)
    sure = made_sure_on(list(who.entries("contact").values()), contact, provider)
    return Reached(contact.name, contact.email, contact.phones, sure, contact.area)


def has_a_way(entry: Mapping[str, Any]) -> bool:
    """Whether an entry says how a body is reached. One that does not says that what is printed was made sure of."""
    return bool(entry.get("phone") or entry.get("out_of_hours") or entry.get("email"))


def made_sure_on(contacts: Sequence[Mapping[str, Any]], contact: Contact, provider: str) -> str | None:
    """The day on which somebody last made sure of what a provider's document prints of a body."""
    days = [str(one["verified_on"]) for one in contacts
            if (one.get("provider"), one["contact"]) == (provider, contact.key)
            and not has_a_way(one) and one.get("verified_on")]  # fmt: skip
    printed = contact.verified_on.isoformat() if contact.verified_on else None
    return max(filter(None, [*days, printed]), default=None)


def given(
    who: PeopleCopy, words: Sequence[str], provider: str, home: str, phone_for: str | None = None
) -> Reached | None:
    """How the directory itself says that a body (by key or kind) is reached for that home, or None."""
    known = who.entry("provider", provider) or {}
    there = dict(who.entry("home", home) or {}) | {"provider": provider, "operator": known.get("operator")}
    entry = entry_for(list(who.entries("contact").values()), words, there)
    return Reached.of_entry(entry, phone_for) if entry else None


def entry_for(
    contacts: Sequence[Mapping[str, Any]], words: Sequence[str], home: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The directory's own entry for a body (by key or kind), the nearest to this home; None: the document's stands."""
    found = [
        (rank, words.index(one["contact"]), str(one.get("id")), one)
        for one in contacts
        if one["contact"] in words and has_a_way(one) and (rank := _nearness(one, home)) is not None
    ]
    return min(found, key=lambda each: each[:3])[3] if found else None


def _nearness(one: Mapping[str, Any], home: Mapping[str, Any]) -> int | None:
    in_area = same_area(one.get("area"), home.get("area"))
    if one.get("provider") is not None:
        if one["provider"] != home.get("provider") or (one.get("area") and not in_area):
            return None
        return 0 if in_area else 2
    return 1 if in_area and one.get("operator") == home.get("operator") else None


def same_area(one: str | None, other: str | None) -> bool:
    """Whether two areas are the same: capitals and spaces round them do not count."""
    return bool(one and other) and str(one).strip().casefold() == str(other).strip().casefold()
