"""The forms of the directory's pages: what each change asks, how an answer is read, what may be chosen.

A form makes one command of the directory's own kind; whether it holds, the directory says. Pure: the book of what
stands goes in (`keeping.book`), fields and commands come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, Protocol

from heard.instants import LONDON
from heard.procedure import Procedure
from services.portal.plain_words import words_of

Book = Mapping[str, Any]
Options = tuple[tuple[str, str], ...]
EVERYWHERE = {"group_operator": "Group operator", "system_administrator": "System administrator"}
AT_A_HOME = {
    "staff": "Works here, with no part in the procedure",
    "regulation_44_visitor": "Regulation 44 visitor: only reads, until a day",
    "inspector": "Inspector or auditor: only reads, until a day",
}
_CALLED = {**EVERYWHERE, "staff": "works here", "regulation_44_visitor": "Regulation 44 visitor",
           "inspector": "Inspector or auditor"}  # fmt: skip
AREA_CONTACTS = {
    "lado": "The LADO", "mash": "MASH, or who takes referrals", "out_of_hours": "Out of hours",
    "safeguarding_partnership": "The safeguarding partnership", "local_authority": "The local authority",
}  # fmt: skip
"""What an area's page asks for, in the order in which somebody would look for it."""

ROUTINE_WAYS = {
    "email": "By e-mail", "text": "By a text that says something waits", "portal": "Only here, under Messages",
}  # fmt: skip
"""How what can wait may reach somebody who works here."""
ALERT_WAYS = {
    "email": "The e-mail first", "text": "The text first",
    "call": "A telephone call reaches me best: show my number to the others who are called",
}  # fmt: skip
"""What comes first when they are called; e-mail and text both go, whatever they choose."""


@dataclass(frozen=True)
class Field:
    """One field. ``options`` may be chosen from; ``value`` is what it holds at first."""

    name: str
    label: str
    kind: Literal["line", "email", "tel", "choice", "date", "yes", "many"] = "line"
    hint: str = ""
    required: bool = False
    options: Options = ()
    value: Any = ""


@dataclass(frozen=True)
class Change:
    """One sort of change: what its page is called, what it asks, what its button says."""

    title: str
    button: str
    fields: tuple[Field, ...]
    hint: str = ""


class Sent(Protocol):
    """A submitted form."""

    def get(self, name: str, default: str, /) -> str: ...
    def getlist(self, name: str, /) -> list[str]: ...


_FROM = Field("since", "From", "date", "Leave it empty to begin at once.")
_UNTIL = Field("until", "Until", "date", "The first day on which it is over. Leave it empty if nobody knows yet.")
_ENDS = Field("until", "From which day", "date", "Leave it empty for at once.")
_NAME = Field("name", "Name", required=True)
_SLUG = Field("slug", "Short name", hint="Small letters, numbers and hyphens. It stands in addresses on the web.",
              required=True)  # fmt: skip
_PERSON = Field("person", "Who", "choice", required=True)
_PROVIDER = Field("provider", "Who runs it", "choice", required=True)
_ROLE = Field("role", "Role", "choice", required=True)

