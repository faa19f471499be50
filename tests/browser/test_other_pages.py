"""Pages that nobody's main job leads to: what stands beside it, what takes its time, and what is said when it fails."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask_wtf.csrf import CSRFError
from playwright.sync_api import Route
from sqlalchemy import create_engine, insert
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from services.chassis.errors import Failed, HeardError, NotAllowed, Refused, TooMany, Unavailable
from services.portal.doors import make_app
from services.portal.guard import heard_fault, http_fault
from services.portal.models import exports
from tests.browser.test_task_checks import WORRYING, alert_of, case_of
from tests.browser.visitor import Visitor
from tests.browser.walking import fill_in
from tests.ground import world
from tests.ground.harness import Platform
from tests.portal.fakes import Calls, House

FAULTS: tuple[HeardError | HTTPException, ...] = (
    CSRFError(), NotAllowed("Whoever runs the group may do that."), RequestEntityTooLarge(),
    Refused("It is on hold.", ("IOI-29",), "Let it go on first."), TooMany(after=30), Failed(), Unavailable(),
)  # fmt: skip


def laid(page: str, status: int) -> Callable[[Route], None]:
    """What stands at an address instead of what the platform would answer."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body=page)


@pytest.mark.comes_to("at.door", "at.nearby", "at.poster", "public.how")
def test_each_procedures_place_has_its_door_its_way_and_a_page_for_neighbours(visitor: Visitor) -> None:
    for slug in ("harbour-house", "larkfield", "larkfield-barn", "linden-lodge", "heron-court", "marigold-centre"):
        for path in (f"/at/{slug}", f"/how/{slug}"):
            visitor.open(path)
        nearby = visitor.page.request.get(f"{visitor.url}/at/{slug}/nearby").status
        if nearby == 200:
            visitor.open(f"/at/{slug}/nearby")
    visitor.open("/at/harbour-house/poster")


@pytest.mark.comes_to("staff.today", "account.sign_in")
def test_what_cannot_be_done_is_said_on_a_page_like_any_other(visitor: Visitor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), {"intake": "http://nobody.invalid", "safeguarding": "http://nobody.invalid"})
        app = make_app(house, Calls())  # type: ignore[arg-type]
        visitor.expects.append("status of 5")
        for fault in FAULTS:
            with app.test_request_context("/today"):
                told = heard_fault(fault) if isinstance(fault, HeardError) else http_fault(fault)
                answer = app.make_response(told)
            visitor.page.route("**/today", laid(answer.get_data(as_text=True), answer.status_code))
            visitor.open("/today")
            visitor.page.unroute("**/today")
        house.db.engine.dispose()
    visitor.sign_in("noor-ellingham")
    visitor.page.context.clear_cookies()  # as after the hours that a sign-in holds
    visitor.open("/cases")
    assert "Password" in visitor.text


@pytest.mark.sits_at("desk")
@pytest.mark.comes_to("making.look")
def test_a_file_on_its_way_says_how_far_it_is_and_what_became_of_it(visitor: Visitor, heard: Platform) -> None:
    visitor.sign_in("callum-wrenfield")
    engine = create_engine(f"sqlite:///{heard.folder / 'var' / 'portal.db'}")
    about = {"person_id": world.person_id("callum-wrenfield"), "kind": "application/pdf", "back": "/reports",
             "name": "complaints-2026.pdf", "page": 0, "began_at": heard.now,
             "over_at": heard.now + timedelta(hours=1)}  # fmt: skip
    steps = {"1": {"step": 3}, "2": {"step": 6, "sealed": b"sealed"}, "3": {"step": 2, "failed": "It is too long."}}
    for number, step in steps.items():
        with engine.begin() as conn:
            conn.execute(insert(exports).values(**about, **step, id=number * 32))
        visitor.page.goto(f"{visitor.url}/made/{number * 32}")
        visitor.look()
    engine.dispose()
    assert "It is too long." in visitor.text


