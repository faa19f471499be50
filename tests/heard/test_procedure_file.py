"""Reading a procedure: every shape of the language, and every fault said where it stands."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.procedure import Age, Condition, Procedure, Within
from heard.procedure_file import Fault, ProcedureFaults, read_content, read_procedure
from tests.heard.samples import ADOPTS, HEAD, STAGES, WHOLE, line_of, written


def read(folder: Path, more: str = "", whole: str = WHOLE) -> Procedure:
    return read_procedure(written(folder, whole + more))


def faults_of(folder: Path, text: str) -> list[Fault]:
    with pytest.raises(ProcedureFaults) as raised:
        read_procedure(written(folder, text))
    return raised.value.faults


def test_a_whole_procedure_is_read_in_the_order_of_its_file(tmp_path: Path) -> None:
    procedure = read(tmp_path)
    assert [stage.key for stage in procedure.stages] == ["first", "second"]
    assert [role.key for role in procedure.roles][:2] == ["manager", "owner"]
    assert procedure.stage("first").duty("respond").clock.within == Within(unit="working_days", amount=10)
    assert procedure.stage("first").duty("respond").stage == "first"
    assert procedure.stage("first").ways_on[0].key == "to_second"
    assert procedure.document.in_force_from == date(2026, 2, 1)


def test_the_version_changes_with_the_rules_and_not_with_a_comment(tmp_path: Path) -> None:
    version = read(tmp_path).version
    assert version.startswith("harbour_house@2026-02-01#")
    assert read(tmp_path, "\n# a remark\n").version == version
    assert read(tmp_path, whole=WHOLE.replace("working_days = 10", "working_days = 11")).version != version


def test_the_version_changes_when_an_adopted_law_does(tmp_path: Path) -> None:
    law = tmp_path / "law.toml"
    dates = "in_force_from = 2026-01-01\nchecked_on = 2026-01-02\n"
    text = 'language = 1\n[law]\nkey = "l"\ntitle = "A law"\ncites = "x"\n' + dates
    path = written(tmp_path, HEAD + STAGES + '[[adopts]]\nprocedure = "l"\n')
    law.write_text(text)
    before = read_procedure(path, laws={"l": law}).version
    law.write_text(text + '[[milestones]]\nkey = "told_all"\nsays = "All were told"\n')
    assert read_procedure(path, laws={"l": law}).version != before


def test_what_was_kept_of_a_procedure_reads_back_as_the_same(tmp_path: Path) -> None:
    procedure = read(tmp_path)
    assert read_content(procedure.content) == procedure


def test_adopted_law_is_added_beside_the_provider_s_own_rules_and_says_so(tmp_path: Path) -> None:
    procedure = read(
        tmp_path,
        '[[notification_rules]]\nkey = "lado"\nconcern = ["lado_threshold"]\ntell = ["lado"]\n'
        'promptly = "without_delay"\nclause = "HH-2"\n',
    )
    own, law = procedure.notification_rule("lado"), procedure.notification_rule("working_together.lado")
    assert (own.source, own.adopted_from) == ("policy", None)
    assert (law.source, law.adopted_from) == ("law", "working_together")
    assert str(law.clock.within) == "1 working day"
    assert law.clock.after and law.clock.after.events == ("first_known",)


def test_a_concern_that_law_and_document_both_name_is_one_concern_with_what_both_ask(tmp_path: Path) -> None:
    procedure = read(
        tmp_path,
        '[[concerns]]\nkey = "lado_threshold"\nsays = "An allegation"\nticks = ["hurt by staff"]\n'
        'about = ["visitor"]\nclause = "HH-2"\n',
    )
    concern = procedure.concern("lado_threshold")
    assert concern.says == "An allegation"
    assert "visitor" in concern.about
    assert "hurt by staff" in concern.ticks and "harmed by a member of staff" in concern.ticks
    assert len(concern.asks_each) == 4
    assert [one.key for one in procedure.concerns].count("lado_threshold") == 1


def test_words_without_a_number_have_a_house_target_that_the_document_may_replace(tmp_path: Path) -> None:
    assert str(read(tmp_path).counting.promptly["immediately"]) == "1 hour"
    mine = read(tmp_path, "[counting]\npromptly = { immediately = { minutes = 30 } }\n").counting.promptly
    assert str(mine["immediately"]) == "30 minutes"
    assert str(mine["as_soon_as_possible"]) == "1 working day"


SHAPES = """
[counting]
days_mean = { provider = "calendar_days", complainant = "school_days" }
deemed_received = { letter = { working_days = 2 } }
extension_of_any = { without_cap = true, needs = ["complainant_told"], reasons = ["proceedings"] }
[[calendars]]
key = "school_days"
name = "School days"
open_between = [{ from = 2026-09-02, to = 2026-10-23 }, { from = 2026-11-02, to = 2026-12-18 }]
closed_on = [2026-11-27]
known_until = 2026-12-18
[[calendars]]
key = "weekdays"
name = "Monday to Friday, bank holidays too"
bank_holidays = "open"
[[facts]]
key = "register"
asks = "Which register?"
about = "home"
one_of = ["early_years", "childcare"]
[[milestones]]
key = "plan_sent"
says = "The plan was sent"
[[milestones]]
key = "mediator_agreed"
says = "Both agreed to the mediator"
[[duties]]
key = "outcome_20"
only_if.child_aged = { at_least = 5, or_unknown = true }
only_if.register = ["childcare"]
only_if.any = [{ channel = ["letter"] }, { anonymous = true }]
only_if.not = { formality = "formal" }
within = { calendar_days = 20 }
after = "made"
met_by = "responded"
source = "law"
[[duties]]
key = "rolls"
within = { days = 10, of = "weekdays", rolls_to = "working_days" }
after = ["received", "made"]
met_by = "acknowledged"
clause = "HH-5"
[[duties]]
key = "data"
per = "head"
within = { calendar_days = 30, first_day = "day_of_event" }
after = "received"
met_by = "acknowledged"
clause = "HH-5"
[[duties]]
key = "access"
within = { months = 1, rolls_to = "working_days" }
after = "received"
met_by = "responded"
extension.by = { months = 2 }
extension.times = 1
extension.granted_within = { months = 1 }
extension.needs = ["complainant_told"]
extension.reasons = ["complex"]
clause = "HH-5"
[[stages]]
key = "mediation"
name = "Mediation"
final = true
clause = "HH-6"
  [stages.people]
  handles = ["owner"]
  mediates = ["somebody_outside"]
  [[stages.instead]]
  only_if = { about_role = ["owner"] }
  handles = ["somebody_outside"]
  clause = "HH-6"
  [stages.panel]
  members = { at_least = 3, role = "somebody_outside", of_which = { at_least = 1, role = "owner" } }
  chair = { role = "somebody_outside", among_members = true }
  clause = "HH-6"
  [[stages.duties]]
  key = "agree_mediator"
  within = { working_days = 5 }
  after = { event = "plan_sent", no_later_than = { working_days = 5, after = "stage_opened" } }
  met_by = "mediator_agreed"
  needs = ["complainant_agreed"]
  if_late = [{ offers = "second" }, { further = { hours = 3 }, tell = ["owner"] }]
  clause = "HH-6"
  [[stages.duties]]
  key = "invite"
  at_least = { working_days = 10 }
  before = "panel_date"
  clause = "HH-6"
  [[stages.duties]]
  key = "answer"
  within = { as_given_in = "window_agreed", otherwise = { working_days = 20 } }
  after = "response_received"
  clause = "HH-6"
  [[stages.duties]]
  key = "keep_in_touch"
  every = { working_days = 5 }
  after = "stage_opened"
  until = "responded"
  clause = "HH-6"
