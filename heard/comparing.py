"""Two procedures side by side, in a manager's words: stages, times, windows, people, safeguarding, and what one lacks.

For a group that runs homes under several procedures, and for whoever writes the next one. Stages are laid beside each
other by what they are (before a formal complaint, the first formal stage, ...), duties by the act that meets them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from heard.calendar import Calendars, PastKnownYears
from heard.checks.measures import own_stages
from heard.checks.ways import reachable
from heard.clock import reckon
from heard.derivation import SINCE, Due
from heard.instants import LONDON
from heard.plan import Line, plan_of
from heard.procedure import Duty, NotificationRule, Panel, Procedure, Rule, Stage, WayOn
from heard.timeline import imagined
from heard.vocabulary import PART_NAMES

NOTHING = "nothing"
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")
ACTS = {
    "acknowledged": "Acknowledging it", "responded": "The answer", "recorded": "Writing it down",
    "advocate_offered": "Offering an advocate", "panel_met": "The panel meets", "interview_held": "Hearing both sides",
    "learning_reviewed": "What was learned", "copied_to_folder": "A copy for the file",
    "first_answered": "A first answer", "progress_told": "Saying how it goes", "action_done": "Doing what was promised",
    "record_agreed": "Agreeing what was written down", "consent_answered": "Asking for consent",
}  # fmt: skip
"""Acts in a manager's words; another is called as its duty says it."""
MOMENTS = {
    "response_received": "when the answer reached them", "matter_noticed": "when the matter was noticed",
    "closed": "when it was closed", "born": "birth", "named": "when they were named", "panel_met": "the panel",
}  # fmt: skip
"""What a time counts from, beside what a case's own derivations name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in both procedures: a line for each way in which it is promised, none where it is not."""

    what: str
    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def only_in(self) -> str | None:
        """`first` or `second` when the other has nothing of it."""
        return None if self.first and self.second else "first" if self.first else "second"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


Said = dict[str, list[str]]
"""What one procedure says, by what it is about, in order."""


def compare(first: Procedure, second: Procedure, received: datetime | None = None) -> tuple[Section, ...]:
    """The two side by side. With `received`, each time is worked out for a stage that begins then."""
    sections = [_section("Whose they are", _who_they_are, first, second)]
    stages = [_by_sort(one) for one in (first, second)]
    for sort in dict.fromkeys([*stages[0], *stages[1]]):
        said = [_stage(p, one[sort], received) if sort in one else {}
                for p, one in ((first, stages[0]), (second, stages[1]))]  # fmt: skip
        sections.append(Section(sort, _rows(*said)))
    about: list[tuple[str, Callable[[Procedure], Said]]] = [
        ("Throughout the case", _whole_case), ("Safeguarding: who is told, by when", _told),
        ("When it is put on hold", _held), ("Nobody looks into what is said of them", _conflicts),
        ("Who outside can be asked", _outside), ("What is kept, and what is reported", _kept),
    ]  # fmt: skip
    return tuple([*sections, *(_section(title, say, first, second) for title, say in about)])


def _section(title: str, say: Callable[[Procedure], Said], first: Procedure, second: Procedure) -> Section:
    return Section(title, _rows(say(first), say(second)))


def _rows(first: Said, second: Said) -> tuple[Row, ...]:
    return tuple(Row(what, tuple(first.get(what, ())), tuple(second.get(what, ())))
                 for what in dict.fromkeys([*first, *second]) if first.get(what) or second.get(what))  # fmt: skip


def _by_sort(p: Procedure) -> dict[str, Stage]:
    """The stages by what they are in the way of a complaint."""
    formal, reached = own_stages(p), reachable(p, linked=False)
    before = [stage for stage in p.stages if stage not in formal and stage.key in reached]
    others = [stage for stage in p.stages if stage.key not in reached]
    sorts = [("Before a formal complaint: nothing is decided", [one for one in before if not one.settles]),
             ("Before a formal complaint", [one for one in before if one.settles])]  # fmt: skip
    found = {
        title if n == 0 else f"{title} ({n + 1})": stage for title, these in sorts for n, stage in enumerate(these)
    }
    found |= {
        f"{ORDINALS[n]} formal stage" if n < len(ORDINALS) else stage.name: stage for n, stage in enumerate(formal)
    }
    return found | {f"In a second case: {stage.name}": stage for stage in others}


