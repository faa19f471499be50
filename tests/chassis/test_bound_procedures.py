"""A case goes on under the version that it began with, whatever is installed later."""

from __future__ import annotations

import dataclasses

import pytest

from heard.registry import UnknownProcedure
from services.chassis.bound import BoundProcedures
from tests.workflow.case_room import CaseRoom
from tests.workflow.conftest import room

__all__ = ["room"]


def _after_an_upgrade(procedures: BoundProcedures) -> BoundProcedures:
    """The same service when the plugin it knew has been replaced by another version."""
    plugin = procedures.installed["ioi_support"]
    newer = dataclasses.replace(plugin.versions[-1], version="ioi_support@2030-01-01#000000000000")
    installed = {"ioi_support": dataclasses.replace(plugin, versions=(newer,))}
    return BoundProcedures(installed, procedures.plugins, db=procedures.db)


def test_a_version_that_is_not_installed_any_more_is_read_from_what_was_kept(room: CaseRoom) -> None:
    before = room.house.procedures
    began_with = before.get("ioi_support")
    before.keep()
    before.keep()  # a second start changes nothing
    assert _after_an_upgrade(before).pinned(began_with.version) == began_with


def test_a_version_that_nobody_kept_is_said_to_be_unknown(room: CaseRoom) -> None:
    began_with = room.house.procedures.get("ioi_support")
    with pytest.raises(UnknownProcedure, match=r"2030-01-01"):
        _after_an_upgrade(room.house.procedures).pinned(began_with.version)
