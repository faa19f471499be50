"""At two o'clock on Christmas morning a young person writes that a member of staff hurt them.

The lead sleeps, the deputy lives with whoever did it and is never told, the director is called, the clock of the law
runs over two bank holidays and a weekend and is never paused; whoever did it sees nothing at all.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform

LEAD, DEPUTY, DIRECTOR = "imogen-ashdale", "callum-wrenfield", "odette-marlingford"
NOOR = "noor-ellingham"
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
    related = ("Callum Wrenfield", "spouse_or_partner", "Noor Ellingham")
    married = platform.command("directory", "relate", *related, "--operator", "tidewater-homes")
    assert married.returncode == 0, married.stderr
    platform.wait_until(platform.everybody_is_known, what="every service knows who lives with whom")
    receipt = platform.submit(world.a_report(**REPORT))

    # The lead is called at once. Nobody else on the staff can see that there is anything.
    alert = platform.wait_until(lambda: alert_of(platform, LEAD), what="the lead has the alert")
    assert alert is not None
    assert alert["answered_at"] is None
    assert called(platform, alert["alert_id"], LEAD) == {"Imogen Ashdale"}
    report_id = alert["report_id"]
    for nobody in (NOOR, DEPUTY, "tobias-fennimore", "saskia-thornbury", "hollis-underbridge"):
        assert alert_of(platform, nobody) is None
        platform.seat(nobody).get(f"/records/{report_id}", status=404)
        platform.seat(nobody).get(f"/alerts/{alert['alert_id']}", status=404)

    # She sleeps. Seven minutes later, as it is night, the director is called, then the body outside; never the one it
    # is about, nor the deputy, who lives with her.
    platform.move_clock("2026-12-25 02:08")
    platform.wait_until(
        lambda: "Odette Marlingford" in called(platform, alert["alert_id"], LEAD), what="the director is called"
    )
    platform.move_clock("2026-12-25 03:05")
    platform.wait_until(
        lambda: any("Partnership" in name for name in called(platform, alert["alert_id"], LEAD)),
        what="the partnership is called",
    )
    assert not {"Noor Ellingham", "Callum Wrenfield"} & called(platform, alert["alert_id"], LEAD)
    assert alert_of(platform, DEPUTY) is None

    # The director answers. The calls end; the clocks do not.
    platform.seat(DIRECTOR).post(f"/alerts/{alert['alert_id']}/acknowledge")
    record = platform.seat(DIRECTOR).get(f"/records/{report_id}")
    assert record["words"][0]["said"]["what_happened"] == REPORT["what_happened"]
    assert [one["person"]["name"] for one in record["subjects"]] == ["Noor Ellingham"]
    lado = next(due for due in record["dues"] if due["within"] == "1 working day" and due["to"] == ["lado"])
    assert lado["status"] == "running"
    assert lado["due"] == "2026-12-29"  # the 25th and the 28th are bank holidays, between them is a weekend
    why = {skip["date"]: skip["why"] for skip in lado["derivation"]["skipped"]}
    assert {"2026-12-26", "2026-12-27", "2026-12-28"} <= set(why)
    assert lado["derivation"]["paused"] == []
    before = len(platform.seat(DIRECTOR).get(f"/alerts/{alert['alert_id']}")["calls"])

    # She confirms it; the referral is not made yet, and on the 30th it stands there as late. It cannot be closed.
    platform.seat(DIRECTOR).post(
        f"/records/{report_id}/concerns",
        {"concern": "lado_threshold", "decision": "confirm", "reason": "He shows a mark, and says who did it."},
    )
    platform.move_clock("2026-12-30 00:30")
    record = platform.seat(DIRECTOR).get(f"/records/{report_id}")
    late = next(due for due in record["dues"] if due["key"] == lado["key"])
    assert late["status"] == "late"
    assert len(platform.seat(DIRECTOR).get(f"/alerts/{alert['alert_id']}")["calls"]) == before
    platform.seat(DIRECTOR).post(
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
        lambda: platform.seat(DIRECTOR).get(form)["contacts"][0]["email"], what="the verified address is known"
    )
    assert "made_safe" in {one["key"] for one in platform.seat(DIRECTOR).get(form)["missing"]}
    platform.seat(DIRECTOR).post(form, {"answers": {"made_safe": "She works elsewhere until the LADO has answered."}})
    paper = platform.seat(DIRECTOR).ask("GET", f"{form}/document.pdf")
    assert paper.content.startswith(b"%PDF")
    platform.seat(DIRECTOR).post(f"{form}/send", {"whom": "lado", "after": 0})
    platform.wait_until(
        lambda: platform.seat(DIRECTOR).get(form)["sent"][0]["state"] == "trial", what="the form is handed over"
    )
    for nobody in (NOOR, "tobias-fennimore"):
        platform.seat(nobody).get(form, status=404)
        assert "did not get through" not in str(platform.seat(nobody).get("/outgoing"))
        assert "confidential form" not in str(platform.seat(nobody).get("/outgoing"))
    after = platform.seat(DIRECTOR).get(f"/records/{report_id}")["dues"]
    told = next(due for due in after if due["key"] == lado["key"])
    assert told["status"] == "met late"

    # Nobody asks inside until the LADO agrees; then how it ended is recorded for her, apart from the complaint.
    def inside() -> bool:
        gates = platform.seat(DIRECTOR).get(f"/records/{report_id}")["allegation"]["looking_into_it"]
        return not any(gate["held_back"] for gate in gates if "Nobody asks" in gate["says"])

    assert not inside()
    agreed = {"rule": late["duty"], "whom": "lado", "channel": "telephone", "at": platform.now.isoformat()}
    platform.seat(DIRECTOR).post(f"/records/{report_id}/referrals", agreed | {"note": "Go on.", "agreed": True})
    assert inside()
    (meant,) = platform.seat(DIRECTOR).get(f"/records/{report_id}")["subjects"]
    ended = {"subject": meant["subject"], "outcome": "unsubstantiated"}
    platform.seat(DIRECTOR).post(f"/records/{report_id}/steps", {"step": "outcome", "said": ended, "reason": "Agreed."})
    evidence = platform.seat(DIRECTOR).post(f"/records/{report_id}/evidence.json", {"whom": "The inspector"})
    assert evidence["chain"]["whole"] and len(evidence["forms_sent"]) == 1

    # The young person reads nothing that could give anybody away.
    view = str(platform.follow(receipt))
    assert "Noor" not in view
    assert "LADO" not in view
