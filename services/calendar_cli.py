"""`heard calendar proclaim` and `take-back`: a bank holiday that the published days do not have, and its end.

It is entered in the directory, which tells every service; workflow then looks at each case that it crosses, and
writes in its ledger which days moved. `--dry-run` says which they would be: it reads the cases, and shows references
and duties.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from heard.timeline_cli import Day
from services.chassis.settings import Settings, SettingsFault
from services.directory.console import NotDone, at_the_desk, who_asks

if TYPE_CHECKING:
    from heard.proclaimed import Proclamations
    from services.chassis.house import House
    from services.workflow.looking_ahead import Ahead

_dry_run = click.option("--dry-run", is_flag=True, help="Say which days of which cases would move; change nothing.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("day", type=Day())
@click.option("--name", required=True, help="What the day is called.")
@click.option("--reason", required=True, help="Who proclaimed it, and where; each case it moves shows this.")
@_dry_run
@_as_json
def proclaim(day: date, name: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Enter DAY as a bank holiday of England and Wales: what is due after it moves, in every case that it crosses."""
    command = {"do": "proclaim_holiday", "day": day.isoformat(), "name": name, "reason": reason}
    _turn(command, day, dry_run=dry_run, as_json=as_json)
    if not dry_run and not as_json:
        click.echo(f"Proclaimed: {day:%A %-d %B %Y}, {name}. The cases that it crosses follow by themselves.")


@click.command("take-back")
@click.argument("day", type=Day())
@click.option("--reason", required=True, help="Why it is no bank holiday after all. Every case it moves shows this.")
@_dry_run
@_as_json
def take_back(day: date, reason: str, dry_run: bool, as_json: bool) -> None:
    """Say that DAY, which was proclaimed here, is no bank holiday after all; what is over stays as it was."""
    from services.directory import holidays

    with at_the_desk() as house, house.db.reading() as conn:
        standing = holidays.standing_on(conn, day)
    if standing is None:
        raise NotDone(f"{day:%-d %B %Y} was not proclaimed here, or was taken back already.")
    _turn({"do": "take_back_holiday", "id": standing, "because": reason}, day, dry_run=dry_run, as_json=as_json)
    if not dry_run and not as_json:
        click.echo(f"Taken back: {day:%A %-d %B %Y}. The cases that it crosses follow by themselves.")


def _turn(command: Mapping[str, Any], day: date, *, dry_run: bool, as_json: bool) -> None:
    """Make the change, or only say what it would move."""
    from services.directory import desk, holidays

    with at_the_desk() as house:
        desk.change_all(house, [dict(command)], who_asks(), rehearse=dry_run)
        with house.db.reading() as conn:
            known = holidays.proclamations(conn)
        now = house.clock.now()
    if dry_run:
        _say_who_would_move(_after(known, command, day, now), day, as_json=as_json)
    elif as_json:
        click.echo(json.dumps({"day": day.isoformat(), "done": True}))


def _after(known: Proclamations, command: Mapping[str, Any], day: date, now: datetime) -> Proclamations:
    """The days as they would be."""
    from heard.proclaimed import Proclaimed, Proclamations

    if command["do"] == "proclaim_holiday":
        return Proclamations((*known.days, Proclaimed(day, command["name"], command["reason"], now)))
    return Proclamations(
        tuple(
            replace(one, until=now, because=command["because"]) if one.day == day and one.until is None else one
            for one in known.days
        )
    )


def _say_who_would_move(days: Proclamations, day: date, *, as_json: bool) -> None:
    from services.chassis.house import House
    from services.workflow.looking_ahead import ahead

    try:
        settings = Settings.from_env("workflow")
    except SettingsFault as fault:
        raise NotDone(str(fault)) from None
    with closing(House(settings, "workflow")) as house:
        _print(house, ahead(house, days), day, as_json=as_json)


def _print(house: House, cases: Any, day: date, *, as_json: bool) -> None:
    said: list[dict[str, Any]] = []
    count = 0
    for one in cases:
        count += 1
        if as_json:
            said.append({"reference": one.reference, "moved": [line.as_json() for line in one.lines]})
        else:
            _print_case(one)
    if as_json:
        click.echo(json.dumps({"day": day.isoformat(), "cases": said}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{count} {'case' if count == 1 else 'cases'} would move; nothing was changed.")


def _print_case(one: Ahead) -> None:
    from heard.timeline import in_words

    click.echo(one.reference)
    for line in one.lines:
        clause = f" ({', '.join(line.is_.clause)})" if line.is_.clause else ""
        click.echo(f"  {in_words(line.was.due)} -> {in_words(line.is_.due)}  {line.is_.says}{clause}")


def proclaimed_here() -> dict[date, str]:
    """The days proclaimed in the installation that the settings name; none where there is no installation."""
    try:
        settings = Settings.from_env("directory")
    except SettingsFault as fault:
        click.echo(f"Days that were proclaimed here are left out: {fault}", err=True)
        return {}
    from services.chassis.database import Database
    from services.chassis.migrations import is_there, unmigrated
    from services.directory import holidays

    if not is_there(settings, "directory"):
        return {}
    if missing := unmigrated(settings, "directory"):
        click.echo(f"Days that were proclaimed here are left out: {missing}", err=True)
        return {}
    with closing(Database(settings, "directory")) as database, database.reading() as conn:
        return holidays.proclamations(conn).standing()


__all__ = ["proclaim", "proclaimed_here", "take_back"]
