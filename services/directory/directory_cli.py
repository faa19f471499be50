"""`heard directory ...`: who is who, from the command line of the machine on which Heard is installed.

For the day on which nobody can sign in yet, for a group that brings its sheets, and for programs. Everything goes the
way of the pages: the same changes, the same refusals, and a record of who asked for them ("console:" and the name that
the machine knows). Things are called as people call them: an operator and a home by their short names, a person by
email or name. `importing.py` is behind `import`, `changing_cli.py` has the commands of one change each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from services.chassis.errors import Invalid
from services.directory.changing_cli import CHANGES
from services.directory.console import NotDone, at_the_desk, known, of_operator, somebody, who_asks
from services.directory.sheets import SHEETS, read_sheets, template
from services.directory.tokens_cli import TOKENS


@click.group()
def directory() -> None:
    """Who is who: operators, providers, homes, people, their roles, and the areas' contacts."""


for _change in (*CHANGES, *TOKENS):
    directory.add_command(_change)


@directory.command("sign-in")
@click.argument("person")
@click.option("--email", help="The address to sign in with; the person's own unless said.")
@of_operator
def sign_in(person: str, email: str | None, operator: str | None) -> None:
    """Let PERSON sign in: a link is sent to them, and shown here, by which they choose a password."""
    from services.directory import links

    with somebody(person, operator) as (house, who):
        made = links.invite(house, who["id"], who_asks(), email, on_screen=True)
    sent = "It is on its way by mail." if made["sent"] else "No mail can be sent: hand it over yourself."
    click.echo(f"{who['name']} signs in as {made['email']}. This link lets them choose a password, once, for a week:")
    click.echo(f"{made['link']}\n{sent}")


@directory.command("break-glass")
@click.argument("person")
@of_operator
def break_glass(person: str, operator: str | None) -> None:
    """Let PERSON in once, where passwords are off and the place where people sign in otherwise does not answer."""
    from services.directory import links

    with somebody(person, operator) as (house, who):
        made = links.break_the_glass(house, who["id"], who_asks())
    click.echo(f"This link lets {who['name']} in, once, within the hour. Be sure that it reaches nobody else:\n{made}")


@directory.command("part")
@click.argument("person")
@of_operator
def part(person: str, operator: str | None) -> None:
    """PERSON has another account where they sign in otherwise: the next one with their address is theirs."""
    from services.directory import accounts, noticed

    with somebody(person, operator) as (house, who), house.working() as work:
        parted = accounts.part(work.conn, who["id"], work.now)
        if parted:
            noticed.tell(work, who["id"], "parted")
    if not parted:
        raise NotDone(f"{who['name']} has not signed in from elsewhere.")
    click.echo(f"{who['name']} is signed out, and comes in by the next account there that has their address.")


@directory.command("lost-phone")
@click.argument("person")
@of_operator
def lost_phone(person: str, operator: str | None) -> None:
    """PERSON lost the telephone with their app or passkey, and has no recovery code: they begin anew, as at first."""
    from services.directory import noticed, passkeys, second_factor

    with somebody(person, operator) as (house, who), house.working() as work:
        gone = [second_factor.turn_off(work.conn, who["id"]), passkeys.remove(work.conn, who["id"])]
        if any(gone):
            noticed.tell(work, who["id"], "lost_phone")
    if not any(gone):
        raise NotDone(f"{who['name']} has not set an app up, and has no passkey.")
    click.echo(f"{who['name']} comes in with the password alone, once more. Be sure that it was they who asked.")


@directory.command("show")
@of_operator
def show(operator: str | None) -> None:
    """The homes and the people of an operator, with the roles held now."""
    with at_the_desk() as house:
        there, now = known(house, operator), house.clock.now()
        names = {one["id"]: one["name"] for one in (*there.homes, *there.providers)}
        for home in sorted(there.homes, key=lambda one: str(one["name"])):
            closed = f", closed {home['closed_at']:%Y-%m-%d}" if home["closed_at"] else ""
            area = home["area"] or "no area"
            click.echo(f"{home['slug']}: {home['name']}, {names[home['provider']]}, {area}{closed}")
        for person in sorted(there.people, key=lambda one: str(one["name"])):
            held = sorted(
                f"{one['role']} ({names.get(one['home'] or one['provider'] or '', 'everywhere')})"
                for one in there.holdings
                if one["person"] == person["id"] and one["since"] <= now
                if one["until"] is None or one["until"] > now
            )
            address = f" <{person['email']}>" if person["email"] else ""
            click.echo(f"{person['name']}{address}: {', '.join(held) or '-'}")


@directory.command("health")
@of_operator
def health(operator: str | None) -> None:
    """What would fail the next complaint: empty roles, dead ends, contacts that nobody checked. Exit code 1 if any."""
    from services.directory import register
    from services.directory.health import faults

    with at_the_desk() as house:
        there = known(house, operator)
        with house.db.reading() as conn:
            entries = register.whole(conn)
        found = faults(entries, house.procedures, house.clock.now(), there.operator)
    for one in found:
        click.echo(f"{one['sentence']}{' (' + ', '.join(one['clause']) + ')' if one['clause'] else ''}")
    if found:
        sys.exit(1)
    click.echo("Nothing would fail the next complaint.")


@directory.command("template")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def write_templates(folder: Path) -> None:
    """Write the sheets to fill in to FOLDER; none that is there is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS:
        path = folder / f"{sheet}.csv"
        if path.exists():
            click.echo(f"left as it is: {path}")
            continue
        path.write_text(template(sheet), encoding="utf-8")
        click.echo(f"written: {path}")


@directory.command("import")
@click.argument("sheets", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@of_operator
def import_sheets(sheets: tuple[Path, ...], dry_run: bool, operator: str | None) -> None:
    """Take in SHEETS (files, or folders of them): all of it, or nothing and every fault."""
    from services.directory import desk, importing

    files = [file for path in sheets for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    if not files:
        raise NotDone(f"There is no .csv file. Write the sheets to fill in with: heard directory template {sheets[0]}")
    with at_the_desk() as house:
        read = read_sheets((file.name, _text_of(file)) for file in files)
        plan = importing.Import(read, known(house, operator), house.clock.now()).planned()
        if not plan.faults and plan.commands:
            try:
                commands = [command for command, _ in plan.commands]
                desk.change_all(house, commands, who_asks(), rehearse=dry_run)
            except Invalid as refused:
                plan.faults = importing.faults_of(refused.fields, plan)
        if plan.faults:
            faults = "\n".join(str(fault) for fault in plan.faults)
            raise NotDone(f"{faults}\n{len(plan.faults)} to mend; nothing was changed.")
    for line in plan.says:
        click.echo(line)
    done = "would be changed" if dry_run else "changed"
    click.echo(f"{len(plan.commands)} {done}, {plan.unchanged} stand as they are.")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotDone(f"{file}: this is not UTF-8 text; save it as CSV UTF-8.") from None
    except OSError as fault:
        raise NotDone(f"{file}: {os.strerror(fault.errno or 0)}") from None
