"""A group brings its sheets: every fault at once with its place, all or nothing, and a second time nothing changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.chassis.clock import set_clock
from services.chassis.house import House
from services.chassis.settings import Settings
from services.directory import register
from services.directory.directory_cli import directory
from services.directory.sheets import SHEETS, read_sheets, template
from tests.directory.neighbours import NOW
from tests.ground.migrated import lay_out

PEOPLE = """name,email,phone,works_for,outside,email_verified
Ottilie Brackenridge,ottilie@lantern.example,01632 960111,Lantern Homes,no,yes
Jasper Underwood,,,Lantern Homes,no,
Ines Farrow,ines@farrow.example,,,yes,yes
"""
ROLES = """person,role,provider,home,from,until
ottilie@lantern.example,group operator,,,2026-01-05,
ottilie@lantern.example,Registered Service Manager,,lantern-house,05/01/2026,
Jasper Underwood,staff,,lantern-house,2026-01-05,2027-01-05
Ines Farrow,external_investigator,Lantern Homes,,2026-01-05,
"""
GOOD = {
    "providers.csv": "provider,procedure\nLantern Homes,ioi_support\n",
    "areas.csv": "area,contact,name,phone,email,last_verified\n"
    "Dorset,lado,,01632 960102,lado@dorset.example,2026-11-02\n"
    "Dorset,out_of_hours,,01632 960103,,\n",
    "homes.csv": "\ufeffhome;name;provider;area\nlantern-house;Lantern House;Lantern Homes;Dorset\n",
    "people.csv": PEOPLE,
    "roles.csv": ROLES,
}


class Group:
    """An installation with one operator in it, and a folder of sheets."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        set_clock(folder / "clock", NOW)
        self.sheets = folder / "sheets"
        self.sheets.mkdir()
        for name, value in {"VAR": folder, "KEYS_DIR": folder / "keys", "CLOCK_FILE": folder / "clock"}.items():
            monkeypatch.setenv(f"HEARD_{name}", str(value))
        monkeypatch.setattr("services.chassis.green.patch", lambda: None)  # this process is not to be patched
        self.settings = Settings(var=folder, keys_dir=folder / "keys", clock_file=folder / "clock")
        lay_out(self.settings, "directory")
        assert self.heard("operator", "Lantern Group", "lantern").exit_code == 0

    def heard(self, *words: str | Path) -> Result:
        return CliRunner().invoke(directory, [str(word) for word in words])

    def bring(self, *more: str, **sheets: str) -> Result:
        """Write the good sheets, those given instead, and import the folder."""
        for name, text in (GOOD | {f"{sheet}.csv": text for sheet, text in sheets.items()}).items():
            (self.sheets / name).write_text(text, encoding="utf-8")
        return self.heard("import", self.sheets, *more)

    @property
    def version(self) -> int:
        house = House(self.settings, "directory")
        with house.db.reading() as conn:
            found = register.version(conn)
        house.close()
        return found


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Group:
    return Group(tmp_path, monkeypatch)


def test_the_templates_can_be_read_and_hold_every_column() -> None:
    read = read_sheets((f"{sheet}.csv", template(sheet)) for sheet in SHEETS)
    assert read.faults == []
    assert {sheet: len(rows) for sheet, rows in read.rows.items()} == dict.fromkeys(SHEETS, 1)


def test_a_group_comes_in_whole_and_a_second_time_nothing_changes(group: Group) -> None:
    first = group.bring()
    assert first.exit_code == 0, first.output
    assert "new home: Lantern House" in first.output
    assert "new holding: Ottilie Brackenridge, registered service manager at Lantern House" in first.output
    version = group.version
    second = group.bring()
    assert second.output == "0 changed, 11 stand as they are.\n" and group.version == version
    shown = group.heard("show").output
    assert "lantern-house: Lantern House, Lantern Homes, Dorset" in shown
    assert "Ottilie Brackenridge <ottilie@lantern.example>: group_operator (everywhere)" in shown


def test_only_what_differs_is_changed_and_said(group: Group) -> None:
    group.bring()
    changed = group.bring(people=PEOPLE.replace("01632 960111", "01632 960222"))
    assert "changed person: Ottilie Brackenridge (phone)" in changed.output
    assert "1 changed, 10 stand as they are." in changed.output
    areas = GOOD["areas.csv"].replace("01632 960102", "01632 960199").replace("2026-11-02", "")
    moved = group.bring(people=PEOPLE.replace("01632 960111", ""), areas=areas)
    assert "changed contact: lado of Dorset (phone, verified_on)" in moved.output
    assert "Brackenridge" not in moved.output  # an empty cell changes nothing


