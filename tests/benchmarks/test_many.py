"""The copies among which things are measured leave nothing out that a case leaves in the databases."""

from __future__ import annotations

import importlib

import pytest

from benchmarks.many.copies import COPIED, NOT_COPIED


@pytest.mark.parametrize("service", COPIED)
def test_every_table_of_a_service_is_copied_or_said_not_to_be(service: str) -> None:
    there = set(importlib.import_module(f"services.{service}.models").metadata.tables)
    assert set(COPIED[service]) == there - NOT_COPIED
