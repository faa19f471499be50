"""Wording: gaps are filled, what there is nothing to say of is left out, and a provider words messages its own way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from heard.letter_page import email_page, paper_page
from heard.letter_samples import samples
from heard.new_provider import make_provider
from heard.policy_cli import policy
from heard.reading_age import grade
from heard.registry import PluginFaults, check_dir, load_procedures
from heard.wording import Letter, Wording
from heard.wording_faults import too_hard, wording_faults
from tests.heard.test_registry import plugin, site

__all__ = ["site"]

GIVEN = {"provider": "Acme House", "home": "Harbour House", "reference": "H7K2", "link": "https://acme.example/c/1"}
PLAIN = "Subject: For you\n\nSomething is late in {{ reference }}: {{ duty }}.\n\nBy {{ by }}.\n\n{{ link }}\n"


def sentences(**own: str) -> list[str]:
    return [fault.sentence for _, fault in wording_faults(Wording({k.replace("__", "/"): v for k, v in own.items()}))]


def test_a_paragraph_that_has_nothing_to_say_is_left_out() -> None:
    whole = Wording().write("staff/escalated", **GIVEN, duty="Answer", by="Tuesday", clause="A-1").text
    short = Wording().write("staff/escalated", **GIVEN, duty="Answer", by="Tuesday", clause="").text
    assert "The clause that asks for it: A-1." in whole
    assert "clause" not in short and "\n\n\n" not in short


def test_what_a_provider_words_itself_goes_before_ours_and_everything_else_stays() -> None:
    own = Wording({"staff/escalated": PLAIN})
    text = own.write("staff/escalated", **GIVEN, duty="Answer", by="Tuesday").text
    assert text.startswith("Something is late in H7K2")
    assert own.write("staff/letter", **GIVEN).subject == Wording().write("staff/letter", **GIVEN).subject


def test_a_wording_for_one_reader_alone_leaves_the_others_as_they_are() -> None:
    own = Wording({"complainant/notice.child": "Subject: Hi\n\n{{ reference }} {{ follow }}\n\n{{ help }}"})
    facts = GIVEN | {"follow": "https://a.example", "childline": [], "advocates": [], "helplines": []}
    assert own.write("complainant/notice", "child", **facts).subject == "Hi"
    assert own.write("complainant/notice", "adult", **facts).subject != "Hi"


def test_one_text_is_plain_and_html_and_a_sheet_of_paper() -> None:
    letter = Letter("A <b> title", ("See https://a.example/x?a=1&b=2.", ("one & two", "three")))
    assert letter.text == "See https://a.example/x?a=1&b=2.\n- one & two\n- three\n"
    assert '<a href="https://a.example/x?a=1&amp;b=2">' in letter.html and "<li>one &amp; two</li>" in letter.html
    for page in (email_page(letter, "Acme & Co"), paper_page(letter, "Acme & Co", to=["R <A>", "1 Road"], day="Today")):
        assert '<html lang="en-GB">' in page and "<title>A &lt;b&gt; title</title>" in page and "Acme &amp; Co" in page
        assert "<img" not in page and "url(" not in page and "<script" not in page


def test_what_somebody_wrote_keeps_its_paragraphs_and_is_never_read_as_markup_or_gap() -> None:
    words = "First {{ link }}.\n\n<script>x</script>"
    letter = Wording().write("outside/letter", **GIVEN, words=words)
    assert "First {{ link }}." in letter.blocks and "&lt;script&gt;" in letter.html


def test_a_message_that_nobody_gets_is_a_fault_that_names_the_one_that_was_meant() -> None:
    ((_, fault),) = wording_faults(Wording({"staff/escalate": PLAIN}))
    assert fault.severity == "broken" and "staff/escalated" in fault.remedy


@pytest.mark.parametrize(("text", "says"), [
    (PLAIN.replace("{{ duty }}", "it"), "leaves out 'duty'"),
    (PLAIN + "{{ mood }}", "a gap 'mood' that nobody fills"),
    (PLAIN.replace("For you", "For {{ reference }}"), "The subject"),
    (PLAIN.removeprefix("Subject: For you\n"), "no subject"),
    (PLAIN + "{% if x %}", "an instruction"),
])  # fmt: skip
def test_a_wording_that_would_leave_somebody_uninformed_is_a_fault(text: str, says: str) -> None:
    assert any(says in one for one in sentences(staff__escalated=text)), sentences(staff__escalated=text)


def test_a_wording_that_keeps_every_gap_is_none() -> None:
    assert sentences(staff__escalated=PLAIN) == []


def test_a_letter_to_a_child_may_not_leave_out_whom_to_call() -> None:
    assert any("'help'" in one for one in sentences(complainant__notice="Subject: x\n\n{{ reference }} {{ follow }}"))
    assert any("'childline'" in one for one in sentences(help__child="{{ advocates }} {{ helplines }}"))


def test_a_wording_too_hard_for_its_reader_is_weaker_and_passes() -> None:
    hard = "Subject: x\n\nNotwithstanding considerations aforementioned, remediation necessitates liaison. {{ link }}"
    ((_, remark),) = too_hard(Wording({"staff/letter": hard}))
    assert remark.severity == "weaker"


def test_the_measure_knows_hard_from_easy_and_counts_no_line_that_only_says_whom_to_call() -> None:
    assert grade("The cat sat on the mat. It was a big mat.") < 2
    hard = "Notwithstanding aforementioned considerations, remediation necessitates interdepartmental liaison."
    assert grade(hard) > 15
    assert grade(hard + "\n\n" + "- Help: call 0800 1111\n" * 9) == grade(hard)


def test_a_plugin_s_faulty_wording_stops_start_up_with_its_distribution_named(site: Path) -> None:
    there = plugin(site, "heard_worded")
    (letters := site / "heard_worded" / "letters" / "staff").mkdir(parents=True)
    (letters / "escalated.txt").write_text(PLAIN)
    assert load_procedures([there]).plugin("harbour_house").wording.own == {"staff/escalated": PLAIN}
    (letters / "shouted.txt").write_text(PLAIN)
    with pytest.raises(PluginFaults, match=r"heard-worded: letters/staff/shouted\.txt is no message"):
        load_procedures([there])


def test_check_names_the_file_of_a_wording_at_fault_and_of_one_that_is_too_hard(tmp_path: Path) -> None:
    folder = make_provider("acme", "Acme House", tmp_path, date(2026, 11, 22))
    (letters := folder / "heard_acme" / "letters" / "staff").mkdir(parents=True)
    (letters / "escalated.txt").write_text(PLAIN.replace("{{ duty }}", "it"))
    found = CliRunner().invoke(policy, ["check", str(folder), "--json"])
    assert found.exit_code == 1
    (one,) = [row for row in json.loads(found.stdout) if row["file"].endswith("escalated.txt")]
    assert one["severity"] == "broken" and "duty" in one["sentence"]


def test_letters_shows_every_message_of_a_folder_for_each_reader(tmp_path: Path) -> None:
    folder = make_provider("acme", "Acme House", tmp_path, date(2026, 11, 22))
    (letters := folder / "heard_acme" / "letters" / "staff").mkdir(parents=True)
    (letters / "letter.txt").write_text("Subject: Ours\n\nSee {{ link }} about {{ reference }}.\n")
    page = tmp_path / "letters.html"
    shown = CliRunner().invoke(policy, ["letters", str(folder), "--html", str(page)])
    assert shown.exit_code == 0, shown.output
    html = page.read_text(encoding="utf-8")
    assert "Ours" in html and "worded by the provider" in html
    assert html.count("<article") == len(list(samples(check_dir(folder), Wording())))
    as_json = json.loads(CliRunner().invoke(policy, ["letters", str(folder), "--json"]).stdout)
    assert {one["reader"] for one in as_json} == {"child", "adult", "professional", "staff"}