# ---------------------------------------------------------------- a stage


def _stage(p: Procedure, stage: Stage, received: datetime | None) -> Said:
    said: Said = {"What it is called": [_cited(stage.name, stage)]}
    for part, ladder in stage.people.items():
        said[PART_NAMES[part]] = [", then ".join(_name(p, word) for word in ladder)]
    if stage.panel:
        said["The panel"] = [_panel(p, stage.panel)]
    worked = _worked(p, stage, received) if received else {}
    lines = plan_of(p).stages[stage.key]
    for line in lines:
        if isinstance(line.rule, Duty):
            said.setdefault(_act(p, line.rule), []).append(
                _cited(f"{_time(p, line)}{worked.get(line.key, '')}", line.rule)
            )
    windows = {line.rule.to: line for line in lines if isinstance(line.rule, WayOn)}
    for way in stage.ways_on:
        to = "Going back" if way.back else "Going on to the next stage"
        when = (
            f"{_time(p, windows[way.to])}{worked.get(windows[way.to].key, '')}" if way.to in windows else "at any time"
        )
        who = " or ".join(_name(p, word) for word in way.asked_by)
        said.setdefault(to, []).append(_cited(f"{p.stage(way.to).name}: {who or 'anybody'}, {when}", way))
    for decision in stage.decisions:
        by = " or ".join(_name(p, word) for word in decision.by)
        said.setdefault("Questions that a person decides", []).append(_cited(f"{decision.asks} ({by})", decision))
    return said


def _worked(p: Procedure, stage: Stage, received: datetime) -> dict[str, str]:
    """When each time of the stage is over, had the stage begun then."""
    kind = "formal" if stage.formal else "informal"
    try:
        state = imagined(p, received, formality=kind, events=[(stage.key, received)])
        dues = reckon(state, Calendars.of(p), received)
    except PastKnownYears:
        return {}
    return {due.duty: f" [{_moment(due)}]" for due in dues if due.stage == stage.key and due.due is not None}


def _moment(due: Due) -> str:
    if isinstance(due.due, date) and not isinstance(due.due, datetime):
        skipped = [skip.why for skip in due.derivation.skipped if skip.why not in ("Saturday", "Sunday")]
        without = f", without {', '.join(skipped)}" if skipped else ""
        return f"{due.due:%a %-d %b %Y}{without}"
    return f"{due.due.astimezone(LONDON):%a %-d %b %Y %H:%M}" if due.due else ""


def _panel(p: Procedure, panel: Panel) -> str:
    members = panel.members
    number = f"{members.exactly} exactly" if members.exactly else f"at least {members.at_least}"
    chair = f"; led by {_name(p, panel.chair.role)}" if panel.chair else ""
    stricter = (
        f"; at least {members.of_which.at_least} of them {_name(p, members.of_which.role)}" if members.of_which else ""
    )
    return _cited(f"{number}: {_name(p, members.role)}{stricter}{chair}", panel)


# ---------------------------------------------------------------- the whole case


def _who_they_are(p: Procedure) -> Said:
    return {
        "Name": [p.name], "Document": [f"{p.document.title}, in force from {p.document.in_force_from:%-d %B %Y}"],
        "Kind": [p.provider.kind], "Registered under": [*p.provider.regulations],
        "Law that is adopted": sorted({*p.adopts} | {one.adopted_from for one in p.rules() if one.adopted_from}),
        "Sorts of message": [", ".join(_words(kind) for kind in p.words.kinds)],
        "Time within which one may complain": [
            _cited(f"{way.clock.within} {_since([*way.clock.after.events])}", way)
            for way in p.ways_in if way.clock.within and way.clock.after
        ],
    }  # fmt: skip


def _whole_case(p: Procedure) -> Said:
    said: Said = {}
    for line in plan_of(p).case:
        if isinstance(line.rule, Duty):
            said.setdefault(_act(p, line.rule), []).append(_cited(_time(p, line), line.rule))
    return said


