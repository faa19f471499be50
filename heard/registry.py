"""Finds every installed procedure, and gives the one in force, the one a case is bound to, or a sentence why not.

Each provider comes through the same door, the entry-point group `heard.procedures`; so do Heard's own. Four things that
pluggy lets pass in silence stop start-up here, with the distribution named: two plugins under one name, a hook that is
misspelt, a plugin that cannot be imported, and a question meant for one provider answered by another.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from heard import hookspecs
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults, Shelf, read_procedure
from heard.wording import Wording, wording_beside
from heard.wording_faults import wording_faults

GROUP = "heard.procedures"
PATTERN = "procedure*.toml"


class UnknownProcedure(LookupError):
    """No such procedure, or no such version of it; the sentence names what there is."""


class PluginFaults(Exception):
    """Plugins that cannot be loaded: every fault, each a sentence that names the distribution it comes from."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


@dataclass(frozen=True, slots=True)
class Installed:
    """One plugin: its key, the distribution it came with, and its procedure's versions, the oldest first.

    `files` stand in the order of the versions that they hold. `wording` is how it words its messages today.
    """

    key: str
    distribution: str
    files: tuple[Path, ...]
    versions: tuple[Procedure, ...]
    wording: Wording = field(default_factory=Wording)


@dataclass(frozen=True)
class Registry:
    """Every installed procedure. Made once, at start-up, by `load_procedures`."""

    installed: Mapping[str, Installed]
    plugins: pluggy.PluginManager = field(repr=False, default_factory=lambda: pluggy.PluginManager(hookspecs.PROJECT))

    def keys(self) -> tuple[str, ...]:
        """The keys of all procedures, sorted."""
        return tuple(sorted(self.installed))

    def __iter__(self) -> Iterator[str]:
        """As `keys`."""
        return iter(self.keys())

    def plugin(self, key: str) -> Installed:
        """The plugin of that key. Raises UnknownProcedure."""
        if key not in self.installed:
            there = ", ".join(self.keys()) or "none is installed"
            raise UnknownProcedure(f"there is no procedure {key!r}; there are: {there}")
        return self.installed[key]

    def get(self, key: str) -> Procedure:
        """The newest version of that procedure. Raises UnknownProcedure."""
        return self.plugin(key).versions[-1]

    def in_force(self, key: str, on: date) -> Procedure:
        """The version in force on that London date. Raises UnknownProcedure when there was none yet."""
        versions = self.plugin(key).versions
        for procedure in reversed(versions):
            if procedure.document.in_force_from <= on:
                return procedure
        first = versions[0].document.in_force_from
        raise UnknownProcedure(f"procedure {key!r} was not in force on {on}; its first version is of {first}")

    def judging(self, key: str, on: date) -> Procedure:
        """The version by which a complaint of that day is judged that was brought here later: the one in force then, or
        the first, where there was none yet. Raises UnknownProcedure when it is not installed.
        """
        first = self.plugin(key).versions[0]
        return first if on < first.document.in_force_from else self.in_force(key, on)

    def pinned(self, version: str) -> Procedure:
        """The procedure of exactly that version. Raises UnknownProcedure; kept `content` can still be read then."""
        versions = self.plugin(version.partition("@")[0]).versions
        for procedure in versions:
            if procedure.version == version:
                return procedure
        raise UnknownProcedure(f"there is no version {version!r}; there are: {', '.join(p.version for p in versions)}")

    def hooks(self, key: str) -> Any:
        """The hooks of that provider alone: a question about one provider is never answered by another."""
        self.plugin(key)
        return _only(self.plugins, key)


class _Relay:
    """What pluggy's `hook` looks like, with each caller narrowed to one plugin."""


def _only(plugins: pluggy.PluginManager, key: str) -> Any:
    others = [plugin for name, plugin in plugins.list_name_plugin() if name != key]
    relay = _Relay()
    for name in hook_names():
        setattr(relay, name, plugins.subset_hook_caller(name, remove_plugins=others))
    return relay


def hook_names() -> tuple[str, ...]:
    """Every hook there is, in calling order."""
    return tuple(name for name, value in vars(hookspecs).items() if hasattr(value, f"{hookspecs.PROJECT}_spec"))


def load_procedures(
    points: Iterable[EntryPoint] | None = None, *, unread: dict[str, ProcedureFaults] | None = None
) -> Registry:
    """Loads every installed procedure plugin. Raises PluginFaults with all that is wrong with any of them.

    `points` are the entry points to load, in tests; otherwise those of the group `heard.procedures`. Where `unread` is
    given, a procedure whose file is at fault is put there, by its key, and does not stop the others. Whoever asks with
    neither gets the same again: what is installed while a process runs is for the next one.
    """
    if points is None and unread is None:
        return _whatever_is_installed()
    return _loaded(entry_points(group=GROUP) if points is None else points, unread)


