"""A what-if timeline as one page: each due moment with a strip of days, on which one sees what was counted.

For whoever writes a procedure, and for the meeting at which it is explained: it stands alone, prints well, needs no
JavaScript, and says in words and signs whatever it says in colour. `heard policy timeline ... --html FILE` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path

from heard.calendar import Count
from heard.derivation import Due
from heard.instants import LONDON, hour_in_words
from heard.procedure import Procedure

LONGEST = 100
"""A strip of more days than this says nothing that its sentence does not say better."""
WEEKEND = ("Saturday", "Sunday")
SHOWN = ("met", "met late", "paused", "excused")
"""How a line stands, where the imagined events say so; that the others run, or are late by now, says nothing here."""
STYLE = Path(__file__).with_name("timeline_page.css")
SIGNS = {"start": "start", "weekend": "–", "closed": "×", "held": "II"}
LEGEND = (
    ("start", "the day it counts from: day 0"),
    ("counted", "a day that counts, with its number"),
    ("due", "the last day: due by its end"),
    ("weekend", "a weekend, not counted"),
    ("closed", "a bank holiday or another closed day, not counted; its name stands below the strip"),
    ("held", "on hold, not counted"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a strip: its sort (a key of the legend), its sign, and the same in words."""

    day: date
    sort: str
    sign: str
    words: str


def strip(count: Count) -> tuple[Day, ...]:
    """Every day from the start to the end of a count, in date order, whichever way it was counted."""
    first, last = min(count.start, count.due), max(count.start, count.due)
    backwards = count.due < count.start
    counted, held = count.counted, {*count.held}
    numbers = {day: len(counted) - n if backwards else n + 1 for n, day in enumerate(counted)}
    closed = {skip.date: skip.why for skip in count.skipped}
    return tuple(_day(first + timedelta(days=n), count, numbers, closed, held) for n in range((last - first).days + 1))


def _day(day: date, count: Count, numbers: dict[date, int], closed: dict[date, str], held: set[date]) -> Day:
    said = f"{day:%A %-d %B %Y}"
    if day == count.due:
        number = str(numbers[day]) if day in numbers else ""
        return Day(day, "due", f"{number} due".strip(), f"{said}: {'day ' + number + ', ' if number else ''}due")
    if day == count.start:
        return Day(day, "start", SIGNS["start"], f"{said}: day 0")
    if day in numbers:
        return Day(day, "counted", str(numbers[day]), f"{said}: day {numbers[day]}")
    if day in held:
        return Day(day, "held", SIGNS["held"], f"{said}: on hold, not counted")
    sort = "weekend" if closed.get(day) in WEEKEND else "closed"
    return Day(day, sort, SIGNS[sort], f"{said}: not counted{', ' + closed[day] if sort == 'closed' else ''}")


def timeline_page(
    procedure: Procedure, dues: Sequence[Due], received: datetime, events: Sequence[tuple[str, datetime]]
) -> str:
    """The whole page as HTML. `events` are the imagined ones, in the words of the procedure."""
    title = f"{procedure.name}: a complaint received on {_moment(received)}"
    return "\n".join([
        "<!doctype html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(title)}</title>",
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>", "</head>", "<body>", "<header>",
        f"<h1>{escape(title)}</h1>",
        f"<p>What would be owed under {escape(procedure.document.title)}, by when, and why. Version "
        f"<code>{escape(procedure.version)}</code>. Nobody complained: this is a what-if.</p>",
        *_imagined(events), "</header>", "<main>", *_in_short(procedure, dues), *_legend(),
        *(line for name, group in _grouped(procedure, dues) for line in _section(name, group)),
        "</main>", "</body>", "</html>", "",
    ])  # fmt: skip


def _imagined(events: Sequence[tuple[str, datetime]]) -> Iterator[str]:
    if events:
        yield "<p>Imagined besides:</p><ul>"
        yield from (
            f"<li>{escape(key.replace('.', ': ').replace('_', ' '))}, on {_moment(at)}</li>" for key, at in events
        )
        yield "</ul>"


