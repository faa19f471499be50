"""The screen: reads every inbound word before anybody acts on it, and says what cannot wait.

Step 2 of a complaint's journey. Pure: words, ticks and the provider's procedure in, concerns and a priority out. It has
two halves: `screen` goes by the words (`lexicon`) and answers at once; `weigh` goes by what the sentences mean, which
safeguarding finds out (`meaning`), which takes longer and is done a moment later (`weighing`). Both only raise: nothing
they do not find is thereby safe, and a person reads every report. What cannot be read (another language, another
script, nothing at all) goes to a person soon.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from heard.procedure import Concern, Procedure
from services.screening.lexicon import Hit, Lexicon, Mark, the_lexicon
from services.screening.telling import the_telling

PRIORITIES = ("routine", "soon", "urgent", "now")
DANGER = "immediate_danger"
THRESHOLD = "lado_threshold"
BY_STAFF = "staff_conduct"


@dataclass(frozen=True, slots=True)
class Screened:
    """What the screen made of a text. `concerns` maps a concern's key to the ids of ticks, words and rules behind it.

    `words` are the words that bore each mark, for the lead's eyes only: they never travel in a fact.
    """

    concerns: dict[str, tuple[str, ...]]
    priority: str
    readable: bool
    words: dict[str, tuple[str, ...]]

    @property
    def flagged(self) -> bool:
        """Whether somebody must look before the ordinary queue does."""
        return self.priority != "routine"


@dataclass(frozen=True, slots=True)
class Meant:
    """A sentence that seems to tell of harm: whose mark, which words, and how sure (0 to 1)."""

    mark: str
    sentence: str
    sure: float
    priority: str


def screen(
    text: str,
    *,
    procedure: Procedure | None = None,
    ticks: Iterable[str] = (),
    in_danger_now: bool = False,
    about_somebody: bool = False,
) -> Screened:
    """Screen one text with what its writer ticked.

    `about_somebody`: the report names a person or a role as the one complained of, who may then be a worker although
    the words do not say so. Without a procedure the concerns carry the lexicon's own keys.
    """
    lexicon, raised = the_lexicon(), _Raised(procedure)
    plain = lexicon.plain(text)
    readable = can_be_read(text, plain, lexicon)
    hits = list(lexicon.hits(plain))
    worker = about_somebody or (bool(hits) and worker_may_be_meant(plain, lexicon))
    found = the_telling().borne([hit for hit in hits if worker or not lexicon.marks[hit.mark].with_worker])
    unnamed = not lexicon.speaks_of("peer", plain)
    for mark_id, mark in lexicon.marks.items():
        if mark_id in found:
            raised.by_mark(mark, f"words.{mark_id}", mark.priority, worker=worker, unnamed=unnamed)
    for tick in ticks:
        for key in concerns_ticked(tick, procedure):
            raised.to(key, f"ticked.{tick}", "urgent")
    if in_danger_now:
        raised.to(DANGER, "ticked.in_danger_now", "now")
    if not readable:
        raised.priority = higher(raised.priority, "soon")
    return raised.screened(found, readable=readable)


def get_ready() -> None:
    """Read in what texts are read by: that takes as long as four calls, and nobody is to wait for it."""
    screen("")


def hits_of(text: str) -> list[Hit]:
    """The phrases that stand in a text and would raise something, were they sure."""
    lexicon = the_lexicon()
    plain = lexicon.plain(text)
    worker = worker_may_be_meant(plain, lexicon)
    return [hit for hit in lexicon.hits(plain) if worker or not lexicon.marks[hit.mark].with_worker]


def weigh(
    text: str, meant: Iterable[Meant], *, procedure: Procedure | None = None, about_somebody: bool = False
) -> Screened:
    """What sentences of a text seem to mean, as concerns: what the words alone do not give away."""
    lexicon, raised = the_lexicon(), _Raised(procedure)
    plain = lexicon.plain(text)
    worker, unnamed = about_somebody or worker_may_be_meant(plain, lexicon), not lexicon.speaks_of("peer", plain)
    sentences: dict[str, list[str]] = {}
    for one in meant:
        mark = lexicon.marks[one.mark]
        at_least = min(one.priority, mark.priority, key=PRIORITIES.index)
        raised.by_mark(mark, f"meaning.{mark.id}", at_least, worker=worker, unnamed=unnamed)
        sentences.setdefault(mark.id, []).append(one.sentence)
    return raised.screened({mark_id: tuple(those) for mark_id, those in sentences.items()}, readable=True)


def both(one: Screened, other: Screened) -> Screened:
    """The same with what else was found, which adds and lowers nothing."""
    concerns = dict(one.concerns)
    for key, because in other.concerns.items():
        concerns[key] = tuple(dict.fromkeys((*concerns.get(key, ()), *because)))
    words = {mark: tuple(dict.fromkeys((*one.words.get(mark, ()), *found))) for mark, found in other.words.items()}
    return replace(one, concerns=concerns, words={**one.words, **words},
                   priority=higher(one.priority, other.priority if other.concerns else "routine"))  # fmt: skip


@dataclass(slots=True)
class _Raised:
    """What has been raised so far."""

    procedure: Procedure | None
    concerns: dict[str, list[str]] = field(default_factory=dict)
    priority: str = "routine"

    def to(self, key: str, because: str, at_least: str) -> None:
        reasons = self.concerns.setdefault(key, [])
        if because not in reasons:
            reasons.append(because)
        self.priority = higher(self.priority, at_least)

    def by_mark(self, mark: Mark, because: str, at_least: str, *, worker: bool, unnamed: bool) -> None:
        for key in concerns_of(mark, self.procedure):
            self.to(key, because, at_least)
        if mark.by_worker and (worker or (mark.presumed and unnamed)):
            for key in concerns_about_workers(self.procedure):
                self.to(key, because, at_least)

    def screened(self, words: dict[str, tuple[str, ...]], *, readable: bool) -> Screened:
        concerns = {key: tuple(reasons) for key, reasons in self.concerns.items()}
        return Screened(concerns, self.priority, readable, words)


def higher(one: str, other: str) -> str:
    """The more pressing of two priorities."""
    return max(one, other, key=PRIORITIES.index)


def concerns_of(mark: Mark, procedure: Procedure | None) -> tuple[str, ...]:
    """The concerns a mark raises: those whose word list it is, else the first that it fits, else under its own name."""
    if procedure is None:
        return (mark.fits[0],)
    asked = tuple(concern.key for concern in procedure.concerns if concern.word_list in mark.lists)
    if asked:
        return asked
    known = {concern.key for concern in procedure.concerns}
    return (next((key for key in mark.fits if key in known), mark.fits[0]),)


def concerns_about_workers(procedure: Procedure | None) -> tuple[str, ...]:
    """The concerns for harm done by somebody who works with children: the threshold, and the provider's own."""
    asked = [concern.key for concern in procedure.concerns if concern.word_list == BY_STAFF] if procedure else []
    return tuple(dict.fromkeys((THRESHOLD, *asked)))


