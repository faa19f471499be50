"""Links by which somebody chooses a password, on their way by mail, apart from all other messages (`apart`).

The link itself is made as the mail is written (`chassis.entering`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heard.public_view import day_in_words
from services.chassis import entering
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.work import Fact, Work
from services.notifications import apart
from services.notifications.models import sign_in_links

TEMPLATE = "staff/sign_in_link"
WHY = {
    "invited": "You have been given a part in Heard, where complaints about the home are looked into.",
    "forgotten": "Somebody, we hope you, said that they do not know your password any more.",
}


def made(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Links that are to be sent. A trial sends nothing: whoever made the link has it on their screen."""
    if house.settings.live:
        apart.keep(work, sign_in_links, ({
            "id": fact.body["link_id"], "person": fact.body["person"], "email": fact.body["email"],
            "verified": fact.body["verified"], "why": fact.body["why"], "over_at": fact.body["over_at"],
        } for fact in facts))  # fmt: skip


def send_due(house: House, post: Post) -> int:
    """Send what is due; how many were tried."""
    return apart.send_due(house, sign_in_links, lambda row: post.send(_mail(house, row)), "sign_in_link_not_sent")


def _mail(house: House, row: Any) -> Letter:
    link = entering.link(house.vault, house.settings.public_url, row.id, row.over_at)
    return apart.to_staff(house, row, TEMPLATE, told=WHY[row.why], until=day_in_words(row.over_at), link=link)
