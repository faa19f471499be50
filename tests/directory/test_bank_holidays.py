"""The calendar in the directory: who may change it, what cannot stand, and what the command line says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from heard.proclaimed import Proclamations
from heard.timeline_cli import calendar
from services.chassis.clock import set_clock
from services.chassis.errors import Invalid, NotFound
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.directory import desk, holidays
from services.directory.changes import SYSTEM_ADMINISTRATOR
from tests.directory.at_the_desk import MAREN, Desk
from tests.directory.neighbours import NOW, person

DAY = date(2027, 5, 10)
THANKS = {"do": "proclaim_holiday", "day": "2027-05-10", "name": "A day of thanks", "reason": "proclaimed in council"}


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.house.close()


def refusal(ask: Callable[[], object]) -> str:
    """What it says of the fields at fault."""
    with pytest.raises(Invalid) as refused:
        ask()
    return str(refused.value.fields)


def standing(at_desk: Desk) -> Proclamations:
    with at_desk.house.db.reading() as conn:
        return holidays.proclamations(conn)


def test_a_proclaimed_day_is_told_to_everybody_as_a_change_of_its_own(at_desk: Desk) -> None:
    before = len(at_desk.told())
    changed = desk.change(at_desk.house, [THANKS], by="console")
    (told,) = at_desk.told()[before:]
    assert told["version"] == changed["version"]
    (entry,) = told["entries"]
    assert (entry["kind"], entry["data"]["day"], entry["data"]["until"]) == ("bank_holiday", "2027-05-10", None)
    assert standing(at_desk).standing() == {DAY: "A day of thanks"}


def test_taken_back_it_stays_with_its_end_and_the_next_turn_has_a_later_moment(at_desk: Desk) -> None:
    (day,) = desk.change(at_desk.house, [THANKS], by="console")["ids"]
    desk.change(at_desk.house, [{"do": "take_back_holiday", "id": day, "because": "put off"}], by="console")
    desk.change(at_desk.house, [THANKS], by="console")
    turns = standing(at_desk).turns  # the clock stood still
    assert [turn.taken_back for turn in turns] == [False, True, False]
    assert len({turn.at for turn in turns}) == 3
    again = {"do": "take_back_holiday", "id": day, "because": "again"}
    assert "already" in refusal(lambda: desk.change(at_desk.house, [again], by="console"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "2027-12-27"}, "Christmas Day"),
        ({"day": "2031-05-10"}, "known"),
        ({"name": ""}, "name"),
        ({"reason": None}, "reason"),
        ({"day": "soon"}, "day"),
    ],
)
def test_what_cannot_be_proclaimed_is_refused_with_a_sentence(
    at_desk: Desk, changes: dict[str, str | None], said: str
) -> None:
    assert said in refusal(lambda: desk.change(at_desk.house, [THANKS | changes], by="console"))


def test_the_same_day_is_not_proclaimed_twice_and_never_beside_another_change(at_desk: Desk) -> None:
    both = [THANKS, {"do": "away", "person": MAREN}]
    assert "alone" in refusal(lambda: desk.change(at_desk.house, both, by="console"))
    desk.change(at_desk.house, [THANKS], by="console")
    assert "proclaimed already" in refusal(lambda: desk.change(at_desk.house, [THANKS], by="console"))


def test_a_day_that_has_come_is_not_taken_back(at_desk: Desk) -> None:
    (day,) = desk.change(at_desk.house, [THANKS], by="console")["ids"]
    at_desk.it_is(datetime(2027, 5, 10, 6, tzinfo=UTC))
    taking = {"do": "take_back_holiday", "id": day, "because": "put off"}
    assert "has come" in refusal(lambda: desk.change(at_desk.house, [taking], by="console"))


def test_only_the_system_administrator_changes_the_calendar_of_everybody(at_desk: Desk) -> None:
    assert "system administrator" in refusal(lambda: at_desk.keep(MAREN, THANKS))
    with pytest.raises(NotFound):
        at_desk.keep(person("tobias-fennimore"), THANKS)
    desk.change(
        at_desk.house, [{"do": "hold_role", "role": SYSTEM_ADMINISTRATOR, "person": MAREN}], by="console"
    )  # fmt: skip
    at_desk.keep(MAREN, THANKS)
    assert standing(at_desk).standing() == {DAY: "A day of thanks"}


class Console:
    """The command line beside an installation that is not running."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        set_clock(folder / "clock", NOW)
        for name, value in {"VAR": folder, "KEYS_DIR": folder / "keys", "CLOCK_FILE": folder / "clock"}.items():
            monkeypatch.setenv(f"HEARD_{name}", str(value))
        monkeypatch.setattr("services.chassis.green.patch", lambda: None)  # this process is not to be patched
        self.settings = Settings(var=folder, keys_dir=folder / "keys", clock_file=folder / "clock")

    def heard(self, *words: str) -> Result:
        return CliRunner().invoke(calendar, list(words))


def test_without_an_installation_the_calendar_is_the_published_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(tmp_path, monkeypatch)
    said = console.heard("holidays", "2027")
    assert said.exit_code == 0 and "10 May 2027" not in said.output
    assert not (tmp_path / "directory.db").exists()


def test_the_command_line_proclaims_shows_counts_with_it_and_takes_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(tmp_path, monkeypatch)
    migrate(console.settings, ["directory", "workflow"])
    said = ("--name", "A day of thanks", "--reason", "proclaimed in council")
    looked = console.heard("proclaim", "2027-05-10", *said, "--dry-run")
    assert "0 cases would move; nothing was changed." in looked.output
    assert "10 May 2027" not in console.heard("holidays", "2027").output
    assert json.loads(console.heard("proclaim", "2027-05-10", *said, "--dry-run", "--json").output)["cases"] == []
    assert console.heard("proclaim", "2027-05-10", *said).exit_code == 0
    assert "Mon 10 May 2027  A day of thanks" in console.heard("holidays", "2027").output
    assert console.heard("add", "2027-05-07", "1").output.startswith("Tuesday 11 May 2027")
    again = console.heard("proclaim", "2027-05-10", *said)
    assert again.exit_code == 2 and "proclaimed already" in again.output
    set_clock(tmp_path / "clock", datetime.fromisoformat(str(NOW)) + timedelta(days=1))
    assert console.heard("take-back", "2027-05-10", "--reason", "put off", "--dry-run").exit_code == 0
    assert console.heard("take-back", "2027-05-10", "--reason", "put off").exit_code == 0
    assert console.heard("add", "2027-05-07", "1").output.startswith("Monday 10 May 2027")
    assert "was not proclaimed here" in console.heard("take-back", "2027-05-10", "--reason", "twice").output
