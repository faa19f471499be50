"""A letter as a page of its own: for an e-mail, and for paper. From the same words as its plain text.

No picture, no address of anybody's server, nothing that tells who opened it: what is sent is what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from heard.wording import Letter

_INK, _QUIET, _EDGE = "#111", "#444", "#0b5563"
_EMAIL = (
    f"body{{margin:0;padding:16px;background:#fff;color:{_INK};font:18px/1.5 Arial,Helvetica,sans-serif}}"
    f"main{{max-width:34em;margin:0 auto;border-top:6px solid {_EDGE};padding-top:16px}}"
    "h1{font-size:24px;line-height:1.25;margin:0 0 16px}p,ul{margin:0 0 16px}li{margin:0 0 8px}"
    f"a{{color:#0b4a8f;overflow-wrap:anywhere}}.from{{color:{_QUIET};font-size:16px;margin:0 0 8px}}"
)
_PAPER = (
    "@page{size:A4;margin:25mm 20mm 22mm 25mm;@bottom-right{content:counter(page) ' of ' counter(pages);font:9pt Arial,"
    "sans-serif}}"
    f"body{{margin:0;color:{_INK};font:12pt/1.5 Arial,'Liberation Sans',sans-serif}}h1{{font-size:15pt;margin:0 0 6mm}}"
    "p,ul{margin:0 0 4mm}li{margin:0 0 2mm}a{color:inherit;overflow-wrap:anywhere}.from{margin:0 0 8mm}"
    ".from{font-weight:bold}"
    ".to{min-height:32mm;margin:0 0 8mm;white-space:pre-line}.day{margin:0 0 8mm}"
)


def email_page(letter: Letter, sender: str) -> str:
    """The letter as the HTML part of an e-mail. `sender` is the provider's name."""
    top = f'<p class="from">{escape(sender)}</p>'
    return _page(letter, _EMAIL, top, '<meta name="viewport" content="width=device-width, initial-scale=1">')


def paper_page(letter: Letter, sender: str, *, to: Sequence[str] = (), day: str = "") -> str:
    """The letter as a sheet to print: from whom, the lines of an address where there is one, and the day."""
    address = f'<div class="to">{escape(chr(10).join(to))}</div>' if to else ""
    dated = f'<p class="day">{escape(day)}</p>' if day else ""
    return _page(letter, _PAPER, f'<p class="from">{escape(sender)}</p>{address}{dated}')


def _page(letter: Letter, style: str, top: str, more: str = "") -> str:
    return "\n".join([
        "<!doctype html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">', more,
        f"<title>{escape(letter.subject)}</title>", f"<style>{style}</style>", "</head>", "<body>", "<main>", top,
        f"<h1>{escape(letter.subject)}</h1>", letter.html, "</main>", "</body>", "</html>", "",
    ])  # fmt: skip