def _told(p: Procedure) -> Said:
    said: Said = {}
    lines = {line.key: line for line in plan_of(p).case if isinstance(line.rule, NotificationRule)}
    for line in lines.values():
        rule = line.rule
        of = ", ".join(_words(one) for one in line.concerns) or "each case"
        for word in line.to:
            kinds = {contact.key: contact.is_ for contact in p.contacts}
            whom = _words(kinds.get(word, word)).capitalize().replace("Lado", "LADO").replace("Mash", "MASH")
            said.setdefault(whom, []).append(_cited(f"{_time(p, line)}: {of}", rule))
    return said


def _held(p: Procedure) -> Said:
    return {"On hold": [
        _cited(f"{one.says or _words(one.key)}: {'the whole case' if one.covers == 'case' else 'what it touches'}, "
               f"looked at again every {one.review_every}", one) for one in p.suspensions
    ]}  # fmt: skip


def _conflicts(p: Procedure) -> Said:
    return {
        "Never handle it": [", ".join(_words(one) for one in p.conflicts.never_handles)],
        "When nobody is left": [", then ".join(_name(p, word) for word in p.conflicts.if_nobody)],
    }


def _outside(p: Procedure) -> Said:
    said: Said = {}
    for contact in p.contacts:
        if contact.offered:
            after = contact.offered.after_stage
            when = f"after {p.stage(after).name}" if after else "at any time"
            said.setdefault(_words(contact.is_).capitalize(), []).append(_cited(f"{contact.name}, {when}", contact))
    return said


def _kept(p: Procedure) -> Said:
    said: Said = {}
    for one in p.retention:
        length = f"{one.keep.within} {_since([*one.clock.after.events]) if one.clock.after else ''}".strip()
        later = f", or until {_words(one.keep.or_until)} if that is later" if one.keep.or_until else ""
        said.setdefault(f"Kept: {one.what}", []).append(_cited(f"{length}{later}", one))
    for report in p.reports:
        often = f"every {report.clock.every}" if report.clock.every else "when asked for"
        said.setdefault("Reports", []).append(_cited(f"{report.says or _words(report.key)}: {often}", report))
    return said


# ---------------------------------------------------------------- words


def _act(p: Procedure, duty: Duty) -> str:
    """What a duty is called in the first column: its act, when others share it, else its own sentence."""
    first = next(iter(duty.clock.met_by), "")
    return ACTS.get(first) or next((one.says for one in p.milestones if one.key == first and one.says), "") or duty.says


def _time(p: Procedure, line: Line) -> str:
    """When it is due, in words: how long, from when, how much longer, and whether it waits."""
    clock = line.clock
    length = _words(line.within)
    if clock.same_day_as and line.rule and isinstance(line.rule, Duty) and line.rule.stage:
        length = f"the same day as: {p.duty(clock.same_day_as, line.rule.stage).says}"
    parts = [length, _since([*clock.after.events]) if clock.after and not clock.before else ""]
    late = clock.after.no_later_than if clock.after else None
    said = " ".join(part for part in parts if part)
    said += f", taken to begin {late.within} {_since([*late.after])} at the latest" if late else ""
    more = clock.extension
    if more:
        said += f"; longer{f' up to {more.to}' if more.to else f' by {more.by}' if more.by else ''}"
        said += f" if {' and '.join(_words(one) for one in more.needs)}" if more.needs else ""
    return said + {"aim": "; an aim", "comparison": "; shown beside only"}.get(clock.strength, "")


def _since(events: Iterable[str]) -> str:
    return "from " + " or ".join(SINCE.get(event) or MOMENTS.get(event) or _words(event) for event in events)


def _name(p: Procedure, word: str) -> str:
    known = {role.key: role.name for role in p.roles} | {contact.key: contact.name for contact in p.contacts}
    return known.get(word, f"the {_words(word)}")


def _cited(words: str, rule: Rule) -> str:
    by = ", ".join(rule.clause) or ("" if rule.source == "policy" else rule.source)
    return f"{words} ({by})" if by else words


def _words(key: str) -> str:
    """A key as words: `tell_third_parties.now` is "tell third parties: now"."""
    return re.sub(r"(?<=\w)\.(?=\w)", ": ", key).replace("_", " ")
