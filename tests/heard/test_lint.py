"""What `heard policy check` says of a procedure: each remark for its reason, and none without."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from heard.lint import Remark, lint
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.registry import load_procedures
from tests.heard.samples import ADOPTS, HEAD, STAGES, WHOLE, written

TODAY = date(2026, 6, 1)


def remarks(folder: Path, text: str, baseline: Procedure | None = None) -> list[Remark]:
    return list(lint(read_procedure(written(folder, text)), today=TODAY, baseline=baseline))


def said(found: list[Remark], severity: str) -> str:
    return "\n".join(remark.sentence for remark in found if remark.severity == severity)


def test_a_sound_procedure_draws_no_remark(tmp_path: Path) -> None:
    assert remarks(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        (
            WHOLE.replace('key = "designated_safeguarding_lead"', 'key = "dsl"').replace(ADOPTS, ""),
            "broken",
            "would be called",
        ),
        (WHOLE.replace('stands_in = ["owner"]\n', ""), "weaker", "Nobody stands in for Safeguarding lead"),
        (HEAD + STAGES, "weaker", "adopt `working_together`"),
        (
            WHOLE.replace('["lado_threshold", "immediate_danger"]', '["lado_threshold"]'),
            "weaker",
            "`immediate_danger` is told outside, but the safeguarding lead is not called",
        ),
        (
            WHOLE + '[[concerns]]\nkey = "worry"\nsays = "A worry"\nclause = "HH-2"\n',
            "weaker",
            "Nobody is told of `worry`",
        ),
        (
            WHOLE.replace('promptly = "immediately"', 'promptly = "immediately"\npauses = true'),
            "broken",
            "`lead` pauses",
        ),
        (
            WHOLE.replace('starts_at = "first"', 'starts_at = "first"\nonly_if = { kind = ["complaint"] }'),
            "broken",
            "nowhere to go",
        ),
        (WHOLE.replace("final = true\n", ""), "broken", "Second look has no way out"),
        (
            WHOLE + '[[stages]]\nkey = "lost"\nname = "Lost"\nfinal = true\nclause = "HH-4"\n',
            "weaker",
            "Nothing leads to Lost",
        ),
        (
            WHOLE.replace(
                'name = "Second look"\nfinal = true\nclause = "HH-4"\n',
                'name = "Second look"\nfinal = true\nclause = "HH-4"\n[[stages.duties]]\nkey = "answer"\nsays = "A"\n'
                'within = { working_days = 5 }\nafter = "received"\nclause = "HH-4"\n',
            ),
            "weaker",
            "`answer` counts from receipt",
        ),
        (
            WHOLE.replace('if_nobody = ["somebody_outside"]', 'if_nobody = ["owner"]').replace(
                '["owner", "somebody_outside"]', '["owner"]'
            ),
            "broken",
            "Second look: who handles can be the person",
        ),
        (
            WHOLE.replace('["owner", "somebody_outside"]', '["manager", "somebody_outside"]'),
            "weaker",
            "already judged First answer",
        ),
        (
            WHOLE.replace('name = "Manager"', 'name = "Manager"\nnamed = "Rowan Vale"').replace(
                'name = "Owner"', 'name = "Owner"\nnamed = "Rowan Vale"'
            ),
            "weaker",
            "Rowan Vale holds 2 roles (Manager, Owner)",
        ),
        (
            WHOLE.replace('name = "Manager"', 'name = "Manager"\nmust_be_filled = true'),
            "note",
            "Manager must be filled",
        ),
        (WHOLE.replace('met_by = "responded"\n  clause = "HH-3"', 'met_by = "responded"'), "weaker", "cites no clause"),
        (WHOLE.replace("  within = { working_days = 10 }\n", ""), "broken", "`respond` never falls due"),
        (
            WHOLE.replace('email = "lado@example.org"\n', ""),
            "missing",
            "LADO cannot be reached, and a rule must tell them",
        ),
        (
            WHOLE.replace('email = "lado@example.org"\n', 'email = "lado@example.org"\nmissing = ["number: blank"]\n'),
            "missing",
            "LADO: number: blank",
        ),
        (WHOLE.replace("verified_on = 2026-11-01\n", "", 1), "note", "nobody has checked yet"),
        (WHOLE.replace('clause = "HH-4"', 'clause = "HH-6"'), "weaker", "HH-4 is kept by no rule"),
        (WHOLE.replace("dated = 2026-01-05\n", ""), "note", "bears no date"),
        (
            WHOLE
            + '[[standing_duties]]\nkey = "review"\nsays = "Review"\nevery = { years = 1 }\nafter = "policy_reviewed"\n'
            'first_from = 2024-01-05\nclause = "HH-4"\n',
            "weaker",
            "review is overdue: it was due 1 year after 2024-01-05",
        ),
        (
            WHOLE.replace(
                "[[ways_in]]",
                '[words]\ncomplainants = ["parent"]\nclause = "HH-1"\n[[ways_in]]\nkey = "staff"\n'
                'only_if = { complainant = ["staff"] }\nstarts_at = "first"\nclause = "HH-3"\n[[ways_in]]',
            ),
            "weaker",
            "asks for complainant 'staff', which no form offers",
        ),
    ],
)
def test_what_is_broken_weaker_or_missing_is_said_in_a_sentence(
    tmp_path: Path, text: str, severity: str, words: str
) -> None:
    assert words in said(remarks(tmp_path, text), severity)


def test_an_answer_later_and_a_window_shorter_than_the_statutory_ones_are_shown_beside_them(tmp_path: Path) -> None:
    text = WHOLE.replace('name = "First answer"', 'name = "First answer"\nformal = true').replace(
        "days = 10", "days = 12"
    )
    found = remarks(
        tmp_path, text.replace("working_days = 20", "working_days = 5"), load_procedures().get("children_act")
    )
    assert "`respond` takes 12 working days; the statutory procedure allows 10 working days" in said(found, "weaker")
    assert "the window to go on is 5 working days; the statutory one is 20 working days" in said(found, "weaker")


def test_a_report_is_passed_on_only_to_somebody_who_is_there(tmp_path: Path) -> None:
    text = WHOLE.replace('key = "everything"\n', 'key = "everything"\npasses_to = "children_act"\n')
    procedure = read_procedure(written(tmp_path, text))
    assert "passes on to 'children_act'" in said(list(lint(procedure, today=TODAY)), "weaker")
    assert list(lint(procedure, today=TODAY, installed=["children_act"])) == []


def test_ioi_support_s_weaknesses_are_the_known_ones() -> None:
    registry = load_procedures()
    found = list(lint(registry.get("ioi_support"), today=TODAY, baseline=registry.get("children_act")))
    assert said(found, "broken") == ""
    weaker = said(found, "weaker").splitlines()
    assert len(weaker) == 3
    assert any("holds 3 roles" in one for one in weaker)
    assert any("28 working days; the statutory procedure allows 25" in one for one in weaker)
    assert any("Stage 3: Review Panel" in one and "already judged Stage 1" in one for one in weaker)
