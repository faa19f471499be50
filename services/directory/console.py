"""What the directory's commands share: the desk they come to, who asks, and what things are called there."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from services.chassis.errors import HeardError, Invalid
from services.chassis.settings import Settings, SettingsFault
from services.directory.sheets import day, midnight

if TYPE_CHECKING:
    from services.chassis.house import House
    from services.directory.known import Known, Standing

T = TypeVar("T")


class NotDone(click.ClickException):
    """What was asked for cannot be: what is wrong, and what is allowed. Exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The sentences, without the usage text."""
        click.echo(self.format_message(), file=file or sys.stderr)


class Day(click.ParamType[date]):
    """A day as 2026-11-22 or 22/11/2026."""

    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        try:
            return day(str(value))
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


@contextmanager
def at_the_desk() -> Iterator[House]:
    """The directory of this installation; what it refuses comes out as sentences."""
    try:
        settings = Settings.from_env("directory")
    except SettingsFault as fault:
        raise NotDone(str(fault)) from None
    from services.chassis import green

    green.patch()
    from services.chassis.house import House
    from services.chassis.migrations import unmigrated

    if missing := unmigrated(settings, "directory"):
        raise NotDone(missing)
    house = House(settings, "directory")
    try:
        yield house
    except Invalid as fault:
        lines = [f"{field}: {' '.join(said)}" for field, said in fault.fields.items()]
        raise NotDone("\n".join(line.removeprefix("commands[0].") for line in lines)) from None
    except HeardError as fault:
        raise NotDone(fault.sentence) from None
    finally:
        house.close()


def who_asks() -> str:
    """Who is recorded as having made a change from here."""
    return f"console:{getpass.getuser()}"[:40]


def change(house: House, do: str, **said: Any) -> str:
    """Make one change; the id of what it was about."""
    from services.directory import desk

    given = {name: _sent(value) for name, value in said.items() if value is not None}
    ids: list[str] = desk.change(house, [{"do": do, **given}], who_asks())["ids"]
    return ids[0]


def _sent(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def moment(on: date | None) -> datetime | None:
    """The beginning of a day."""
    return midnight(on) if on else None


def known(house: House, operator: str | None) -> Known:
    """What stands in an operator's directory. With one operator only, it need not be named."""
    from services.directory import register
    from services.directory.known import Known

    with house.db.reading() as conn:
        entries = register.whole(conn)
    operators = {str((one.data or {})["slug"]): one.id for one in entries if one.kind == "operator"}
    if operator is None and len(operators) == 1:
        operator = next(iter(operators))
    if operator not in operators:
        there = ", ".join(sorted(operators)) or "none yet; add one with: heard directory operator NAME SHORT-NAME"
        raise NotDone(f"Say which operator with --operator. There are: {there}")
    return Known(entries, house.procedures, operators[operator])


def named(ask: Callable[[str], T], said: str) -> T:
    """What is called that, or the sentence saying what there is."""
    from services.directory.known import Unknown

    try:
        return ask(said)
    except Unknown as fault:
        raise NotDone(f"{str(fault)[:1].upper()}{str(fault)[1:]}.") from None


@contextmanager
def somebody(person: str, operator: str | None) -> Iterator[tuple[House, Standing]]:
    """The directory of this installation, and a person in an operator's group, by email or name."""
    with at_the_desk() as house:
        yield house, named(known(house, operator).person, person)


of_operator = click.option("--operator", help="The operator's short name; not needed where there is one only.")
since_day = click.option("--from", "since", type=Day(), help="The first day; today unless said.")
until_day = click.option("--until", type=Day(), help="The first day on which it is over.")
