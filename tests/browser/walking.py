"""What people do at a browser whatever their role is: tell, find their case, fill in what a page asks for, and send it.

Each goes by the words on links, fields and buttons, as somebody would who has not seen Heard before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor
from tests.ground import world
from tests.ground.harness import Platform, Receipt
from tests.journeys.story import Story

SENTENCE = "It was looked at, and this is what was found."
BRUISE = {
    "complainant": {"is": "young_person", "anonymous": True},
    "about": [{"words": "the woman on nights"}],
    "what_happened": "The woman on nights grabbed my arm and it left a bruise.",
    "worries": ["physical abuse"],
}
QUESTIONS = 16
"""No provider's form asks more of anybody."""


@dataclass
class Walk:
    """People at one provider, one after the other at one browser; ``story`` is the case that they have in common."""

    heard: Platform
    visitor: Visitor
    home: str
    procedure: str
    receipts: dict[str, Receipt] = field(default_factory=dict)
    story: Story | None = None

    @property
    def case(self) -> Story:
        """The case that somebody told before."""
        assert self.story is not None
        return self.story


def tells(walk: Walk, who: str, *, what: str, handler: str, child: str = "") -> None:
    """Somebody goes from the home's own address through what its procedure asks, and keeps the code."""
    visitor, page = walk.visitor, walk.visitor.page
    visitor.open(f"/at/{walk.home}")
    visitor.press("Tell us something", "link")
    answer_all(visitor, who, what, child)
    reference, code = (one.replace("\n", " ") for one in page.locator(".heard-code").all_inner_texts())
    walk.receipts["told"] = Receipt(reference, "".join(re.findall(r"\d", code)), {})
    visitor.press("I have kept my code")
    walk.story = Story(walk.heard, walk.receipts["told"], procedure=walk.procedure).reaches(handler)


def answer_all(visitor: Visitor, who: str, what: str, child: str = "") -> None:
    """Answer one question after the other, as far as the page that shows them all, and send it."""
    for _ in range(QUESTIONS):
        if visitor.page.get_by_role("button", name="Send it", exact=True).count():
            break
        answer_one(visitor, who, what, child)
        visitor.press("Save and go on")
    assert what in visitor.text
    visitor.press("Send it")


def answer_one(visitor: Visitor, who: str, what: str, child: str) -> None:
    """Answer the question that stands there; what may be left out is left out."""
    page, asked = visitor.page, visitor.page.inner_text("h1")
    if "danger" in asked:
        visitor.choose("No")
    elif page.get_by_label("Make a complaint", exact=True).count():
        visitor.choose("Make a complaint")
    elif asked == "What happened?":
        visitor.write("What happened?", what)
    elif asked == "Who are you?":
        page.get_by_label(re.compile(who, re.I)).first.check()
    elif page.get_by_label("Age in years", exact=True).count() and child:
        visitor.write("Age in years", child)
    elif (no := page.get_by_role("radio", name=re.compile(r"^No\b"))).count():
        no.first.check()


def follows_up(walk: Walk, _: str) -> None:
    """Whoever told it looks what happens next, reads why a day is that day, and adds something."""
    visitor, receipt = walk.visitor, walk.receipts["told"]
    visitor.open("/follow")
    visitor.write("Your reference", receipt.reference)
    visitor.write("Your secret code", receipt.code)
    visitor.press("Show me")
    visitor.page.get_by_text("Why this day?").first.click()
    visitor.look()
    visitor.write("What would you like to add?", "Thank you for looking into it.")
    visitor.press("Send it")
    assert "We have what you added" in visitor.text
    visitor.press("Close and take my code off this browser")


def writes_down(walk: Walk, who: str, *, home: str) -> None:
    """A member of staff writes down what was said on the telephone, and hands over the slip."""
    visitor, page = walk.visitor, walk.visitor.page
    visitor.sign_in(who)
    visitor.open("/write-down")
    if not page.get_by_text("How did it reach you?").count():  # who works at one home is there at once
        visitor.press(home, "link")
    page.get_by_role("group", name="Is anyone in danger right now?").get_by_label("No", exact=True).check()
    visitor.choose("On the telephone", "Make a complaint", "A parent")
    if page.get_by_label("Nobody has asked them yet", exact=True).count():
        visitor.choose("Nobody has asked them yet")
    page.get_by_label("Not yet:").check()
    visitor.write("What did they say?", "The heating has been broken for a week.")
    visitor.write("Their name", "Robin Averill")
    visitor.press("Write it down")
    assert "It is written down" in visitor.text
    visitor.press("I have passed it on; take it off this screen")


def reads_the_case(walk: Walk, who: str) -> None:
    """Somebody signs in, finds the case on their list and opens it."""
    visitor = walk.visitor
    visitor.sign_in(who)
    walk.case.reaches(who)
    visitor.open("/cases")
    visitor.page.get_by_role("link").filter(has_text=walk.case.receipt.reference).first.click()
    visitor.page.wait_for_load_state("load")
    visitor.look()
    assert walk.case.receipt.reference in visitor.text


