"""`heard policy migrate`: a case, or each open one, goes over to another version of its procedure.

A client of the REST API like `heard complaint`: whoever holds the token decides, sees what they may see, and stands in
the ledger of each case with their reason. It may be stopped half way and asked again: what went over is left alone.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from services.cli import NotDone, Wrong
from services.reception import Reception, Refusal

_SAYS = {
    "new": "new        ", "gone": "gone       ", "another_day": "another day", "otherwise": "otherwise  ",
}  # fmt: skip


@click.command()
@click.argument("reference", required=False)
@click.option("--all", "every", is_flag=True, help="Each open case of this procedure that the token's holder may see.")
@click.option("--to", required=True, metavar="VERSION", help="The version, as heard policy list names it.")
@click.option("--reason", default="", help="Why: it stands in the ledger of each case.")
@click.option("--dry-run", is_flag=True, help="Say what would be different, case by case; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--at", envvar="HEARD_PUBLIC_URL", default="http://127.0.0.1:8000", help="Address of the portal.")
@click.option("--token", envvar="HEARD_TOKEN", help="Token of the group's operator; better in HEARD_TOKEN than here.")
def migrate(
    reference: str | None, every: bool, to: str, reason: str, dry_run: bool, as_json: bool, at: str, token: str | None
) -> None:
    """Let the case REFERENCE (or each open one, with --all) go over to another VERSION of its procedure."""
    if bool(reference) == every:
        raise Wrong("Say which case, by its reference, or --all.")
    if not token:
        raise Wrong("This needs the token of the group's operator: set HEARD_TOKEN.")
    if not dry_run and not reason.strip():
        raise Wrong("This needs a reason: --reason says why, in the ledger of each case. --dry-run only looks.")
    reception = Reception(at.rstrip("/"), token)
    try:
        rows = _meant(reception, to) if reference is None else [reception.listed(reference)]
    except Refusal as refusal:
        raise (Wrong if refusal.asker_can_mend_it else NotDone)(str(refusal)) from None
    said = [_one(reception, row, to, reason, dry_run=dry_run) for row in rows]
    if as_json:
        click.echo(json.dumps({"to": to, "cases": said}, ensure_ascii=False, indent=2))
    else:
        for one in said:
            _print(one)
        over = sum(1 for one in said if not one["obstacles"])
        done = "would go over" if dry_run else "went over"
        click.echo(f"{over} {'case' if over == 1 else 'cases'} {done}; {len(said) - over} cannot.")
    if any(one["obstacles"] for one in said):
        sys.exit(1)


def _meant(reception: Reception, to: str) -> list[dict[str, Any]]:
    """Each open case of that procedure that goes by another version of it."""
    key = to.partition("@")[0]
    return [
        row for row in reception.cases()
        if row["state"] == "open" and row["procedure_version"] != to and row["procedure_version"].startswith(f"{key}@")
    ]  # fmt: skip


def _one(reception: Reception, row: dict[str, Any], to: str, reason: str, *, dry_run: bool) -> dict[str, Any]:
    """What became of one case; what stands in its way is told, and the next one has its turn."""
    try:
        said: dict[str, Any] = reception.go_over(row["case_id"], to, reason, rehearse=dry_run)
    except Refusal as refusal:
        if not refusal.asker_can_mend_it:
            raise NotDone(f"{refusal} Ask again: what went over stays so.") from None
        said = {"reference": row["reference"], "from": row["procedure_version"], "to": to, "changes": [],
                "obstacles": [str(refusal)]}  # fmt: skip
    return said


def _print(one: dict[str, Any]) -> None:
    click.echo(f"{one['reference']}  from {one['from']}")
    for sentence in one["obstacles"]:
        click.echo(f"  cannot       {sentence}")
    for line in one["changes"]:
        days = f"{line['was'] or '-'} -> {line['is'] or '-'}"
        late = ", late at once" if line["status"] == "late" and line["change"] == "new" else ""
        clause = f" ({', '.join(line['clause'])})" if line["clause"] else ""
        click.echo(f"  {_SAYS[line['change']]}  {days}  {line['says']}{clause}{late}")
    if not one["obstacles"] and not one["changes"]:
        click.echo("  nothing that is owed is different")


__all__ = ["migrate"]
