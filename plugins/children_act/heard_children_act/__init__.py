"""The Children Act 1989 statutory procedure, for Heard: the rules stand in `procedure.toml` beside this file.

Other procedures are held against it, so its versions are named one by one: when the regulations change, the new file
is added here with its day, and the old one stays for the cases that were opened under it.
"""

from pathlib import Path

from heard.hookspecs import hookimpl

VERSIONS = ("procedure.toml",)


@hookimpl
def procedure_files() -> list[Path]:
    """One file for each set of regulations, the earliest first."""
    return [Path(__file__).with_name(name) for name in VERSIONS]