def test_a_rehearsal_says_what_would_change_and_changes_nothing(group: Group) -> None:
    version = group.version
    said = group.bring("--dry-run")
    assert "11 would be changed" in said.output and group.version == version


def test_every_fault_is_said_at_once_with_its_place_and_nothing_is_changed(group: Group) -> None:
    version = group.version
    said = group.bring(
        providers="provider,procedure,colour\nLantern Homes,wizardry,blue\n",
        homes="home;name;provider;area\nLantern House;Lantern House;Lantern Homes;Dorset\n",
        people=PEOPLE.replace("ines@farrow.example", "ines").replace("outside", "outside"),
        roles=ROLES.replace("Registered Service Manager", "Wizard").replace("2027-01-05", "soon"),
    )
    assert said.exit_code == 2 and group.version == version
    for place in (
        "providers.csv, line 1, colour: no such column",
        "providers.csv, line 2, procedure: no such procedure is installed; there are:",
        "homes.csv, line 2, home: 'Lantern House' is no short name",
        "people.csv, line 4, email: 'ines' is no email address",
        "roles.csv, line 4, until: 'soon' is no day",
        "nothing was changed.",
    ):
        assert place in said.stderr, said.stderr


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ottilie@lantern.example,Wizard,,lantern-house,,", "role: the procedure of Lantern Homes has no role"),
        ("nobody@lantern.example,staff,,lantern-house,,", "person: nobody here has the email address or the name"),
        ("Ines Farrow,staff,,moon-base,,", "home: no home here is called 'moon-base'; there are: lantern-house"),
        ("Ines Farrow,director,,,,", "provider: 'director' is held at a provider: say at which"),
        ("Ines Farrow,system administrator,,,,", "role: a system administrator is appointed by hand"),
        ("Ines Farrow,staff,,lantern-house,2026-05-01,2026-04-01", "until: this is not after"),
    ],
)
def test_a_role_that_cannot_be_held_says_why(group: Group, line: str, fault: str) -> None:
    said = group.bring(roles=f"{ROLES}{line}\n")
    assert said.exit_code == 2 and f"roles.csv, line 6, {fault}" in said.stderr, said.stderr


def test_the_commands_add_end_and_find_what_people_call_by_name(group: Group) -> None:
    group.bring()
    done = [
        ("person", "Lavender Moss", "--email", "lavender@lantern.example", "--works-for", "Lantern Homes"),
        ("role", "Lavender Moss", "registered service manager", "--home", "lantern-house"),
        ("role", "Lavender Moss", "director", "--home", "lantern-house"),
        ("end-role", "Ottilie Brackenridge", "registered_service_manager", "--home", "lantern-house"),
        ("away", "lavender@lantern.example", "--from", "2026-12-01", "--until", "2026-12-08"),
        ("reach", "Lavender Moss", "--routine", "text", "--alerts", "call"),
        ("on-call", "Lavender Moss", "registered_service_manager", "--provider", "Lantern Homes"),
        ("relate", "Lavender Moss", "manages", "Jasper Underwood"),
        ("contact", "Dorset", "mash", "--phone", "01632 960104"),
        ("close-home", "lantern-house", "--passes-to", "Ottilie Brackenridge"),
    ]
    for words in done:
        said = group.heard(*words)
        assert said.exit_code == 0, f"{words}: {said.output}"
    shown = group.heard("show").output
    assert "closed 2026-11-23" in shown
    refused = group.heard("role", "Lavender", "director", "--home", "lantern-house")
    assert refused.exit_code == 2 and "Nobody here has the email address or the name 'Lavender'" in refused.stderr


def test_health_says_what_would_fail_and_tells_a_program_so(group: Group) -> None:
    group.bring()
    said = group.heard("health")
    assert said.exit_code == 1
    assert "Lantern House has no Deputy Designated Safeguarding Lead" in said.output


def test_a_link_to_choose_a_password_is_made_and_nobody_hands_a_password_over(group: Group) -> None:
    group.bring()
    said = group.heard("sign-in", "Ottilie Brackenridge").output
    assert said.startswith("Ottilie Brackenridge signs in as ottilie@lantern.example.")
    assert re.search(r"^http://127\.0\.0\.1:8000/in/[0-9a-f]{32}/\S{24}$", said, re.M) and "No mail can be sent" in said
