"""How a message is worded: a text file for each sort of message and reader, with gaps that are filled when it is sent.

The files stand in `heard/letters`; a provider's plugin may word any of them otherwise, under the same name in a folder
`letters` beside its procedure. Wording is no rule: a case keeps its procedure, and gets the wording of the day.

A file begins with its subject, which holds no gap. Then come paragraphs, with empty lines between them. `{{ name }}` is
a gap; a paragraph with a gap for which there is nothing to say is left out. A line that begins with "- " is an item of
a list; with a gap for several things it is repeated for each. `{{ help }}` alone is the text in `help` for that reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

LETTERS = Path(__file__).parent / "letters"
READERS = ("child", "adult", "professional")
"""For whom the help at the end of a letter, and some letters, are worded differently."""
TO_A_COMPLAINANT = ("text/notice", "text/receipt", "text/fresh_code")
HELP, SUBJECT, BULLET = "help", "Subject: ", "- "
OPTIONAL = frozenset({"provider", "home", "stage", "clause", "attempt", "help"})
"""Gaps that another wording may leave out: nothing that somebody must know is lost with them."""
GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LINK = re.compile(r"https?://[^\s<>()]+[^\s<>().,;]")

Block = str | tuple[str, ...]
"""A paragraph (its lines with line ends), or the items of a list."""


class Unfilled(KeyError):
    """A message has a gap that nobody filled, not even with nothing."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words: a subject without names or content, and paragraphs and lists."""

    subject: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        return "\n\n".join(_plain(self.blocks)) + "\n"

    @property
    def html(self) -> str:
        """The same as HTML, to be put into a page."""
        return "\n".join(_marked_up(one) for one in self.blocks)


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of one provider: what its plugin words itself, and Heard's own for everything else."""

    own: Mapping[str, str] = field(default_factory=dict)

    def write(self, name: str, reader: str = "adult", **facts: Any) -> Letter:
        """Fill the message of that name ("complainant/receipt") for that reader. Raises Unfilled, KeyError."""
        subject, body = parted(self.source(name, reader))
        return Letter(subject, tuple(self._blocks(body, reader, facts)))

    def source(self, name: str, reader: str) -> str:
        """The text with its gaps: the provider's before ours, each for that reader before for all."""
        names = (f"{name}.{reader}", name)
        for where in (self.own, STANDARD):
            for one in names:
                if one in where:
                    return where[one]
        raise KeyError(f"there is no message {name!r} for a reader {reader!r}")

    def _blocks(self, body: str, reader: str, facts: Mapping[str, Any]) -> Iterator[Block]:
        for paragraph in body.split("\n\n"):
            if GAP.fullmatch(paragraph.strip()) and GAP.findall(paragraph) == [HELP]:
                yield from self._blocks(parted(self.source(f"{HELP}/{reader}", reader))[1], reader, facts)
                continue
            gaps = {name: _fact(facts, name) for name in GAP.findall(paragraph)}
            if all(gaps.values()):
                yield from _filled(paragraph.strip().split("\n"), gaps)


def parted(source: str) -> tuple[str, str]:
    """A message's subject ("" where it has none) and what stands below it."""
    if not source.startswith(SUBJECT):
        return "", source.strip()
    head, _, body = source.partition("\n")
    return head.removeprefix(SUBJECT).strip(), body.strip()


def in_folder(folder: Path) -> dict[str, str]:
    """Every message that stands in a folder of letters, by name."""
    return {
        str(path.relative_to(folder).with_suffix("")): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*/*.txt"))
    }


STANDARD = in_folder(LETTERS)
"""Heard's own wording of every message there is."""


def wording_beside(file: Path) -> Wording:
    """The wording of the provider whose procedure stands in this file."""
    return Wording(in_folder(file.parent / "letters"))


def readers_of(name: str) -> tuple[str, ...]:
    """The readers for whom a message is written: three sorts of person who complain, or one."""
    return READERS if name.startswith("complainant/") or name in TO_A_COMPLAINANT else ("professional",)


def names() -> tuple[str, ...]:
    """Every message there is, without the readers and without the help that stands at the end of some."""
    found = (re.sub(rf"\.({'|'.join(READERS)})$", "", name) for name in STANDARD if not name.startswith(f"{HELP}/"))
    return tuple(dict.fromkeys(found))


def gaps_of(source: str) -> frozenset[str]:
    """The gaps of a text."""
    return frozenset(GAP.findall(source))


def _fact(facts: Mapping[str, Any], name: str) -> Any:
    if name not in facts:
        raise Unfilled(name)
    return facts[name]


def _filled(lines: list[str], gaps: Mapping[str, Any]) -> Iterator[Block]:
    said = [line for line in lines if not line.startswith(BULLET)]
    items = [line.removeprefix(BULLET) for line in lines if line.startswith(BULLET)]
    if said:
        text = "\n".join(_put(line, gaps) for line in said)
        yield from (one.strip() for one in re.split(r"\n\s*\n", text) if one.strip())
    if items:
        yield tuple(one for item in items for one in _each(item, gaps))


def _each(item: str, gaps: Mapping[str, Any]) -> Iterator[str]:
    """An item once; one that is a single gap, for each of the things that fill it."""
    alone = GAP.fullmatch(item.strip())
    several = gaps[alone[1]] if alone else None
    if isinstance(several, list | tuple):
        yield from map(str, several)
    else:
        yield _put(item, gaps)


def _put(line: str, gaps: Mapping[str, Any]) -> str:
    return GAP.sub(lambda gap: str(gaps[gap[1]]).strip(), line)


def _plain(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Paragraphs as text; a list stands right below what introduces it."""
    before: str | None = None
    for block in blocks:
        if isinstance(block, str):
            if before is not None:
                yield before
            before = block
        else:
            listed = "\n".join(f"{BULLET}{one}" for one in block)
            yield f"{before}\n{listed}" if before is not None else listed
            before = None
    if before is not None:
        yield before


def _marked_up(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{_linked(block)}</p>"
    return f"<ul>{''.join(f'<li>{_linked(one)}</li>' for one in block)}</ul>"


def _linked(words: str) -> str:
    """Words as HTML: line ends kept, addresses of pages as links."""
    parts, at = [], 0
    for link in _LINK.finditer(words):
        address = escape(link[0])
        parts += [escape(words[at : link.start()]), f'<a href="{address}">{address}</a>']
        at = link.end()
    return "".join([*parts, escape(words[at:])]).replace("\n", "<br>\n")
