"""The commands of `heard directory` that make one change each, in the words of whoever keeps the directory."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from services.directory.console import (
    Day,
    NotDone,
    at_the_desk,
    change,
    known,
    moment,
    named,
    of_operator,
    since_day,
    somebody,
    until_day,
)
from services.directory.forms import ALERT_WAYS, ROUTINE_WAYS
from services.directory.known import Known


@click.command("operator")
@click.argument("name")
@click.argument("short_name")
def add_operator(name: str, short_name: str) -> None:
    """Add an operator: NAME, and the SHORT_NAME by which these commands call it."""
    with at_the_desk() as house:
        change(house, "add_operator", name=name, slug=short_name)
    click.echo(f"Added: {name}")


@click.command("provider")
@click.argument("name")
@click.argument("procedure")
@click.option("--colour", help="For the pages of its homes and their posters, like #0b5563.")
@of_operator
def add_provider(name: str, procedure: str, operator: str | None, colour: str | None) -> None:
    """Add a provider with its PROCEDURE (heard policy list)."""
    with at_the_desk() as house:
        of = known(house, operator).operator
        change(house, "add_provider", operator=of, name=name, procedure=procedure, colour=colour)
    click.echo(f"Added: {name}")


@click.command("home")
@click.argument("short_name")
@click.argument("name")
@click.option("--provider", required=True, help="Who runs it.")
@click.option("--area", help="The local authority it stands in.")
@of_operator
def add_home(short_name: str, name: str, provider: str, area: str | None, operator: str | None) -> None:
    """Add a home: the SHORT_NAME stands in its address on the web."""
    with at_the_desk() as house:
        runs = named(known(house, operator).provider, provider)
        change(house, "add_home", provider=runs["id"], name=name, slug=short_name, area=area)
    click.echo(f"Added: {name}")


@click.command("person")
@click.argument("name")
@click.option("--email")
@click.option("--phone")
@click.option("--works-for", multiple=True, help="A provider that employs them; again for another.")
@click.option("--outside", is_flag=True, help="Independent of the provider.")
@click.option("--verified", is_flag=True, help="Somebody has tried the address.")
@of_operator
def add_person(
    name: str, email: str | None, phone: str | None, works_for: tuple[str, ...], outside: bool, verified: bool,
    operator: str | None,
) -> None:  # fmt: skip
    """Add a person. Roles come after: heard directory role."""
    with at_the_desk() as house:
        there = known(house, operator)
        works = [named(there.provider, one)["id"] for one in works_for]
        change(house, "add_person", operator=there.operator, name=name, email=email, phone=phone, works_for=works,
               outside=outside, verified=verified)  # fmt: skip
    click.echo(f"Added: {name}")


@click.command("reach")
@click.argument("person")
@click.option("--routine", type=click.Choice(ROUTINE_WAYS), help="How what can wait reaches them.")
@click.option("--alerts", type=click.Choice(ALERT_WAYS), help="What comes first when they are called.")
@of_operator
def reach(person: str, routine: str | None, alerts: str | None, operator: str | None) -> None:
    """Say how PERSON is reached; without an option: by whatever reaches them. A call goes in every way all the same."""
    with somebody(person, operator) as (house, who):
        change(house, "reach", id=who["id"], routine_way=routine, alert_way=alerts)
    click.echo(f"{who['name']}: what can wait {routine or 'as it comes'}, called {alerts or 'as it comes'}")


def _place(there: Known, home: str | None, provider: str | None) -> tuple[Any, dict[str, str | None]]:
    """The provider and the ids of a place: a home, all homes of a provider, or the whole group."""
    at_home = named(there.home, home) if home else None
    runs = named(there.provider, provider) if provider else None
    if at_home and runs is None:
        runs = next(one for one in there.providers if one["id"] == at_home["provider"])
    return runs, {"provider": runs["id"] if runs else None, "home": at_home["id"] if at_home else None}


@click.command("role")
@click.argument("person")
@click.argument("role")
@click.option("--home", help="At this home only.")
@click.option("--provider", help="At each home of this provider.")
@click.option("--reads-safeguarding", is_flag=True, help="Of who only looks in: also what was said about safeguarding.")
@since_day
@until_day
@of_operator
def hold_role(
    person: str, role: str, home: str | None, provider: str | None, reads_safeguarding: bool, since: date | None,
    until: date | None, operator: str | None,
) -> None:  # fmt: skip
    """Let PERSON hold ROLE at a home, at a provider, or (group_operator, system_administrator) everywhere.

    A regulation_44_visitor or an inspector (an auditor too) only reads: at one home, and --until a day.
    """
    with at_the_desk() as house:
        there = known(house, operator)
        runs, place = _place(there, home, provider)
        key = named(lambda said: there.role(said, runs), role)
        who = named(there.person, person)
        change(house, "hold_role", person=who["id"], role=key, since=moment(since), until=moment(until),
               reads_safeguarding=reads_safeguarding, **place)  # fmt: skip
    click.echo(f"{who['name']}: {key.replace('_', ' ')}")


@click.command("on-call")
@click.argument("person")
@click.argument("role")
@click.option("--home", help="For this home only.")
@click.option("--provider", help="For each home of this provider.")
@since_day
@until_day
@of_operator
def on_call(
    person: str, role: str, home: str | None, provider: str | None, since: date | None, until: date | None,
    operator: str | None,
) -> None:  # fmt: skip
    """Let PERSON answer first for ROLE, while it lasts."""
    with at_the_desk() as house:
        there = known(house, operator)
        runs, place = _place(there, home, provider)
        key = named(lambda said: there.role(said, runs), role)
        who = named(there.person, person)
        change(house, "on_call", person=who["id"], role=key, since=moment(since), until=moment(until), **place)
    click.echo(f"{who['name']} is on call: {key.replace('_', ' ')}")


@click.command("end-role")
@click.argument("person")
@click.argument("role")
@click.option("--home", help="At this home.")
@click.option("--on", "on", type=Day(), help="The first day on which they hold it no more; at once unless said.")
@of_operator
def end_role(person: str, role: str, home: str | None, on: date | None, operator: str | None) -> None:
    """End ROLE of PERSON. Open work passes on by itself."""
    with at_the_desk() as house:
        there = known(house, operator)
        who, at_home = named(there.person, person), named(there.home, home)["id"] if home else None
        now = house.clock.now()
        held = [one for one in there.holdings
                if one["person"] == who["id"] and one["role"] == role.replace(" ", "_") and one["home"] == at_home
                and (one["until"] is None or one["until"] > now)]  # fmt: skip
        if not held:
            theirs = sorted({one["role"] for one in there.holdings if one["person"] == who["id"]})
            raise NotDone(f"{who['name']} does not hold this role there. Theirs: {', '.join(theirs) or 'none'}")
        for one in held:
            change(house, "end_role", id=one["id"], until=moment(on))
    click.echo(f"Ended: {who['name']}, {role}")


@click.command("away")
@click.argument("person")
@since_day
@until_day
@of_operator
def away(person: str, since: date | None, until: date | None, operator: str | None) -> None:
    """PERSON is away: from a day, until the day they are back."""
    with somebody(person, operator) as (house, who):
        change(house, "away", person=who["id"], since=moment(since), until=moment(until))
    click.echo(f"Away: {who['name']}")


@click.command("relate")
@click.argument("person")
@click.argument("kind", type=click.Choice(["manages", "spouse_or_partner"]))
@click.argument("other")
@of_operator
def relate(person: str, kind: str, other: str, operator: str | None) -> None:
    """Say that PERSON manages OTHER, or is their spouse or partner."""
    with at_the_desk() as house:
        there = known(house, operator)
        a, b = named(there.person, person), named(there.person, other)
        change(house, "relate", kind=kind, a=a["id"], b=b["id"])
    click.echo(f"{a['name']} {kind.replace('_', ' ')} {b['name']}")


@click.command("contact")
@click.argument("area")
@click.argument("contact")
@click.option("--name")
@click.option("--phone")
@click.option("--out-of-hours", help="Their number for nights, weekends and bank holidays.")
@click.option("--email")
@click.option("--verified-on", type=Day(), help="The day on which somebody tried it.")
@of_operator
def contact(
    area: str, contact: str, name: str | None, phone: str | None, out_of_hours: str | None, email: str | None,
    verified_on: date | None, operator: str | None,
) -> None:  # fmt: skip
    """How the CONTACT (lado, mash, out_of_hours ...) of an AREA is reached: it goes before what a document prints."""
    from services.chassis.contact_book import same_area

    with at_the_desk() as house:
        there = known(house, operator)
        standing = next((one for one in there.contacts if not one["provider"] and one["contact"] == contact
                         and same_area(one["area"], area)), None)  # fmt: skip
        change(house, "set_contact", id=standing["id"] if standing else None, operator=there.operator, area=area,
               contact=contact, name=name, phone=phone, out_of_hours=out_of_hours, email=email,
               verified_on=verified_on)  # fmt: skip
    click.echo(f"{contact} of {area} is kept")


@click.command("close-home")
@click.argument("home")
@click.option("--passes-to", help="Who sees to what is still open there.")
@click.option("--on", "on", type=Day(), help="The first day on which it is closed; at once unless said.")
@of_operator
def close_home(home: str, passes_to: str | None, on: date | None, operator: str | None) -> None:
    """Close HOME: its roles end, its open cases go on, and it still takes reports about the past."""
    with at_the_desk() as house:
        there = known(house, operator)
        who = named(there.person, passes_to)["id"] if passes_to else None
        change(house, "close_home", id=named(there.home, home)["id"], until=moment(on), passes_to=who)
    click.echo(f"Closed: {home}")


@click.command("hand-over")
@click.argument("home")
@click.argument("provider")
@click.option("--to-operator", required=True, help="The short name of the operator that PROVIDER belongs to.")
@of_operator
def hand_over(home: str, provider: str, to_operator: str, operator: str | None) -> None:
    """Hand HOME over to PROVIDER: new reports go to them, what was received before stays where it is."""
    with at_the_desk() as house:
        runs = named(known(house, to_operator).provider, provider)
        change(house, "hand_over_home", id=named(known(house, operator).home, home)["id"], provider=runs["id"])
    click.echo(f"Handed over: {home} to {runs['name']}")


CHANGES = (
    add_operator, add_provider, add_home, add_person, reach, hold_role, end_role, on_call, away, relate, contact,
    close_home, hand_over,
)  # fmt: skip
