"""What comes with a report: known by its content, not by its name; kept sealed if it is of a kind that does no harm.

Pictures are made anew before they are kept, so that they no longer say where and with which telephone they were taken.
What came with a mail and is not kept here stays in the mailbox, and a person is told that it lies there; what somebody
adds to a form and is not kept is refused to them at once, with the reason.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from services.chassis.green import in_thread
from services.intake.reading_mail import Part
from services.intake.scanning import Harmful, scanned

LARGEST = 15 * 1024**2  # bytes of one
_MOST = 20  # of one mail
_MOST_PIXELS = 50_000_000
_REMADE = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
KINDS = {
    **dict.fromkeys((*_REMADE, "image/gif"), "picture"),
    **dict.fromkeys(
        ("audio/mpeg", "audio/ogg", "audio/x-wav", "audio/x-m4a", "audio/mp4", "audio/AMR", "audio/aac", "audio/flac",
         "audio/webm", "audio/x-hx-aac-adts"), "voice",
    ),
    **dict.fromkeys(("video/mp4", "video/quicktime", "video/webm", "video/3gpp"), "video"),
    **dict.fromkeys(
        ("application/pdf", "text/plain", "message/rfc822", "application/vnd.oasis.opendocument.text",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), "document",
    ),
}  # fmt: skip
"""The kinds that are kept, and as what a person meets each."""
_OF_SOME_PHONES = ("image/heic", "image/heif")
"""Pictures that nothing here makes anew, and which are therefore not kept."""
_SOUND_ALONE = {
    "video/webm": ("audio/webm", (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG4")),
    "video/mp4": ("audio/mp4", (b"vide",)),
}
"""A browser's recording of a voice lies in the wrapping of a film. It is one if it says how pictures are coded."""
_SMALL = 480  # pixels
_CALLED = {"picture": "picture", "voice": "sound recording", "video": "film", "document": "document"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One that is kept."""

    name: str = field(repr=False)
    kind: str
    content: bytes = field(repr=False)
    scanned: bool = False


class NotKept(Exception):
    """A file is not kept, and why: empty, too large, untold (what it is), of another kind, harmful, or broken."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What came with a mail: what is kept, what sorts of thing it was, and a sentence that says both."""

    kept: tuple[Kept, ...]
    not_words: tuple[str, ...]
    says: str


def sort_out(parts: Sequence[Part], whole: bool = True, scanner: str = "") -> Sorted:
    """Look at each. Takes as long as the pictures need, in a thread of its own."""
    kept = tuple(one for part in parts[:_MOST] if (one := _kept(part, scanner)))
    left = len(parts) - len(kept)
    phones = sum(kind_of(part.content) in _OF_SOME_PHONES for part in parts[:_MOST])
    sorts = [KINDS[one.kind] for one in kept] + ["picture"] * (phones > 0)
    sorts += ["document"] * (left > phones or not whole)
    counted = {sort: sum(KINDS[one.kind] == sort for one in kept) for sort in _CALLED}
    told = [f"{number} x {_CALLED[sort]}" for sort, number in counted.items() if number]
    says = [f"With this e-mail came: {', '.join(told)}."] if told else []
    if left > 0:
        says.append(f"{left} more could not be kept here: please open the mailbox and look at it there.")
    if phones:
        says.append("A picture as some telephones keep it (HEIC) is not opened here: ask for it as a JPEG.")
    if not whole:
        says.append("This e-mail was too large to be read to its end: please open the mailbox and read it there.")
    return Sorted(kept, tuple(dict.fromkeys(sorts)), " ".join(says))


def look_at(name: str, content: bytes, scanner: str) -> Kept:
    """One file as it is kept. Raises `NotKept`."""
    if not content:
        raise NotKept("empty")
    if len(content) > LARGEST:
        raise NotKept("too_large")
    kind = kind_of(content)
    if not kind:
        raise NotKept("untold")
    if kind not in KINDS:
        raise NotKept("phone_picture" if kind in _OF_SOME_PHONES else "other_kind")
    try:
        looked = scanned(content, scanner)
    except Harmful:
        raise NotKept("harmful") from None
    made = in_thread(_made_anew, content, _REMADE[kind]) if kind in _REMADE else content
    if made is None:
        raise NotKept("broken")
    return Kept(name, kind, made, looked)


def kind_of(content: bytes) -> str:
    """The media type that the content itself shows; empty where this machine cannot tell."""
    try:
        import magic
    except ImportError:  # libmagic is not installed: nothing is kept that nobody could tell the kind of
        return ""
    kind = str(magic.from_buffer(content[:8192], mime=True))
    of_sound, pictures = _SOUND_ALONE.get(kind, (kind, ()))
    return kind if any(mark in content for mark in pictures) else of_sound


def small(content: bytes) -> bytes | None:
    """A picture made small and anew, to be looked at within a page; None when it cannot be opened."""
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[*_REMADE.values(), "GIF"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (_SMALL, _SMALL))
            shown = ImageOps.exif_transpose(picture).convert("RGB")
            shown.thumbnail((_SMALL, _SMALL))
            shown.save(made, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return made.getvalue()


def _kept(part: Part, scanner: str) -> Kept | None:
    try:
        return look_at(part.name, part.content, scanner)
    except NotKept:
        return None


def _made_anew(content: bytes, form: str) -> bytes | None:
    """The picture without what else stood in its file; None when it cannot be opened, or is far too large."""
    made = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return None
                upright = ImageOps.exif_transpose(picture)
                bare = Image.new(upright.mode, upright.size)
                if upright.mode == "P" and (palette := upright.getpalette()):
                    bare.putpalette(palette)
                bare.paste(upright)
                bare.save(made, form, quality=90)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return made.getvalue()
