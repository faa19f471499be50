"""What a browser says of itself, in words by which somebody knows their own: "Chrome on Android"."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "a Chromebook"), ("Macintosh", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip
"""In this order: most browsers also claim to be those further down."""


def in_words(user_agent: str) -> str:
    """The browser and the sort of device, as far as it says."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