def concerns_ticked(tick: str, procedure: Procedure | None) -> tuple[str, ...]:
    """The concerns that a box on the form stands for. A box nobody knows is still somebody's worry: kept as it is."""

    def offers(concern: Concern) -> bool:
        return tick == concern.key or plainly(tick) in map(plainly, concern.ticks)

    if procedure is None:
        return (tick,)
    return tuple(concern.key for concern in procedure.concerns if offers(concern)) or (tick,)


def plainly(tick: str) -> str:
    """A tick as compared: small letters, one way of joining its words."""
    return tick.strip().lower().replace("_", " ").replace("-", " ")


def worker_may_be_meant(plain: str, lexicon: Lexicon) -> bool:
    """Whether somebody who works with children is spoken of, or a "he" or "she" whom nothing makes somebody else."""
    if lexicon.speaks_of("worker", plain):
        return True
    return lexicon.speaks_of("he_or_she", plain) and not lexicon.speaks_of("peer", plain)


def can_be_read(text: str, plain: str, lexicon: Lexicon) -> bool:
    """Whether the screen's words could be found in this text at all: Latin letters, and English enough."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 3:
        return False
    if not text.isascii():
        latin = sum(1 for c in letters if c.isascii() or unicodedata.name(c, "").startswith("LATIN"))
        if latin < 0.8 * len(letters):
            return False
    words = [word for word in plain.split(" ") if word != "."]
    english = sum(word in lexicon.english for word in words)
    if len(words) < 6:
        return 2 * english >= len(words) or any(len(word) > 3 and lexicon.knows(word) for word in words)
    return english >= 0.22 * len(words)
