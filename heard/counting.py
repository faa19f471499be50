"""By which rule a time is counted, in words: which days count, from which one, and where an end on a closed day goes.

Owns the sentence that stands in the proof of a due moment, so that whoever disputes a day can count it again. Made once
for each rule of a procedure (`plan.py`); the arithmetic itself is `lengths.py`'s.
"""

from __future__ import annotations

from heard.procedure import Clock, Procedure, Within

_BUILT_IN = {
    "working_days": "Working days are counted: not Saturdays, Sundays or the bank holidays of England and Wales",
    "calendar_days": "Every day is counted, weekends and bank holidays too",
}
_UNITS = {
    "hours": "Hours run on at night, at weekends and on bank holidays",
    "minutes": "Minutes run on at night, at weekends and on bank holidays",
    "months": "It ends on the same day of a later month, or on its last day where it has no such day",
    "years": "It ends on the same day of a later year, or on the last day of that month where there is no such day",
}
_WEEKDAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
             "sat": "Saturday", "sun": "Sunday"}  # fmt: skip


def counted_how(procedure: Procedure, clock: Clock, target: Within | None) -> str:
    """The rule by which this clock is counted; nothing where it counts nothing."""
    if clock.same_day_as:
        return "It is due on the same day as that."
    if clock.before:
        back = _days(procedure, clock.at_least) if clock.at_least else ""
        return f"{back}. They are counted back from the day itself." if back else ""
    length = clock.every or clock.within or target
    return _of(procedure, length) if length else ""


def _of(procedure: Procedure, length: Within) -> str:
    if length.as_given_in:
        otherwise = f" Where none was given: {_of(procedure, length.otherwise)}" if length.otherwise else ""
        return f"It is the day that was given.{otherwise}"
    said = [_days(procedure, length)]
    if length.calendar:
        first = "is the first" if length.first_day == "day_of_event" else "is not counted"
        said.append(f"The day on which it starts {first}")
    if length.rolls_to:
        said.append(f"An end on no day of these goes to the next of them: {_called(procedure, length.rolls_to)}")
    return f"{'. '.join(said)}."


def _days(procedure: Procedure, length: Within) -> str:
    key = length.calendar
    if key is None:
        return _UNITS.get(str(length.unit), "")
    if key in _BUILT_IN:
        return _BUILT_IN[key]
    own = procedure.calendar(key)
    days = ", ".join(_WEEKDAYS[day] for day in own.open_on)
    holidays = "not on bank holidays" if own.bank_holidays == "closed" else "on bank holidays too"
    times = "; ".join(f"from {one.from_:%-d %B %Y} to {one.to:%-d %B %Y}" for one in own.open_between)
    closed = f", and not on further days that it names ({len(own.closed_on)})" if own.closed_on else ""
    return f"Days are counted by a calendar of this provider, {own.name}: {days}, {holidays}{closed}" + (
        f", {times}" if times else ""
    )


def _called(procedure: Procedure, key: str) -> str:
    return key.replace("_", " ") if key in _BUILT_IN else procedure.calendar(key).name