@pytest.mark.comes_to(
    "account.account", "again.ask", "tokens.mine", "second.set_up", "second.code", "link.forgotten",
)  # fmt: skip
def test_ones_own_account_has_an_app_tokens_and_a_way_back(visitor: Visitor, heard: Platform) -> None:
    visitor.sign_in("gwendolen-tarrow")
    for path in ("/account/again", "/account/tokens", "/account", "/account/app"):
        visitor.open(path)
    digits = pyotp.TOTP("".join(visitor.page.locator("code").inner_text().split()))
    visitor.write("The six digits that it shows now", digits.at(heard.now))
    visitor.press("Go on")
    assert "Keep these recovery codes" in visitor.text
    visitor.sign_in("gwendolen-tarrow")
    assert visitor.page.url.partition("?")[0].endswith("/sign-in/code")
    visitor.open("/forgotten")
    visitor.page.get_by_role("textbox").first.fill(world.signs_in()["gwendolen-tarrow"])
    visitor.page.locator("main form button").first.click()
    visitor.page.wait_for_load_state("load")
    visitor.look()


@pytest.mark.timeout(300)
@pytest.mark.comes_to(
    "safeguarding.board", "safeguarding.past", "safeguarding.rung", "safeguarding.by_link", "triage.waiting",
    "triage.ask", "forms.form", "attachments.listed", "staff.case",
)  # fmt: skip
def test_what_the_lead_has_beside_the_record(visitor: Visitor, heard: Platform) -> None:
    report = heard.submit(WORRYING)
    alert = alert_of(heard, report.reference)
    visitor.sign_in("imogen-ashdale")
    record = f"/records/{alert['report_id']}"
    for path in ("/alerts", "/alerts/past", "/alerts/rung", "/alerts/questions", f"{record}/came-along"):
        visitor.open(path)
    visitor.open(f"{record}/forms/working_together.lado")
    visitor.open(f"{record}/questions")
    assert visitor.page.evaluate("document.documentElement.scrollHeight") < 7 * 844, "on a phone, not eleven screens"
    visitor.page.locator("summary").filter(has_text="A young person is missing").click()
    visitor.look()
    visitor.page.locator("[name=answer-missing][value=no]").check()
    visitor.press("Record the answers")
    visitor.page.get_by_role("link", name="more questions are not answered").click()
    there = visitor.page.evaluate("[document.activeElement.tagName, document.activeElement.parentElement.open]")
    assert there == ["SUMMARY", True], "whoever follows the link stands on the first that is missing, and it is open"
    answered = visitor.page.locator("h2:text-is('Answered') ~ details summary").all_inner_texts()
    assert answered == ["A young person is missing No"]
    visitor.open(f"/cases/{alert['report_id']}")
    visitor.page.locator("#read-by summary").click()
    visitor.look()
    assert "Only the safeguarding lead sees this." in visitor.text
    said = str(heard.seat("imogen-ashdale").get("/outgoing"))
    link = re.search(rf"/a/{alert['alert_id']}/[\w.-]+", said)
    assert link, "the lead's call has a link"
    visitor.page.context.clear_cookies()
    visitor.open(link.group(0).rstrip("."))
    assert "A child may need you" in visitor.text


@pytest.mark.comes_to("finding.ask", "standing.index", "standing.place", "standing.ask", "copying.ask")
def test_what_staff_have_beside_their_cases(visitor: Visitor, heard: Platform) -> None:
    report = heard.submit(world.a_report(home="larkfield"))
    case = case_of(heard, report.reference, "perpetua-winslade")
    visitor.sign_in("perpetua-winslade")
    visitor.open("/find")
    visitor.page.get_by_label("Reference").fill(report.reference)
    visitor.press("Find")
    assert report.reference in visitor.text
    visitor.open(f"/cases/{case['case_id']}/copy")
    visitor.open("/standing?all=yes")
    visitor.page.get_by_role("link", name="Larkfield").first.click()
    visitor.page.wait_for_load_state("load")
    visitor.look()
    visitor.page.locator("main a.govuk-button").first.click()
    visitor.page.wait_for_load_state("load")
    visitor.look()
    fill_in(visitor.page.locator("main form"), {"How do you know them here?": "K.F."})
    visitor.page.locator("main form button").last.click()
    visitor.page.wait_for_load_state("load")
    visitor.look()
    assert "K.F." in visitor.text and "There is a problem" not in visitor.text
