"""`heard secrets FOLDER`: what the processes of a distributed platform may read, made once."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--broker", default="127.0.0.1:5672", show_default=True, help="Where RabbitMQ is, for the services.")
@click.option("--database", default="127.0.0.1:5432", show_default=True, help="Where PostgreSQL is.")
def secrets(folder: Path, broker: str, database: str) -> None:
    """Make the passwords, tokens and keys of a distributed platform in FOLDER; what exists stays as it is."""
    from services.upkeep.secrets import make

    make(folder, broker, database)
    click.echo(f"Each process has what it may read in {folder}. Keep a copy of it, and not beside the backups.")
