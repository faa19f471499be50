"""What `heard policy check` says of a procedure: each remark for its reason, and none without."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from heard.lint import Remark, lint
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults, read_procedure
from heard.registry import load_procedures
from tests.heard.samples import ADOPTS, HEAD, STAGES, WHOLE, written

TODAY = date(2026, 6, 1)

SOUND = (
    WHOLE.replace(
        "  [[stages.ways_on]]",
        """  [[stages.duties]]
  key = "acknowledge"
  says = "Acknowledge it"
  to = ["complainant"]
  within = { working_days = 2 }
  after = "stage_opened"
  met_by = "acknowledged"
  clause = "HH-3"
  [[stages.ways_on]]""",
        1,
    )
    + """
[[adopts]]
procedure = "data_protection"
[[notification_rules]]
key = "breach_to_lead"
concern = ["personal_data_breach"]
tell = ["designated_safeguarding_lead"]
promptly = "immediately"
clause = "HH-2"
[[duties]]
key = "advocate"
says = "Offer an advocate"
to = ["young_person"]
within = { working_days = 2 }
after = "received"
met_by = "advocate_offered"
source = "house default"
[[duties]]
key = "learn"
says = "Say what was learned"
before = "closed"
met_by = "learning_reviewed"
source = "house default"
"""
)


def remarks(folder: Path, text: str, baseline: Procedure | None = None) -> list[Remark]:
    return list(lint(read_procedure(written(folder, text)), today=TODAY, baseline=baseline))


def said(found: list[Remark], severity: str) -> str:
    return "\n".join(remark.sentence for remark in found if remark.severity == severity)


def test_a_sound_procedure_draws_no_remark(tmp_path: Path) -> None:
    assert remarks(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        (
            WHOLE.replace('key = "designated_safeguarding_lead"', 'key = "dsl"').replace(ADOPTS, ""),
            "broken",
            "would be called",
        ),
        (WHOLE.replace('stands_in = ["owner"]\n', ""), "weaker", "Nobody stands in for Safeguarding lead"),
        (HEAD + STAGES, "weaker", "No adopted law tells the LADO within one working day"),
        (HEAD + STAGES, "weaker", "(complaints to controllers): it binds everybody, and is not adopted"),
        (
            WHOLE.replace('["lado_threshold", "immediate_danger", ', '["lado_threshold", '),
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


WAY_ON = """  [[stages.ways_on]]
  to = "second"
  asked_by = ["complainant"]
  within = { working_days = 20 }
  after = "response_received"
"""
PANEL = """
  [[stages.duties]]
  key = "meet"
  says = "The panel meets"
  within = { working_days = 5 }
  after = "stage_opened"
  met_by = "panel_met"
  clause = "HH-4"
  [[stages.duties]]
  key = "invite"
  says = "Invite everybody"
  to = ["complainant"]
  at_least = { working_days = 10 }
  before = "panel_date"
  clause = "HH-4"
