"""What the people of the real cases look at, and how long they wait for it, through the portal's own doors."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks import tellings
from benchmarks.journey import effort
from benchmarks.journey.flow import Flow, at
from heard.registry import load_procedures
from services.directory.demo import NORTHGATE, TIDEWATER
from tests.ground.harness import Platform, Receipt
from tests.ground.world import provider_id

OVERSEES, LEADS = "maren-oakshott", "imogen-ashdale"
"""The group operator, who sees the cases of all homes of the group, and a safeguarding lead."""
_TIMES = 60
_WARM = 5
_OPENED_A_SECOND, _OPENED_FOR = 3.0, 12.0


@dataclass(frozen=True, slots=True)
class Figures:
    """How long something took (milliseconds), what PostgreSQL spent on it each time, and how many things it showed.

    ``least`` is the quickest of all times: what it costs when nobody else uses the same cores. ``unanswered`` counts
    those that got no answer in time.
    """

    least: float
    p50: float
    p99: float
    postgresql: float | None = None
    shows: int | None = None
    unanswered: int = 0

    @classmethod
    def of(
        cls, took: list[float], postgresql: float | None = None, shows: int | None = None, unanswered: int = 0
    ) -> Figures:
        """From seconds."""
        least, p50, p99 = (round(at(took, share), 2) for share in (0.0, 0.5, 0.99))
        return cls(least, p50, p99, postgresql, shows, unanswered)

    def __str__(self) -> str:
        own = f" ({self.postgresql:g})" if self.postgresql is not None else ""
        lost = f", {self.unanswered} not answered" if self.unanswered else ""
        return f"{self.least:g} / {self.p50:g} / {self.p99:g}{own}{lost}"


def all_looks(platform: Platform, receipts: Mapping[str, Sequence[Receipt]]) -> Iterator[tuple[str, Figures]]:
    """Each look in its turn; what is opened lies with a group at which nobody looks here."""
    over, lead = platform.seat(OVERSEES), platform.seat(LEADS)
    cases = [one["case_id"] for one in over.get("/cases")["cases"]]
    alerts = [one["report_id"] for one in lead.get("/alerts")]
    mine = receipts[TIDEWATER.homes[0].slug]
    key = load_procedures().get(TIDEWATER.procedure).reports[0].key
    last = platform.now.date()
    year = f"since={last - timedelta(days=364)}&until={last}"
    each, record, code = itertools.cycle(cases), itertools.cycle(alerts), itertools.cycle(mine)
    looks: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("today's list", lambda: len((shown := over.get("/today"))["late"]) + len(shown["due"])),
        ("a page of the cases", lambda: over.get("/cases")["total"]),
        ("a case", lambda: len(over.get(f"/cases/{next(each)}")["ledger"]) and None),
        ("the board of alerts", lambda: len(lead.get("/alerts"))),
        ("a safeguarding record", lambda: lead.get(f"/records/{next(record)}") and None),
        ("a provider's report, 12 months", lambda: _counted(over.get(f"/reports/{PROVIDER}/{key}?{year}"))),
        ("the messages", lambda: len(over.get("/outgoing")["messages"])),
        ("the follow-up page", lambda: platform.follow(next(code)) and None),
    )
    for name, look in looks:
        yield name, _measured(platform, look)
    yield "a report, until its case is open", _opening(platform)


PROVIDER = provider_id(TIDEWATER.slug)


def _counted(report: Mapping[str, Any]) -> int:
    return int(report["measures"]["received"]["total"])


def _measured(platform: Platform, look: Callable[[], Any]) -> Figures:
    shows, unanswered = None, 0
    took = []
    before = effort.spent(platform)
    for number in range(_WARM + _TIMES):
        if number == _WARM:
            before = effort.spent(platform)
        begun = time.perf_counter()
        try:
            shows = look()
        except AssertionError:
            unanswered += 1
            continue
        if number >= _WARM:
            took.append(time.perf_counter() - begun)
    spent = effort.each(before, effort.spent(platform), _TIMES).get("postgresql")
    return Figures.of(took, spent, shows, unanswered)


def _opening(platform: Platform) -> Figures:
    elsewhere = [home for home in tellings.homes() if home.slug == NORTHGATE.homes[0].slug]
    before = effort.spent(platform)
    flow = Flow(platform, _OPENED_A_SECOND, _OPENED_FOR, homes=elsewhere)
    flow.run(lambda line: None)
    assert not flow.refused and not flow.waiting, f"refused: {flow.refused}; never open: {len(flow.waiting)}"
    spent = effort.each(before, effort.spent(platform), len(flow.opened)).get("postgresql")
    return Figures.of(flow.opened, spent)
