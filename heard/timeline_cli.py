"""`heard policy timeline` and `heard calendar add | holidays`: when things are due, on the command line.

Reads what was typed, asks `heard.timeline` and `heard.calendar`, prints a table or JSON. A time without a zone is
London time. Bad input is one line with what is allowed, and exit code 2.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from heard.calendar import FIRST_YEAR, LAST_YEAR, Calendars, PastKnownYears, bank_holidays, england_and_wales
from heard.casefile import OutOfOrder
from heard.cli import Gathered
from heard.derivation import Due
from heard.instants import LONDON, day_of, moment_of
from heard.standing_cli import show_standing
from heard.timeline import UnknownEvent, imagined, in_words
from heard.timeline import timeline as lines_of
from heard.timeline_page import timeline_page


class Moment(click.ParamType[datetime]):
    """A day or a time, as ISO 8601."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; fails with what is allowed."""
        try:
            return moment_of(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2026-12-18T16:30 (London time) or 2026-12-18", param, ctx)


class Day(click.ParamType[date]):
    """A day, as ISO 8601."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; fails with what is allowed."""
        try:
            return day_of(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it like 2026-12-18", param, ctx)


class Event(click.ParamType[tuple[str, datetime]]):
    """KEY=TIME."""

    name = "key=time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, datetime]:
        """The event's name and its instant; fails with what is allowed."""
        key, equals, time = str(value).partition("=")
        if not equals or not key:
            self.fail(f"{value!r} is no event; write KEY=TIME, like responded=2027-01-05T10:00", param, ctx)
        return key, Moment().convert(time, param, ctx)


@click.command()
@click.argument("procedure", metavar="PROCEDURE|FOLDER")
@click.option("--received", required=True, type=Moment(), help="When it reached anybody, in London time.")
@click.option("--formal/--informal", default=True, help="Whether it was made as a formal complaint (it is, if unsaid).")
@click.option("--child-age", type=click.IntRange(0, 25), help="Age of the child it is about, on that day.")
@click.option("--kind", help="Of which kind it is, in the procedure's words (a complaint, if unsaid).")
@click.option("--fact", "facts", multiple=True, metavar="KEY=ANSWER", help="An answer to one of its own questions.")
@click.option("--event", "events", multiple=True, type=Event(), help="KEY=TIME: something that happens later.")
@click.option("--standing", is_flag=True, help="Instead: what a home that begins then owes without any complaint.")
@click.option("--html", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="FILE",
              help="Write a page with a strip of days for each, for reading and for printing.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def timeline(
    procedure: str, received: datetime, formal: bool, child_age: int | None, kind: str | None, facts: tuple[str, ...],
    events: tuple[tuple[str, datetime], ...], standing: bool, html: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """What a complaint received then would be owed under PROCEDURE, by when, and why."""
    from heard.policy_cli import chosen  # imported late: that module names this command

    rules = chosen(procedure)
    if kind and kind not in rules.words.kinds:
        raise click.UsageError(f"{rules.key} knows no kind {kind!r}; there are: {', '.join(rules.words.kinds)}")
    early = next((key for key, at in events if at < received), None)
    if early is not None:
        raise click.UsageError(f"the event {early!r} is before the complaint was received; give a later time")
    try:
        if standing:
            show_standing(rules, received, as_json=as_json)
            return
        state = imagined(
            rules, received, formality="formal" if formal else "informal", child_age=child_age, events=events,
            kind=kind or "complaint",
            facts={key: word for key, _, word in (one.partition("=") for one in facts)},
        )  # fmt: skip
        now = max([received, *(at for _, at in events)])
        dues = lines_of(rules, state, Calendars.of(rules, proclaimed()), now)
        if html:
            html.write_text(timeline_page(rules, dues, received, events), encoding="utf-8")
            click.echo(f"Written to {html}", err=True)
        if as_json:
            click.echo(json.dumps([_as_json(due) for due in dues], indent=2, ensure_ascii=False))
            return
        if not html:
            Console().print(_table(f"{rules.name}: received {in_words(received)}", dues))
    except (UnknownEvent, OutOfOrder, PastKnownYears) as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the page cannot be written: {error}") from error


def _as_json(due: Due) -> dict[str, Any]:
    """The line as data, its instants in London's offset."""
    shown = due.as_json()
    for key, value in (("starts", due.starts), ("due", due.due), ("due_at", due.due_at), ("target", due.target),
                       ("target_at", due.target_at)):
        if isinstance(value, datetime):
            shown[key] = value.astimezone(LONDON).isoformat()
    return shown


def _table(title: str, dues: tuple[Due, ...]) -> Table:
    table = Table(title=title)
    for column in ("due", "what", "why"):
        table.add_column(column)
    for due in dues:
        clause = ", ".join(due.clause) or due.source
        holidays = [f"{skip.date:%-d %b} {skip.why}" for skip in due.derivation.skipped if not skip.why.endswith("day")
                    or "Day" in skip.why]  # fmt: skip
        also = f"; not counted, beside weekends: {', '.join(holidays)}" if holidays else ""
        what = f"{due.says} [dim]({due.stage.replace('_', ' ')})[/dim]" if due.stage else due.says
        table.add_row(in_words(due.due), what, f"{due.within} ({clause}){also}")
    return table


@click.group(cls=Gathered, elsewhere={}, entry_point_group="heard.calendar")
def calendar() -> None:
    """Working days in England and Wales."""


def proclaimed() -> dict[date, str]:
    """The days that were proclaimed in this installation; the platform knows them, the language alone does not."""
    found: dict[date, str] = {}
    for point in entry_points(group="heard.proclaimed"):
        found |= point.load()()
    return found


@calendar.command()
@click.argument("start", type=Day())
@click.argument("days", type=click.IntRange(0, 10000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(start: date, days: int, as_json: bool) -> None:
    """The day on which DAYS working days after START are over; START itself is day 0."""
    try:
        count = england_and_wales(proclaimed()).add(start, days)
    except PastKnownYears as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        skipped = [{"date": skip.date.isoformat(), "why": skip.why} for skip in count.skipped]
        click.echo(json.dumps({"due": count.due.isoformat(), "skipped": skipped}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{count.due:%A %-d %B %Y}")
    for skip in count.skipped:
        click.echo(f"  not counted: {skip.date:%a %-d %b %Y}  {skip.why}")


@calendar.command()
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def holidays(year: int, as_json: bool) -> None:
    """The bank holidays of YEAR in England and Wales, substitute days and those proclaimed later included."""
    listed = bank_holidays(year, proclaimed())
    if as_json:
        click.echo(
            json.dumps([{"date": one.date.isoformat(), "why": one.why} for one in listed], indent=2, ensure_ascii=False)
        )
        return
    for one in listed:
        click.echo(f"{one.date:%a %-d %b %Y}  {one.why}")
