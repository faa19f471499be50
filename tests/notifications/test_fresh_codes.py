"""A fresh receipt code: once, to the place where somebody's letters go, and nothing of it is kept or shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications import fresh_codes, hearing, models, posting
from tests.directory.neighbours import NOW, PLACE, Neighbours
from tests.ground.carrier import Carrier
from tests.notifications.post_office import CASE, PostOffice, received, sealed

CODE = "1234 5678 9012 3456"


@pytest.fixture
def live(by_text: Neighbours) -> Neighbours:
    return by_text


def asked(beside: Neighbours) -> dict[str, Any]:
    code = sealed(beside, "intake", "contact", **{"code.1": CODE})
    over_at = (NOW + timedelta(days=3)).isoformat()
    return PLACE | {"report_id": CASE, "code_id": "1" * 32, "code": code, "over_at": over_at}


def told(beside: Neighbours, **contact: str) -> None:
    """A report from somebody who is reached in that way, and its lost code; the receipt has gone already."""
    body = received(beside, **contact)
    beside.hear(hearing.complaints_received, "complaint_received", body)
    posting.send_due(beside.house, PostOffice(beside))
    code = beside.house.vault.envelope(beside.house.vault.envelope_key(CASE, body["contact"]), {"code.1": CODE})
    fact = asked(beside) | {"code": code}
    beside.hear(fresh_codes.made, "fresh_code_made", fact, fact)


def left(beside: Neighbours) -> int:
    with beside.house.db.reading() as conn:
        return len(conn.execute(select(models.fresh_codes)).all())


def test_a_code_is_mailed_once_without_its_reference_and_then_nothing_of_it_is_left(live: Neighbours) -> None:
    told(live)
    office = PostOffice(live)
    assert fresh_codes.send_due(live.house, office) == 1
    (letter,) = office.taken
    assert CODE in letter.body and letter.to == "robin@averill.example" and letter.narrative
    assert "H7K2" not in letter.body and "Robin" not in letter.body and "Childline" in letter.body
    assert fresh_codes.send_due(live.house, office) == left(live) == 0
    with live.house.db.reading() as conn:
        kept = [row.template for row in conn.execute(select(models.messages)).all()]
    assert kept == ["complainant/receipt"]


def test_whoever_wants_texts_gets_it_as_a_text_that_says_no_more(live: Neighbours, carrier: Carrier) -> None:
    told(live, phone="07700 900123", safe_contact="only by text")
    carrier.texts.clear()
    office = PostOffice(live)
    assert fresh_codes.send_due(live.house, office) == 1 and office.taken == []
    ((_, text),) = carrier.texts.items()
    assert CODE in text["text"] and len(text["text"]) <= 160


def test_who_asked_not_to_be_written_to_is_not(live: Neighbours, carrier: Carrier) -> None:
    told(live, phone="07700 900123", safe_contact="please do not write to my address, only talk to me after school")
    carrier.texts.clear()
    office = PostOffice(live)
    assert fresh_codes.send_due(live.house, office) == 1
    assert (office.taken, dict(carrier.texts), left(live)) == ([], {}, 0)


def test_whoever_said_where_it_is_safe_gets_it_there_and_not_at_the_other_address(live: Neighbours) -> None:
    told(live, email="family@averill.example", safe_contact="robin.alone@averill.example")
    office = PostOffice(live)
    assert fresh_codes.send_due(live.house, office) == 1
    assert [letter.to for letter in office.taken] == ["robin.alone@averill.example"]


def test_a_code_waits_for_the_report_that_it_belongs_to(live: Neighbours) -> None:
    live.hear(fresh_codes.made, "fresh_code_made", asked(live))
    assert fresh_codes.send_due(live.house, PostOffice(live)) == 1 and left(live) == 1


def test_a_trial_sends_no_code_and_keeps_none(tmp_path: Path) -> None:
    trial = Neighbours(tmp_path, "notifications")
    trial.hear(fresh_codes.made, "fresh_code_made", asked(trial))
    assert left(trial) == 0
    trial.close()
