"""What is done at the directory's desk: a change, a password. Each is one transaction.

The service answers calls with these; the seed and the command line use them on the same database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.errors import Invalid, NotFound
from services.chassis.green import in_thread
from services.chassis.house import House
from services.directory import accounts, keeping, noticed, register
from services.directory.changes import PLATFORM_ROLES
from services.directory.health import faults
from services.directory.sign_in import hash_password, typed_address

CHANGES_AT_ONCE = 200

Command = dict[str, Any]


def change(house: House, commands: Sequence[Command], by: str) -> dict[str, Any]:
    """Make one change of several commands (`changes.py`); ``{version, ids}``.

    Raises `Invalid` naming each command and field at fault; then nothing has changed.
    """
    if not 0 < len(commands) <= CHANGES_AT_ONCE:
        raise Invalid({"commands": [f"Between 1 and {CHANGES_AT_ONCE} commands make one change."]})
    return change_all(house, commands, by)


class Rehearsed(Exception):
    """Everything would have held; nothing was kept."""


def change_all(house: House, commands: Sequence[Command], by: str, *, rehearse: bool = False) -> dict[str, Any]:
    """The same with any number of commands: several changes in one transaction, all of them or none.

    With `rehearse` it is done and taken back: what would be refused is refused, and nothing has changed.
    """
    _check_against_procedures(house, commands)
    version, ids = 0, []
    try:
        with house.working() as work:
            for first in range(0, len(commands), CHANGES_AT_ONCE):
                some = list(enumerate(commands))[first : first + CHANGES_AT_ONCE]
                version, left = register.make_change(work.conn, some, by, work.now)
                work.publish("directory_changed", {"version": version, "entries": [one.as_json() for one in left]})
                ids += [entry.id for entry in left]
            if rehearse:
                raise Rehearsed
    except Rehearsed:
        return {"version": 0, "ids": []}
    return {"version": version, "ids": ids}


def _check_against_procedures(house: House, commands: Sequence[Command]) -> None:
    """A provider has a procedure that is installed; a role is one of that procedure, or one of the platform's.

    Whoever is to read their messages here can come in.
    """
    installed = house.procedures.keys()
    made = {str(c.get("id")): c for c in commands if c.get("do") == "add_provider"}
    with house.db.reading() as conn:
        for number, command in enumerate(commands):
            do, role, at = command.get("do"), command.get("role"), f"commands[{number}]"
            if do == "add_provider" and command.get("procedure") not in installed:
                there = ", ".join(installed)
                raise Invalid({f"{at}.procedure": [f"No such procedure is installed. There are: {there}."]})
            who = str(command.get("id"))
            if do == "reach" and command.get("routine_way") == "portal" and accounts.of_person(conn, who) is None:
                raise Invalid({f"{at}.routine_way": ["They cannot sign in yet, so nothing would reach them here."]})
            if do in ("hold_role", "on_call") and role not in PLATFORM_ROLES:
                named = str(command.get("provider"))
                provider = made.get(named) or register.find(conn, "provider", named)
                if provider is None:
                    continue  # the change itself says so
                roles = [one.key for one in house.procedures.get(provider["procedure"]).roles]
                if role not in roles:
                    raise Invalid({f"{at}.role": [f"This procedure has no such role. It has: {', '.join(roles)}."]})


def failing(house: House, person_id: str) -> list[dict[str, Any]]:
    """What would fail the next complaint in what this person keeps (`health.faults`). Raises `NotFound`."""
    now = house.clock.now()
    with keeping.looking(house, person_id, now) as (conn, who):
        entries = register.of_groups(conn)
    operators = [one.id for one in entries if one.kind == "operator" and who.keeps(one.id)]
    return [fault for one in operators for fault in faults(entries, house.procedures, now, one)]


def set_password(house: House, person: str, email: str, password: str) -> None:
    """Let a person sign in with this address and password from now on. Raises `Invalid`, `NotFound`.

    Wherever they were signed in, they are not any more; tokens and a link that waits in a mailbox are good no more.
    """
    with house.db.reading() as conn:
        known = register.find(conn, "person", person)
    if known is None:
        raise NotFound("There is no such person.")
    hashed = in_thread(hash_password, password, str(known["name"]))
    with house.working() as work:
        before = accounts.of_person(work.conn, person)
        accounts.keep_account(work.conn, person, typed_address(email), hashed, work.now)
        accounts.end_links(work.conn, person, work.now)
        if before is not None:
            noticed.tell(work, person, "password", before)
