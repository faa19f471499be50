"""Texts through GOV.UK Notify, for councils and others who may use it.

The service's template holds nothing but ``((text))``. Notify knows no idempotency key: before a text is handed over
again, it is asked whether it has one of our reference already.
"""

from __future__ import annotations

import logging

from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import APIError, HTTPError

from services.chassis.gate import Busy, Undeliverable

logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)  # its lines would say what was refused
_PATIENCE = 15  # seconds
_HERE = "https://api.notifications.service.gov.uk"


class Notify:
    """One service at Notify: its key and its template."""

    def __init__(self, key: str, template: str, url: str = _HERE) -> None:
        self.client = NotificationsAPIClient(key, base_url=url, timeout=_PATIENCE)
        self.template = template

    def hand_over(self, key: str, to: str, body: str, *, again: bool) -> str:
        """Hand a text over; Notify's own id for it."""
        try:
            if again and (before := self.client.get_all_notifications(reference=key).get("notifications")):
                return str(before[0]["id"])
            done = self.client.send_sms_notification(
                to, self.template, personalisation={"text": body}, reference=key
            )
            return str(done["id"])
        except HTTPError as fault:
            if fault.status_code == 400:
                raise Undeliverable("number_refused") from None
            raise Busy("GOV.UK Notify did not take the message.", _pause(fault)) from None
        except APIError:
            raise Busy("GOV.UK Notify does not answer.") from None


def _pause(fault: HTTPError) -> float | None:
    """What Notify's limits ask for: its answer to 429 names no time, and the limit is counted by the minute."""
    return 60.0 if fault.status_code == 429 else None
