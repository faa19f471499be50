"""What staff see beside their tasks: of another operator nothing, of their own group reports and what was parked."""

from __future__ import annotations

import pytest

from tests.browser.test_task_checks import WORRYING, alert_of
from tests.browser.visitor import Visitor
from tests.ground import world
from tests.ground.harness import Platform


def test_another_operators_people_see_nothing_of_it(visitor: Visitor, heard: Platform) -> None:
    receipt = heard.submit(WORRYING)
    alert = alert_of(heard, receipt.reference)
    visitor.sign_in("cosima-bellweather")
    for path in ("/today", "/cases", "/alerts", "/outgoing", "/reports"):
        visitor.open(path)
        assert receipt.reference not in visitor.text
    for path in (f"/cases/{alert['report_id']}", f"/alerts/{alert['alert_id']}", f"/records/{alert['report_id']}"):
        visitor.open(path)
        assert "There is nothing here" in visitor.text


@pytest.mark.comes_to(
    "group.parked", "group.homes", "account.account", "contacts.to_verify", "procedures.index",
    "procedures.procedure", "procedures.clauses", "procedures.what_if", "procedures.side_by_side", "group.reports",
    "group.report",
)  # fmt: skip
def test_a_group_operator_sees_reports_and_what_was_parked(visitor: Visitor, heard: Platform) -> None:
    heard.submit(world.a_report())
    visitor.sign_in("maren-oakshott")
    visitor.open("/parked")
    visitor.open("/homes")
    visitor.open("/account")
    visitor.open("/contacts")
    visitor.page.get_by_role("button", name="I rang it today").first.click()
    visitor.page.get_by_text("Written down, with your name").wait_for()
    visitor.look()
    for path in ("", "/ioi_support", "/ioi_support/clauses", "/ioi_support/what-if", "/compare"):
        visitor.open(f"/procedures{path}")
    visitor.open("/reports")
    links = [one.get_attribute("href") for one in visitor.page.locator("main a").all()]
    assert links, "a group operator draws up reports"
    for link in links[:3]:
        visitor.open(str(link))
