"""Paper: a page of HTML becomes an accessible PDF (tagged, PDF/UA-1), in a short-lived process of its own.

Whatever is printed for somebody outside (a referral form, an evidence pack, a letter for the post) is made here. The
process has a time limit, gets none of the installation's settings or secrets, and may fetch nothing: not from the
network, and no file. It says how far it is, for whoever waits. The page must say its language and its title. A machine
without Pango says so; nothing else is held up by that.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from services.chassis.errors import Failed, Unavailable

LIMIT = 30  # seconds for one document; a form takes about one
STEPS = 7  # that a page goes through; the fifth, laying out, is the long one
_PROGRAM = (sys.executable, "-m", "services.chassis.paper")
_SAYS = b"step "
_PIECE = 1 << 16
Reached = Callable[[int, int], None]
"""Hears which step a document has come to, and the page that is being laid out (0 where none is)."""
_SURROUNDINGS = {"LANG": "C.UTF-8"}
"""All that the process is told of where it runs: none of the installation's settings, and so no secret."""
_NO_PANGO = 3  # how the process ends that finds no Pango
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
"""What Debian and Ubuntu call what is needed."""


class NoPaper(Failed):
    """This machine cannot make PDF documents. Everything else goes on; the text can be had another way."""

    title = "No PDF on this machine"

    def __init__(self, sentence: str = "This machine cannot make PDF documents: Pango is not installed on it.") -> None:
        super().__init__(sentence)


def _nobody_asks(step: int, page: int) -> None:
    """For a document that nobody watches."""


def pdf(html: str, reached: Reached = _nobody_asks, limit: int = LIMIT) -> bytes:
    """The document as PDF. Raises `NoPaper`, or `Unavailable` when it took more than `limit` seconds or went wrong."""
    code, made = _printed(memoryview(html.encode()), reached, limit)
    if code == _NO_PANGO:
        raise NoPaper
    if code != 0 or not made.startswith(b"%PDF"):
        raise Unavailable("The PDF could not be made just now. Please try again in a moment.")
    return made


def _printed(page: memoryview, reached: Reached, limit: int) -> tuple[int, bytes]:
    """How the process ended and what it made. It reads the whole page before it writes more than a line or two."""
    made = bytearray()
    asked = [*_PROGRAM, "--seconds", str(limit)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=_SURROUNDINGS, bufsize=0) as process:  # fmt: skip
        assert process.stdin and process.stdout  # noqa: S101
        with suppress(BrokenPipeError), process.stdin:  # it may end before it has read everything; its code says why
            while page:
                page = page[process.stdin.write(page) or 0 :]
        while piece := process.stdout.read(_PIECE):
            made += piece
            _tell(made, reached)
    return process.returncode, bytes(made)


def _tell(made: bytearray, reached: Reached) -> None:
    """Take what it says of its steps off the front of what it wrote."""
    while made.startswith(_SAYS) and b"\n" in made:
        line, _, rest = bytes(made).partition(b"\n")
        made[:] = rest
        step, page = line.split()[1:]
        reached(int(step), int(page))


def can_print() -> bool:
    """Whether this machine can make PDF documents."""
    tried = subprocess.run([*_PROGRAM, "--can"], capture_output=True, check=False, env=_SURROUNDINGS)
    return tried.returncode == 0


class _Steps(logging.Handler):
    """Says each step before the document: "Step 5 - Creating layout - Page 3" as ``step 5 3``."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        words = record.getMessage().split()
        page = words[-1] if words[-2] == "Page" else "0"
        sys.stdout.buffer.write(_SAYS + f"{words[1]} {page}\n".encode())
        sys.stdout.buffer.flush()


def _print(arguments: list[str]) -> int:
    """What the process does: a page from standard input to standard output."""
    signal.alarm(int(arguments[-1]) if "--seconds" in arguments else LIMIT)  # whatever it does then, it ends
    try:
        import weasyprint
        from weasyprint.logger import PROGRESS_LOGGER
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError:  # the libraries of the machine that it loads are not there
        return _NO_PANGO
    if "--can" in arguments:
        return 0

    class Nothing(URLFetcher):  # type: ignore[misc,unused-ignore]
        """Fetches nothing: a document holds all that it shows."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError("a document fetches nothing")

    PROGRESS_LOGGER.addHandler(_Steps())
    PROGRESS_LOGGER.setLevel(logging.INFO)
    page = weasyprint.HTML(file_obj=sys.stdin.buffer, encoding="utf-8", url_fetcher=Nothing())
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    sys.exit(_print(sys.argv[1:]))
