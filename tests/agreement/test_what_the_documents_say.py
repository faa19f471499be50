"""What README and guides promise must exist: commands, files, hooks, measurements."""

import re
from pathlib import Path

import click
import pytest

from heard import hookspecs
from heard.cli import heard
from tests.agreement.tree import ROOT, files, name_of

DOCUMENTS = [path for path in files(".md") if "node_modules" not in path.parts]
_MEASURED = re.compile(r"\bheard_[a-z]+(?:_[a-z]+)+\b")


def command_lines(path: Path) -> list[str]:
    """The lines of a document that call one of our commands."""
    lines, fenced = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            lines.append(line.strip().removeprefix("$ "))
    return [line for line in lines if line.startswith(("heard ", "bin/", ".venv/bin/heard ", "python -m benchmarks"))]


CALLS = [(path, line) for path in DOCUMENTS for line in command_lines(path)]


def test_there_is_a_readme_and_it_shows_the_two_commands() -> None:
    shown = command_lines(ROOT / "README.md")
    assert {"bin/start", "bin/test"} <= {line.split()[0] for line in shown}


@pytest.mark.parametrize(("path", "line"), CALLS, ids=lambda value: value if isinstance(value, str) else name_of(value))
def test_a_command_in_a_document_exists(path: Path, line: str) -> None:
    words = line.split("#")[0].replace(".venv/bin/heard", "heard").split()
    if words[0] == "python":
        assert (ROOT / words[2].replace(".", "/") / "__main__.py").exists()
        return
    if words[0].startswith("bin/"):
        assert (ROOT / words[0]).exists()
        return
    command: click.Command = heard
    context = click.Context(heard)
    for word in words[1:]:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        found = command.get_command(context, word)
        assert found is not None, f"{line}: there is no command {word!r}"
        command = found
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help", "--version"}
    asked = {word.split("=")[0] for word in words[1:] if word.startswith("--")}
    group = {option for one in heard.params for option in one.opts}
    groups = {option for name in words[1:2] for option in _options(heard.get_command(context, name))}
    assert asked <= known | group | groups, f"{line}: {asked - known}"


def _options(command: click.Command | None) -> set[str]:
    return {option for one in command.params for option in one.opts} if command else set()


def test_every_measurement_that_a_document_names_is_made() -> None:
    made = set()
    for path in files(".py"):
        if name_of(path).startswith("services/"):
            made |= set(_MEASURED.findall(path.read_text(encoding="utf-8")))
    endings = ("_total", "_count", "_sum", "_bucket")
    for path in [*DOCUMENTS, *files(".yml", ".yaml"), *(ROOT / "deploy").rglob("*.json")]:
        for name in _MEASURED.findall(path.read_text(encoding="utf-8")):
            if name.startswith(("heard_ioi", "heard_children", "heard_example", "heard_west", "heard_platform")):
                continue  # packages of plugins
            plain = next((name.removesuffix(end) for end in endings if name.endswith(end)), name)
            assert name in made or plain in made, f"{name_of(path)} names {name}, and nobody measures it"


def test_every_hook_has_its_page() -> None:
    guide = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    hooks = [name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "heard_spec")]
    assert hooks
    for hook in hooks:
        assert hook in guide, f"no guide speaks of the hook {hook}"
