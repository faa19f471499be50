"""A backup made while reports pour in is brought back elsewhere and goes on: nothing lost, nothing doubled."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.chaos import tally
from benchmarks.chaos.reporters import Reporters
from services.chassis.database import Database
from services.chassis.ledger import verify
from services.chassis.settings import Settings
from services.chassis.vault import Vault
from services.safeguarding.models import ledger as safeguarding_ledger
from services.workflow.models import ledger as case_ledger
from tests.ground import world
from tests.ground.harness import Platform


def heard(platform: Platform, *words: str) -> str:
    """Run a command beside the platform, as whoever looks after it would."""
    done = platform.command(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Restored(Platform):
    """A platform that begins with what a backup brings back."""

    def __init__(self, original: Platform, file: Path, phrase: Path) -> None:
        super().__init__("embedded", at=original.now)
        self._from, self.tokens = (file, phrase), dict(original.tokens)

    def _lay_data(self) -> None:
        file, phrase = self._from
        self.clock_file.write_text(self.now.isoformat())
        heard(self, "restore", str(file), "--passphrase-file", str(phrase))


@pytest.mark.timeout(300)
@pytest.mark.every_procedure_lives_here
def test_what_was_backed_up_while_reports_poured_in_goes_on_elsewhere(
    embedded_platform: Platform, tmp_path: Path
) -> None:
    (tmp_path / "phrase").write_text("the heron stands in the reeds\n")
    reporters = Reporters(embedded_platform, 70, rate=15)
    reporters.start()
    files = []
    for n in range(2):  # at two instants, each with other facts half on their way
        embedded_platform.wait_until(lambda n=n: reporters.done > 10 + 25 * n, 100, what="reports pour in")
        before = set(reporters.receipts)
        file = tmp_path / f"{n}.heard"
        heard(embedded_platform, "backup", str(file), "--passphrase-file", str(tmp_path / "phrase"))
        files.append((file, before))
    reporters.join()
    assert reporters.gave_up == []
    embedded_platform.wait_until(lambda: not tally.in_flight(embedded_platform), 60, what="the original is at rest")
    embedded_platform.kill("heard")  # never both at once: they would write to the same people

    for file, before in files:
        elsewhere = Restored(embedded_platform, file, tmp_path / "phrase")
        try:
            elsewhere.start()
            goes_on_as_if_nothing_had_been(elsewhere, before, set(reporters.told))
        finally:
            elsewhere.remove()


def goes_on_as_if_nothing_had_been(elsewhere: Platform, before: set[str], homes: set[str]) -> None:
    facts = [(row["reference"], json.loads(row["fact"])) for row in elsewhere.rows("intake", "SELECT * FROM reports")]
    assert before <= {reference for reference, _ in facts}, "a report that had its receipt before the backup is missing"
    worrying = sum(1 for _, fact in facts if fact["in_danger_now"])
    slugs = {world.home_id(slug): slug for slug in homes}
    later = elsewhere.submit()
    told = Counter([*(slugs[fact["home"]] for _, fact in facts), "harbour-house"])
    elsewhere.wait_until(lambda: not tally.in_flight(elsewhere), 60, what="all is at rest")
    elsewhere.wait_until(
        lambda: not list(tally.faults(elsewhere, told, worrying)), 30, what="everything is there, once"
    )
    assert elsewhere.follow(later)["reference"] == later.reference
    ledgers_are_whole_and_their_words_open(elsewhere)


def ledgers_are_whole_and_their_words_open(platform: Platform) -> None:
    settings = Settings(var=platform.folder / "var", keys_dir=platform.folder / "keys")
    for service, table in (("workflow", case_ledger), ("safeguarding", safeguarding_ledger)):
        database = Database(settings, service)
        with database.reading() as conn:
            cases = conn.exec_driver_sql("SELECT DISTINCT case_id FROM ledger").scalars().all()
            verdicts = [verify(conn, table, case, Vault(service, settings.keys_dir)) for case in cases]
        database.close()
        assert cases and all(verdict.whole for verdict in verdicts)
    assert Vault("safeguarding", settings.keys_dir).open_envelope(_words_of_a_report(platform))


def _words_of_a_report(platform: Platform) -> dict[str, object]:
    row = platform.rows(
        "safeguarding",
        "SELECT w.envelope, k.wraps FROM words w JOIN keys k ON k.case_id = w.report_id AND k.retention = 'words'",
    )
    return {**json.loads(row[0]["envelope"]), "wraps": json.loads(row[0]["wraps"])}