CHANGES: dict[str, Change] = {
    "add_operator": Change("Operator", "Save", (_NAME, _SLUG)),
    "add_provider": Change(
        "Provider", "Save",
        (Field("operator", "Operator", "choice", required=True), _NAME,
         Field("procedure", "Procedure", "choice", "The written procedure by which its complaints go.", required=True),
         Field("colour", "Colour", hint="For the pages of its homes and their posters: six digits as designers write "
               "them, like #0b5563, dark enough for white words. Leave it empty to keep ours.")),
    ),
    "add_home": Change(
        "Home", "Save",
        (_NAME, _SLUG, _PROVIDER,
         Field("area", "Local authority", hint="The area it stands in, like Hampshire: its LADO is called first.")),
    ),
    "add_person": Change(
        "Person", "Save",
        (Field("operator", "Operator", "choice", required=True), _NAME, Field("email", "Email", "email"),
         Field("verified", "Somebody has tried this address", "yes"), Field("phone", "Telephone", "tel"),
         Field("works_for", "Employed by", "many"),
         Field("outside", "Independent of the provider", "yes", "Like an outside investigator or a panel member.")),
    ),
    "reach": Change(
        "How they are reached", "Save",
        (Field("routine_way", "What can wait", "choice", options=tuple(ROUTINE_WAYS.items())),
         Field("alert_way", "When they are called because a child may not be safe", "choice",
               "E-mail and text then both go at once, by day and by night, whatever is chosen here.",
               options=tuple(ALERT_WAYS.items()))),
        "They may choose it themselves, where they see how they sign in.",
    ),
    "hold_role": Change(
        "Give a role", "Give the role",
        (_PERSON, _ROLE, _FROM, _UNTIL,
         Field("reads_safeguarding", "They may also read what was said where there is a safeguarding concern", "yes",
               "Only for a visitor, an inspector or an auditor.")),
    ),
    "on_call": Change("On call", "Save", (_PERSON, _ROLE, _FROM, _UNTIL), "Whoever is on call is called first."),
    "away": Change("Away", "Save", (_PERSON, _FROM, replace(_UNTIL, hint="The day they are back.")),
                   "While they are away, what they would get goes to whoever stands in."),
    "relate": Change(
        "Who is what to whom", "Save",
        (replace(_PERSON, name="a"),
         Field("kind", "is", "choice", required=True,
               options=(("manages", "the line manager of"), ("spouse_or_partner", "the spouse or partner of"))),
         replace(_PERSON, name="b", label="Whom")),
        "Nobody looks into a complaint about their own partner, or about somebody they manage.",
    ),
    "set_contact": Change(
        "A number to call", "Save",
        (Field("operator", "Operator", "choice", required=True),
         Field("area", "Local authority", required=True, hint="As your homes name it."),
         Field("contact", "Whose number", "choice", required=True, options=tuple(AREA_CONTACTS.items())),
         Field("name", "Name", hint="As people call it. You can leave it empty."), Field("phone", "Telephone", "tel"),
         Field("out_of_hours", "Telephone for nights, weekends and bank holidays", "tel",
               "Leave it empty when the one above is answered then, too."),
         Field("email", "Email", "email"),
         Field("verified_on", "Last verified", "date", "The day somebody tried it. No message goes to an address that "
               "nobody has tried.")),
    ),
    "end_role": Change("End a role", "End the role", (_ENDS,),
                       "Open work passes to whoever holds the role then, and they lose sight of this home's cases."),
    "back": Change("Back from being away", "Save", (replace(_ENDS, label="Back from which day"),)),
    "off_call": Change("End being on call", "Save", (_ENDS,)),
    "end_relation": Change("This is so no longer", "Remove it", ()),
    "verify_contact": Change("Somebody has tried it", "Save", (Field("verified_on", "On which day", "date",
                             "Leave it empty for today."),)),
    "remove_contact": Change("Remove this number", "Remove it", ()),
    "close_home": Change(
        "Close a home", "Close the home",
        (_ENDS, replace(_PERSON, name="passes_to", label="Who sees to what is still open", required=False)),
        "Open cases go on. The page of the home says that it has closed, and still takes complaints about the past.",
    ),
    "hand_over_home": Change(
        "Hand a home over", "Hand it over", (replace(_PROVIDER, label="Who runs it from now on"),),
        "New reports go to them, by their procedure. What was received before stays with those who received it.",
    ),
}  # fmt: skip

OF_KIND = {
    "add_operator": "operators", "add_provider": "providers", "add_home": "homes", "add_person": "people",
    "reach": "people", "close_home": "homes", "hand_over_home": "homes", "set_contact": "contacts",
    "verify_contact": "contacts",
    "remove_contact": "contacts", "end_role": "holdings", "back": "absences", "off_call": "on_call",
    "end_relation": "relations",
}  # fmt: skip
"""Which list of the book a change with an id is about."""
PLACED = ("hold_role", "on_call")
"""Changes that need a place first: a home, each home of a provider, or the whole group."""


def fields_of(do: str, book: Book, asked: Mapping[str, str], procedures: Mapping[str, Procedure]) -> list[Field]:
    """The fields of a change with what may be chosen, and with what stands or was asked for filled in."""
    standing: Mapping[str, Any] = entry(book, OF_KIND.get(do, ""), asked.get("id", "")) or {}
    found = []
    for one in CHANGES[do].fields:
        options = one.options or _options(one.name, book, asked, procedures)
        if one.name == "operator" and len(options) == 1:
            continue  # there is no choice: `command` fills it in
        ends = do in ("end_role", "back", "off_call", "close_home", "hand_over_home", "verify_contact")
        value = asked.get(one.name) or ("" if ends else _shown(one, standing.get(one.name)))
        found.append(replace(one, options=options, value=value))
    return found


