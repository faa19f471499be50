"""No page of the portal that nobody looks at: each stands in a walk, or here with the reason why not."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.browser import test_other_pages, test_public_pages, test_staff_pages, test_task_checks
from tests.browser.jobs import PLACES
from tests.portal.fakes import route_table

MODULES = (test_other_pages, test_public_pages, test_staff_pages, test_task_checks)
A_FILE, A_WAY = "a file to save", "leads to another page"
NOT_WALKED = {
    "at.poster_to_print": A_FILE, "at.colours": A_FILE, "follow.receipt_key": A_FILE, "follow.sheet": A_FILE,
    "making.take": A_FILE,
    "group.sheet": A_FILE, "group.report_on_paper": A_FILE, "group.report_as_sheet": A_FILE, "forms.document": A_FILE,
    "safeguarding.calls_sheet": A_FILE, "attachments.one": A_FILE, "attachments.small": A_FILE,
    "attachments.voice": A_FILE, "procedures.picture": A_FILE, "api-docs.openapi_json": A_FILE, "static": A_FILE,
    "public.begin": A_WAY, "public.read_in": A_WAY, "public.read_simply": A_WAY, "elsewhere.go": A_WAY,
    "elsewhere.back": A_WAY,
}  # fmt: skip


def said_to_be_met(module: ModuleType) -> set[str]:
    """What the tests of a module say that they come to; the visitor holds them to it."""
    marks = [mark for test in vars(module).values() for mark in getattr(test, "pytestmark", ())]
    return {door for mark in marks if mark.name == "comes_to" for door in mark.args}


def test_somebody_comes_to_every_page() -> None:
    doors = {rule.endpoint for rule in route_table().iter_rules() if "GET" in (rule.methods or ())
             and not rule.rule.startswith("/api/v1/")}  # fmt: skip
    walked = {door for place in PLACES for door in place.comes_to}.union(*map(said_to_be_met, MODULES))
    missed = doors - walked - {*NOT_WALKED}
    assert not missed, f"a walk comes to none of {sorted(missed)}: tests/browser must"
    assert not {*NOT_WALKED} - doors and not {*NOT_WALKED} & walked


@pytest.mark.parametrize("module", MODULES)
def test_what_is_said_to_be_met_are_doors(module: ModuleType) -> None:
    assert said_to_be_met(module) <= {rule.endpoint for rule in route_table().iter_rules()}