def _in_short(procedure: Procedure, dues: Sequence[Due]) -> Iterator[str]:
    yield '<h2 id="short">In short</h2><table aria-labelledby="short"><thead><tr><th scope="col">Due</th>'
    yield '<th scope="col">What</th><th scope="col">Where</th><th scope="col">Clause</th></tr></thead><tbody>'
    for due in dues:
        yield (
            f'<tr><td class="when">{_due(due)}</td><td>{escape(due.says)}</td>'
            f"<td>{escape(_where(procedure, due))}</td><td>{escape(_asked_by(due))}</td></tr>"
        )
    yield "</tbody></table>"


def _legend() -> Iterator[str]:
    yield '<h2>How to read the strips</h2><ul class="legend">'
    for sort, words in LEGEND:
        sign = {"counted": "3", "due": "10 due"}.get(sort) or SIGNS[sort]
        yield f'<li><span class="day {sort}" aria-hidden="true"><b>{sign}</b></span> {escape(words)}</li>'
    yield "</ul>"


def _grouped(procedure: Procedure, dues: Sequence[Due]) -> Iterator[tuple[str, list[Due]]]:
    names = dict.fromkeys(_where(procedure, due) for due in dues)
    for name in names:
        yield name, [due for due in dues if _where(procedure, due) == name]


def _where(procedure: Procedure, due: Due) -> str:
    if due.stage:
        return procedure.stage(due.stage).name
    return "Safeguarding" if due.kind == "notification" else "The whole case"


def _section(name: str, dues: Sequence[Due]) -> Iterator[str]:
    yield f"<h2>{escape(name)}</h2>"
    for due in dues:
        yield f"<section><h3>{escape(due.says)}</h3>"
        stands = f" {due.status.capitalize()}." if due.status in SHOWN else ""
        yield f'<p class="by">Due: <strong>{_due(due)}</strong>.{stands}</p>'
        yield f"<p>{escape(due.derivation.sentence)} {escape(_asked_by(due))}.</p>"
        count = due.derivation.count
        if count is not None and count.due != count.start:
            yield from _drawn(count)
        yield from (f"<p>On hold from {_moment(one.since)}{f' to {_moment(one.until)}' if one.until else ''}.</p>"
                    for one in due.derivation.paused)  # fmt: skip
        yield from (
            f"<p>Given longer on {_moment(one.at)}: {escape(one.reason)}.</p>" for one in due.derivation.extended
        )
        yield "</section>"


def _drawn(count: Count) -> Iterator[str]:
    days = strip(count) if abs((count.due - count.start).days) <= LONGEST else ()
    if days:
        yield f'<ol class="strip" aria-label="Day by day, from {days[0].day:%-d %B} to {days[-1].day:%-d %B %Y}">'
        for n, one in enumerate(days):
            month = f"{one.day:%b}" if n == 0 or one.day.day == 1 else ""
            yield (
                f'<li class="day {one.sort}"><span aria-hidden="true"><i>{month}</i><small>{one.day:%a}</small>'
                f"<span>{one.day.day}</span><b>{escape(one.sign)}</b></span>"
                f'<span class="spoken">{escape(one.words)}</span></li>'
            )
        yield "</ol>"
    else:
        yield f"<p>More than {LONGEST} days: not drawn one by one.</p>"
    yield f"<p>{escape(_left_out(count))}</p>"


def _left_out(count: Count) -> str:
    """How many days counted, and which did not, in words."""
    weekend = sum(skip.why in WEEKEND for skip in count.skipped)
    named = [f"{skip.date:%A %-d %B} ({skip.why})" for skip in count.skipped if skip.why not in WEEKEND]
    parts = [*named, *([_number(weekend, "weekend day")] if weekend else []),
             *([f"{_number(len(count.held), 'day')} on hold"] if count.held else [])]  # fmt: skip
    plain = {"working_days": "working day", "calendar_days": "calendar day"}.get(count.calendar.key)
    own = "" if plain else f" of: {count.calendar.name}"
    days = f"Counted: {_number(len(count.counted), plain or 'day')}{own}"
    return f"{days}. Not counted: {'; '.join(parts)}." if parts else f"{days}. None is left out."


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _asked_by(due: Due) -> str:
    return ", ".join(due.clause) or due.source


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%A %-d %B %Y}, {hour_in_words(at)}"


def _due(due: Due) -> str:
    if due.due is None:
        return "no day yet"
    if isinstance(due.due, datetime):
        return f"{due.due.astimezone(LONDON):%a %-d %b %Y}, {hour_in_words(due.due)}"
    return f"{due.due:%a %-d %b %Y}"
