"""Fresh receipt codes, on their way to whoever lost theirs: to the place where their letters go, and nowhere else.

That is a place which the complainant said themselves, in answer to how they may be reached; who also said how it is
safe is reached in that way alone, and where only a person can follow what they said, no code goes at all.

A code stays in the envelope in which it came until it is written down to be sent. It goes without its reference: it
opens nothing for somebody who only finds the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heard.public_view import day_in_words
from services.chassis.errors import Unavailable
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.texting import Text, Texting
from services.chassis.vault import Erased
from services.chassis.work import Fact, Work
from services.notifications import apart, mailbook, rendering
from services.notifications.addresses import FollowPage, Number, keep_keys, of_complainant, opened
from services.notifications.models import fresh_codes

BY_POST, BY_TEXT = "complainant/fresh_code", "text/fresh_code"


def made(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Codes that are to be sent. A trial sends nothing, and a code is for nobody else's eyes."""
    if house.settings.live:
        bodies = [fact.body for fact in facts]
        kept = keep_keys(house, work.conn, [(body["report_id"], body["code"]) for body in bodies])
        apart.keep(work, fresh_codes, (
            {"id": body["code_id"], "case_id": body["report_id"], "code": code, "over_at": body["over_at"]}
            for body, code in zip(bodies, kept, strict=True)
        ))  # fmt: skip


def send_due(house: House, post: Post, texting: Texting | None = None) -> int:
    """Send what is due; how many were tried."""
    by_text = texting or Texting(house.settings)
    return apart.send_due(house, fresh_codes, lambda row: _send(house, post, by_text, row), "fresh_code_not_sent")


def _send(house: House, post: Post, texting: Texting, row: Any) -> None:
    with house.db.reading() as conn:
        case = mailbook.known(conn, [row.case_id]).get(row.case_id)
        if case is None:
            raise Unavailable  # the report itself is still on its way here
        try:
            to = of_complainant(house, conn, case)
            (code,) = opened(house, conn, row.case_id, row.code).values()
        except Erased:
            raise Undeliverable("erased") from None
        if isinstance(to, FollowPage):  # also who asked not to be written to: a person reaches them, and has no code
            raise Undeliverable("no_address")
        template = BY_TEXT if isinstance(to, Number) else BY_POST
        letter = rendering.told_once(house, conn, case, template, code=code, until=day_in_words(row.over_at))
    if isinstance(to, Number):
        texting.send(Text(row.id, to.number, letter.text.strip(), to.verified, again=row.attempts > 0))
    else:
        post.send(Letter(row.id, to.email, letter.subject, letter.text, True, to.verified, letter.html))