@cache
def _whatever_is_installed() -> Registry:
    return _loaded(entry_points(group=GROUP), None)


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """While nearly all that is made is kept, nobody looks for what is not: it would take a third of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


@_keeping_everything()
def _loaded(points: Iterable[EntryPoint], unread: dict[str, ProcedureFaults] | None) -> Registry:
    faults: list[str] = []
    plugins = pluggy.PluginManager(hookspecs.PROJECT)
    plugins.add_hookspecs(hookspecs)
    from_distribution: dict[str, str] = {}
    modules: dict[str, ModuleType] = {}
    for point in points:
        distribution = point.dist.name if point.dist else point.value
        if point.name in from_distribution:
            if distribution != from_distribution[point.name]:
                both = f"{from_distribution[point.name]} and {distribution}"
                faults.append(f"two distributions bring a procedure {point.name!r}: {both}; uninstall one of them")
            continue
        from_distribution[point.name] = distribution
        try:
            modules[point.name] = point.load()
        except Exception as error:  # a plugin is somebody else's code: whatever it raises is told with its name
            faults.append(f"{distribution}: cannot be imported from {point.value!r}: {type(error).__name__}: {error}")
            continue
        plugins.register(modules[point.name], name=point.name)
    faults += _misspelt(plugins, modules, from_distribution)
    installed = {}
    shelf: Shelf = {}
    for key, module in modules.items():
        try:
            installed[key] = _read(key, module, from_distribution[key], plugins, shelf)
        except ProcedureFaults as error:
            if unread is not None:
                unread[key] = error
                continue
            faults += [f"{from_distribution[key]}: {fault}" for fault in error.faults]
        except PluginFaults as error:
            faults += error.sentences
    if faults:
        raise PluginFaults(faults)
    return Registry(installed, plugins)


def _misspelt(plugins: pluggy.PluginManager, modules: Mapping[str, Any], distributions: Mapping[str, str]) -> list[str]:
    """A sentence for each hook implementation that no hook is called by."""
    try:
        plugins.check_pending()
    except pluggy.PluginValidationError as error:
        culprit = next((key for key, module in modules.items() if module is error.plugin), "?")
        whose = distributions.get(culprit, culprit)
        return [f"{whose}: answers a hook there is not ({error}); allowed: {', '.join(hook_names())}"]
    return []


def _read(key: str, module: ModuleType, distribution: str, plugins: pluggy.PluginManager, shelf: Shelf) -> Installed:
    try:
        files = _only(plugins, key).procedure_files() or _beside(module)
    except Exception as error:  # as above: named, then told
        what = f"{type(error).__name__}: {error}"
        raise PluginFaults([f"{distribution}: its hook procedure_files failed: {what}"]) from error
    if not files:
        raise PluginFaults([f"{distribution}: has no {PATTERN} in its package {module.__name__!r}"])
    read = sorted(((read_procedure(path, shelf=shelf), path) for path in files),
                  key=lambda one: one[0].document.in_force_from)  # fmt: skip
    days = [one.document.in_force_from for one, _ in read]
    wrong = [f"{distribution}: {path.name} is of {one.key!r}, but the plugin is {key!r}"
             for one, path in read if one.key != key]  # fmt: skip
    wrong += [f"{distribution}: two files are in force from {day}" for day in sorted(set(days)) if days.count(day) > 1]
    wording = wording_beside(read[-1][1])
    wrong += [f"{distribution}: {fault.sentence} {fault.remedy}" for _, fault in wording_faults(wording)]
    if wrong:
        raise PluginFaults(wrong)
    return Installed(key, distribution, tuple(path for _, path in read), tuple(one for one, _ in read), wording)


def _beside(module: ModuleType) -> list[Path]:
    return sorted(path for place in getattr(module, "__path__", []) for path in Path(place).glob(PATTERN))


def check_dir(path: Path | str) -> Procedure:
    """The newest procedure in a plugin folder (or a file) that is not installed yet. Raises as `newest_in`."""
    return newest_in(path)[1]


def holds_procedure(folder: Path) -> bool:
    """Whether a folder is that of a plugin, or of its package."""
    return bool(_in_folder(folder))


def _in_folder(folder: Path) -> list[Path]:
    return sorted([*folder.glob(PATTERN), *folder.glob(f"*/{PATTERN}")])


def newest_in(path: Path | str) -> tuple[Path, Procedure]:
    """The newest procedure in a plugin folder (or a file), and the file that it stands in.

    Raises ProcedureFaults, or UnknownProcedure when no procedure.toml is there.
    """
    place = Path(path)
    files = [place] if place.is_file() else _in_folder(place)
    if not files:
        raise UnknownProcedure(f"there is no {PATTERN} in {place}")
    return max(((one, read_procedure(one)) for one in files), key=lambda one: one[1].document.in_force_from)
