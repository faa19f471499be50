"""Text messages: signed, once, tried again when that helps, and never out of a trial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.chassis.gate import Busy, Handed, Undeliverable
from services.chassis.settings import Settings
from services.chassis.signed import SIGNATURE, TIMESTAMP, is_signed, sign
from services.chassis.text_notify import Notify
from services.chassis.texting import Text, Texting, mobile_of
from tests.ground.carrier import NOTIFY_KEY, SECRET, Carrier
from tests.ground.ports import free_port

TEXT = Text("m1", "07700 900123", "Heard: something needs you now.")


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as made:
        yield made


def live(carrier: Carrier, **changes: str) -> Settings:
    given = {"text_url": f"{carrier.url}/texts", "text_secret": SECRET} | changes
    return Settings(installation="live", **given)  # type: ignore[arg-type]


def by_notify(carrier: Carrier) -> Texting:
    return Texting(live(carrier), Notify(NOTIFY_KEY, "template", carrier.url))


def test_a_text_goes_to_the_gateway_signed_and_with_the_number_as_carriers_want_it(carrier: Carrier) -> None:
    assert Texting(live(carrier)).send(TEXT) == Handed("sms", "their-m1")
    assert carrier.texts == {"m1": {"to": "+447700900123", "text": "Heard: something needs you now."}}


def test_a_text_handed_over_twice_is_one_text(carrier: Carrier) -> None:
    for _ in range(2):
        assert Texting(live(carrier)).send(TEXT) == Handed("sms", "their-m1")
    assert list(carrier.texts) == ["m1"]


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [(500, {}, None), (503, {"Retry-After": "40"}, 40.0), (429, {"Retry-After": "90"}, 90.0), (408, {}, None)],
)
def test_what_can_be_tried_again_is_and_not_before_the_gateway_wants_it(
    carrier: Carrier, status: int, headers: dict[str, str], after: float | None
) -> None:
    carrier.answers = [(status, headers)]
    with pytest.raises(Busy) as told:
        Texting(live(carrier)).send(TEXT)
    assert told.value.after == after


@pytest.mark.parametrize(("status", "why"), [(422, "number_refused"), (404, "number_refused"), (400, "text_refused")])
def test_what_the_gateway_refuses_for_good_is_for_a_person(carrier: Carrier, status: int, why: str) -> None:
    carrier.answers = [(status, {})]
    with pytest.raises(Undeliverable, match=why):
        Texting(live(carrier)).send(TEXT)


def test_a_wrong_secret_and_a_silent_gateway_are_tried_again_as_they_can_be_mended(carrier: Carrier) -> None:
    with pytest.raises(Busy):
        Texting(live(carrier, text_secret="another secret of twenty letters")).send(TEXT)
    with pytest.raises(Busy):
        Texting(live(carrier, text_url=f"http://127.0.0.1:{free_port()}")).send(TEXT)
    assert carrier.texts == {}


def test_notify_is_asked_before_it_is_handed_a_text_again(carrier: Carrier) -> None:
    carrier.loses_its_answer = 1
    with pytest.raises(Busy):
        by_notify(carrier).send(TEXT)
    assert by_notify(carrier).send(replace(TEXT, again=True)) == Handed("sms", "their-m1")
    assert carrier.asked == ["m1", "look m1"]


@pytest.mark.parametrize(("status", "fault"), [(500, Busy), (429, Busy), (403, Busy), (400, Undeliverable)])
def test_notify_says_what_can_be_tried_again(carrier: Carrier, status: int, fault: type[Exception]) -> None:
    carrier.answers = [(status, {})]
    with pytest.raises(fault):
        by_notify(carrier).send(TEXT)


def test_nothing_goes_out_of_a_trial_or_to_a_number_that_nobody_verified(carrier: Carrier) -> None:
    assert Texting(live(carrier).having(installation="trial")).send(TEXT) == Handed("trial")
    with pytest.raises(Undeliverable, match="unverified_contact"):
        Texting(live(carrier)).send(replace(TEXT, verified=False))
    assert carrier.asked == []


def test_where_nobody_carries_texts_a_person_is_told() -> None:
    with pytest.raises(Undeliverable, match="no_text_messages_here"):
        Texting(Settings(installation="live")).send(TEXT)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+353 86 123 4567", "+353861234567"),
        ("01632 960001", None),
        ("0800 1111", None),
        ("ring my aunt", None),
        ("", None),
        (None, None),
    ],
)
def test_a_landline_takes_no_texts(said: str | None, number: str | None) -> None:
    assert mobile_of(said) == number


def test_a_request_is_known_by_its_signature_for_five_minutes() -> None:
    headers = sign(SECRET, b"{}", 1000)
    assert is_signed(SECRET, headers, b"{}", 1299)
    assert not is_signed(SECRET, headers, b"{}", 1301)
    assert not is_signed(SECRET, headers, b"{ }", 1000)
    assert not is_signed("", headers, b"{}", 1000)
    assert not is_signed(SECRET, headers | {TIMESTAMP: "1001"}, b"{}", 1000)
    assert not is_signed(SECRET, {SIGNATURE: headers[SIGNATURE], TIMESTAMP: "\N{SUPERSCRIPT TWO}"}, b"{}", 2)
