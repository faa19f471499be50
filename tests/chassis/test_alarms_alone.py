"""A process for what is alarming alone: what is left of each service in it, and that nothing else is."""

from __future__ import annotations

import pytest

from services.chassis.alarms_alone import alarms_alone, entry_points
from services.chassis.process import service_class
from services.chassis.settings import SERVICES, Settings, SettingsFault
from services.screening.lexicon import the_lexicon

LEFT = {
    "intake": {"note_raised", "ladder_called", "watch_for_proof"},
    "safeguarding": {"complaint_received", "concern_raised", "call_failed", "call_the_ladder"},
    "notifications": {"ladder_called", "send_calls"},
}


@pytest.mark.parametrize("service", SERVICES)
def test_of_a_service_only_that_is_left_which_stands_on_the_way_of_an_alert(service: str) -> None:
    whole = service_class(service)
    alone = alarms_alone(whole)
    assert set(entry_points(alone)) == LEFT.get(service, set())
    assert alone.name == whole.name and set(entry_points(whole)) > set(entry_points(alone))


def test_reports_that_wait_with_all_others_are_left_to_the_processes_that_do_all() -> None:
    (mark,) = entry_points(alarms_alone(service_class("safeguarding")))["complaint_received"]
    assert mark.first


def test_in_one_process_there_is_no_other_for_alarms_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_ALARMS_ONLY", "true")
    with pytest.raises(SettingsFault, match="HEARD_ALARMS_ONLY"):
        Settings.from_env()


@pytest.mark.parametrize("service", ["intake", "safeguarding"])
def test_it_too_has_what_reports_are_read_by_in_hand_before_the_first_one_comes(service: str) -> None:
    the_lexicon.cache_clear()
    alarms_alone(service_class(service)).get_ready()
    assert the_lexicon.cache_info().currsize == 1
