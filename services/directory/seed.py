"""Fill a new installation with the invented operators of `demo.py`, and let some of their people sign in.

Idempotent: an installation that knows any operator is left as it is. Passwords are made here, once for each
installation; they are shown on the console and kept in a file that only its owner can read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from services.chassis.house import House
from services.directory import accounts, desk, register
from services.directory.demo import GROUPS, Group, commands_for, demo_id, sign_ins
from services.directory.demo_more import Command, more_for

SIGN_INS = "demo-sign-ins.txt"
LOOKED_INTO = timedelta(days=365)
"""How long the invented visitor and inspector look in."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one invented person signs in."""

    person: str
    email: str
    password: str
    who: str
    operator: str


def make_world(house: House, groups: Sequence[Group] = GROUPS) -> None:
    """Put invented operators with their homes and people into the directory, each as one change; known ones stay."""
    for group in groups:
        roles = [role.key for role in house.procedures.get(group.procedure).roles]
        until = (house.clock.now() + LOOKED_INTO).isoformat()
        commands = commands_for(group, roles, until)
        with house.db.reading() as conn:
            if register.find(conn, "operator", demo_id(group.slug)):
                commands = [one for one in commands if _is_new(conn, one)]
        if commands:
            desk.change(house, commands, by="seed")


def _is_new(conn: Connection, command: Command) -> bool:
    """Whether somebody joined the invented people since this installation was seeded."""
    kind = {"add_person": "person", "hold_role": "holding"}.get(str(command["do"]))
    return kind is not None and register.find(conn, kind, str(command["id"])) is None


def seed_demo(house: House, var: Path) -> list[SignIn]:
    """Seed a new installation and answer how its people sign in; [] when it is seeded or somebody's own.

    Cut short, it begins again at the next start, with new passwords.
    """
    wanted = [(group, *one) for group in GROUPS for one in sign_ins(group)]
    with house.db.reading() as conn:
        others = register.version(conn) and register.find(conn, "operator", demo_id(GROUPS[0].slug)) is None
        done = all(accounts.account(conn, email) for _, _, email, _ in wanted)
    if others or done:
        return []
    make_world(house)
    make_more(house)
    made = [SignIn(person, email, secrets.token_urlsafe(12), who, group.name) for group, person, email, who in wanted]
    _keep(var / SIGN_INS, made)  # first, so that nobody has a password that nobody knows
    for one in made:
        desk.set_password(house, one.person, one.email, one.password)
    return made


def make_more(house: House) -> list[list[Command]]:
    """Homes of the installed procedures that the groups do not go by, each provider as one change; known ones stay.

    Answers the changes, those too that were made before.
    """
    procedures = [house.procedures.get(key) for key in house.procedures.keys()]  # noqa: SIM118 (a registry, not a dict)
    more = list(more_for(procedures, {group.procedure for group in GROUPS}))
    for commands in more:
        with house.db.reading() as conn:
            known = register.find(conn, "provider", str(commands[0]["id"]))
        if known is None:
            desk.change(house, commands, by="seed")
    return more


def _keep(path: Path, made: Sequence[SignIn]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(as_text(made))


def as_text(made: Sequence[SignIn]) -> str:
    """The sign-ins as they are shown on the console and kept in the file."""
    lines = ["Demonstration sign-ins. Everybody here is invented; the passwords are this installation's own.", ""]
    operator = None
    for one in made:
        if one.operator != operator:
            operator = one.operator
            lines.append(operator)
        lines.append(f"  {one.email}  {one.password}")
        lines.append(f"      {one.who}")
    return "\n".join(lines) + "\n"
