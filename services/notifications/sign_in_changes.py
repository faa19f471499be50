"""Whoever signs in is told by mail what changed in how they do, apart from all other messages (`apart`).

It comes unasked, so it asks nobody to follow a link. Nobody can choose not to get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from heard.public_view import day_in_words
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.work import Fact, Work
from services.notifications import apart
from services.notifications.models import sign_in_changes

TEMPLATE = "staff/sign_in_changed"
TRIED_FOR = timedelta(days=2)
WHAT = {
    "password": "A new password was chosen. You are signed out everywhere, and a token that a program asks with in "
    "your name opens nothing any more: make it another one.",
    "app_on": "An app was set up whose digits are asked for when you sign in.",
    "app_off": "The app whose digits were asked for when you sign in was turned off.",
    "passkey_added": "A passkey was added. Whoever has it comes in without your password.",
    "passkey_removed": "A passkey was removed, and lets nobody in any more.",
    "lost_phone": "Whoever runs Heard took away your app and your passkeys, so that you can begin anew. Until you do, "
    "your password alone lets you in.",
    "token": "A token was made, with which a program can ask in your name.",
    "joined": "You signed in with your account elsewhere for the first time. From now on it lets you in.",
    "parted": "Whoever runs Heard took away the account elsewhere by which you came in. You are signed out everywhere, "
    "and tokens that were made before open nothing any more.",
    "glass": "Whoever runs Heard made a link that lets you in once, without the account that you sign in with on other "
    "days.",
}


def made(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """What is to be told. A trial sends nothing."""
    if house.settings.live:
        over_at = work.now + TRIED_FOR
        apart.keep(work, sign_in_changes, ({
            "id": fact.body["change_id"], "person": fact.body["person"], "email": fact.body["email"],
            "verified": fact.body["verified"], "what": fact.body["what"], "at": fact.body["at"], "over_at": over_at,
        } for fact in facts))  # fmt: skip


def send_due(house: House, post: Post) -> int:
    """Send what is due; how many were tried."""
    return apart.send_due(house, sign_in_changes, lambda row: post.send(_mail(house, row)), "sign_in_change_not_told")


def _mail(house: House, row: Any) -> Letter:
    told, when = WHAT[row.what], day_in_words(row.at)
    return apart.to_staff(house, row, TEMPLATE, told=told, until=when, link=house.settings.public_url)
