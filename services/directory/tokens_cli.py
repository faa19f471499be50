"""`heard directory token`, `tokens`, `revoke-token`: a token for a program that asks the API in somebody's name."""

from __future__ import annotations

import click

from services.directory.console import NotDone, of_operator, somebody
from services.directory.tokens import LONGEST, SCOPES


@click.command("token")
@click.argument("person")
@click.argument("what_for")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="Again for another.")
@click.option("--days", type=click.IntRange(1, LONGEST.days), default=90, show_default=True)
@of_operator
def make_token(person: str, what_for: str, scopes: tuple[str, ...], days: int, operator: str | None) -> None:
    """Make a token with which a program asks in PERSON's name. It is printed this once."""
    from services.directory import tokens

    with somebody(person, operator) as (house, who):
        click.echo(tokens.make(house, who["id"], what_for, days, scopes))


@click.command("tokens")
@click.argument("person")
@of_operator
def list_tokens(person: str, operator: str | None) -> None:
    """PERSON's tokens: what for, what they open, until when, last used."""
    from services.directory import tokens

    with somebody(person, operator) as (house, who), house.db.reading() as conn:
        held = tokens.of(conn, who["id"], house.clock.now())
    for one in held:
        until, used = (one["expires_at"] or "revoked")[:10], (one["last_used_at"] or "never")[:10]
        click.echo(f"{one['id']}  {one['says']}: {', '.join(one['scopes'])}; until {until}; last used {used}")
    if not held:
        click.echo("None.")


@click.command("revoke-token")
@click.argument("person")
@click.argument("token_id", required=False)
@click.option("--all", "every", is_flag=True, help="Every token of theirs.")
@of_operator
def revoke_token(person: str, token_id: str | None, every: bool, operator: str | None) -> None:
    """Revoke one token of PERSON (TOKEN_ID as `heard directory tokens` names it), or all."""
    from services.directory import tokens

    if every == bool(token_id):
        raise NotDone("Name one token, or say --all.")
    with somebody(person, operator) as (house, who):
        click.echo(f"Revoked: {tokens.revoke(house, who['id'], token_id)}")


TOKENS = (make_token, list_tokens, revoke_token)
