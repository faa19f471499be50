"""Whoever signs in is told what changed in how they do, once, at their address, without a word of any case."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from heard.facts.directory import SIGN_IN_CHANGES
from services.notifications import models, sign_in_changes
from tests.directory.neighbours import NOW, Neighbours, person
from tests.notifications.post_office import PostOffice
from tests.notifications.test_sign_in_links import Shut


def changed(what: str, number: int = 1) -> dict[str, object]:
    return {
        "change_id": f"{number:032x}", "person": person("imogen-ashdale"), "email": "imogen@tidewater.example",
        "verified": True, "what": what, "at": NOW.isoformat(),
    }  # fmt: skip


def test_each_change_is_mailed_once_also_when_the_mail_server_was_away(tmp_path: Path) -> None:
    live = Neighbours(tmp_path, "notifications", installation="live", smtp_url="smtp://mail.example")
    facts = [changed(what, number) for number, what in enumerate(SIGN_IN_CHANGES)]
    live.hear(sign_in_changes.made, "sign_in_changed", *facts, facts[0])
    office = PostOffice(live)
    assert sign_in_changes.send_due(live.house, Shut(live.house.settings)) == len(facts)
    live.move_clock(NOW + timedelta(minutes=2))
    assert [sign_in_changes.send_due(live.house, office) for _ in "12"] == [len(facts), 0]
    assert {letter.to for letter in office.taken} == {"imogen@tidewater.example"}
    assert {letter.subject for letter in office.taken} == {"Heard: how you sign in has changed"}
    assert all(" at 9am" in letter.body and "/in/" not in letter.body for letter in office.taken)
    assert len({letter.body for letter in office.taken}) == len(facts)
    with live.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_changes)).all() == []
    live.close()


def test_a_trial_tells_nobody(tmp_path: Path) -> None:
    trial = Neighbours(tmp_path, "notifications")
    trial.hear(sign_in_changes.made, "sign_in_changed", changed("password"))
    with trial.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_changes)).all() == []
    trial.close()
