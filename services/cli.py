"""The platform's own commands beside those of the language: run it, migrate it, hand in a complaint and look at it.

`heard up` is the whole platform in one process; `heard serve SERVICE` is one process of a distributed one. The
complaint commands are a client of the REST API like any other: they know an address and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

import click

from services.chassis.settings import SERVICES, Settings, SettingsFault
from services.reception import Reception, Refusal, complaint_as_text, complaints_as_table

if TYPE_CHECKING:
    from services.directory.seed import SignIn


class Wrong(click.ClickException):
    """What was asked for cannot be: one line, saying what is allowed. Exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The line, without the usage text."""
        click.echo(self.format_message(), file=file or sys.stderr)


class NotDone(Wrong):
    """The asker did nothing wrong, and it still could not be done. Exit code 1."""

    exit_code = 1


def settings_with(service: str | None = None, **given: object) -> Settings:
    """The installation's settings; what was given as an option goes before the environment."""
    for name, value in given.items():
        if value is not None:
            os.environ[f"HEARD_{name.upper()}"] = str(value)
    try:
        return Settings.from_env(service)
    except SettingsFault as fault:
        raise Wrong(str(fault)) from None


def _at(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where a process listens."""
    command = click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")(command)
    return click.option("--host", help="Address to listen on; 127.0.0.1 unless said.")(command)


@click.command()
@_at
@click.option("--var", type=click.Path(file_okay=False, path_type=Path), help="Folder for the data.")
@click.option("--demo/--no-demo", default=False, help="Fill a new installation with two invented operators.")
@click.option("--watchdog/--no-watchdog", default=True, help="Start the watchdog beside it (or a unit does).")
def up(host: str | None, port: int | None, var: Path | None, demo: bool, watchdog: bool) -> None:
    """Run the whole platform in this one process, with its data in files."""
    settings = settings_with(mode="embedded", host=host, port=port, var=var)
    from services.chassis import green

    green.patch()
    from services.chassis.migrations import migrate as bring_up_to_date
    from services.chassis.run import run_embedded
    from services.upkeep.watchdog_cli import Beside

    bring_up_to_date(settings)
    sign_ins = _seed(settings) if demo else []
    beside = Beside(settings) if watchdog else None

    def ready() -> None:
        _say_where(settings, sign_ins)
        if beside is not None:
            beside.start()

    try:
        run_embedded(settings, ready=ready)
    finally:  # not when it is killed: then the watchdog stays
        if beside is not None:
            beside.stop()


def _seed(settings: Settings) -> list[SignIn]:
    from services.chassis.house import House
    from services.directory.seed import seed_demo

    house = House(settings, "directory")
    try:
        return seed_demo(house, settings.var)
    finally:
        house.close()


def _say_where(settings: Settings, sign_ins: list[SignIn]) -> None:
    from services.directory.seed import SIGN_INS, as_text

    click.echo(f"\nHeard is at {settings.public_url}   (Ctrl-C stops it)\n")
    if sign_ins:
        click.echo(as_text(sign_ins))
    kept = settings.var / SIGN_INS
    if kept.exists():
        click.echo(f"The demonstration sign-ins are kept in {kept}")


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
@_at
def serve(service: str, host: str | None, port: int | None) -> None:
    """Run one SERVICE of a distributed platform; start as many as you like."""
    settings = settings_with(service, mode="distributed", host=host, port=port)
    from services.chassis import green

    green.patch()
    from services.chassis.run import run_service

    run_service(settings, service)


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
@click.option("--keys/--no-keys", default=True, help="Make missing key files; not where `heard secrets` made them.")
def migrate(services: tuple[str, ...], keys: bool) -> None:
    """Bring the databases of SERVICES (or of all) to what this version needs. Safe to run twice, or twice at once."""
    settings = settings_with()
    from services.chassis import green

    green.patch()
    from services.chassis.migrations import migrate as bring_up_to_date

    bring_up_to_date(settings, services or None, keys=keys)
    click.echo(f"Up to date: {', '.join(services or SERVICES)}")


@click.group()
@click.option("--at", envvar="HEARD_PUBLIC_URL", default="http://127.0.0.1:8000", help="Address of the portal.")
@click.option("--token", envvar="HEARD_TOKEN", help="Token of a member of staff; better in HEARD_TOKEN than here.")
@click.pass_context
def complaint(context: click.Context, at: str, token: str | None) -> None:
    """Hand in a complaint, and look at one, through the platform's API."""
    context.obj = Reception(at.rstrip("/"), token)


def _elsewhere(context: click.Context, _: click.Parameter, at: str | None) -> None:
    if at:
        context.obj = Reception(at.rstrip("/"), context.obj.token)


_address = click.option("--at", expose_value=False, callback=_elsewhere, help="Address of the portal.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


@complaint.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--key", help="Idempotency-Key: the same key is the same report, however often it is sent.")
@_address
@_as_json
@click.pass_obj
def submit(reception: Reception, file: Any, key: str | None, as_json: bool) -> None:
    """Hand in the report in FILE (JSON; - reads it from standard input)."""
    try:
        report = json.load(file)
    except ValueError as fault:
        raise Wrong(f"{file.name} is not JSON: {fault}. A report is one JSON object; see /api/docs.") from None
    if not isinstance(report, dict):
        raise Wrong(f"{file.name} holds a {type(report).__name__}; a report is one JSON object; see /api/docs.")
    answer = _ask(lambda: reception.submit(report, key))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    else:
        click.echo(f"Received. Reference {answer['reference']}, receipt code {answer['receipt_code']}")


@complaint.command()
@click.argument("reference")
@click.option("--code", help="Receipt code; asked for when there is neither code nor token.")
@_address
@_as_json
@click.pass_obj
def show(reception: Reception, reference: str, code: str | None, as_json: bool) -> None:
    """What happens next with the complaint REFERENCE: with its receipt code, or with a token of staff."""
    if not code and not reception.token:
        code = click.prompt("Receipt code", hide_input=True, err=True)
    answer = _ask(lambda: reception.follow(reference, code) if code else reception.case(reference))
    _print(answer, as_json, complaint_as_text)


@complaint.command(name="list")
@_address
@_as_json
@click.pass_obj
def list_(reception: Reception, as_json: bool) -> None:
    """The cases that the holder of the token may see."""
    if not reception.token:
        raise Wrong("Listing cases needs a token of staff: set HEARD_TOKEN.")
    _print(_ask(reception.cases), as_json, complaints_as_table)


@complaint.command()
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Where the files go; made if it is not there.")  # fmt: skip
@_address
@click.pass_obj
def ledgers(reception: Reception, folder: Path) -> None:
    """Write what happened in each case that the holder of the token may see, a JSON file a case; for `policy replay`.

    The files hold ids and days, no names and no words. They are readable by you alone; delete them when you are done.
    """
    if not reception.token:
        raise Wrong("Ledgers need a token of staff: set HEARD_TOKEN.")
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for case_id, answer in _asked_one_by_one(reception):
            file = folder / f"{quote(case_id, safe='')}.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps(answer, indent=1, ensure_ascii=False), encoding="utf-8")
            written += 1
    except OSError as fault:
        raise NotDone(f"{written} written, then: {fault}") from None
    click.echo(f"{written} {'case' if written == 1 else 'cases'} written to {folder}")


def _asked_one_by_one(reception: Reception) -> Iterator[tuple[str, Any]]:
    try:
        yield from reception.ledgers()
    except Refusal as refusal:
        _refuse(refusal)


def _ask(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except Refusal as refusal:
        _refuse(refusal)


def _refuse(refusal: Refusal) -> NoReturn:
    raise (Wrong if refusal.asker_can_mend_it else NotDone)(str(refusal)) from None


def _print(answer: Any, as_json: bool, as_text: Callable[[Any], Any]) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    Console(highlight=False).print(as_text(answer))


__all__ = ["complaint", "migrate", "serve", "settings_with", "up"]
