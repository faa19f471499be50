"""What the doctor looks at in who is who: roles that are empty, not covered or in conflict, dead ends, old contacts.

The directory's own health is asked, operator by operator, so that the doctor and the pages say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.exc import SQLAlchemyError

from heard.checks.contacts import is_unsure
from heard.instants import london_day
from heard.procedure import Procedure
from heard.registry import PluginFaults, Registry
from services.chassis.contact_book import made_sure_on
from services.chassis.house import House
from services.chassis.settings import Settings
from services.directory import register, second_factor
from services.directory.changes import Entry
from services.directory.health import faults
from services.upkeep.data import database_fault
from services.upkeep.findings import Finding, Grade, Patient

_MENDS: dict[str, tuple[Grade, str]] = {
    "empty_role": ("must", "Give the role to somebody in the directory, with a deputy."),
    "dead_end": ("must", "Give a role there to somebody else too, or enter somebody from outside who can handle it."),
    "uncovered_absence": ("must", "Give the role, or its deputy's, to somebody who is there, or end the absence."),
    "no_deputy": ("should", "Give the deputy's role at that home to somebody else."),
    "another_areas_contact": ("must", "Enter the area's own: heard directory contact AREA lado --phone NUMBER."),
    "own_contact_missing": ("must", "Enter the home's own: heard directory contact AREA KEY --phone NUMBER."),
    "shared_role": ("should", "End the role for all but one of them; who stands in holds the deputy's role."),
    "several_roles": ("note", "Nothing, if that is how it must be: the way outside is what the procedure asks for."),
    "nobody_at_night": ("should", "Enter who answers then: heard directory contact AREA out_of_hours --phone NUMBER."),
    "unverified_contact": ("should", "Telephone them, and enter the address as verified."),
}


def directory(patient: Patient) -> Iterator[Finding]:
    """What in who is who would fail the next complaint."""
    settings = patient.settings
    there = (settings.var / "directory.db").exists() if settings.embedded else not database_fault(settings)
    if not there:
        return  # told under connections
    house = House(settings, "directory")
    try:
        with house.db.reading() as conn:
            entries = register.whole(conn)
            password_alone = second_factor.without_one(conn)
        procedures = house.procedures
    except (SQLAlchemyError, PluginFaults):
        return  # told under databases and plugins
    finally:
        house.close()
    operators = {one.id: str((one.data or {}).get("name")) for one in entries if one.kind == "operator"}
    if not operators:
        yield Finding(
            "who is who", "must", "The directory is empty: there is no home that anybody could report about.",
            "Enter operators, providers, homes and people.",
        )  # fmt: skip
    used = {str(one.data["procedure"]) for one in entries if one.kind == "provider" and one.data}
    for key in sorted(used - set(procedures.keys())):
        yield Finding(
            "plugins", "must", f"A provider goes by the procedure {key}, which is not installed.",
            "Install its plugin again; cases that are open go on by the text that was kept of it.",
        )  # fmt: skip
    if used <= set(procedures.keys()):
        now = settings.make_clock().now()
        for operator, name in operators.items():
            for fault in faults(entries, procedures, now, operator):
                grade, mend = _MENDS.get(fault["what"], ("should", "Look at it in the directory."))
                yield Finding("who is who", grade, f"{name}: {fault['sentence']}", mend)
        yield from _second_factors(settings, entries, procedures, password_alone, now)
    for key in sorted(used & set(procedures.keys())):
        yield from _contacts(procedures.get(key), entries, london_day(patient.now))


def _second_factors(
    settings: Settings, entries: Sequence[Entry], procedures: Registry, password_alone: Collection[str], now: datetime
) -> Iterator[Finding]:
    """Who reads what children told, or looks after a group, and comes in with a password alone."""
    asked = second_factor.asked_of(procedures)
    theirs = {
        str(one.data["person"])
        for one in entries
        if one.kind == "holding" and one.data and one.data["role"] in asked
        if one.data["until"] is None or one.data["until"] > now
    }
    many = len(theirs & set(password_alone))
    if many and settings.live and settings.signs_in_here:
        yield Finding(
            "sign-in", "note" if settings.second_factor else "should",
            f"{many} who read safeguarding records or look after a group sign in with a password alone.",
            "They set an app up when they sign in next." if settings.second_factor else
            "Take HEARD_SECOND_FACTOR=offered away: then they set an app up when they sign in next.",
        )  # fmt: skip


def _contacts(procedure: Procedure, entries: Sequence[Entry], today: date) -> Iterator[Finding]:
    """The document's own contacts: never checked, or long ago, by any provider that goes by it."""
    entered = [one.as_json()["data"] or {} for one in entries if one.kind == "contact"]
    providers = {one.id: one.data or {} for one in entries if one.kind == "provider"}
    theirs = [each for each, data in providers.items() if data.get("procedure") == procedure.key]
    sure = {one.name: max((made_sure_on(entered, one, each) or "" for each in theirs), default="")
            for one in procedure.contacts if one.reachable or one.verified_on}  # fmt: skip
    never = [name for name, on in sure.items() if not on]
    old = [name for name, on in sure.items() if on and is_unsure(date.fromisoformat(on), today, procedure)]
    mend = "Telephone them, and press the button under Directory, Contacts to verify."
    if never:
        said = f"{procedure.provider.name}: nobody has checked {len(never)} contacts ({'; '.join(never)})."
        yield Finding("contacts", "should", said, mend)
    if old:
        said = f"{procedure.provider.name}: {len(old)} contacts were last checked over a year ago ({'; '.join(old)})."
        yield Finding("contacts", "note", said, mend)
