"""Who asks at a door: another service of ours, or somebody outside, and where they sit."""

from __future__ import annotations

import hmac

from flask import request

from services.chassis.settings import TOKEN_HEADER, Settings


def is_ours(settings: Settings) -> bool:
    """Whether one of our own services asks: only they know the house's token."""
    shown = request.headers.get(TOKEN_HEADER, "").encode()
    return bool(shown) and hmac.compare_digest(shown, settings.internal_token.encode())


def asker(settings: Settings) -> str:
    """Where the person sits: our portal says it for them, and is believed because it shows the house's token."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[0].strip()
    return told if is_ours(settings) and told else request.remote_addr or "nowhere"
