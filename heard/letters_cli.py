"""`heard policy letters`: every message of a procedure, filled with an invented report, for each of its readers.

For whoever writes a provider's wording, and for the safeguarding lead who wants to read what a child will get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import click

from heard.letter_samples import Sample, samples
from heard.policy_cli import as_json, found, installed, print_json
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults
from heard.reading_age import grade
from heard.wording import wording_beside

STYLE = (
    "body{font:17px/1.5 Arial,Helvetica,sans-serif;color:#111;max-width:46rem;margin:0 auto;padding:1rem}"
    "article{border:1px solid #767676;border-left:6px solid #0b5563;margin:1rem 0;padding:.75rem 1rem}"
    "article{break-inside:avoid}"
    "h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.05rem;margin:.25rem 0}"
    ".of{color:#444;font-size:.9rem;margin:0}a{overflow-wrap:anywhere}"
)


@click.command()
@click.argument("procedure", metavar="PROCEDURE|FOLDER")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write them as one page.")
@as_json
def letters(procedure: str, page: Path | None, as_json: bool) -> None:
    """Every message that a procedure sends, filled with an invented report, for each of its readers."""
    try:
        file, one = found(procedure, installed())
    except ProcedureFaults as error:
        raise click.ClickException("; ".join(str(fault) for fault in error.faults)) from error
    every = list(samples(one, wording_beside(file)))
    if as_json:
        print_json([_row(sample) for sample in every])
    elif page:
        page.write_text(letters_page(one, every), encoding="utf-8")
        click.echo(f"{len(every)} messages in {page}")
    else:
        for sample in every:
            click.echo(f"{'=' * 78}\n{_of(sample)}\nSubject: {sample.letter.subject}\n\n{sample.letter.text}")


def letters_page(procedure: Procedure, every: Sequence[Sample]) -> str:
    """All of them as one page that stands alone and prints."""
    title = f"{procedure.name}: every message, as it is sent"
    return "\n".join([
        "<!doctype html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>", "</head>", "<body>", "<main>", f"<h1>{escape(title)}</h1>",
        "<p>Filled with an invented report. Whoever complains reads all but the first of these on the follow-up page; "
        "an e-mail only says that there is something to read.</p>", *_articles(every),
        "</main>", "</body>", "</html>", "",
    ])  # fmt: skip


def _articles(every: Sequence[Sample]) -> Iterator[str]:
    heading = ""
    for one in every:
        if one.when != heading:
            heading = one.when
            yield f"<h2>{escape(heading)}</h2>"
        yield f'<article><p class="of">{escape(_of(one))}</p><h3>{escape(one.letter.subject)}</h3>'
        yield f"{one.letter.html}</article>"


def _of(one: Sample) -> str:
    """What stands above a message: its file, its reader, what it is about, and how hard it is to read."""
    about = f", about: {one.about}" if one.about else ""
    whose = ", worded by the provider" if one.own else ""
    return f"{one.name}, for: {one.reader}{about}. Reading age: {max(grade(one.letter.text), 0) + 5:.0f} years{whose}."


def _row(one: Sample) -> dict[str, object]:
    return {
        "name": one.name, "reader": one.reader, "when": one.when, "about": one.about, "own": one.own,
        "grade": round(grade(one.letter.text), 1), "subject": one.letter.subject, "text": one.letter.text,
    }  # fmt: skip
