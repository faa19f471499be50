"""What is sealed opens for its readers, in its place, until its key is destroyed."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from services.chassis.keyring import NoKeys, make_keys
from services.chassis.settings import SERVICES
from services.chassis.tables import HOUSE, new_id
from services.chassis.vault import READERS, Erased, NotForUs, Vault


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder, SERVICES)
    return folder


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    HOUSE.keys.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("retention", READERS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_opens_exactly_the_classes_it_is_listed_for(keys: Path, retention: str, service: str) -> None:
    writer = Vault(READERS[retention][0], keys)
    envelope = writer.envelope(writer.new_key("c" * 32, retention), {"said": "a child's words"})
    vault = Vault(service, keys)
    if service in READERS[retention]:
        assert vault.open_envelope(envelope) == {"said": "a child's words"}
        assert vault.new_key("c" * 32, retention).retention == retention
    else:
        with pytest.raises(NotForUs):
            vault.open_envelope(envelope)
        with pytest.raises(NotForUs):
            vault.new_key("c" * 32, retention)


def test_every_reader_is_a_service() -> None:
    assert {reader for readers in READERS.values() for reader in readers} <= set(SERVICES)


def test_another_services_wrap_does_not_open(keys: Path) -> None:
    intake, workflow = Vault("intake", keys), Vault("workflow", keys)
    envelope = intake.envelope(intake.new_key("c" * 32, "words"), {"said": "words"})
    stolen = envelope | {"wraps": {"workflow": envelope["wraps"]["safeguarding"]}}
    with pytest.raises(NotForUs):
        workflow.open_envelope(stolen)


def test_the_envelope_shows_nothing_of_the_words(keys: Path) -> None:
    vault = Vault("intake", keys)
    assert "bruise" not in str(vault.envelope(vault.new_key("c" * 32, "words"), {"said": "a bruise"}))


def test_an_envelope_opens_as_it_travelled_and_as_it_was_read(keys: Path) -> None:
    from heard.facts.parts import EnvelopeSchema

    vault = Vault("intake", keys)
    envelope = vault.envelope(vault.new_key("c" * 32, "words"), {"said": "words"})
    read = EnvelopeSchema().load(envelope)
    assert isinstance(read, dict)
    assert vault.open_envelope(read) == vault.open_envelope(envelope)


def test_ciphertext_opens_in_its_own_place_only(keys: Path) -> None:
    key = Vault("intake", keys).new_key("c" * 32, "words")
    sealed = key.seal("words", "reports/1/said")
    assert key.open(sealed, "reports/1/said") == "words"
    with pytest.raises(NotForUs):
        key.open(sealed, "reports/2/said")


def test_the_key_that_came_with_the_words_seals_and_opens_here(keys: Path, conn: Connection) -> None:
    intake, safeguarding = Vault("intake", keys), Vault("safeguarding", keys)
    case_id = new_id()
    envelope = intake.envelope(intake.new_key(case_id, "words"), {"said": "words"})
    key, words = safeguarding.take(conn, case_id, envelope)
    assert words == {"said": "words"}
    sealed = key.seal("a note", "notes/1/text")
    assert safeguarding.key(conn, case_id, "words").open(sealed, "notes/1/text") == "a note"
    safeguarding.take(conn, case_id, envelope)  # the fact may come twice


def test_a_case_has_one_key_of_each_class(keys: Path, conn: Connection) -> None:
    vault = Vault("workflow", keys)
    first, again = vault.key_for(conn, "c" * 32, "letters"), vault.key_for(conn, "c" * 32, "letters")
    assert first.id == again.id
    assert vault.key_for(conn, "c" * 32, "words").id != first.id


def test_destroying_a_cases_keys_erases_its_words(keys: Path, conn: Connection) -> None:
    vault = Vault("workflow", keys)
    key = vault.key_for(conn, "c" * 32, "words")
    vault.keep(conn, key)
    vault.key_for(conn, "d" * 32, "words")
    assert vault.erase(conn, "c" * 32, datetime.now(UTC)) == 1
    with pytest.raises(Erased):
        vault.key(conn, "c" * 32, "words")
    with pytest.raises(Erased):
        vault.key_for(conn, "c" * 32, "words")
    vault.keep(conn, key)  # a fact that comes late does not bring the key back
    with pytest.raises(Erased):
        vault.key(conn, "c" * 32, "words")
    assert vault.key(conn, "d" * 32, "words").case_id == "d" * 32


def test_private_keys_are_for_their_owner_alone(keys: Path) -> None:
    for file in [*keys.glob("*.key")]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_making_keys_again_changes_none(keys: Path) -> None:
    before = {file.name: file.read_bytes() for file in keys.iterdir()}
    make_keys(keys, SERVICES)
    assert {file.name: file.read_bytes() for file in keys.iterdir()} == before


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="heard migrate"):
        Vault("intake", tmp_path).new_key("c" * 32, "words")


def test_a_receipt_code_is_the_same_however_it_is_typed(keys: Path) -> None:
    vault = Vault("intake", keys)
    assert vault.code_digest("1234 5678 9012 3456") == vault.code_digest("1234567890123456")
    assert vault.code_digest("1234567890123456") != vault.code_digest("1234567890123457")
    assert "1234" not in vault.code_digest("1234 5678 9012 3456")[:8]


def test_a_link_opens_one_thing_for_one_person(keys: Path) -> None:
    notifications, safeguarding = Vault("notifications", keys), Vault("safeguarding", keys)
    token = notifications.link_token("alert", "a1", "p1")
    assert safeguarding.is_link_token(token, "alert", "a1", "p1")
    assert not safeguarding.is_link_token(token, "alert", "a1", "p2")
    assert not safeguarding.is_link_token("", "alert", "a1", "p1")
    assert not safeguarding.is_link_token("é", "alert", "a1", "p1")


def test_sealing_a_report_costs_less_than_a_millisecond(keys: Path) -> None:
    vault = Vault("intake", keys)

    def seal() -> None:
        for retention in ("words", "contact"):
            key = vault.new_key("c" * 32, retention)
            vault.envelope(key, {"one": "x" * 800, "two": "y" * 100})

    seal()
    costs = []
    for _ in range(50):
        began = time.process_time()
        seal()
        costs.append(time.process_time() - began)
    assert sorted(costs)[25] < 0.001