"""
SEATS = '  [stages.panel]\n  members = { exactly = 2, role = "somebody_outside" }\n  clause = "HH-4"\n'
ROUND = (
    SOUND.replace("final = true\n", "")
    .replace('  handles = ["owner", "somebody_outside"]\n', '  handles = ["owner", "somebody_outside"]\n' + WAY_ON)
    .replace('to = "second"\n  asked_by', 'to = "first"\n  back = true\n  asked_by', 2)
    .replace('to = "first"\n  back = true\n', 'to = "second"\n', 1)
)
OWN_RULE = """
[[notification_rules]]
key = "own_lado"
says = "Tell the LADO"
concern = ["lado_threshold"]
tell = ["lado"]
within = { working_days = 3 }
clause = "HH-2"
"""
FIRST_DUTY = '  [[stages.duties]]\n  key = "respond"'
TEN = '  within = { working_days = 10 }\n  after = "stage_opened"\n  met_by = "responded"\n'
AGAIN = FIRST_DUTY.replace("respond", "answer") + '\n  says = "Answer"\n' + TEN.replace("10", "15")
INSTEAD = '  [[stages.instead]]\n  only_if = { about_role = ["owner"] }\n  handles = ["owner", "somebody_outside"]\n'


@pytest.mark.parametrize(
    ("text", "severity", "words", "remedy"),
    [
        (ROUND, "broken", "From Second look every way leads back", "final = true"),
        (
            SOUND + "".join(
                f'[[stages]]\nkey = "{one}"\nname = "{one.title()}"\nclause = "HH-4"\n'
                f'  [[stages.ways_on]]\n  to = "{other}"\n  asked_by = ["complainant"]\n'
                for one, other in (("lost", "astray"), ("astray", "second"))
            ),
            "weaker", "Nothing leads to Astray", 'to = "astray"',
        ),
        (
            SOUND.replace(TEN, TEN.replace('  after = "stage_opened"\n', "")),
            "broken", "`respond` says how long and not from when", 'after = "stage_opened"',
        ),
        (
            SOUND.replace(WAY_ON, WAY_ON.replace("20", "5").replace("response_received", "stage_opened")),
            "weaker", "(5 working days) can be over before `respond` is due (10 working days)", "response_received",
        ),
        (
            SOUND.replace(WAY_ON, WAY_ON.replace('  after = "response_received"\n', "")),
            "weaker", "the time to ask for Second look says how long and not from when", "response_received",
        ),
        (
            SOUND.replace(WAY_ON, WAY_ON + "  remind = { calendar_days = 30 }\n"),
            "weaker", "the reminder (30 calendar days) is as long as the time it reminds of", "shorter",
        ),
        (
            SOUND.replace(TEN, TEN + "  extension = { to = { working_days = 5 } }\n"),
            "weaker", "`respond` can be made longer to 5 working days, which is shorter", "`by`",
        ),
        (
            SOUND.replace(STAGES[-40:], STAGES[-40:] + PANEL), "weaker", "`meet` waits for a panel", "[stages.panel]",
        ),
        (
            SOUND.replace(STAGES[-40:], STAGES[-40:] + SEATS + PANEL),
            "weaker", "`invite` needs 10 working days before the panel, which must meet within 5", "notice",
        ),
        (
            SOUND.replace('if_nobody = ["somebody_outside"]', 'if_nobody = ["owner"]').replace(
                FIRST_DUTY, INSTEAD.replace('"owner", "somebody_outside"', '"owner"') + FIRST_DUTY
            ),
            "broken", "First answer: who handles can be the person it is about", "outside = true",
        ),
        (
            SOUND.replace(FIRST_DUTY, INSTEAD + FIRST_DUTY),
            "weaker", "of a complaint about Owner, handling it falls to Owner first", "Take `owner` off",
        ),
        (
            SOUND.replace(
                "[[ways_in]]",
                '[[ways_in]]\nkey = "about_manager"\nonly_if = { about_role = ["manager"] }\nstarts_at = "first"\n'
                'clause = "HH-3"\n[[ways_in]]',
            ),
            "weaker", "leads what is said about Manager to First answer, where they stand first", "[[stages.instead]]",
        ),
        (
            SOUND.replace(FIRST_DUTY, AGAIN + '  clause = "HH-3"\n' + FIRST_DUTY),
            "weaker", "`answer` takes 15 working days, `respond` 10 working days, for the same act", "`reading`",
        ),
        (
            SOUND.replace(TEN, TEN.replace("working", "calendar")),
            "note", "`respond` counts 10 calendar days, and nothing says", "[counting]",
        ),
        (
            SOUND.replace("verified_on = 2026-11-01", "verified_on = 2024-05-01"),
            "note", "LADO: last checked on 1 May 2024", "verified_on",
        ),
        (SOUND + OWN_RULE, "weaker", "`own_lado` takes 3 working days; the law allows 1 working day", "earlier one"),
        (
            SOUND.replace('kind = "children\'s home"', 'kind = "children\'s home"\nregulations = ["SI 2015/541"]'),
            "weaker", "it binds whoever is registered under SI 2015/541", "Adopt `childrens_homes_2015`",
        ),
        (SOUND.replace("advocate_offered", "told"), "weaker", "a young person is offered an advocate", "house default"),
    ],
)  # fmt: skip
def test_what_is_found_says_what_to_do_about_it(
    tmp_path: Path, text: str, severity: str, words: str, remedy: str
) -> None:
    found = [one for one in remarks(tmp_path, text) if one.severity == severity and words in one.sentence]
    assert len(found) == 1 and remedy in found[0].remedy
    assert remarks(tmp_path, SOUND) == []


def test_what_the_code_allows_is_a_flag_with_its_source_and_never_a_block(tmp_path: Path) -> None:
    formal = SOUND.replace('name = "First answer"', 'name = "First answer"\nformal = true')
    longer = formal.replace(TEN, TEN.replace("10", "16") + "  extension = { without_cap = true }\n")
    found = remarks(tmp_path, longer)
    assert "`respond` takes 16 working days; the Ombudsman's code allows 15 working days" in said(found, "weaker")
    assert "`respond` can be made longer without an end; the Ombudsman's code allows 10" in said(found, "weaker")
    assert all("Complaint Handling Code" in one.source for one in found)
    assert said(found, "broken") == ""
    counted_from_acknowledging = formal.replace(TEN, TEN.replace("10", "11").replace("stage_opened", "acknowledged"))
    assert "the Ombudsman's code allows 10 working days" in said(
        remarks(tmp_path, counted_from_acknowledging), "weaker"
    )
    assert remarks(tmp_path, formal.replace(TEN, TEN.replace("10", "15"))) == []


def test_a_time_bar_and_a_panel_are_held_against_the_statutory_ones(tmp_path: Path) -> None:
    text = SOUND.replace(
        'starts_at = "first"\n', 'starts_at = "first"\nwithin = { months = 6 }\nafter = "matter_noticed"\n'
    )
    text = text.replace('name = "First answer"', 'name = "First answer"\nformal = true')
    text += '[[stages]]\nkey = "panel"\nname = "Panel"\nformal = true\nfinal = true\nclause = "HH-4"\n' + SEATS
    text = text.replace("final = true\n", "formal = true\n", 1).replace(
        '  handles = ["owner", "somebody_outside"]\n',
        '  handles = ["owner", "somebody_outside"]\n' + WAY_ON.replace("second", "panel") + '  clause = "HH-4"\n',
    )
    found = said(remarks(tmp_path, text, load_procedures().get("children_act")), "weaker")
    assert "`everything` bars what is older than 6 months; the statutory time is 1 year" in found
    assert "`everything` has a time bar, and no reason lets anybody past it" in found
    assert "Panel: 2 sit on the panel; the statutory one has 3" in found


def test_a_count_of_days_without_a_name_cannot_be_read_and_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ProcedureFaults) as caught:
        read_procedure(written(tmp_path, SOUND.replace("working_days = 10", "days = 10")))
    (fault,) = caught.value.faults
    assert "must say which days it counts" in fault.sentence and "`reading`" in fault.remedy


def test_a_role_that_nobody_defined_cannot_be_read_and_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ProcedureFaults) as caught:
        read_procedure(written(tmp_path, SOUND.replace('handles = ["owner"', 'handles = ["ownr"')))
    (fault,) = caught.value.faults
    assert (fault.key, fault.remedy) == ("handles", "Write `owner`.")


def test_a_clause_that_disagrees_with_itself_is_quiet_once_its_reading_is_named(tmp_path: Path) -> None:
    text = SOUND.replace(FIRST_DUTY, AGAIN + '  clause = "HH-3"\n  reading = "A-HH-1"\n' + FIRST_DUTY)
    assert "for the same act" not in said(remarks(tmp_path, text), "weaker")


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
    text = SOUND.replace('key = "everything"\n', 'key = "everything"\npasses_to = "children_act"\n')
    procedure = read_procedure(written(tmp_path, text))
    assert "passes on to 'children_act'" in said(list(lint(procedure, today=TODAY)), "weaker")
    assert list(lint(procedure, today=TODAY, installed=["children_act"])) == []


def test_ioi_support_s_weaknesses_are_the_known_ones() -> None:
    registry = load_procedures()
    found = list(lint(registry.get("ioi_support"), today=TODAY, baseline=registry.get("children_act")))
    assert said(found, "broken") == ""
    weaker = said(found, "weaker").splitlines()
    assert len(weaker) == 4
    assert any("learned from what was upheld" in one for one in weaker)
    assert any("holds 3 roles" in one for one in weaker)
    assert "`complaint_file` keeps it 10 years; the law asks for 15 years" in said(found, "note")
    assert any("28 working days; the statutory procedure allows 25" in one for one in weaker)
    assert any("Stage 3: Review Panel" in one and "already judged Stage 1" in one for one in weaker)
