"""Whatever happens in a case, in whatever order, whoever works there: no message reaches a person whom it is about.

By chance: who is named, meant or only called by a role, once or several times, before a message is asked for, while it
waits for the morning or for a mail server, and after; who is told of it, gets a part, or is written to by a role's
name. People are married, have left, share a role, or can be reached by e-mail alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.chassis.errors import Unavailable
from services.chassis.vault import Vault
from services.notifications import hearing, posting
from services.notifications.models import messages
from tests.directory.neighbours import NOW, PLACE, Neighbours, person, row
from tests.notifications.post_office import GROUP, HANDLER, SUBJECT, PostOffice, advanced, outbox

LEAD, MANAGER = person("imogen-ashdale"), person("odette-marlingford")
EVERYBODY = (HANDLER, GROUP, SUBJECT, LEAD, MANAGER)
PARTS = ("handles", "investigates", "decides", "oversees")
ROLES = ("registered_service_manager", "designated_safeguarding_lead", "team_manager")
PARTNERS = {HANDLER: SUBJECT, SUBJECT: HANDLER}
LETTER = {"words": "We are looking into it."}
NIGHT = NOW.replace(hour=23, minute=30)

Step = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    made = Neighbours(
        tmp_path_factory.mktemp("told"), "notifications", installation="live", smtp_url="smtp://mail.example"
    )
    reached = {"operator": PLACE["operator"], "phone": None, "verified": True}
    made.change(
        {"do": "relate", "kind": "spouse_or_partner", "a": HANDLER, "b": SUBJECT},
        *({"do": "add_person", "id": one, "name": f"P{n}", "email": f"{one}@homes.example", **reached}
          for n, one in enumerate(EVERYBODY)),
    )  # fmt: skip
    yield made
    made.close()


def steps() -> st.SearchStrategy[list[Step]]:
    """Rows of a ledger by chance, and between them nights, mornings and a mail server that does not answer."""
    who, some = st.sampled_from(EVERYBODY), st.lists(st.sampled_from(EVERYBODY), max_size=3)
    subject, role = st.sampled_from(["s1", "s2"]), st.sampled_from(ROLES)
    to = st.lists(who, min_size=1, max_size=3).map(
        lambda those: [{"kind": "person", "key": one, "word": "handler"} for one in those]
    )

    def named(**said: Any) -> st.SearchStrategy[Step]:
        plain: dict[str, st.SearchStrategy[Any]] = {
            "person": st.none(), "identified": st.just(False), "role": st.none(), "might_be": st.just([]),
        }  # fmt: skip
        return st.fixed_dictionaries({**plain, "subject": subject, **said}).map(lambda data: ("named", data))

    rows = [
        named(person=who, identified=st.just(True)), named(might_be=some), named(role=role),
        st.builds(lambda p, part: ("assigned", {"stage": "stage_1", "part": part, "person": p}), who,
                  st.sampled_from(PARTS)),
        st.builds(lambda t: ("escalated", {"stage": "stage_1", "duty": "respond", "key": "respond", "step": 0,
                                           "due": "2026-12-01", "to": t}), to),
        st.builds(lambda t: ("decided", {"stage": "stage_1", "decision": "staff_outcome", "answer": "x", "to": t}), to),
        st.builds(lambda t: ("duty_excused", {"stage": "stage_2", "duty": "copy_to_named_staff", "to": t}), to),
        st.builds(lambda word: ("told", {"letter": word}), st.sampled_from([*ROLES, *EVERYBODY, "handler", "decider"])),
        st.just(("screened", {})),
    ]  # fmt: skip
    times: list[st.SearchStrategy[Step]] = [st.just((what, {})) for what in ("night", "morning", "no answer")]
    return st.lists(st.one_of(*rows, *times), max_size=14)


def kept_away(house: Any, rows: list[Step]) -> set[str]:
    """Whom the case is or may be about after these rows, by whatever was said of them, and whom they live with."""
    subjects: dict[str, dict[str, Any]] = {}
    for event, data in rows:
        if event == "named":
            before = subjects.get(data["subject"], {})
            roles = [data["role"]] if data["role"] else before.get("roles", [])
            maybe = [] if data["identified"] else data["might_be"] or before.get("maybe", [])
            subjects[data["subject"]] = {"person": data["person"], "roles": roles, "maybe": maybe}
    away: set[str] = set()
    for one in subjects.values():
        by_role = {who for role in one["roles"] for who in house.roster().holders(role, PLACE["provider"],
                                                                                  PLACE["home"], NOW)}  # fmt: skip
        away |= {one["person"]} if one["person"] else {*one["maybe"], *by_role}
    return away | {PARTNERS[one] for one in away if one in PARTNERS}


@given(happens=steps())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_reaches_a_person_that_it_is_about(live: Neighbours, happens: list[Step]) -> None:
    case_id = uuid4().hex  # a case of its own each time: what was heard of one is remembered
    live.move_clock(NOW)
    rows: list[Step] = []
    office, vault = PostOffice(live), Vault("workflow", live.settings.keys_dir)
    key = vault.new_key(case_id, "letters")

    def hears(event: str, data: Mapping[str, Any]) -> None:
        rows.append((event, dict(data)))
        word = data.get("letter")
        said = {name: value for name, value in data.items() if name != "letter"}
        letters = [{"seq": len(rows), "to": word, "words": vault.envelope(key, LETTER)}] if word else []
        body = advanced(live, row(len(rows), event, **said), letters=letters) | {"case_id": case_id}
        live.hear(hearing.cases_advanced, "case_advanced", body)

    def goes_out() -> None:
        away, before = kept_away(live.house, rows), len(office.taken)
        while posting.send_due(live.house, office):
            pass
        reached = {letter.to.partition("@")[0] for letter in office.taken[before:] if _case_of(live, letter) == case_id}
        assert not reached & away

    hears("received", {"kind": "complaint"})
    hears("stage_opened", {"stage": "stage_1"})
    for event, data in happens:
        match event:
            case "night":
                live.move_clock(NIGHT)
            case "morning":
                live.move_clock(NIGHT + timedelta(hours=10))
                goes_out()
            case "no answer":
                office.fails = [Unavailable()] * 20
                posting.send_due(live.house, office)
                office.fails = []
            case _:
                hears(event, data)
    live.move_clock(NIGHT + timedelta(hours=18))
    goes_out()
    for away in kept_away(live.house, rows):
        assert not [one for one in outbox(live, away) if one["case_id"] == case_id]


def _case_of(beside: Neighbours, letter: Any) -> str:
    with beside.house.db.reading() as conn:
        return str(conn.scalar(select(messages.c.case_id).where(messages.c.id == letter.key)))
