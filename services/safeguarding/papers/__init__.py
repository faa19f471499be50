"""A filled form on paper: an accessible PDF, and a document that can be edited, with the same questions and answers.

What is still missing is listed first and marked where it stands, so that nobody takes an empty field for an answer.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from heard.forms import Answered, Filled
from heard.instants import moment_of
from heard.public_view import day_in_words
from services.chassis import paper

FOLDER = Path(__file__).parent
LANGUAGE = "en-GB"
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The sorts of document there are, with their media types."""

_pages = Environment(
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def _plain(word: Any) -> str:
    return str(word or "").replace("_", " ").capitalize()


def _moment(text: Any) -> str:
    return day_in_words(moment_of(text)) if text else ""


_pages.filters |= {"plain": _plain, "moment": _moment}


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is handed out. Its name carries the reference and no name of anybody."""

    name: str
    kind: str
    content: bytes = field(repr=False)


def printed(template: str, **facts: Any) -> bytes:
    """A page of this folder as PDF. Raises what `paper.pdf` raises."""
    css = Markup((FOLDER / "paper.css").read_text(encoding="utf-8"))  # noqa: S704  our own file
    return paper.pdf(_pages.get_template(template).render(css=css, **facts))


def form_on_paper(made: Filled, kind: str, *, provider: str, reference: str, status: str) -> Document:
    """A form as a document of that kind. `status` says whether this is how it was sent, or how it stands now."""
    facts: dict[str, Any] = {"title": made.name, "made": made, "provider": provider, "status": status}
    facts |= {"reference": reference}
    content = printed("form.html", **facts) if kind == "pdf" else _editable(**facts)
    return Document(f"{reference}-{made.key.replace('.', '-').replace('_', '-')}.{kind}", KINDS[kind], content)


def _editable(title: str, made: Filled, provider: str, reference: str, status: str) -> bytes:
    page: Any = docx.Document()
    for language in page.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    core = page.core_properties
    core.title, core.author, core.language, core.subject = title, provider, LANGUAGE, reference
    core.created = core.modified = datetime(2000, 1, 1)  # when it was made is no part of it
    page.add_paragraph("Confidential. About the safety of a child: read it only if you must act on it.")
    page.add_heading(title, 0)
    page.add_paragraph(f"{provider}, {reference}")
    page.add_paragraph(status)
    if made.missing:
        page.add_heading(f"Still missing ({len(made.missing)})", 1)
        for part in made.parts:
            if lacks := [one.asks for one in part.answers if one.missing]:
                page.add_paragraph(part.heading, style="List Bullet")
                for asks in lacks:
                    page.add_paragraph(asks, style="List Bullet 2")
    for part in made.parts:
        page.add_heading(part.heading, 1)
        for one in part.answers:
            _answer(page, one)
    written = io.BytesIO()
    page.save(written)
    return written.getvalue()


def _answer(page: Any, one: Answered) -> None:
    page.add_heading(one.asks, 2)
    if one.answer:
        for line in one.answer.split("\n"):
            page.add_paragraph(line)
    else:
        page.add_paragraph().add_run("Nothing was added." if one.optional else "STILL MISSING").bold = not one.optional
