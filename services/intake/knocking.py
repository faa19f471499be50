"""Knocking at safeguarding's own HTTP door when its proof stays away: the same report, another way round the broker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from services.chassis.house import House
from services.chassis.logs import correlation, why
from services.chassis.settings import TOKEN_HEADER

PATIENCE = (2.0, 8.0)  # seconds to connect, and to answer


def knock(house: House, fact: Mapping[str, Any]) -> bool:
    """Hand a report over at the door. True only when safeguarding holds it, and no call about it waits.

    With the broker or notifications away safeguarding holds it and calls, and the call stays where it is: that is no
    proof that anybody was reached.
    """
    try:
        answer = requests.post(
            f"{house.settings.urls['safeguarding'].rstrip('/')}/reports",
            json=fact,
            headers={TOKEN_HEADER: house.settings.internal_token, "X-Correlation-ID": correlation()},
            timeout=PATIENCE,
            allow_redirects=False,
        )
        said = answer.json() if answer.status_code in (200, 201) else {}
        held, waits = said.get("report_id") == fact["report_id"], bool(said.get("waits"))
    except (requests.RequestException, ValueError) as fault:
        house.log.warning("knock_unanswered", report=fact["report_id"], error=why(fault))
        return False
    house.log.info("knocked", report=fact["report_id"], held=held, waits=waits, status=answer.status_code)
    return held and not waits
