"""Paper: what is printed can be read by a screen reader, and fetches nothing from anywhere."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.chassis import paper
from services.chassis.errors import Unavailable

PAGE = '<html lang="en-GB"><title>A letter</title><h1>Hello</h1><p>Dear Wren Halloway,</p>{}'


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """A door at which nobody opens: whoever knocks is found waiting there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def test_a_page_becomes_a_pdf_that_is_tagged_and_says_its_language_and_title() -> None:
    read = PdfReader(io.BytesIO(paper.pdf(PAGE.format(""))))
    assert "Dear Wren Halloway" in read.pages[0].extract_text()
    catalogue = read.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert read.metadata is not None and read.metadata.title == "A letter"
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()


def test_a_page_that_wants_something_from_elsewhere_is_not_printed(door: socket.socket, tmp_path: Path) -> None:
    address = "http://{}:{}/".format(*door.getsockname())
    (tmp_path / "secret.css").write_text("p { color: red }", encoding="utf-8")
    wanted = (f'<img alt="" src="{address}">', f'<style>@import url("file://{tmp_path}/secret.css");</style>')
    for inside in wanted:
        with pytest.raises(Unavailable):
            paper.pdf(PAGE.format(inside))
    with pytest.raises(BlockingIOError):  # nobody knocked
        door.accept()


def test_a_machine_without_pango_says_so_and_a_document_has_a_time_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert paper.can_print()
    said = tmp_path / "surroundings"
    ends = f"import os; open({str(said)!r}, 'a').write(' '.join(os.environ)); raise SystemExit({paper._NO_PANGO})"
    monkeypatch.setattr(paper, "_PROGRAM", (sys.executable, "-c", ends))
    assert not paper.can_print()
    with pytest.raises(paper.NoPaper, match="Pango"):
        paper.pdf("<p>" * 100_000)  # more than it reads
    assert said.read_text() and "HEARD_" not in said.read_text()
    monkeypatch.setattr(paper, "_PROGRAM", (sys.executable, "-c", "import os; os.kill(os.getpid(), 14)"))  # the alarm
    with pytest.raises(Unavailable):
        paper.pdf("<p>")


def test_whoever_waits_hears_how_far_a_document_is() -> None:
    heard: list[tuple[int, int]] = []
    long = "<p style='break-before: page'>Once more.</p>" * 3
    made = paper.pdf(PAGE.format(long), lambda step, page: heard.append((step, page)))
    assert len(PdfReader(io.BytesIO(made)).pages) == 4
    steps = [step for step, _ in heard]
    assert steps == sorted(steps) and steps[-1] == paper.STEPS
    assert [page for step, page in heard if step == 5] == [1, 2, 3, 4]
