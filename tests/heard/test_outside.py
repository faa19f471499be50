"""Who outside may be asked about what a provider did, when, and how: the same words in letters and on every page."""

from __future__ import annotations

import pytest

from heard.letter_facts import outside_bodies
from heard.registry import load_procedures
from heard.turning_to import may_be_asked

INSTALLED = load_procedures()


@pytest.mark.clause("IOI-54", "IOI-55", "INF-12", "STS-13", "IOI-45")
@pytest.mark.parametrize(("key", "stage", "names"), [
    ("ioi_support", "stage_1", {"Ofsted", "Children's Commissioner, Help at Hand"}),
    ("ioi_support", "stage_3", {"Ofsted", "Local Government & Social Care Ombudsman"}),
    ("children_act", "stage_3", {"Ofsted", "Local Government and Social Care Ombudsman"}),
    ("infinity_alliance", "appeal", {"CIECSS (Ofsted)", "Local Government and Social Care Ombudsman"}),
    ("stepping_stones", "stage_1", {"Charity Commission"}),
    ("west_sussex_home", "enquiry", {"Local Government and Social Care Ombudsman"}),
    ("one_two_one_mentors", "stage_3", {"The referring agency's own complaints procedure"}),
])  # fmt: skip
def test_after_each_last_stage_somebody_outside_may_be_asked(key: str, stage: str, names: set[str]) -> None:
    found = {one.name for one in may_be_asked(INSTALLED.get(key), stage)}
    assert names <= found, names - found


@pytest.mark.clause("IOI-45", "IOI-54")
def test_a_letter_says_how_to_reach_them_and_when() -> None:
    procedure = INSTALLED.get("ioi_support")
    (line,) = [one for one in outside_bodies(procedure, "stage_3") if "Ombudsman" in one]
    assert "0300 061 0614" in line and "within 12 months" in line
    assert not [one for one in outside_bodies(procedure, "stage_1") if "Ombudsman" in one]