"""


def test_every_shape_of_the_language_is_read(tmp_path: Path) -> None:
    procedure = read(tmp_path, SHAPES)
    mediation = procedure.stage("mediation")
    condition = procedure.duty("outcome_20").only_if
    assert isinstance(condition, Condition)
    assert {test.key: test.wants for test in condition.tests} == {
        "child_aged": Age(at_least=5, or_unknown=True),
        "register": ("childcare",),
    }
    assert [test.wants for inner in condition.any_ for test in inner.tests] == [("letter",), True]
    assert condition.not_ and condition.not_.tests[0].wants == ("formal",)
    rolls = procedure.duty("rolls").clock.within
    assert rolls and (rolls.calendar, rolls.rolls_to) == ("weekdays", "working_days")
    assert str(rolls) == "10 weekdays, or on the next working day"
    assert procedure.duty("data").per == "head"
    access = procedure.duty("access").clock.extension
    assert access and str(access.by) == "2 months" and access.times == 1
    agree = mediation.duty("agree_mediator").clock
    assert agree.after and agree.after.no_later_than and agree.after.no_later_than.after == ("stage_opened",)
    assert [step.offers for step in agree.if_late] == ["second", None]
    assert mediation.instead[0].people == {"handles": ("somebody_outside",)}
    assert mediation.panel and mediation.panel.members.of_which and mediation.panel.members.of_which.role == "owner"
    assert str(mediation.duty("answer").clock.within) == "the date given in window_agreed, otherwise 20 working days"
    assert mediation.judges == ("handles",)
    assert procedure.calendar("school_days").open_between[0].from_ == date(2026, 9, 2)
    assert read_content(procedure.content) == procedure


def test_all_faults_come_at_once_each_with_its_line_its_key_and_what_is_allowed(tmp_path: Path) -> None:
    text = (
        WHOLE.replace('met_by = "responded"', 'met_by = "respnded"')
        .replace("asked_by", "askd_by")
        .replace('is = "police"', 'is = "constable"')
        .replace("final = true", 'final = "yes"')
    )
    faults = {fault.key: fault for fault in faults_of(tmp_path, text)}
    assert set(faults) == {"askd_by", "is", "final"}
    assert faults["askd_by"].line == line_of(text, "askd_by")
    assert "did you mean `asked_by`?" in faults["askd_by"].sentence
    assert "asked_by" in faults["askd_by"].allowed and "within" in faults["askd_by"].allowed
    assert "police" in faults["is"].allowed
    assert "true or false" in faults["final"].sentence
    only_names = faults_of(tmp_path, WHOLE.replace('met_by = "responded"', 'met_by = "respnded"'))
    assert [(fault.key, "responded" in fault.allowed) for fault in only_names] == [("met_by", True)]
    assert only_names[0].line == line_of(WHOLE, 'met_by = "responded"')


@pytest.mark.parametrize(
    ("was", "becomes", "key", "words"),
    [
        ('handles = ["manager"', 'handles = ["the_boss"', "handles", "'the_boss'"),
        ('starts_at = "first"', 'starts_at = "third"', "starts_at", "no stage"),
        ('to = "second"', 'to = "third"', "to", "no stage"),
        (
            'name = "First answer"\n',
            'name = "First answer"\n[[stages.decisions]]\nkey = "done"\nasks = "Is it?"\nby = ["manager"]\n'
            'answers = [{ key = "yes", moves_to = "closed" }]\n[[stages]]\nkey = "other"\nname = "Other"\n',
            "moves_to",
            "no stage",
        ),
        ('concern = ["lado_threshold"', 'concern = ["worry"', "concern", "no concern"),
        ('stands_in = ["owner"]', 'stands_in = ["nobody"]', "stands_in", "no who-word"),
        ('clause = "HH-4"', 'clause = "XX-4"', "clause", "no clause of this document"),
        ("working_days = 10 }", 'days = 10, of = "moons" }', "of", "no calendar"),
        ("working_days = 10 }", "working_days = 10, hours = 1 }", "within", "exactly one length"),
        ("working_days = 10 }", "working_days = -1 }", "working_days", "whole number"),
        ("working_days = 10 }", "days = 10 }", "within", "go together"),
        ("working_days = 10 }", 'working_days = 10 }\nextension = { times = 1 }', "extension", "how far it may go"),
        ('after = "stage_opened"', 'after = "moon_rose"', "after", "no event"),
        ('key = "everything"', 'key = "everything"\nonly_if = { mood = "bad" }', "only_if.mood", "no condition"),
        (
            'key = "everything"',
            'key = "everything"\nonly_if = { anonymous = "no" }',
            "only_if.anonymous",
            "true or false",
        ),
        ('key = "owner"', 'key = "manager"', "key", "twice"),
        ('procedure = "working_together"', 'procedure = "the_moon"', "procedure", "no law file"),
        ("in_force_from = 2026-02-01", 'in_force_from = "soon"', "in_force_from", "a date"),
        ("language = 1", "language = 2", "language", "does not read"),
        ('name = "Manager"\n', "", "name", "is missing"),
        ("[[ways_in]]", "[ways_in]", "ways_in", "double brackets"),
        ('email = "lado@example.org"', "email = 7", "email", "text in quotes"),
    ],
)
def test_each_kind_of_fault_is_a_sentence_at_its_key(
    tmp_path: Path, was: str, becomes: str, key: str, words: str
) -> None:
    assert was in WHOLE
    found = faults_of(tmp_path, WHOLE.replace(was, becomes, 1))
    assert any(fault.key == key and words in fault.sentence for fault in found), [str(fault) for fault in found]


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, 'language = 1\n[provider\nname = "x"\n')
    assert fault.line == 2
    assert "is not TOML" in fault.sentence


def test_a_file_that_is_not_there_is_a_fault_too(tmp_path: Path) -> None:
    with pytest.raises(ProcedureFaults, match="does not exist"):
        read_procedure(tmp_path / "procedure.toml")


def test_a_law_that_must_tell_somebody_needs_that_contact_in_the_file(tmp_path: Path) -> None:
    without = WHOLE.replace('key = "lado"\nis = "lado"', 'key = "hub"\nis = "mash"', 1)
    found = faults_of(tmp_path, without)
    assert [fault.key for fault in found] == ["tell"]
    assert "working_together.lado" in found[0].sentence
    assert found[0].line == line_of(without, "[[adopts]]")


def test_looking_up_what_is_not_there_names_what_is(tmp_path: Path) -> None:
    procedure = read(tmp_path)
    with pytest.raises(KeyError, match="there are: first, second"):
        procedure.stage("third")
    assert procedure.contact("lado").email == "lado@example.org"


def test_a_contact_is_found_by_what_it_is(tmp_path: Path) -> None:
    text = HEAD.replace('key = "police"', 'key = "emergency"') + STAGES + ADOPTS
    assert read(tmp_path, whole=text).contact("police").key == "emergency"


def spots(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a read file, the deepest included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for key, one in inner for spot in spots(one, (*path, key)))]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_file_the_answer_is_a_procedure_or_its_faults(data: st.DataObject) -> None:
    kept = {"procedure": tomllib.loads(WHOLE + SHAPES), "laws": {}}
    kept = json.loads(json.dumps(kept, default=str))
    path = data.draw(st.sampled_from([spot for spot in spots(kept["procedure"]) if spot]))
    junk: object = data.draw(
        st.sampled_from([None, 7, -1, 2.5, True, "", "x", [], [[]], [{}], {}, {"x": 1}, [1], {"key": []}])
    )
    table = kept["procedure"]
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = junk
    try:
        procedure = read_content(json.dumps(kept))
    except ProcedureFaults as error:
        assert error.faults
        assert all(fault.sentence for fault in error.faults)
    else:
        assert list(procedure.rules())


def test_a_party_that_a_provider_has_not_must_be_one_there_could_be(tmp_path: Path) -> None:
    text = WHOLE.replace('kind = "children\'s home"', 'kind = "nursery"\nhas_no = ["placing_council"]')
    with pytest.raises(ProcedureFaults) as bad:
        read_procedure(written(tmp_path, text))
    assert "has_no" in str(bad.value) and "placing_authority" in str(bad.value)
