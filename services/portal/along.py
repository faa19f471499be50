"""What somebody adds to what they tell: pictures, recordings, films, documents, taken one by one as they come.

Each goes to intake at once, which looks at it and keeps it sealed; the draft holds the token alone. A file that is
refused costs nobody a word: the rest of the form is read and kept as ever, and the reason stands beside the field.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import Request

from services.chassis.errors import Invalid, TooMany, Unavailable
from services.portal.languages import number, say, to_say
from services.portal.reach import Reach

KEY, FIELD = "files", "files"
"""The question's key, and the field's name."""
MOST, LARGEST_MB = 10, 15
LARGEST = LARGEST_MB * 1024**2
TAKEN_AS = (
    "image/jpeg,image/png,image/webp,image/gif,audio/*,video/mp4,video/webm,video/quicktime,video/3gpp,"
    ".pdf,.txt,.odt,.docx"
)
"""What a browser offers to choose from. A telephone that keeps pictures otherwise makes one of these of them."""
MOST_TO_READ = 100 * 1024**2
"""Bytes of a form with files. What of a file is beyond the limit is read and dropped, so that the words arrive."""
MAY_RECORD = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
"""The headers of a page on which somebody may speak: the microphone, and hearing themselves."""
CALLED = {
    "picture": to_say("a picture"), "voice": to_say("a recording"), "video": to_say("a film"),
    "document": to_say("a document"),
}  # fmt: skip
_WHY = {
    "empty": to_say("“%(name)s” was not added. It is empty."),
    "too_large": to_say("“%(name)s” was not added. It is larger than %(size)s MB."),
    "too_many": to_say("“%(name)s” was not added. You can add up to %(number)s."),
    "untold": to_say("“%(name)s” was not added. We cannot take files here at the moment. You can still use words."),
    "not_now": to_say("“%(name)s” was not added. We cannot take files just now. You can use words, or try later."),
    "phone_picture": to_say("“%(name)s” was not added. We cannot open pictures of this kind (HEIC). "
                            "Take a picture of your screen and add that."),
    "other_kind": to_say("“%(name)s” was not added. We take pictures, recordings, films and documents."),
    "harmful": to_say("“%(name)s” was not added. It may harm a computer. Another copy of it may be all right."),
    "broken": to_say("“%(name)s” was not added. It cannot be opened. Another copy of it may be all right."),
}


class Holding(io.BytesIO):
    """One file as it is read, in memory alone: nothing that a child sends touches a disk in clear."""

    too_large = False

    def write(self, piece: Any) -> int:
        """Keep it while there is room."""
        if not self.too_large and self.tell() + len(piece) > LARGEST:
            self.too_large = True
            self.truncate(0)
        return len(piece) if self.too_large else super().write(piece)


class Asked(Request):
    """A request whose files are held in memory, each up to its limit."""

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> Any:
        return Holding()


def make_room(asked: Request) -> None:
    """Let a form with files be read; every other body stays small."""
    view = asked.view_args or {}
    if asked.endpoint == "follow.add" or (asked.endpoint == "public.answer" and view.get("key") == KEY):
        asked.max_content_length = MOST_TO_READ


def took(said: dict[str, Any], asked: Request, reach: Reach) -> dict[str, str]:
    """Take what came with this form into a draft, and out of it what is taken back; faults by field."""
    added: list[dict[str, Any]] = list(said.get(KEY, []))
    back = asked.form.get("remove", "")
    if back.isdigit() and int(back) < len(added):
        reach.drop_files([added.pop(int(back))["token"]])
    faults = []
    for file in asked.files.getlist(FIELD):
        if not file.filename:
            continue
        name = file.filename.replace("\\", "/").rpartition("/")[2][:200]
        try:
            added.append(_taken(file.stream, name, len(added), reach))
        except Invalid as fault:
            faults.append(_refused(name, *fault.fields.get("file", ())))
        except (TooMany, Unavailable):
            faults.append(_refused(name, "not_now"))
    said[KEY] = added
    return {FIELD: " ".join(faults)} if faults else {}


def _taken(stream: Any, name: str, already: int, reach: Reach) -> dict[str, Any]:
    if already >= MOST:
        raise Invalid({"file": ["too_many"]})
    if getattr(stream, "too_large", False):
        raise Invalid({"file": ["too_large"]})
    return reach.upload(name, stream.read())


def _refused(name: str, why: str = "broken") -> str:
    return say(_WHY.get(why, _WHY["broken"]), name=f"\u2068{name}\u2069", number=number(MOST), size=number(LARGEST_MB))


def tokens(said: Mapping[str, Any]) -> list[str]:
    """By what intake knows them."""
    return [str(one["token"]) for one in said.get(KEY, [])]


def in_words(said: Mapping[str, Any]) -> str:
    """What was added, a line each."""
    return "\n".join(f"\u2068{one['name']}\u2069 ({say(CALLED[one['sort']])})" for one in said.get(KEY, []))
