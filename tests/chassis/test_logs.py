"""What the logs say of a failure: where it was, and nobody's words."""

from __future__ import annotations

import logging

import pytest

from services.chassis import logs


def test_a_failure_is_logged_without_what_the_variables_held(caplog: pytest.LogCaptureFixture) -> None:
    narrative = "the woman on nights grabbed me"
    try:
        raise ValueError(narrative)
    except ValueError as fault:
        logs.logger("safeguarding").error("fact_not_handled", exc_info=fault)  # before anything was set up
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "woman" not in caplog.text
    assert "test_logs.py" in caplog.text
