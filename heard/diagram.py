"""The stages of a procedure as a picture (DOT, and SVG where graphviz is installed) and as an ordered list.

For whoever writes or reads a procedure: `heard policy diagram`, and the portal's policy page.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from textwrap import wrap

from heard.checks.measures import governing
from heard.checks.times import length_of
from heard.procedure import Procedure, Stage

PAGE = "7.3,10.2"  # inches: what an A4 page leaves between its margins
STAGE_WIDTH, WAY_WIDTH = 30, 24  # letters a line, so that a page holds it in letters one can read
CLOSED, SECOND = "closed", "second case: "

Way = tuple[str, str, str]
"""From where, to where, and why."""


def as_dot(procedure: Procedure) -> str:
    """The ways in, the stages and the ways between them, as text for graphviz, laid out for an A4 page."""
    stages = {stage.key for stage in procedure.stages}
    nodes = [_node(stage.key, _label(procedure, stage), f"{'peripheries=2, ' if stage.final else ''}penwidth=1.5")
             for stage in procedure.stages]  # fmt: skip
    ways = _together([*_edges(procedure), *_outside(procedure)])
    begins = dict.fromkeys(start for start, _, _ in ways if start not in stages)
    nodes += [_node(start, _wrapped(_begun(procedure, start), STAGE_WIDTH), "shape=ellipse") for start in begins]
    ends = dict.fromkeys(end for _, end, _ in ways if end not in stages)
    nodes += [_node(end, _wrapped(_called(procedure, end), STAGE_WIDTH), 'style="rounded,dashed"') for end in ends]
    edges = [f"  {_q(start)} -> {_q(end)} [label={_left(_listed(why))}{_drawn(start, end, procedure)}];"
             for start, end, why in ways]  # fmt: skip
    return "\n".join([
        f"digraph {_q(procedure.key)} {{",
        f'  label={_q(_wrapped(procedure.name, 60))}; labelloc=t; fontname="Arial"; fontsize=18; rankdir=TB;',
        f"  size={_q(PAGE)}; margin=0.1; nodesep=0.3; ranksep=0.45;",
        '  node [shape=box, style=rounded, fontname="Arial", fontsize=14];',
        '  edge [fontname="Arial", fontsize=12];',
        *nodes, *edges, "}", "",
    ])  # fmt: skip


def _node(key: str, label: str, style: str) -> str:
    return f"  {_q(key)} [label={_q(label)}, {style}];"


def _together(edges: Iterable[Way]) -> list[tuple[str, str, list[str]]]:
    """Ways between the same two places drawn as one arrow, with each of its reasons."""
    found: dict[tuple[str, str], list[str]] = {}
    for start, end, why in edges:
        found.setdefault((start, end), []).append(why)
    return [(start, end, why) for (start, end), why in found.items()]


def _listed(why: list[str]) -> str:
    """The reasons of one arrow, each wrapped; of several, each begins with a dash."""
    reasons = [*dict.fromkeys(why)]
    said = [wrap(one if len(reasons) == 1 else f"– {one}", WAY_WIDTH) for one in reasons]
    return "".join(f"  {line}  \n" for lines in said for line in lines)


def _drawn(start: str, end: str, procedure: Procedure) -> str:
    """The way of a complaint from stage to stage is a thick line, which keeps the stages below each other."""
    stages = {stage.key for stage in procedure.stages}
    return ", penwidth=1.8, weight=8" if start in stages and end in stages else ", style=dashed"


def _begun(procedure: Procedure, start: str) -> str:
    """Where a way begins that begins in no stage."""
    second = next((one for one in procedure.linked_cases if f"{SECOND}{one.key}" == start), None)
    return f"A second case: {second.name}" if second else "A report comes in"


def _called(procedure: Procedure, key: str) -> str:
    """The name of a place outside the stages."""
    known = {contact.key: contact.name for contact in procedure.contacts} | {CLOSED: "Closed"}
    known |= {role.key: role.name for role in procedure.roles}
    return known.get(key, f"the {_words(key)}")


def _outside(procedure: Procedure) -> Iterator[Way]:
    """Who outside can be asked after a stage."""
    for contact in procedure.contacts:
        if contact.offered and contact.offered.after_stage:
            yield contact.offered.after_stage, contact.key, "after that"


def _wrapped(text: str, width: int) -> str:
    return "\n".join(wrap(text, width)) or text


def as_svg(procedure: Procedure) -> str | None:
    """The picture as SVG, or None where graphviz is not installed."""
    dot = shutil.which("dot")
    if dot is None:
        return None
    text = as_dot(procedure)
    return subprocess.run([dot, "-Tsvg"], input=text, capture_output=True, text=True, check=True, timeout=30).stdout


def as_list(procedure: Procedure) -> list[str]:
    """The same in words, in order: each stage, what is owed in it, and where it can lead."""
    said = []
    for number, stage in enumerate(procedure.stages, 1):
        said.append(f"{number}. {stage.name}{' (the last)' if stage.final else ''}")
        said += [f"   {duty.says or duty.key}: {_when(duty.clock.within, duty.clock.promptly)}".rstrip(": ")
                 for duty in stage.duties if duty.clock.strength != "comparison"]  # fmt: skip
        for start, end, why in _edges(procedure):
            if start == stage.key:
                said.append(f"   then {end}: {why}")
    return said


def _label(procedure: Procedure, stage: Stage) -> str:
    name = _wrapped(stage.name, STAGE_WIDTH)
    answers = governing(procedure, stage, "responded")
    return "\n".join([name, *(_wrapped(f"answer within {_words(str(length_of(stage, one)))}", STAGE_WIDTH)
                              for one in answers)])  # fmt: skip


def _edges(procedure: Procedure) -> Iterator[Way]:
    for way in procedure.ways_in:
        if way.starts_at:
            yield "received", way.starts_at, _words(way.says or way.key)
        if way.passes_to:
            yield "received", way.passes_to, _words(way.says or way.key)
    for second in procedure.linked_cases:
        if second.starts_at:
            yield f"{SECOND}{second.key}", second.starts_at, "it begins"
    for stage in procedure.stages:
        for on in stage.ways_on:
            window = f", within {_words(str(on.clock.within))}" if on.clock.within else ""
            yield stage.key, on.to, f"asked by {_words(' or '.join(on.asked_by))}{window}"
        for decision in stage.decisions:
            for answer in decision.answers:
                if answer.moves_to:
                    yield stage.key, answer.moves_to, f"{decision.asks} {answer.says or _words(answer.key)}"


def _when(within: object, promptly: str | None) -> str:
    return f"within {within}" if within else _words(promptly or "")


def _words(key: str) -> str:
    return key.replace("_", " ")


def _left(text: str) -> str:
    """Quoted, with each line beginning where the others do."""
    return _q(text).replace("\\n", "\\l")


def _q(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
