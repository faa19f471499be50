"""The doctor: looks at everything on which the next complaint depends, and says what to do about what it finds.

Each check stands alone. One that fails is itself a finding, so that a broken installation is told as much as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group
from rich.text import Text

from services.chassis.settings import Settings, SettingsFault
from services.upkeep import data, machine, outside, staff
from services.upkeep.findings import GRADES, Check, Finding, Patient

CHECKS: Mapping[str, Check] = {
    "configuration": machine.configuration,
    "keys": machine.keys,
    "connections": data.connections,
    "databases": data.databases,
    "plugins": machine.plugins,
    "who is who": staff.directory,
    "clock": data.skew,
    "clock file": machine.clock_file,
    "watchdog": machine.watchdog,
    "mail": machine.mail,
    "texts": outside.texts,
    "mailbox": outside.mailbox,
    "sign-in": outside.elsewhere,
    "files": outside.files,
    "documents": machine.documents,
    "screening": machine.screening,
    "disk": machine.disk,
}
_COLOURS = {"must": "bold red", "should": "yellow", "note": "dim"}


def examine(read: Callable[[], Settings], clock: Callable[[], datetime]) -> list[Finding]:
    """Every finding, the gravest first. ``read`` gives the settings, ``clock`` the machine's time."""
    try:
        settings = read()
    except SettingsFault as fault:
        mend = "Correct it where the variables of the installation are set. Nothing else can be looked at before."
        return [Finding("configuration", "must", sentence, mend) for sentence in fault.faults]
    patient = Patient(settings, clock)
    found: list[Finding] = []
    for about, check in CHECKS.items():
        try:
            found += check(patient)
        except Exception as fault:  # whatever is broken: said, and the next check has its turn
            said = f"This could not be looked at ({type(fault).__name__}: {str(fault)[:200]})."
            found.append(Finding(about, "must", said, "Mend what else is named here first, and ask again."))
    order = list(GRADES)
    return sorted(found, key=lambda one: order.index(one.grade))


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing must be mended."""
    return all(one.grade != "must" for one in findings)


def as_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """``{well, findings: [{about, grade, sentence, mend}]}``."""
    rows = [{"about": one.about, "grade": one.grade, "sentence": one.sentence, "mend": one.mend} for one in findings]
    return {"well": is_well(findings), "findings": rows}


def as_text(findings: Sequence[Finding]) -> Group:
    """The findings as they are read on a console."""
    lines: list[Text] = []
    for grade, words in GRADES.items():
        these = [one for one in findings if one.grade == grade]
        if these:
            lines.append(Text(f"\n{words.capitalize()} ({len(these)})", style=_COLOURS[grade]))
        for one in these:
            lines += [Text(f"  {one.about}: {one.sentence}"), Text(f"      {one.mend}", style="dim")]
    verdict = "Nothing must be mended." if is_well(findings) else "Mend first what must be mended."
    return Group(*lines, Text(f"\n{verdict}", style="bold"))
