"""An installation is described by its environment, and what is wrong with it is said all at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from services.chassis import errors
from services.chassis.clock import FileClock, SystemClock, set_clock
from services.chassis.errors import STATUS, HeardError, Stale, status_of
from services.chassis.joined import is_safe_address
from services.chassis.settings import Settings, SettingsFault


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("HEARD_"):
            monkeypatch.delenv(name)


def test_without_a_word_it_is_an_embedded_trial() -> None:
    settings = Settings.from_env()
    assert (settings.mode, settings.installation, settings.host) == ("embedded", "trial", "127.0.0.1")
    assert settings.urls["intake"] == "http://127.0.0.1:8000/_/intake"
    assert settings.amqp_url.startswith("inproc://")


@pytest.mark.parametrize("name", ["HEARD_INTERNAL_TOKEN", "HEARD_METRICS_TOKEN"])
def test_a_token_that_can_be_guessed_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "secret")
    with pytest.raises(SettingsFault, match=name):
        Settings.from_env()


def test_all_faults_are_said_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEARD_MODE", "distributed")
    monkeypatch.setenv("HEARD_INSTALLATION", "production")
    monkeypatch.setenv("HEARD_CLOCK_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("HEARD_PAGE_AFTER", "-1")
    with pytest.raises(SettingsFault) as fault:
        Settings.from_env("intake")
    said = " ".join(fault.value.faults)
    for name in ("HEARD_INSTALLATION", "HEARD_AMQP_URL", "HEARD_DATABASE_URL", "HEARD_CLOCK_FILE", "HEARD_PAGE_AFTER"):
        assert name in said


def test_where_people_sign_in_otherwise_is_said_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_env().signs_in_here and Settings.from_env().oidc_second_factor == "asked"
    monkeypatch.setenv("HEARD_LOCAL_SIGN_IN", "off")
    with pytest.raises(SettingsFault, match="nobody could sign in"):
        Settings.from_env()
    monkeypatch.setenv("HEARD_OIDC_ISSUER", "http://issuer.example")
    monkeypatch.setenv("HEARD_OIDC_SECOND_FACTOR", "believed")
    with pytest.raises(SettingsFault) as fault:
        Settings.from_env()
    said = " ".join(fault.value.faults)
    for name in ("HEARD_OIDC_ISSUER must", "HEARD_OIDC_CLIENT", "HEARD_OIDC_SECRET", "HEARD_OIDC_SECOND_FACTOR"):
        assert name in said
    for name, value in (("ISSUER", "https://issuer.example"), ("CLIENT", "c"), ("SECRET", "s"), ("SECOND_FACTOR", "")):
        monkeypatch.setenv(f"HEARD_OIDC_{name}", value)
    assert not Settings.from_env().signs_in_here


def test_what_is_not_a_number_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_PORT", "eight")
    monkeypatch.setenv("HEARD_KNOCK_AFTER", "soon")
    with pytest.raises(SettingsFault) as fault:
        Settings.from_env()
    assert len(fault.value.faults) == 2


def test_a_live_installation_goes_by_the_real_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    monkeypatch.setenv("HEARD_CLOCK_FILE", str(clock))
    assert isinstance(Settings.from_env().make_clock(), FileClock)
    monkeypatch.setenv("HEARD_INSTALLATION", "live")
    monkeypatch.setenv("HEARD_PUBLIC_URL", "https://heard.example")
    with pytest.raises(SettingsFault, match="live"):
        Settings.from_env()
    monkeypatch.delenv("HEARD_CLOCK_FILE")
    assert isinstance(Settings.from_env().make_clock(), SystemClock)


@pytest.mark.parametrize("address", ["", "http://heard.example"])
def test_a_live_installation_is_reached_by_https_only(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HEARD_INSTALLATION", "live")
    monkeypatch.setenv("HEARD_PUBLIC_URL", address)
    with pytest.raises(SettingsFault, match="HEARD_PUBLIC_URL must begin with https"):
        Settings.from_env()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_MODE", "distributed")
    monkeypatch.setenv("HEARD_AMQP_URL", "amqp://u:hidden@broker/")
    monkeypatch.setenv("HEARD_DATABASE_URL", "postgresql://u:hidden@db/heard")
    monkeypatch.setenv("HEARD_INTERNAL_TOKEN", "hidden from everybody else")
    settings = Settings.from_env("workflow")
    assert "hidden" not in repr(settings)
    assert settings.internal_token == "hidden from everybody else"
    assert settings.port == 8003


def test_a_secret_may_stand_in_a_file_as_containers_and_systemd_hand_it_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AMQP_URL", "DATABASE_URL", "INTERNAL_TOKEN", "METRICS_TOKEN", "SMTP_URL"):
        (tmp_path / name).write_text(f"{name.lower()} that nobody can guess\n")
        monkeypatch.setenv(f"HEARD_{name}_FILE", str(tmp_path / name))
    monkeypatch.setenv("HEARD_MODE", "distributed")
    settings = Settings.from_env("intake")
    assert settings.internal_token == "internal_token that nobody can guess"
    assert (settings.amqp_url, settings.database_url) == (
        "amqp_url that nobody can guess",
        "database_url that nobody can guess",
    )
    assert (settings.metrics_token, settings.smtp_url) == (
        "metrics_token that nobody can guess",
        "smtp_url that nobody can guess",
    )


def test_a_secret_that_cannot_be_read_or_is_given_twice_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEARD_SMTP_URL_FILE", str(tmp_path / "none"))
    (tmp_path / "token").write_text("long enough that nobody can guess it")
    monkeypatch.setenv("HEARD_METRICS_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("HEARD_METRICS_TOKEN", "also long enough that nobody can guess it")
    with pytest.raises(SettingsFault) as fault:
        Settings.from_env()
    assert len(fault.value.faults) == 2
    assert "cannot be read" in str(fault.value) and "both set" in str(fault.value)
    assert "guess" not in str(fault.value)


def test_bringing_databases_up_to_date_needs_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_MODE", "distributed")
    monkeypatch.setenv("HEARD_DATABASE_URL", "postgresql://u@db/heard")
    assert Settings.from_env().amqp_url == ""
    with pytest.raises(SettingsFault, match="HEARD_AMQP_URL"):
        Settings.from_env("workflow")


def test_all_processes_of_an_installation_derive_the_same_token(tmp_path: Path) -> None:
    from services.chassis.keyring import make_keys

    make_keys(tmp_path, ["intake"])
    assert Settings(keys_dir=tmp_path).internal_token == Settings(keys_dir=tmp_path).internal_token


def test_a_clock_file_moves_the_time_for_all(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    set_clock(path, datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    one, other = FileClock(path), FileClock(path)
    set_clock(path, datetime(2027, 3, 28, 2, 30, tzinfo=timezone(timedelta(hours=1))))
    assert one.now() == other.now() == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    path.write_text("nonsense")
    assert one.now() == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    path.unlink()
    assert one.now() == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_clock_file_without_an_offset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    path.write_text("2026-12-25T02:00")
    with pytest.raises(ValueError, match="offset"):
        FileClock(path)


def test_every_error_has_a_status_and_a_title() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HeardError)]
    assert set(kinds) - {HeardError} == set(STATUS)
    assert all(kind.title for kind in kinds)
    assert status_of(Stale()) == 503
    assert status_of(HeardError("odd")) == 500


@pytest.mark.parametrize(
    ("address", "safe"),
    [("https://sign-in.example", True), ("http://127.0.0.1:8080", True), ("http://localhost:8080/x", True),
     ("http://localhost:x@elsewhere.example", False), ("http://elsewhere.example", False), ("https://[", False),
     ("localhost:8080", False)],
)  # fmt: skip
def test_an_address_is_safe_when_what_goes_there_is_sealed_or_stays_on_this_machine(address: str, safe: bool) -> None:
    assert is_safe_address(address) is safe
