"""Procedures of providers that do not exist, for the tests of the language: whole ones, and pieces to break."""

from __future__ import annotations

from pathlib import Path

HEAD = """
language = 1
[provider]
key = "harbour_house"
name = "Harbour House"
kind = "children's home"
[document]
title = "Complaints"
source = "an invented document"
dated = 2026-01-05
in_force_from = 2026-02-01
clauses = "HH"
[conflicts]
if_nobody = ["somebody_outside"]
clause = "HH-1"
[[roles]]
key = "manager"
name = "Manager"
clause = "HH-1"
[[roles]]
key = "owner"
name = "Owner"
clause = "HH-1"
[[roles]]
key = "designated_safeguarding_lead"
name = "Safeguarding lead"
stands_in = ["owner"]
clause = "HH-2"
[[roles]]
key = "somebody_outside"
name = "Somebody from outside"
outside = true
clause = "HH-1"
[[contacts]]
key = "lado"
is = "lado"
name = "LADO"
email = "lado@example.org"
verified_on = 2026-11-01
offered = "any_time"
clause = "HH-2"
[[contacts]]
key = "police"
is = "police"
name = "Police"
phones = [{ number = "999" }]
verified_on = 2026-11-01
clause = "HH-2"
"""

STAGES = """
[[ways_in]]
key = "everything"
starts_at = "first"
clause = "HH-3"
[[stages]]
key = "first"
name = "First answer"
clause = "HH-3"
  [stages.people]
  handles = ["manager", "somebody_outside"]
  [[stages.duties]]
  key = "respond"
  says = "Answer"
  to = ["complainant"]
  within = { working_days = 10 }
  after = "stage_opened"
  met_by = "responded"
  clause = "HH-3"
  [[stages.ways_on]]
  to = "second"
  asked_by = ["complainant"]
  within = { working_days = 20 }
  after = "response_received"
  clause = "HH-4"
[[stages]]
key = "second"
name = "Second look"
final = true
clause = "HH-4"
  [stages.people]
  handles = ["owner", "somebody_outside"]
"""

ADOPTS = """
[[adopts]]
procedure = "working_together"
[[notification_rules]]
key = "lead"
concern = ["lado_threshold", "immediate_danger", "child_sexual_abuse", "fgm", "forced_marriage_or_cutting",
           "radicalisation", "low_level_concern", "pattern_of_concerns", "worker_removed_for_harm"]
tell = ["designated_safeguarding_lead"]
promptly = "immediately"
clause = "HH-2"
"""

SMALL = """
language = 1
[provider]
key = "small"
name = "Small"
kind = "children's home"
[document]
title = "Small"
source = "invented"
in_force_from = 2026-01-01
"""
"""The beginning of a procedure of which a test writes what it is about, and nothing else."""
ONE_STAGE = """
[[roles]]
key = "manager"
name = "Manager"
[[milestones]]
key = "plan_sent"
says = "The plan was sent"
[[ways_in]]
key = "all"
starts_at = "only"
[[stages]]
key = "only"
name = "Only stage"
  [stages.people]
  handles = ["manager"]
"""
"""What it needs beside that: one stage, that somebody handles; duties may follow."""
WHOLE = HEAD + STAGES + ADOPTS


def written(folder: Path, text: str = WHOLE, name: str = "procedure.toml") -> Path:
    """The text as a file in that folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, piece: str) -> int:
    """The line on which the first occurrence of that piece begins."""
    return text[: text.index(piece)].count("\n") + 1