def command(
    do: str, book: Book, asked: Mapping[str, str], fields: Sequence[Field], sent: Sent
) -> tuple[dict[str, Any], dict[str, str]]:
    """The command that a sent form makes, and what is missing in it."""
    made: dict[str, Any] = {"do": do}
    faults: dict[str, str] = {}
    if asked.get("id"):
        made["id"] = asked["id"]
    if do in PLACED:
        made |= {name: asked[name] for name in ("provider", "home") if asked.get(name)}
    if any(one.name == "operator" for one in CHANGES[do].fields) and len(book["operators"]) == 1:
        made["operator"] = book["operators"][0]["id"]
    for one in fields:
        said = sent.getlist(one.name) if one.kind == "many" else " ".join(sent.get(one.name, "").split())
        if one.required and not said:
            faults[one.name] = f"{'Choose' if one.options else 'Enter'}: {one.label.lower()}"
        elif not _among(one, said):
            faults[one.name] = "Choose one of these"
        elif one.kind == "yes":
            made[one.name] = said == "yes"
        elif one.kind == "date" and said:
            try:
                day = date.fromisoformat(str(said))
            except ValueError:
                faults[one.name] = "Enter a day, like 22 11 2026"
            else:
                made[one.name] = day.isoformat() if one.name == "verified_on" else _begins(day)
        elif said or one.kind == "many":
            made[one.name] = said
    return made, faults


def _among(one: Field, said: str | Sequence[str]) -> bool:
    """Whether everything that was chosen could be chosen."""
    chosen = [said] if isinstance(said, str) else said
    return not one.options or all(part in dict(one.options) for part in chosen if part)


def entry(book: Book, kind: str, entry_id: str) -> dict[str, Any] | None:
    """One entry of the book, or None: it is not there, or not this person's to keep."""
    return next((one for one in book.get(kind, ()) if one["id"] == entry_id), None)


def _begins(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC).isoformat()


def _shown(one: Field, value: Any) -> Any:
    if one.kind == "yes":
        return "yes" if value else ""
    if one.kind == "date" and value:
        text = str(value)
        return text if len(text) == 10 else datetime.fromisoformat(text).astimezone(LONDON).date().isoformat()
    return value or ""


def _options(name: str, book: Book, asked: Mapping[str, str], procedures: Mapping[str, Procedure]) -> Options:
    lists: dict[str, Callable[[], Options]] = {
        "operator": lambda: _named(book["operators"]),
        "provider": lambda: _named(book["providers"]),
        "works_for": lambda: _named(book["providers"]),
        "person": lambda: _named(book["people"]),
        "passes_to": lambda: _named(book["people"]),
        "a": lambda: _named(book["people"]),
        "b": lambda: _named(book["people"]),
        "procedure": lambda: tuple((key, one.provider.name) for key, one in procedures.items()),
        "role": lambda: roles_at(book, asked, procedures),
    }
    return lists[name]() if name in lists else ()


def _named(those: Sequence[Mapping[str, Any]]) -> Options:
    return tuple((one["id"], one["name"]) for one in those)


def roles_at(book: Book, asked: Mapping[str, str], procedures: Mapping[str, Procedure]) -> Options:
    """The roles that can be held at a place: those of the provider's procedure, or the group's own."""
    provider = entry(book, "providers", asked.get("provider", ""))
    if provider is None:
        everywhere = dict(EVERYWHERE)
        if not book["everywhere"]:
            del everywhere["system_administrator"]
        return tuple(everywhere.items())
    procedure = procedures.get(provider["procedure"])
    return (*((role.key, role.name) for role in (procedure.roles if procedure else ())), *AT_A_HOME.items())


def role_name(key: str, procedure: Procedure | None) -> str:
    """A role as people call it."""
    known = {role.key: role.name for role in procedure.roles} if procedure else {}
    return _CALLED.get(key) or known.get(key) or words_of(key)
