"""A young person tells us something on a phone and at a desk, and follows it up."""

from __future__ import annotations

import re

import pytest

from tests.browser.visitor import Visitor
from tests.ground.harness import Platform


def tell(visitor: Visitor, what: str, danger: str = "No", *, speaks: bool = True) -> None:
    page = visitor.page
    visitor.open("/")
    visitor.press("Harbour House", "link")
    page.get_by_label(danger, exact=True).check()
    visitor.press("Save and go on")
    page.get_by_label("Make a complaint").check()
    visitor.press("Save and go on")
    page.get_by_label("What happened?").fill(what)
    visitor.press("Save and go on")
    if speaks:
        say_something(visitor)
    else:
        add_a_note(visitor)
    visitor.press("Save and go on")  # no worries
    visitor.press("Save and go on")  # about nobody in particular
    page.get_by_label("No", exact=True).check()  # told nobody before
    visitor.press("Save and go on")
    page.get_by_label("What would you like to happen?").fill("More to eat")
    visitor.press("Save and go on")
    page.get_by_label("A young person who lives here, or used to").check()
    visitor.press("Save and go on")
    page.get_by_label("Age in years").fill("15")
    visitor.press("Save and go on")
    page.get_by_label("No, I want to stay anonymous").check()
    visitor.press("Save and go on")
    page.get_by_label("No, thank you").check()
    visitor.press("Save and go on")


def say_something(visitor: Visitor) -> None:
    """Speak instead of typing, as far as a machine's microphone can; the page holds more from now on."""
    page = visitor.page
    page.get_by_role("button", name="Record my voice").click()
    page.get_by_text("Recording. Press again to stop.").wait_for()
    page.wait_for_timeout(500)  # something must have been said
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_text("Your recording is ready").wait_for()
    visitor.press("Add these")
    assert "recording.webm" in visitor.text and "(a recording)" in visitor.text
    visitor.press("Save and go on")


def add_a_note(visitor: Visitor) -> None:
    """Add a file by its field, as a browser without scripts does; and take another one back."""
    for name in ("supper.txt", "by mistake.txt"):
        field = visitor.page.locator("input[type=file]")
        field.set_input_files({"name": name, "mimeType": "text/plain", "buffer": b"Two slices of toast."})
        visitor.press("Add these")
        assert name in visitor.text and "Record my voice" not in visitor.text
    visitor.press("Remove by mistake.txt")
    assert "by mistake.txt" not in visitor.text and "supper.txt" in visitor.text
    visitor.press("Save and go on")


@pytest.mark.comes_to("public.homes", "public.ask", "public.check", "public.receipt", "follow.ask", "follow.case")
def test_a_fifteen_year_old_complains_anonymously_and_follows_up(visitor: Visitor, heard: Platform) -> None:
    complain_and_follow_up(visitor, heard)


def test_the_same_goes_without_any_script(without_scripts: Visitor, heard: Platform) -> None:
    complain_and_follow_up(without_scripts, heard, speaks=False)
    assert "js-enabled" not in without_scripts.page.evaluate("document.body.className")


def complain_and_follow_up(visitor: Visitor, heard: Platform, *, speaks: bool = True) -> None:
    tell(visitor, "There is never enough to eat in the evening.", speaks=speaks)
    assert "There is never enough to eat" in visitor.text
    visitor.press("Send it")
    reference, code = visitor.page.locator(".heard-code").all_inner_texts()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", " ".join(code.split()))
    visitor.press("I have kept my code")
    visitor.press("See what happens next", "link")
    visitor.page.get_by_label("Your reference").fill(reference)
    visitor.page.get_by_label("Your secret code").fill(code)
    visitor.press("Show me")
    assert "What happens next" in visitor.text

    def promised() -> bool:
        visitor.page.reload()
        return "What was promised to you" in visitor.text

    heard.wait_until(promised, 30, what="the case is open and promises something")
    visitor.page.get_by_text("Why this day?").first.click()
    visitor.look()
    assert "working days" in visitor.text
    visitor.page.get_by_label("Say that it is not put right").check()
    visitor.page.get_by_label("What would you like to add?").fill("It happened again today.")
    visitor.press("Send it")
    assert "We have what you added" in visitor.text
    visitor.press("Close and take my code off this browser")


def test_a_wrong_answer_is_found_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.open("/tell/harbour-house")
    visitor.press("Save and go on")
    assert visitor.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.name") == "danger"
    visitor.page.keyboard.press("ArrowDown")
    assert visitor.page.get_by_label("No", exact=True).is_checked()


@pytest.mark.comes_to("follow.lost", "public.privacy")
def test_the_way_out_is_on_every_public_page(visitor: Visitor) -> None:
    for path in ("/", "/tell/harbour-house/danger", "/how/harbour-house", "/follow", "/follow/lost", "/privacy"):
        visitor.open(path)
        assert visitor.page.get_by_role("button", name="Exit this page").count() == 1, path


@pytest.mark.comes_to("page", "account.sign_in", "public.how")
def test_the_documentation_and_the_pages_for_what_is_not_there_are_for_everybody(visitor: Visitor) -> None:
    for path in ("/api/docs", "/no/such/page", "/sign-in", "/how/linden-lodge"):
        visitor.open(path)


def test_the_simpler_pages_and_those_in_arabic_are_for_everybody_too(visitor: Visitor) -> None:
    visitor.open("/at/harbour-house")
    visitor.press("Simpler pages with pictures", "link")
    visitor.press("Tell us something", "link")
    visitor.page.get_by_label("No", exact=True).check()
    visitor.press("Next")
    visitor.page.get_by_label("What happened?").fill("He took my phone")
    visitor.press("Next")
    visitor.press("Next")  # without a picture or a voice
    visitor.press("Next")  # about nobody in particular
    visitor.page.get_by_label("I am a child or a young person").check()
    visitor.press("Next")
    visitor.press("العربية", "link")
    assert visitor.page.evaluate("document.dir") == "rtl"
    visitor.page.locator("input[value=no]").check()
    visitor.page.locator("main form button").first.click()
    visitor.look()
    assert "He took my phone" in visitor.text
    for path in ("/", "/at/harbour-house", "/how/harbour-house", "/follow", "/privacy"):
        visitor.open(path)


def test_a_simpler_page_is_read_aloud_and_stops_when_asked(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        "window.said = []; window.silenced = 0;"
        "SpeechSynthesis.prototype.speak = (one) => window.said.push([one.lang, one.text]);"
        "SpeechSynthesis.prototype.cancel = () => { window.silenced += 1; };"
    )
    visitor.open("/simpler/yes?then=/tell/harbour-house/danger")
    visitor.press("Read it to me")
    assert ["en-GB", "Is anyone in danger now?"] in visitor.page.evaluate("window.said")
    visitor.press("Stop reading")
    assert visitor.page.evaluate("window.silenced") == 1
    assert visitor.page.get_by_role("button", name="Read it to me").count() == 1
