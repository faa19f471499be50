"""What comes back to a text: that it arrived, that it did not, or somebody's answer.

An answer from somebody on call is about an alert, and goes to safeguarding's door. Any other words go to intake's, for
the report that they answer, or as a report of their own: they are read like all words, and none is thrown away. Both
doors are HTTP, so that an answer counts while the broker is down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import requests

from services.chassis.errors import Unavailable
from services.chassis.house import House
from services.chassis.logs import correlation
from services.chassis.settings import TOKEN_HEADER
from services.chassis.texting import mobile_of
from services.notifications import mailbook, posting

_ANSWERS_FOR = timedelta(days=28)
"""For how long the newest text to a number is what an answer from it means."""
_SAYS_MORE = 3
"""An answer to a call of more words than these says more than yes or no."""
_PATIENCE = (2.0, 8.0)  # seconds to connect, and to answer


@dataclass(frozen=True, slots=True)
class Event:
    """What a carrier tells. `message_id` is our own, where it says so."""

    sort: Literal["delivered", "failed", "reply"]
    message_id: str
    reply_id: str
    number: str = field(repr=False)
    text: str = field(repr=False)


def hear(house: House, event: Event) -> str:
    """Take it in; what it was taken as. Twice is once. Raises `Unavailable` when it must be told again."""
    if event.sort == "reply":
        return _reply(house, event)
    with house.working() as work:
        rows = mailbook.by_id(work.conn, [event.message_id])
        if not rows or rows[0].state != "sent" or rows[0].delivered_at is not None:
            return "known"
        if event.sort == "delivered":
            mailbook.note(work.conn, rows[0].id, delivered_at=work.now)
        else:
            posting.fails(house, work, rows[0]._mapping, "not_delivered")
    return event.sort


def _reply(house: House, event: Event) -> str:
    number = mobile_of(event.number)
    with house.db.reading() as conn:
        digest = posting.number_digest(house, number) if number else ""
        answered = mailbook.answered(conn, event.message_id, digest, house.clock.now() - _ANSWERS_FOR)
    people = [
        one for one, entry in house.who.entries("person").items() if number and mobile_of(entry.get("phone")) == number
    ]
    meant = "unclear"
    if people:
        meant = _ask(house, "safeguarding", "/replies", {"people": people, "text": event.text})["answer"]
        more = len(re.findall(r"[^\W\d_]+", event.text)) > _SAYS_MORE
        if meant != "unclear" and not more:
            return str(meant)
    if not event.text:
        return "empty"
    key = {"Idempotency-Key": f"text/{event.reply_id or f'{digest}/{event.text}'}"[:200]}
    if answered is not None:
        said = {"report_id": answered.case_id, "words": event.text, "sort": "note" if people else "message"}
        if _ask(house, "intake", "/by-text", said, key) is not None:
            return "words" if meant == "unclear" else str(meant)
    _ask(house, "intake", "/reports", _report(house, event, number), key)
    return "report"


def _report(house: House, event: Event, number: str | None) -> dict[str, Any]:
    """A text that answers nothing we know of, as a report at the home for what names none."""
    home = house.who.home(house.settings.inbox_home)
    if home is None:
        raise Unavailable("HEARD_INBOX_HOME names no home that is known here.")
    return {
        "home": home["id"], "channel": "sms", "what_happened": event.text, "complainant": {"phone": number or ""},
    }  # fmt: skip


def _ask(
    house: House, service: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Any:
    """Another service's door; None where it knows nothing of what it was asked about. Raises `Unavailable`."""
    shown = {TOKEN_HEADER: house.settings.internal_token, "X-Correlation-ID": correlation(), **(headers or {})}
    try:
        answer = requests.post(
            house.settings.urls[service].rstrip("/") + path, json=body, headers=shown, timeout=_PATIENCE,
            allow_redirects=False,
        )  # fmt: skip
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError):
        raise Unavailable(f"{service} does not take it at the moment.") from None
