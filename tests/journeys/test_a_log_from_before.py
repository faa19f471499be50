"""A group brings the log of its last twelve months: counted in reports, read by the lead, and nobody is written to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.chaos import tally
from tests.ground.harness import Platform

LEAD, MANAGER, GROUP = "imogen-ashdale", "tobias-fennimore", "maren-oakshott"
LOG = "".join(
    f"{line}\n"
    for line in (
        "reference,home,received,complainant,about_name,what_happened,acknowledged,responded,finding,closed,outcome,kind",
        "1,harbour-house,2026-03-02,parent,,Cold water,2026-03-03,2026-03-12,upheld,2026-04-20,answered,complaint",
        "2,harbour-house,02/06/2026 17:45,parent,,Lost letters,2026-06-09,2026-06-30,,2026-08-03,answered,complaint",
        "3,harbour-house,2026-09-01,parent,,A worker hit her in the face,2026-09-02,,,2026-09-09,resolved,complaint",
        "4,harbour-house,2026-11-02,parent,Tobias Fennimore,No answer to my letters,2026-11-03,,,,,complaint",
    )
)


@pytest.mark.starts_at("2026-11-23 09:00")
@pytest.mark.timeout(300)
def test_the_log_of_the_last_twelve_months_is_brought_in(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(LOG + "5,nowhere,2026-13-01,parent,,x,,,,,,complaint\n")
    refused = platform.command("log", "import", str(file))
    assert refused.returncode == 2 and "line 6, home: there is no such home" in refused.stderr
    assert "line 6, received: this is no day" in refused.stderr and "nothing was brought in" in refused.stderr

    file.write_text(LOG)
    assert "4 complaints would be brought in" in platform.command("log", "import", str(file), "--dry-run").stdout
    assert platform.count("intake", "reports") == 0
    done = platform.command("log", "import", str(file))
    assert done.returncode == 0 and "4 complaints brought in; 0 were here already." in done.stdout, done.stderr
    assert "0 complaints brought in; 4 were here already." in platform.command("log", "import", str(file)).stdout

    platform.wait_until(lambda: platform.count("workflow", "cases", "screened_at IS NOT NULL") == 4, 60)
    platform.wait_until(lambda: not tally.in_flight(platform), 60, what="everything is at rest")

    # the lead finds what looks like safeguarding on a list; nobody was called, and nobody had a letter about the past
    (past,) = platform.wait_until(lambda: platform.seat(LEAD).get("/past-complaints"), what="the lead has it to read")
    assert past["received_at"].startswith("2026-09-01") and platform.seat(LEAD).get("/alerts") == []
    assert platform.count("safeguarding", "alerts") == 0
    templates = {row["template"] for row in platform.rows("notifications", "SELECT template FROM messages")}
    assert templates <= {"staff/assigned", "outside/notice", "staff/reminder"}

    # the manager sees the closed ones, marked, but nothing of the one about himself
    seen = {one["received_at"][:10]: one for one in platform.seat(MANAGER).get("/cases")["cases"]}
    assert {"2026-03-02", "2026-06-02"} <= set(seen) and "2026-11-02" not in seen
    assert all(one["imported"] for one in seen.values())

    # and the report of those months counts them, on time and late as the procedure has it
    operator = platform.seat(GROUP)
    (annual,) = [one for one in operator.get("/reports") if one["key"] == "annual" and _is_of_ioi(one)][:1]
    asked = f"/reports/{annual['provider']}/annual?since=2026-01-01&until=2026-11-23"
    counted = platform.wait_until(
        lambda: (found := operator.get(asked)["measures"])["received"]["from_an_earlier_log"] >= 3 and found,
        what="the report has counted them",
    )
    acknowledge = next(line for line in counted["on_time"]["duties"] if line["duty"] == "acknowledge")
    assert acknowledge["kept_late"] == 1 and acknowledge["late"] == 0 and acknowledge["on_time"] >= 1

    assert platform.seat(LEAD).post(f"/past-complaints/{past['report_id']}/read")["read"]
    assert platform.seat(LEAD).get("/past-complaints") == []
    assert "hit her in the face" not in json.dumps(platform.logs) and "Fennimore" not in json.dumps(platform.logs)


def _is_of_ioi(report: dict[str, str]) -> bool:
    return "ioi" in json.dumps(report).lower() or "Tidewater" in json.dumps(report)
