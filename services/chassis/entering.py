"""The link by which somebody chooses a password: single use, good for a while, made anew wherever it is needed.

It is made from the installation's secret for one link and its end, so it stands in no table and in no fact: directory
makes it to check what came, notifications to write it into the mail.
"""

from __future__ import annotations

from datetime import datetime

from services.chassis.vault import Vault


def link(vault: Vault, public_url: str, link_id: str, over_at: datetime) -> str:
    """The whole address."""
    return f"{public_url}/in/{link_id}/{vault.link_token('sign in', link_id, _end(over_at))}"


def is_token(vault: Vault, token: str, link_id: str, over_at: datetime) -> bool:
    """Whether this is the token of that link."""
    return vault.is_link_token(token, "sign in", link_id, _end(over_at))


def _end(over_at: datetime) -> str:
    return f"{int(over_at.timestamp()):x}"
