"""The stages of a procedure as a picture (DOT, and SVG where graphviz is installed) and as an ordered list.

For whoever writes or reads a procedure: `heard policy diagram`, and the portal's policy page.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from heard.procedure import Procedure, Stage


def as_dot(procedure: Procedure) -> str:
    """The ways in, the stages and the ways between them, as text for graphviz."""
    nodes = [f"  {_q(stage.key)} [label={_q(_label(stage))}{', peripheries=2' if stage.final else ''}];"
             for stage in procedure.stages]  # fmt: skip
    edges = [f"  {_q(start)} -> {_q(end)} [label={_q(why)}{style}];" for start, end, why, style in _edges(procedure)]
    return "\n".join([
        f"digraph {_q(procedure.key)} {{", f"  label={_q(procedure.name)}; labelloc=t; rankdir=TB;",
        '  node [shape=box, style=rounded, fontname="Arial"]; edge [fontname="Arial", fontsize=10];',
        *nodes, *edges, "}", "",
    ])  # fmt: skip


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
        for start, end, why, _ in _edges(procedure):
            if start == stage.key:
                said.append(f"   then {end}: {why}")
    return said


def _label(stage: Stage) -> str:
    answer = next((duty for duty in stage.duties if "responded" in duty.clock.met_by and duty.clock.within), None)
    return f"{stage.name}\nanswer within {answer.clock.within}" if answer else stage.name


def _edges(procedure: Procedure) -> Iterator[tuple[str, str, str, str]]:
    for way in procedure.ways_in:
        if way.starts_at:
            yield "received", way.starts_at, _words(way.says or way.key), ", style=dotted"
        if way.passes_to:
            yield "received", way.passes_to, _words(way.says or way.key), ", style=dotted"
    for stage in procedure.stages:
        for on in stage.ways_on:
            window = f", within {on.clock.within}" if on.clock.within else ""
            yield stage.key, on.to, f"asked by {_words(' or '.join(on.asked_by))}{window}", ""
        for decision in stage.decisions:
            for answer in decision.answers:
                if answer.moves_to:
                    yield stage.key, answer.moves_to, f"{decision.asks} {_words(answer.key)}", ", style=dashed"


def _when(within: object, promptly: str | None) -> str:
    return f"within {within}" if within else _words(promptly or "")


def _words(key: str) -> str:
    return key.replace("_", " ")


def _q(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
