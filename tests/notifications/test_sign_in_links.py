"""The mail by which somebody chooses a password: once, to that address alone, and nothing of it is kept or shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from services.chassis import entering
from services.chassis.errors import Unavailable
from services.chassis.gate import Handed
from services.chassis.post import Letter, Post
from services.notifications import models, sign_in_links
from tests.directory.neighbours import NOW, Neighbours, person
from tests.notifications.post_office import PostOffice

LINK = {
    "link_id": "1" * 32, "person": person("imogen-ashdale"), "email": "imogen@tidewater.example", "verified": True,
    "why": "forgotten", "over_at": (NOW + timedelta(hours=1)).isoformat(),
}  # fmt: skip


class Shut(Post):
    """A mail server that does not answer."""

    def send(self, letter: Letter) -> Handed:
        raise Unavailable


def test_a_link_is_mailed_once_and_then_nothing_of_it_is_left(live: Neighbours) -> None:
    live.hear(sign_in_links.made, "sign_in_link_made", LINK, LINK)
    office = PostOffice(live)
    assert sign_in_links.send_due(live.house, Shut(live.house.settings)) == 1
    assert sign_in_links.send_due(live.house, office) == 0  # not again at once
    live.move_clock(NOW + timedelta(minutes=2))
    assert (sign_in_links.send_due(live.house, office), sign_in_links.send_due(live.house, office)) == (1, 0)
    live.hear(sign_in_links.made, "sign_in_link_made", LINK)
    assert sign_in_links.send_due(live.house, office) == 0
    (letter,) = office.taken
    over_at = NOW + timedelta(hours=1)
    assert entering.link(live.house.vault, live.house.settings.public_url, LINK["link_id"], over_at) in letter.body
    assert letter.narrative and letter.to == LINK["email"] and " at 10am" in letter.body
    with live.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_links)).all() == []
        assert conn.execute(select(models.messages)).all() == []


def test_a_link_that_could_not_go_in_its_time_does_not_go_at_all(live: Neighbours) -> None:
    live.hear(sign_in_links.made, "sign_in_link_made", LINK)
    live.move_clock(NOW + timedelta(hours=2))
    office = PostOffice(live)
    assert sign_in_links.send_due(live.house, office) == 1 and office.taken == []
    with live.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_links)).all() == []


def test_a_trial_mails_no_link(tmp_path: Path) -> None:
    trial = Neighbours(tmp_path, "notifications")
    trial.hear(sign_in_links.made, "sign_in_link_made", LINK)
    with trial.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_links)).all() == []
    trial.close()
