"""The reports that a provider's procedure promises: who may ask for them, over which time, with which measures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from heard.instants import london_day, months_on, start_of
from heard.procedure import Procedure, Report, Within
from heard.vocabulary import GROUP, LOOKING_IN
from services.chassis.errors import Failed, Invalid, NotFound, Unavailable
from services.chassis.house import House
from services.chassis.vault import NotForUs
from services.reporting import measures, readbook, working_out

STANDING = "standing_duties"
_OLDEST_DAY, _LAST_DAY = date(1900, 1, 1), date(2900, 1, 1)  # days can be reckoned with for years round these


def reports_for(house: House, person_id: str) -> list[dict[str, Any]]:
    """``[{provider, provider_name, key, says, clause, every, covers ..}]`` that the person may ask for."""
    found = []
    for provider in house.who.entries("provider").values():
        procedure = house.procedures.get(provider["procedure"])
        for report in procedure.reports:
            if _may_ask(house, procedure, report, provider, person_id):
                about = {"provider": provider["id"], "provider_name": provider["name"], "key": report.key}
                found.append(about | _says(report))
    return found


def report(
    house: House, person_id: str, provider_id: str, key: str, since: str | None, until: str | None
) -> dict[str, Any]:
    """A report over the days from `since` to `until`, both in it (ISO dates; absent: what the procedure says).

    Raises `NotFound` (also for somebody who may not ask), `Invalid` for a date, `Stale` when who is who is out of date.
    """
    provider = house.who.entry("provider", provider_id)
    procedure = house.procedures.get(provider["procedure"]) if provider else None
    rule = next((one for one in procedure.reports if one.key == key), None) if procedure else None
    if not provider or not procedure or not rule or not _may_ask(house, procedure, rule, provider, person_id):
        raise NotFound("There is no such report.")
    first, last = _days(rule, since, until, london_day(house.clock.now()))
    working_out.all_of(house, provider_id)
    with house.db.seen_by(person_id) as conn:
        rows = readbook.countable(conn, person_id, provider_id, start_of(first), start_of(last + timedelta(days=1)))
    cases = [{**row.summary, "id": row.id, "reference": row.reference} for row in rows]
    answer = {
        "provider": provider_id,
        "provider_name": provider["name"],
        "operator": provider["operator"],
        "key": key,
        **_says(rule),
        "since": first.isoformat(),
        "until": last.isoformat(),
        "made_at": house.clock.now().isoformat(),
        "hide_below": rule.hide_below,
        "homes": {home: house.who.entries("home").get(home, {}).get("name", home) for home in _homes(cases)},
        "measures": {
            name: measures.MEASURES[name](cases, procedure, rule) for name in rule.measures if name in measures.MEASURES
        },
        "sections": list(rule.sections),
    }
    if STANDING in rule.measures:
        answer["measures"][STANDING] = _standing(house, person_id, provider_id, first, last)
    if "equality" in rule.measures:
        first, last = _settled_year(min(last, london_day(house.clock.now())))
        with house.db.seen_by(person_id) as conn:
            rows = readbook.countable(conn, person_id, provider_id, start_of(first), start_of(last + timedelta(days=1)))
        days = {"since": first.isoformat(), "until": last.isoformat()}
        answer["measures"]["equality"] = days | _equality(house, [row.id for row in rows], rule)
    return answer


def _settled_year(last: date) -> tuple[date, date]:
    """The twelve months up to the end of the last quarter that is over on this day.

    Equality answers are counted over these whatever days were asked for: of two counts that differ by one day, the
    difference would be what one person answered.
    """
    tomorrow = last + timedelta(days=1)
    quarter = date(tomorrow.year, 3 * ((tomorrow.month - 1) // 3) + 1, 1)
    return months_on(quarter, -12), quarter - timedelta(days=1)


def _says(rule: Report) -> dict[str, Any]:
    return {
        "says": rule.says,
        "clause": list(rule.clause),
        "source": rule.source,
        "every": str(rule.clock.every) if rule.clock.every else None,
        "covers": str(rule.covers) if rule.covers else None,
        "on_request_of": list(rule.on_request_of),
    }


def _may_ask(house: House, procedure: Procedure, rule: Report, provider: Any, person_id: str) -> bool:
    """The operator's own overseers: the group operator, whoever makes the report, whoever handles or decides inside.

    And who inspects, audits or visits: what anybody is shown counts only the cases that they may see.
    """
    roster = house.roster()
    who = roster.people.get(person_id)
    if who is None or who.operator != provider["operator"]:
        return False
    inside = {role.key for role in procedure.roles if not role.outside and role.sees == "home"}
    words = {word for stage in procedure.stages for part in stage.people.values() for word in part}
    held = set(roster.roles_of(person_id, house.clock.now(), provider["id"]))
    return bool(held & ({GROUP, *LOOKING_IN, *rule.by} | (words & inside)))


def _days(rule: Report, since: str | None, until: str | None, today: date) -> tuple[date, date]:
    last = _day("until", until) or today
    first = _day("since", since) or _back(last, rule.covers or rule.clock.every)
    if first > last:
        raise Invalid({"since": ["This is after the last day of the report."]})
    return first, last


def _day(field: str, text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid({field: ["Give a date like 2026-11-30."]}) from None
    if day and not _OLDEST_DAY < day < _LAST_DAY:
        raise Invalid({field: ["There are no reports from so far away. Give a date like 2026-11-30."]})
    return day


def _back(last: date, covers: Within | None) -> date:
    """The first day of the time that ends with `last`; a year where the procedure does not say."""
    if covers is not None and covers.unit in ("calendar_days", "working_days", "days"):
        return last - timedelta(days=covers.amount - 1)
    months = 12 if covers is None else covers.amount * (12 if covers.unit == "years" else 1)
    return months_on(last, -months) + timedelta(days=1)


def _homes(cases: Sequence[dict[str, Any]]) -> list[str]:
    return sorted({str(case["home"]) for case in cases})


def _standing(house: House, person_id: str, provider_id: str, first: date, last: date) -> dict[str, Any]:
    """What is owed without any complaint is the workflow's ledger; it is counted there, in this person's name."""
    days = {"since": first.isoformat(), "until": last.isoformat()}
    try:
        found: dict[str, Any] = house.calls.workflow.standing_counted(person_id=person_id, provider=provider_id, **days)
    except (Unavailable, Failed) as fault:
        return {"duties": [], "missing": fault.sentence}
    return found


def _equality(house: House, case_ids: Sequence[str], rule: Report) -> dict[str, Any]:
    """The answers are intake's, under a key of their own; they are counted here and kept nowhere else."""
    try:
        sealed = house.calls.intake.equality_answers(report_ids=list(case_ids))
    except (Unavailable, Failed) as fault:
        return {"answered": None, "by_question": {}, "missing": fault.sentence}
    answers = []
    for envelope in sealed:
        try:
            answers.append(json.loads(house.vault.open_envelope(envelope)["answers"]))
        except NotForUs:
            continue  # erased since: it is counted no more
    return measures.equality(answers, rule)
