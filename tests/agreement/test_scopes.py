"""What a token can open: the same words where it is made, where it is asked for, and in the API's description."""

from __future__ import annotations

from services.directory import tokens
from services.portal import api_token


def test_the_directory_and_the_portal_know_the_same_scopes() -> None:
    assert tuple(api_token.SCOPES) == tokens.SCOPES