def act(*labels: str, **said: str) -> Callable[[Walk, str], None]:
    """What somebody does with the case, each by its link under "What you can do" and the form behind it."""
    return partial(acts, labels=labels, said=said)


def acts(walk: Walk, who: str, labels: tuple[str, ...], said: dict[str, str]) -> None:
    """They do one after the other."""
    reads_the_case(walk, who)
    visitor, page = walk.visitor, walk.visitor.page
    for label in labels:
        offered = page.locator("h2#actions ~ ul a")
        exactly = offered.filter(has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
        (exactly if exactly.count() else offered.filter(has_text=label)).first.click()
        page.wait_for_load_state("load")
        visitor.look()
        fill_in(page.locator("main form"), said)
        page.locator("main form button").last.click()
        page.wait_for_load_state("load")
        visitor.look()
        assert "It is recorded in your name." in visitor.text, f"{who}, {label}: {page.inner_text('main')[:600]}"


def fill_in(form: Locator, said: dict[str, str]) -> None:
    """Tick everything, choose the first where nothing else is said, and write a sentence where one is asked for."""
    for box in form.get_by_role("checkbox").all():
        box.check()
    for group in form.locator("fieldset:has(input[type=radio])").all():
        if group.locator("input:checked").count() == 0:
            legend = group.locator("legend").inner_text().strip()
            wanted = said.get(legend)
            chosen = group.get_by_label(wanted, exact=True) if wanted else group.get_by_role("radio").first
            chosen.check()
    for empty in form.locator("textarea, input[type=text], input[type=date]").all():
        if not empty.input_value():
            named = form.page.locator(f"label[for='{empty.get_attribute('id')}']").inner_text().strip()
            day = empty.get_attribute("type") == "date"
            empty.fill(said.get(named) or (world.MONDAY_MORNING.date().isoformat() if day else SENTENCE))


def answers_an_alert(walk: Walk, who: str) -> None:
    """Something worrying comes in: the lead opens it, answers, reads who was called, and decides on the record."""
    visitor, page = walk.visitor, walk.visitor.page
    report = walk.heard.submit(world.a_report(**BRUISE, home=walk.home))
    walk.heard.wait_until(
        lambda: [one for one in walk.heard.seat(who).get("/alerts") if one["reference"] == report.reference],
        what="the alert is on the board",
    )
    visitor.sign_in(who)
    page.get_by_role("link").filter(has_text=report.reference).first.click()
    page.wait_for_load_state("load")
    visitor.look()
    visitor.press("I have it")
    visitor.press("Every call and what became of it", "link")
    page.go_back()
    visitor.press("Open the record", "link")
    page.get_by_label("The reason for your decision").first.fill("A bruise was seen.")
    visitor.press("Confirm the concern")
    assert "Confirmed" in visitor.text


def looks_in(walk: Walk, who: str) -> None:
    """Whoever only looks in reads the case, and there is nothing that they could do with it."""
    reads_the_case(walk, who)
    assert "Nothing at the moment." in walk.visitor.text


def takes_a_report(walk: Walk, who: str) -> None:
    """Somebody draws up a report of their provider's and takes it along as a sheet."""
    visitor, page = walk.visitor, walk.visitor.page
    visitor.sign_in(who)
    visitor.open("/reports")
    page.locator("main h2 a").first.click()
    page.wait_for_load_state("load")
    visitor.look()
    sheet = page.get_by_role("link", name="As a sheet (CSV)").get_attribute("href")
    assert page.context.request.get(f"{visitor.url}{sheet}").body().startswith(b"\xef\xbb\xbf")


def keeps_contacts(walk: Walk, who: str) -> None:
    """Whoever runs the group looks at the homes, at what the procedure says, and makes sure of a number."""
    visitor = walk.visitor
    visitor.sign_in(who)
    visitor.open("/homes")
    visitor.open(f"/procedures/{walk.procedure}")
    visitor.open("/contacts")
    visitor.page.get_by_role("button", name="I rang it today").first.click()
    visitor.page.get_by_text("Written down, with your name").wait_for()
    visitor.look()


def invites(walk: Walk, who: str, *, person: str) -> None:
    """The administrator, who sees no case, gives somebody a way to sign in."""
    visitor, page = walk.visitor, walk.visitor.page
    visitor.sign_in(who)
    visitor.open("/directory/people")
    visitor.press(person, "link")
    page.get_by_role("button", name=re.compile("Send a link")).click()
    page.wait_for_load_state("load")
    visitor.look()
    link = page.locator("code.heard-long").inner_text()
    visitor.open("/cases")
    assert walk.case.receipt.reference not in visitor.text
    page.context.clear_cookies()
    visitor.open(link.removeprefix(visitor.url))
