"""The files of deploy/ and the code say the same: services, settings, ports, secrets, roles, rights, measurements."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from heard.events import FACTS
from services.chassis import rights, settings, topology
from services.chassis.alarms_alone import alarms_alone, entry_points
from services.chassis.process import service_class
from services.chassis.settings import SERVICES, Settings
from services.upkeep import secrets
from tests.agreement.tree import ROOT, modules, name_of
from tests.deploy import installed
from tests.ground.deployed import ALONE, DEPLOY, containers, folder_of

_RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
_OWN_ADDRESSES = {f"HEARD_{service.upper()}_URL" for service in SERVICES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `heard secrets` makes."""
    made = tmp_path_factory.mktemp("secrets")
    secrets.make(made, "rabbitmq:5672", "postgresql:5432")
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings that a process reads from an environment, which is all that it has."""

    def read_it(service: str | None, environment: dict[str, str]) -> Settings:
        for name in [name for name in os.environ if name.startswith("HEARD_")]:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings.from_env(service)

    return read_it


def image_environment() -> dict[str, str]:
    """What the image sets for every container."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    return dict(re.findall(r"(HEARD_\w+)=(\S+)", text))


# -- containers


def test_every_service_is_a_container_that_serves_it_twice() -> None:
    served = {name: one["command"] for name, one in containers().items() if one.get("command", [""])[0] == "serve"}
    alone = {f"{service}{ALONE}": ["serve", service] for service in alarmed()}
    assert served == {service: ["serve", service] for service in SERVICES} | alone
    assert all(containers()[service]["deploy"]["replicas"] >= 2 for service in SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_given_settings_that_its_service_reads_and_no_others(
    service: str, folder: Path, read: Any
) -> None:
    given = {name: str(value) for name, value in containers()[service]["environment"].items()}
    here = {name: value.replace("/run/secrets", str(folder / service)) for name, value in given.items()}
    found = read(service, image_environment() | here)
    assert found.unread == ()
    assert not found.declares and not found.live and found.mode == "distributed"
    assert found.amqp_url.startswith(f"amqp://{rights.user_of(service)}:")
    assert found.database_url.startswith(f"postgresql://{secrets.login_of(service)}:")
    assert found.urls == {name: f"http://{name}:{found.port}" for name in SERVICES}
    assert found.internal_token == (folder / "shared" / "internal_token").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_given_its_own_folder_of_secrets_and_no_others(service: str) -> None:
    assert folder_of(service) == service
    assert len(containers()[service]["volumes"]) == 1


def alarmed() -> list[str]:
    """The services that an alert passes on its way to somebody's telephone."""
    kinds = {service: alarms_alone(service_class(service)) for service in SERVICES}
    return [service for service, kind in kinds.items() if entry_points(kind)]


def test_a_process_for_alarms_alone_is_given_what_its_service_is_and_told_so(folder: Path, read: Any) -> None:
    assert alarmed() == ["intake", "safeguarding", "notifications"]
    for service in alarmed():
        plain, alone = containers()[service], containers()[f"{service}{ALONE}"]
        said = {"HEARD_ALARMS_ONLY": "true"}
        assert alone["environment"] == plain["environment"] | said
        assert {alone[name] == plain[name] for name in ("volumes", "networks", "command")} == {True}
        unit, other = installed.unit(service, "heard-alarms"), installed.unit(service)
        assert {name for name in unit if unit[name] != other.get(name)} == {"Description", "Environment", "CPUWeight"}
        own = installed.unit_environment(unit)
        assert own == installed.unit_environment(other) | said
        given = {name: value.replace("%d", str(folder / service)) for name, value in own.items()}
        found = read(service, given | {"HEARD_PUBLIC_URL": "https://complaints.example.org"})
        assert found.alarms_only and found.unread == () and found.port == settings.PORTS[service] + 10


def test_what_an_alert_passes_goes_before_everything_ordinary_while_the_processors_are_short() -> None:
    shares = {name: one["cpu_shares"] for name, one in containers().items() if "cpu_shares" in one}
    alone = [f"{service}{ALONE}" for service in alarmed()]
    first = dict.fromkeys([*alone, "rabbitmq", "postgresql"], 16384)
    assert shares == first | {"intake": 4096, "safeguarding": 4096}, "and after them whoever every report passes"
    units = {f"{service}{ALONE}": installed.unit(service, "heard-alarms") for service in alarmed()}
    units |= {service: installed.unit(service) for service in SERVICES}
    assert {one["Slice"][0] for one in units.values()} == {"system.slice"}, "weights count within a slice"
    units |= {"rabbitmq": installed.one_unit("rabbitmq-server.service.d/heard.conf"),
              "postgresql": installed.one_unit("system-postgresql.slice.d/heard.conf")}  # fmt: skip
    weights = {name: int(unit["CPUWeight"][0]) for name, unit in units.items() if "CPUWeight" in unit}
    everybodys = {"docker": 1024, "systemd": 100}  # what they give to whom nothing is said about
    assert {name: one / everybodys["systemd"] for name, one in weights.items()} == {
        name: one / everybodys["docker"] for name, one in shares.items()
    }


def test_who_migrates_in_a_container_reads_nothing_but_its_login(folder: Path, read: Any) -> None:
    given = {name: str(value) for name, value in containers()["migrate"]["environment"].items()}
    here = {name: value.replace("/run/secrets", str(folder / "migrate")) for name, value in given.items()}
    found = read(None, image_environment() | here)
    assert found.database_url.startswith(f"postgresql://{secrets.login_of('migrate')}:") and found.unread == ()
    assert [path.name for path in (folder / "migrate").iterdir()] == ["database_url"]
    assert containers()["migrate"]["command"] == ["migrate", "--no-keys"]


def test_a_container_that_may_do_everything_starts_only_when_it_is_asked_for() -> None:
    broad = {name for name, one in containers().items() if any("secrets:/" in volume for volume in one["volumes"])}
    assert broad == {"admin", "secrets"}
    assert all(containers()[name]["profiles"] for name in broad)


def test_only_who_sends_mail_or_asks_elsewhere_who_somebody_is_has_a_way_out_of_the_inner_network() -> None:
    out = {service for service in SERVICES if set(containers()[service]["networks"]) - {"inside"}}
    mailing = {service for service in SERVICES if "HEARD_SMTP_URL_FILE" in containers()[service]["environment"]}
    asking = {service for service in SERVICES if "HEARD_OIDC_SECRET_FILE" in containers()[service]["environment"]}
    assert out == mailing | asking == set(secrets.OUTSIDE)
    assert mailing == _who_imports("chassis.post") and asking == _who_imports("authlib.integrations.requests_client")


def _who_imports(what: str) -> set[str]:
    """The services that import something."""
    return {
        name_of(path).split("/")[1]
        for path in modules("services")
        if name_of(path).split("/")[1] in SERVICES and f"{what} import" in path.read_text(encoding="utf-8")
    }


def test_only_the_proxy_is_reached_from_outside() -> None:
    published = {name: one["ports"] for name, one in containers().items() if "ports" in one}
    assert published.pop("proxy") == ["80:80", "443:443"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_no_secret_stands_in_a_file_of_the_project() -> None:
    for path in (one for one in DEPLOY.rglob("*") if one.is_file()):
        told = path.read_text(encoding="utf-8")
        found = [one for one in re.findall(r"://[^/\s:]+:([^@\s]+)@", told) if one != "password"]
        assert found == [], path
        assert "password_hash" not in told and "PRIVATE KEY" not in told, path


# -- one server


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_is_handed_what_the_container_of_its_service_is(service: str, folder: Path, read: Any) -> None:
    unit = installed.unit(service)
    handed = installed.credentials(unit)
    assert handed == {path.name: f"/etc/heard/secrets/{service}/{path.name}" for path in (folder / service).iterdir()}
    own = installed.unit_environment(unit)
    shared = dict(re.findall(r"^(HEARD_\w+)=(.*)$", (DEPLOY / "systemd/heard.env").read_text(), re.MULTILINE))
    contained = set(containers()[service]["environment"])
    # Containers have names to find each other by; on one server all are at their own port of the same machine.
    assert (set(own) | set(shared)) - {"HEARD_LOG_LEVEL"} == contained - _OWN_ADDRESSES
    found = read(service, shared | {name: value.replace("%d", str(folder / service)) for name, value in own.items()})
    assert found.unread == () and not found.declares and found.proxies == 1
    assert found.keys_dir == folder / service
    assert unit["ExecStart"] == [f"/opt/heard/.venv/bin/heard serve {service}"]


def test_the_target_wants_every_service_and_they_want_the_databases_up_to_date() -> None:
    wanted = {name for line in installed.one_unit("heard.target")["Wants"] for name in line.split()}
    alone = {f"heard-alarms@{service}.service" for service in alarmed()}
    assert wanted == {f"heard@{service}.service" for service in SERVICES} | alone
    assert "heard-migrate.service" in installed.unit("intake")["Wants"][0].split()
    migrate = installed.one_unit("heard-migrate.service")
    assert migrate["ExecStart"] == ["/opt/heard/.venv/bin/heard migrate --no-keys"]
    assert installed.credentials(migrate) == {"database_url": "/etc/heard/secrets/migrate/database_url"}


def test_whoever_looks_after_a_server_is_given_what_the_container_for_it_is() -> None:
    text = (DEPLOY / "systemd" / "heard-admin").read_text()
    files = dict(re.findall(r"^(HEARD_\w+)=\$secrets/(\S+)$", text, re.MULTILINE))
    environment = containers()["admin"]["environment"]
    assert files == {
        name: str(value).removeprefix("/run/secrets/")
        for name, value in environment.items()
        if str(value).startswith("/run/secrets/")
    }


# -- database and broker


@pytest.mark.parametrize("name", ["roles.sql", "after-restore.sql"])
def test_the_roles_are_made_for_every_service(name: str) -> None:
    text = (DEPLOY / "postgresql" / name).read_text(encoding="utf-8")
    (listed,) = re.findall(r"FOREACH service IN ARRAY ARRAY\[(.*?)\]", text, re.DOTALL)
    assert re.findall(r"'(\w+)'", listed) == list(SERVICES)


def may(service: str, what: str, name: str) -> bool:
    """Whether the broker lets a service configure, write to, or read from something of this name."""
    return re.search(rights.permission("any", service)[what], name) is not None


def test_a_service_may_say_its_own_facts_and_hear_what_is_meant_for_it_and_nothing_else() -> None:
    publishers = {kind.publisher for kind in FACTS.values()}
    for service in SERVICES:
        assert {one for one in publishers if may(service, "write", topology.fact_exchange(one).name)} == (
            {service} & publishers
        )
        for queue in topology.all_queues():
            listener = queue.name.split(".")[2]
            assert may(service, "read", queue.name) == (listener == service)
            assert not may(service, "configure", queue.name) and not may(service, "write", queue.name)
        for other in SERVICES:
            assert may(service, "read", f"rpc-{other}") == (other == service)
            assert may(service, "configure", f"rpc.reply-{other}-x") == (other == service)


# -- the watch


def test_prometheus_asks_every_service_at_its_own_port() -> None:
    server, inside = (
        yaml.safe_load((DEPLOY / "prometheus" / name).read_text(encoding="utf-8"))["scrape_configs"]
        for name in ("server.yml", "containers.yml")
    )
    ports = [(*one["labels"].values(), *one["targets"]) for one in server[0]["static_configs"]]
    alone = [(service, "alarms", f"127.0.0.1:{settings.PORTS[service] + 10}") for service in alarmed()]
    assert sorted(ports) == sorted([(one, f"127.0.0.1:{settings.PORTS[one]}") for one in SERVICES] + alone)
    (found,) = inside[0]["dns_sd_configs"]
    assert sorted(found["names"]) == sorted([*SERVICES, *(f"{service}{ALONE}" for service in alarmed())])
    assert found["port"] == int(image_environment()["HEARD_PORT"])


def test_the_alerts_that_name_services_name_the_right_ones() -> None:
    alerts = installed.alerts()
    missed = {labels.get("service") for _, labels in installed.selected(alerts["ServiceDown"]["expr"])}
    assert missed - {None} | {"safeguarding"} == set(SERVICES)
    (named,) = re.findall(r'service=~"([^"]+)"', alerts["BrokerAway"]["expr"])
    assert named.split("|") == topology.listeners()


@pytest.mark.parametrize("alert", installed.alerts())
def test_an_alert_says_how_urgent_it_is_and_has_a_page_of_its_own(alert: str) -> None:
    rule = installed.alerts()[alert]
    severity = rule["labels"]["severity"]
    assert severity in {"page", "look", "heartbeat"}
    text = _RUNBOOK.partition(f"\n### {alert}\n")[2].partition("\n### ")[0]
    assert text, "the run book does not speak of it"
    assert severity == "heartbeat" or text.strip().startswith(f"{severity.capitalize()}. ")
    assert severity == "heartbeat" or "\nDo: " in text


def test_the_run_book_speaks_of_no_alert_that_there_is_not() -> None:
    assert set(re.findall(r"^### (\w+)$", _RUNBOOK, re.MULTILINE)) == set(installed.alerts())


def test_every_alert_is_tried_when_it_must_ring_and_when_it_must_not() -> None:
    tried = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    rings = {one["alertname"] for group in tried for one in group["alert_rule_test"] if one["exp_alerts"]}
    quiet = {one["alertname"] for group in tried for one in group["alert_rule_test"] if not one["exp_alerts"]}
    assert rings == set(installed.alerts())
    assert quiet == rings - {"Heartbeat"}


def test_the_run_book_names_every_setting_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Listening(settings.Env):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(settings, "Env", Listening)
    Settings.from_env()
    known = set(made[0].dump())
    secret = {name for name in known if f"{name}_FILE" in known}
    listed = re.findall(r"^\| (`HEARD_.*?) \|(.*?)\|", _RUNBOOK.partition("## Every setting")[2], re.MULTILINE)
    named = {name: says for names, says in listed for name in re.findall(r"`(HEARD_\w+)`", names)}
    others = _OWN_ADDRESSES - {"HEARD_INTAKE_URL"}  # one stands for all
    assert set(named) == known - others - {f"{name}_FILE" for name in secret}
    assert {name for name, says in named.items() if "may be a file" in says} == secret


def test_what_the_run_book_names_in_the_project_is_there() -> None:
    linked = set(re.findall(r"\]\(#([\w-]+)\)", _RUNBOOK))
    headings = re.findall(r"^#+ (.+)$", _RUNBOOK, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert linked <= anchors
    for path in re.findall(r"\b(?:deploy|services)/[\w./@-]+\w", _RUNBOOK):
        assert (ROOT / path).exists() or list(ROOT.glob(f"{path}*")), path
