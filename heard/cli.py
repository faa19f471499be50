"""The `heard` command: `heard policy ...` and `heard calendar ...`; the platform adds its own commands by entry point.

Bad input is answered with one line, saying what is wrong and what is allowed, and exit code 2. Commands are imported
when they are asked for, so that `heard policy list` does not wait for the rest.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

import click

COMMANDS = "heard.commands"


class Gathered(click.Group):
    """A group whose further commands stand elsewhere, as "module:name", until somebody asks for one."""

    def __init__(self, *args: Any, elsewhere: dict[str, str], entry_point_group: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._elsewhere = dict(elsewhere)
        if entry_point_group:
            self._elsewhere |= {point.name: point.value for point in entry_points(group=entry_point_group)}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, those not imported yet included."""
        return sorted({*super().list_commands(ctx), *self._elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now if it stands elsewhere."""
        if cmd_name in self.commands or cmd_name not in self._elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._elsewhere[cmd_name].partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(module), name)
        except (
            Exception
        ) as error:  # one part that cannot be loaded, for whatever reason, does not take the others along
            return _unloadable(cmd_name, f"{type(error).__name__}: {error}")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command is told what there is."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            there = ", ".join(self.list_commands(ctx))
            raise click.UsageError(f"there is no command {args[0]!r} here; there are: {there}", ctx)
        return super().resolve_command(ctx, args)


def _unloadable(name: str, why: str) -> click.Command:
    def say_why() -> None:
        raise click.ClickException(f"the command {name!r} cannot be loaded: {why}")

    return click.Command(
        name,
        callback=say_why,
        help=f"Cannot be loaded: {why}",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


@click.group(cls=Gathered, entry_point_group=COMMANDS, elsewhere={
    "policy": "heard.policy_cli:policy", "calendar": "heard.timeline_cli:calendar",
})  # fmt: skip
@click.version_option(package_name="heard")
def heard() -> None:
    """Complaints, handled as each provider's own procedure promises."""


def main(args: list[str] | None = None) -> None:
    """Runs the command line and exits: 0, or 2 with one line for bad input, or what a command says."""
    sys.exit(_run(lambda: heard.main(args, prog_name="heard", standalone_mode=False)))


def _run(command: Callable[[], Any]) -> int:
    try:
        code = command()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        click.echo(" ".join(error.format_message().split()), err=True)
        return 2 if isinstance(error, click.UsageError) else error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; nobody is left to tell
        return 0
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
