"""At two o'clock on Christmas morning a young person writes that a member of staff hurt them.

The lead sleeps, the deputy is called, the clock of the law runs over two bank holidays and a weekend and is never
paused; whoever did it sees nothing at all.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform

LEAD, DEPUTY, NOOR = "imogen-ashdale", "callum-wrenfield", "noor-ellingham"
REPORT = {
    "complainant": {"is": "young_person", "anonymous": True},
    "child": {"age": 15},
    "about": [{"name": "Noor Ellingham"}],
    "what_happened": "noor ellingham grabed me by the neck n pushd me agenst the wall, dont tell her i said",
    "wanted": "",
}


def alert_of(platform: Platform, person: str) -> dict[str, Any] | None:
    """The one alert that somebody has on their board, if they have one."""
    found = platform.seat(person).get("/alerts")
    alerts = found["alerts"] if isinstance(found, dict) else found
    return dict(alerts[0]) if alerts else None


def called(platform: Platform, alert_id: str, person: str) -> set[str]:
    """Whom the alert has called so far, by name, as somebody who sees it reads it."""
    return {call["name"] for call in platform.seat(person).get(f"/alerts/{alert_id}")["calls"]}


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-12-25 02:00")
def test_an_allegation_in_a_childs_words_at_two_on_christmas_morning(platform: Platform) -> None:
    receipt = platform.submit(world.a_report(**REPORT))

    # The lead is called at once. Nobody else on the staff can see that there is anything.
    alert = platform.wait_until(lambda: alert_of(platform, LEAD), what="the lead has the alert")
    assert alert is not None
    assert alert["answered_at"] is None
    assert called(platform, alert["alert_id"], LEAD) == {"Imogen Ashdale"}
    report_id = alert["report_id"]
    for nobody in (NOOR, "tobias-fennimore", "saskia-thornbury", "hollis-underbridge"):
        assert alert_of(platform, nobody) is None
        platform.seat(nobody).get(f"/records/{report_id}", status=404)
        platform.seat(nobody).get(f"/alerts/{alert['alert_id']}", status=404)

    # She sleeps. Within the times of the procedure the deputy is called too, then the body outside; never the one it
    # is about.
    platform.move_clock("2026-12-25 03:05")
    platform.wait_until(
        lambda: "Callum Wrenfield" in called(platform, alert["alert_id"], LEAD), what="the deputy is called"
    )
    platform.move_clock("2026-12-25 06:10")
    platform.wait_until(
        lambda: any("Partnership" in name for name in called(platform, alert["alert_id"], LEAD)),
        what="the partnership is called",
    )
    assert "Noor Ellingham" not in called(platform, alert["alert_id"], LEAD)

    # The deputy answers. The calls end; the clocks do not.
    platform.seat(DEPUTY).post(f"/alerts/{alert['alert_id']}/acknowledge")
    record = platform.seat(DEPUTY).get(f"/records/{report_id}")
    assert record["words"][0]["said"]["what_happened"] == REPORT["what_happened"]
    assert [one["person"]["name"] for one in record["subjects"]] == ["Noor Ellingham"]
    lado = next(due for due in record["dues"] if due["within"] == "1 working day" and due["to"] == ["lado"])
    assert lado["status"] == "running"
    assert lado["due"] == "2026-12-29"  # the 25th and the 28th are bank holidays, between them is a weekend
    why = {skip["date"]: skip["why"] for skip in lado["derivation"]["skipped"]}
    assert {"2026-12-26", "2026-12-27", "2026-12-28"} <= set(why)
    assert lado["derivation"]["paused"] == []
    before = len(platform.seat(DEPUTY).get(f"/alerts/{alert['alert_id']}")["calls"])

    # She confirms it; the referral is not made yet, and on the 30th it stands there as late. It cannot be closed.
    platform.seat(DEPUTY).post(
        f"/records/{report_id}/concerns",
        {"concern": "lado_threshold", "decision": "confirm", "reason": "He shows a mark, and says who did it."},
    )
    platform.move_clock("2026-12-30 00:30")
    record = platform.seat(DEPUTY).get(f"/records/{report_id}")
    late = next(due for due in record["dues"] if due["key"] == lado["key"])
    assert late["status"] == "late"
    assert len(platform.seat(DEPUTY).get(f"/alerts/{alert['alert_id']}")["calls"]) == before
    platform.seat(DEPUTY).post(
        f"/records/{report_id}/close", {"reason": "All done.", "outcome": "unfounded"}, status=409
    )

    # The LADO's form is filled in as far as the record goes. She adds what she knows, looks at the paper, and sends it
    # to the address that somebody verified. Told at last, it was told late, and both are on record for good.
    platform.change_directory(
        {"do": "set_contact", "contact": "lado", "provider": world.provider_id("tidewater-homes"), "area": "Hampshire",
         "email": "lado@hampshire.example", "verified_on": "2026-12-01"}
    )  # fmt: skip
    form = f"/records/{report_id}/forms/working_together.lado"
    platform.wait_until(
        lambda: platform.seat(DEPUTY).get(form)["contacts"][0]["email"], what="the verified address is known"
    )
    assert "made_safe" in {one["key"] for one in platform.seat(DEPUTY).get(form)["missing"]}
    platform.seat(DEPUTY).post(form, {"answers": {"made_safe": "She works elsewhere until the LADO has answered."}})
    paper = platform.seat(DEPUTY).ask("GET", f"{form}/document.pdf")
    assert paper.content.startswith(b"%PDF")
    platform.seat(DEPUTY).post(f"{form}/send", {"whom": "lado", "after": 0})
    platform.wait_until(
        lambda: platform.seat(DEPUTY).get(form)["sent"][0]["state"] == "trial", what="the form is handed over"
    )
    for nobody in (NOOR, "tobias-fennimore"):
        platform.seat(nobody).get(form, status=404)
        assert "did not get through" not in str(platform.seat(nobody).get("/outgoing"))
        assert "confidential form" not in str(platform.seat(nobody).get("/outgoing"))
    told = next(due for due in platform.seat(DEPUTY).get(f"/records/{report_id}")["dues"] if due["key"] == lado["key"])
    assert told["status"] == "met late"

    # Nobody asks inside until the LADO agrees; then how it ended is recorded for her, apart from the complaint.
    def inside() -> bool:
        gates = platform.seat(DEPUTY).get(f"/records/{report_id}")["allegation"]["looking_into_it"]
        return not any(gate["held_back"] for gate in gates if "Nobody asks" in gate["says"])

    assert not inside()
    agreed = {"rule": late["duty"], "whom": "lado", "channel": "telephone", "at": platform.now.isoformat()}
    platform.seat(DEPUTY).post(f"/records/{report_id}/referrals", agreed | {"note": "Go on.", "agreed": True})
    assert inside()
    (meant,) = platform.seat(DEPUTY).get(f"/records/{report_id}")["subjects"]
    ended = {"subject": meant["subject"], "outcome": "unsubstantiated"}
    platform.seat(DEPUTY).post(f"/records/{report_id}/steps", {"step": "outcome", "said": ended, "reason": "Agreed."})
    evidence = platform.seat(DEPUTY).post(f"/records/{report_id}/evidence.json", {"whom": "The inspector"})
    assert evidence["chain"]["whole"] and len(evidence["forms_sent"]) == 1

    # The young person reads nothing that could give anybody away.
    view = str(platform.follow(receipt))
    assert "Noor" not in view
    assert "LADO" not in view
