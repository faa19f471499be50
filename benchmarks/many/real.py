"""Real cases of every provider, made through the doors that people have, left standing at various stages.

STEPS 1 to 5 of a few hundred complaints: told, screened, acknowledged, answered, closed, some of them late.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benchmarks import tellings
from benchmarks.chaos import tally
from services.directory.demo import GROUPS, demo_id
from tests.ground.harness import Platform, Receipt
from tests.journeys.story import Story

_WAVES = 4  # so that what came in first is late when the last comes in
_DAYS_BETWEEN = 6.0
_AT_ONCE = 4
_FAR = ("told", "acknowledged", "told", "answered", "acknowledged", "closed")  # how far each is taken, in turn
_LETTER = "Dear Ms Averill, thank you for telling us. I have looked into it and write to you about it below."


def make(platform: Platform, number: int, say: Callable[[str], None]) -> dict[str, list[Receipt]]:
    """Make ``number`` cases; the receipts, by the home that they are about."""
    homes = tellings.homes()
    receipts: dict[str, list[Receipt]] = {home.slug: [] for home in homes}
    for wave in range(_WAVES):
        if wave:
            platform.pass_time(days=_DAYS_BETWEEN)
            settle(platform)
        numbers = range(wave * number // _WAVES, (wave + 1) * number // _WAVES)
        with ThreadPoolExecutor(_AT_ONCE) as people:
            told = dict(zip(numbers, people.map(lambda n: _tell(platform, n, homes), numbers), strict=True))
        for n, receipt in told.items():
            receipts[tellings.where(n, homes).slug].append(receipt)
        settle(platform)
        with ThreadPoolExecutor(_AT_ONCE) as people:
            list(people.map(lambda pair: _work_on(platform, *pair), told.items()))
        _answer_alerts(platform)
        settle(platform)
        say(f"{sum(map(len, receipts.values()))} real cases: {_standing(platform)}")
    return receipts


def settle(platform: Platform) -> None:
    """Wait until everything that is under way has arrived and been counted."""

    def at_rest() -> bool:
        uncounted = platform.count("reporting", "cases", "dirty OR again_at <= ?", [platform.now])
        falling_due = platform.count("workflow", "cases", "wakes_at <= ?", [platform.now])
        return not (uncounted or falling_due or tally.in_flight(platform))

    platform.wait_until(at_rest, 180, what="everything is at rest")


def keys_of_people(platform: Platform) -> dict[str, str]:
    """The key by which each invented person has a seat, by their id."""
    return {demo_id(f"{key}.{group.slug}"): key for key in platform.tokens for group in GROUPS}


def _tell(platform: Platform, number: int, homes: list[tellings.Home]) -> Receipt:
    tell = tellings.worrying if tellings.is_worrying(number) else tellings.ordinary
    return platform.submit(tell(number, homes), key=uuid.uuid4().hex)


def _work_on(platform: Platform, number: int, receipt: Receipt) -> None:
    """Take a case as far as its number says, as whoever handles it; one that nobody inside handles stays as it is."""
    far = _FAR[number // len(_FAR) % len(_FAR)]
    row = platform.rows("workflow", "SELECT id, handler FROM cases WHERE reference = ?", [receipt.reference])[0]
    handler = keys_of_people(platform).get(row["handler"] or "")
    if handler is None or far == "told":
        return
    story = Story(platform, receipt, handler)
    story.id = row["id"]
    with _as_far_as_it_goes():
        for command in ("acknowledge", "respond")[: 1 if far == "acknowledged" else 2]:
            _write(story, handler, command)
        if far == "closed":
            story.does_all_that_is_owed(handler)
            story.does(handler, "close", **_offered(story, handler, "close"))


@contextmanager
def _as_far_as_it_goes() -> Iterator[None]:
    """A procedure may want something first that nobody here does: then the case stays at that stage, as some do."""
    try:
        yield
    except AssertionError:
        return


def _write(story: Story, handler: str, command: str) -> None:
    story.does(handler, command, **{**_offered(story, handler, command), "words": _LETTER})


def _offered(story: Story, handler: str, command: str) -> Mapping[str, Any]:
    """The form of an act as the page fills it in."""
    offered = [one for one in story.page(handler)["actions"] if one["name"] == command and one["allowed"]]
    assert offered, f"{command} is not offered"
    form: Mapping[str, Any] = offered[0]["example"]
    return form


def _answer_alerts(platform: Platform) -> None:
    """Each second alert is answered by somebody who may see it; the others go on calling."""
    keys = keys_of_people(platform)
    asked = "SELECT id, report_id FROM alerts WHERE answered_at IS NULL ORDER BY raised_at, id"
    for alert in platform.rows("safeguarding", asked)[::2]:
        seen = "SELECT person_id FROM record_viewers WHERE report_id = ?"
        leads = [keys[row["person_id"]] for row in platform.rows("safeguarding", seen, [alert["report_id"]])]
        if leads:
            platform.seat(leads[0]).post(f"/alerts/{alert['id']}/acknowledge")


def _standing(platform: Platform) -> str:
    found = []
    for event in ("acknowledged", "responded", "closed"):
        rows = platform.rows("workflow", "SELECT DISTINCT case_id FROM ledger WHERE event = ?", [event])
        found.append(f"{len(rows)} {event}")
    return ", ".join(found)
