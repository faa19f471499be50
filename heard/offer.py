"""The shape of something that a case page may offer: a command, and the form that it comes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Needs:
    """What the form must ask: `contents` to tick, `needs_met` to confirm, `choices` by field, `texts` to write.

    `leaves_out` is ticked too: whoever writes made sure that it does not say that. `cannot` asks nothing: it says of
    persons whom one might look for among the choices why they are not there. `called` puts a choice in its own words.
    """

    contents: tuple[str, ...] = ()
    needs_met: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    cannot: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that might be offered: the command, its fixed `data`, what its form asks, `more` to try it with."""

    name: str
    label: str
    data: Mapping[str, Any] = field(default_factory=dict)
    needs: Needs = Needs()
    clause: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def filled(self) -> dict[str, Any]:
        """The data with every box ticked, the first choice taken and a word in every text field."""
        form: dict[str, Any] = dict(self.data)
        if self.needs.contents:
            form["contents"] = list(self.needs.contents)
        if self.needs.leaves_out:
            form["leaves_out"] = list(self.needs.leaves_out)
        if self.needs.needs_met:
            form["needs_met"] = list(self.needs.needs_met)
        form |= {key: words[0] for key, words in self.needs.choices.items() if words}
        form |= {key: "recorded" for key in self.needs.texts}
        if self.needs.record:
            form["record"] = {key: "recorded" for key in self.needs.record}
        return form | dict(self.more)
