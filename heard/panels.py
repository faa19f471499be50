"""A review panel: who sits on it, when it meets, that it met.

Owns three commands. The composition is checked person by person against the role's own bars, the complaint's subjects
and who judged before; the date against every duty that counts back from it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import due_of
from heard.commands import Asked, Refused, command, gate, in_stage, need
from heard.exclusions import JUDGED, barred, struck
from heard.instants import day_of, london_day, moment_of, start_of
from heard.ledger import NewHappening
from heard.people import people_who_judge
from heard.procedure import Panel, Procedure, Role
from heard.roster import Roster

NOT_YET = "not_decided_yet"
"""Said of a panel that met and went on thinking."""


def _panel(asked: Asked) -> tuple[Panel, str]:
    visit = in_stage(asked)
    panel = asked.state.procedure.stage(visit.stage).panel
    if panel is None:
        raise Refused(
            "No panel sits in this stage.", asked.state.procedure.stage(visit.stage).clause, "Go on without one."
        )
    return panel, visit.stage


@command("form_panel")
def form_panel(asked: Asked) -> tuple[NewHappening, ...]:
    """Say who sits on the panel and who leads it. Each must be allowed to."""
    panel, stage = _panel(asked)
    members = list(dict.fromkeys(str(one) for one in need(asked.data, "members", "the members")))
    chair = str(asked.data["chair"]) if asked.data.get("chair") else None
    if panel.chair is not None and chair is None:
        raise Refused("The panel needs a chair.", panel.clause, "Say who leads it ('chair').")
    if panel.chair is not None and panel.chair.among_members and chair not in members:
        raise Refused("The chair is one of the members.", panel.clause, "Choose the chair among them.")
    _count(asked, panel, stage, members)
    for member in members:
        _may_sit(asked, panel, stage, member, panel.members.role)
    if panel.chair is not None and chair is not None:
        _may_sit(asked, panel, stage, chair, panel.chair.role)
    return (asked.event("panel_formed", members=members, chair=chair),)


def _role(procedure: Procedure, key: str) -> Role | None:
    return next((one for one in procedure.roles if one.key == key), None)


def _count(asked: Asked, panel: Panel, stage: str, members: list[str]) -> None:
    wanted = panel.members
    if wanted.exactly is not None and len(members) != wanted.exactly:
        raise Refused(f"The panel has {wanted.exactly} members, not {len(members)}.", panel.clause, "Name as many.")
    if wanted.at_least is not None and len(members) < wanted.at_least:
        raise Refused(f"The panel has at least {wanted.at_least} members.", panel.clause, "Name more.")
    inner = wanted.of_which
    if inner is not None:
        role, least = _role(asked.state.procedure, inner.role), inner.exactly or inner.at_least or 0
        unfit = [one for one in members if cannot_sit(asked.state, asked.roster, stage, one, inner.role, asked.now)]
        if len(members) - len(unfit) < least:
            name = role.name if role else inner.role
            raise Refused(f"At least {least} of them must be: {name}.", panel.clause, "Name somebody who is.")


def cannot_sit(state: CaseState, roster: Roster, stage: str, person: str, role: str, now: datetime) -> str | None:
    """Why somebody cannot sit on the panel of that stage in that role, in plain words; None if they can."""
    procedure = state.procedure
    kept_away = struck(procedure, state, roster)
    if person in kept_away:
        return kept_away[person]
    if person not in roster.people:
        return "is not in the directory"
    if person in people_who_judge(procedure, state, state.visits[-1].number):
        return JUDGED
    return barred(procedure, state, roster, person, "panel", stage, _role(procedure, role), now)


def _may_sit(asked: Asked, panel: Panel, stage: str, person: str, role: str) -> None:
    why = cannot_sit(asked.state, asked.roster, stage, person, role, asked.now)
    if why is not None:
        known = asked.roster.people.get(person)
        raise Refused(f"{known.name if known else person} may not sit: {why}.", panel.clause, "Choose somebody else.")


def unfit(state: CaseState, roster: Roster, now: datetime) -> dict[str, str]:
    """Who sits on the panel of this stage and can no longer, with the reason: who is meant may be found out late."""
    rules = state.stage_rule
    if rules is None or rules.panel is None:
        return {}
    panel, chair, found = rules.panel, state.panel.get("chair"), dict[str, str | None]()
    for one in state.panel.get("members") or ():
        found[one] = cannot_sit(state, roster, rules.key, one, panel.members.role, now)
    if chair and panel.chair and not found.get(chair):
        found[chair] = cannot_sit(state, roster, rules.key, chair, panel.chair.role, now)
    return {one: why for one, why in found.items() if why}


def _still_fit(asked: Asked, panel: Panel) -> None:
    for person, why in unfit(asked.state, asked.roster, asked.now).items():
        known = asked.roster.people.get(person)
        raise Refused(f"{known.name if known else person} may sit no longer: {why}.", panel.clause,
                      "Say anew who sits on the panel.")  # fmt: skip


def first_day(state: CaseState, calendars: Calendars, now: datetime) -> date:
    """The first day on which the panel can meet with every notice that counts back from it still given in time."""
    today = first = london_day(now)
    for duty in state.stage_rule.duties if state.stage_rule else ():
        if duty.clock.before == "panel_date" and duty.clock.at_least is not None:
            least = duty.clock.at_least
            days = calendars[least.calendar or "calendar_days"]
            day = days.add(today, least.amount).due
            while days.back(day, least.amount).due < today:
                day += timedelta(days=1)
            first = max(first, day)
    return first


@command("arrange_panel")
def arrange_panel(asked: Asked) -> tuple[NewHappening, ...]:
    """Appoint the panel's day. Notices and papers that count back from it must still be possible."""
    panel, stage = _panel(asked)
    gate(asked, "panel_arranged")
    if not asked.state.panel.get("members"):
        raise Refused("Nobody sits on the panel yet.", panel.clause, "Form it first.")
    _still_fit(asked, panel)
    day = day_of(str(need(asked.data, "date", "the day")))
    if day < london_day(asked.now):
        raise Refused("That day is past.", panel.clause, "Choose a day to come.")
    short = "complainant_agreed_short_notice" in (asked.data.get("needs_met") or ())
    for duty in asked.state.procedure.stage(stage).duties:
        if "panel_met" in duty.clock.met_by and duty.clock.before is None:
            for due in due_of(asked.state, asked.calendars, asked.now, duty.key, stage):
                last = due.last_day  # where no notice could be given by then, it meets late rather than never
                can = last is not None and last >= first_day(asked.state, asked.calendars, asked.now)
                if last is not None and can and day > last and not short:
                    raise Refused(f"The panel meets by {last:%-d %B %Y}.", duty.clause,
                                  "Choose an earlier day, or record that the complainant agreed.")  # fmt: skip
        if duty.clock.before == "panel_date" and duty.clock.at_least is not None and not short:
            least = duty.clock.at_least
            last = asked.calendars[least.calendar or "calendar_days"].back(day, least.amount).due
            if last < london_day(asked.now):
                raise Refused(f"That is too soon: {duty.says} had to be done by {last:%-d %B %Y}.", duty.clause,
                              "Choose a later day, or record that the complainant agreed to short notice.")  # fmt: skip
    return (asked.event("panel_arranged", date=day.isoformat(), place=asked.data.get("place"),
                        time=asked.data.get("time"), short_notice=True if short else None),)  # fmt: skip


@command("panel_met")
def panel_met(asked: Asked) -> tuple[NewHappening, ...]:
    """The panel has met, with everybody who had to be there."""
    panel, _ = _panel(asked)
    gate(asked, "panel_met")
    _still_fit(asked, panel)
    day = asked.state.panel.get("date")
    if day is None:
        raise Refused("No day was appointed for the panel.", panel.clause, "Arrange it first.")
    if start_of(day) > asked.now:
        raise Refused(
            f"The panel meets on {day:%-d %B %Y}.", panel.clause, "Record it when it has met, or arrange anew."
        )
    at, how = moment_of(asked.data["at"]) if asked.data.get("at") else None, asked.data.get("decided_by")
    if how and panel.decides_by and how not in (*panel.decides_by, NOT_YET):
        raise Refused("The panel does not decide like this.", panel.clause, f"By: {' or '.join(panel.decides_by)}.")
    heard = [one for one in panel.order if one in (asked.data.get("contents") or ())]
    return (asked.event("panel_met", min(at, asked.now) if at else None, attended=asked.data.get("attended"),
                        decided_by=how, heard=heard or None),)  # fmt: skip
