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
    """Hand a report over at the door. True only when safeguarding says that it holds it."""
    try:
        answer = requests.post(
            f"{house.settings.urls['safeguarding'].rstrip('/')}/reports",
            json=fact,
            headers={TOKEN_HEADER: house.settings.internal_token, "X-Correlation-ID": correlation()},
            timeout=PATIENCE,
            allow_redirects=False,
        )
        held: bool = answer.status_code in (200, 201) and answer.json().get("report_id") == fact["report_id"]
    except (requests.RequestException, ValueError) as fault:
        house.log.warning("knock_unanswered", report=fact["report_id"], error=why(fault))
        return False
    house.log.info("knocked", report=fact["report_id"], held=held, status=answer.status_code)
    return held
