"""Paper: a page of HTML becomes an accessible PDF (tagged, PDF/UA-1), in a short-lived process of its own.

Whatever is printed for somebody outside (a referral form, an evidence pack, a letter for the post) is made here. The
process has a time limit, gets none of the installation's settings or secrets, and may fetch nothing: not from the
network, and no file. The page must say its language and its title. A machine without Pango says so; nothing else is
held up by that.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

from services.chassis.errors import Failed, Unavailable

LIMIT = 30  # seconds for one document; a form takes about one
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


def pdf(html: str) -> bytes:
    """The document as PDF. Raises `NoPaper`, or `Unavailable` when it took too long or could not be made."""
    made = subprocess.run(
        [sys.executable, "-m", __name__], input=html.encode(), capture_output=True, check=False, env=_SURROUNDINGS
    )
    if made.returncode == _NO_PANGO:
        raise NoPaper
    if made.returncode != 0 or not made.stdout.startswith(b"%PDF"):
        raise Unavailable("The PDF could not be made just now. Please try again in a moment.")
    return made.stdout


def can_print() -> bool:
    """Whether this machine can make PDF documents."""
    tried = subprocess.run(
        [sys.executable, "-m", __name__, "--can"], capture_output=True, check=False, env=_SURROUNDINGS
    )
    return tried.returncode == 0


def _print(arguments: list[str]) -> int:
    """What the process does: a page from standard input to standard output."""
    signal.alarm(LIMIT)  # whatever it does then, it ends
    try:
        import weasyprint
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError:  # the libraries of the machine that it loads are not there
        return _NO_PANGO
    if "--can" in arguments:
        return 0

    class Nothing(URLFetcher):  # type: ignore[misc,unused-ignore]
        """Fetches nothing: a document holds all that it shows."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError("a document fetches nothing")

    page = weasyprint.HTML(file_obj=sys.stdin.buffer, encoding="utf-8", url_fetcher=Nothing())
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    sys.exit(_print(sys.argv[1:]))
