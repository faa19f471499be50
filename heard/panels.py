"""A review panel: who sits on it, when it meets, that it met.

Owns three commands. The composition is checked person by person against the role's own bars, the complaint's subjects
and who judged before; the date against every duty that counts back from it.
"""

from __future__ import annotations

from datetime import date

from heard.clock import due_of
from heard.commands import Asked, Refused, command, gate, in_stage, need
from heard.exclusions import barred, struck
from heard.instants import day_of, london_day, moment_of, start_of
from heard.ledger import NewHappening
from heard.people import people_who_judge
from heard.procedure import Panel, PanelMembers, Role


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
    if asked.actor.id in struck(asked.state.procedure, asked.state, asked.roster):
        raise Refused("A person complained of chooses nobody.", panel.clause, "Somebody else convenes the panel.")
    _count(asked, panel, panel.members, members)
    role = _role(asked, panel.members.role)
    for member in members:
        _may_sit(asked, panel, stage, member, role)
    if panel.chair is not None and chair is not None:
        _may_sit(asked, panel, stage, chair, _role(asked, panel.chair.role))
    return (asked.event("panel_formed", members=members, chair=chair),)


def _role(asked: Asked, key: str) -> Role | None:
    return next((one for one in asked.state.procedure.roles if one.key == key), None)


def _count(asked: Asked, panel: Panel, wanted: PanelMembers, members: list[str]) -> None:
    if wanted.exactly is not None and len(members) != wanted.exactly:
        raise Refused(f"The panel has {wanted.exactly} members, not {len(members)}.", panel.clause, "Name as many.")
    if wanted.at_least is not None and len(members) < wanted.at_least:
        raise Refused(f"The panel has at least {wanted.at_least} members.", panel.clause, "Name more.")
    inner = wanted.of_which
    if inner is not None:
        role, least = _role(asked, inner.role), inner.exactly or inner.at_least or 0
        fit = [one for one in members if _why_not(asked, panel, asked.state.stage or "", one, role) is None]
        if len(fit) < least:
            name = role.name if role else inner.role
            raise Refused(f"At least {least} of them must be: {name}.", panel.clause, "Name somebody who is.")


def _why_not(asked: Asked, panel: Panel, stage: str, person: str, role: Role | None) -> str | None:
    state, procedure = asked.state, asked.state.procedure
    if person in struck(procedure, state, asked.roster):
        return "cannot hold any part in this case"
    if person not in asked.roster.people:
        return "is not in the directory"
    if person in people_who_judge(procedure, state):
        return "judged an earlier stage of this case"
    return barred(procedure, state, asked.roster, person, "panel", stage, role, asked.now)


def _may_sit(asked: Asked, panel: Panel, stage: str, person: str, role: Role | None) -> None:
    why = _why_not(asked, panel, stage, person, role)
    if why is not None:
        known = asked.roster.people.get(person)
        raise Refused(f"{known.name if known else person} may not sit: {why}.", panel.clause, "Choose somebody else.")


@command("arrange_panel")
def arrange_panel(asked: Asked) -> tuple[NewHappening, ...]:
    """Appoint the panel's day. Notices and papers that count back from it must still be possible."""
    panel, stage = _panel(asked)
    gate(asked, "panel_arranged")
    if not asked.state.panel.get("members"):
        raise Refused("Nobody sits on the panel yet.", panel.clause, "Form it first.")
    day = day_of(str(need(asked.data, "date", "the day")))
    if day < london_day(asked.now):
        raise Refused("That day is past.", panel.clause, "Choose a day to come.")
    short = "complainant_agreed_short_notice" in (asked.data.get("needs_met") or ())
    for duty in asked.state.procedure.stage(stage).duties:
        if "panel_met" in duty.clock.met_by and duty.clock.before is None:
            for due in due_of(asked.state, asked.calendars, asked.now, duty.key, stage):
                if isinstance(due.due, date) and day > due.due and not short:
                    raise Refused(f"The panel meets by {due.due:%-d %B %Y}.", duty.clause,
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
    day = asked.state.panel.get("date")
    if day is None:
        raise Refused("No day was appointed for the panel.", panel.clause, "Arrange it first.")
    if start_of(day) > asked.now:
        raise Refused(
            f"The panel meets on {day:%-d %B %Y}.", panel.clause, "Record it when it has met, or arrange anew."
        )
    at = moment_of(asked.data["at"]) if asked.data.get("at") else None
    return (asked.event("panel_met", min(at, asked.now) if at else None, attended=asked.data.get("attended")),)
