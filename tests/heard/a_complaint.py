"""A complaint to Acme House, from the report to the end, by the engine alone, where only `heard` is installed.

Prints as JSON what the case came to. `test_outside_provider.py` runs it in an environment of its own.
"""

import importlib.util
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from heard.calendar import Calendars
from heard.case import Actor, Command, decide, open_case, replay
from heard.clock import reckon
from heard.ledger import Happening, NewHappening, number
from heard.people import Holding, Person, Roster
from heard.registry import load_procedures

RECEIVED = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)
PEOPLE = {"mo": "registered_manager", "di": "deputy_manager", "ri": "responsible_individual",
          "dee": "designated_safeguarding_lead", "una": "outside_investigator"}  # fmt: skip
REPORT = {
    "kind": "complaint", "formality": "formal", "channel": "telephone", "complainant": "young_person",
    "anonymous": False, "about_a_child": True, "children": [{"age": 15}], "category": ["the building"],
    "heads": [{"key": "heating"}], "provider": "acme", "home": "acme", "operator": "group",
    "first_contact": RECEIVED.isoformat(),
}  # fmt: skip

procedure = load_procedures().get("acme")
calendars = Calendars.of(procedure)
people = [Person(one, "group", one.title(), outside=one == "una") for one in PEOPLE]
roster = Roster(people, [Holding(one, role, "acme", "acme") for one, role in PEOPLE.items()], (), (), (), 1, RECEIVED)
ledger: list[Happening] = []


def add(new: tuple[NewHappening, ...], now: datetime) -> None:
    """Write events down."""
    ledger.extend(number(new, len(ledger), now))


def do(command: str, by: str, now: datetime, **data: Any) -> None:
    """Somebody does something in the case."""
    actor = Actor(by, roster.roles_of(by, now))
    case = replay(procedure, ledger)
    add(decide(case, Command(command, data), actor=actor, now=now, calendars=calendars, roster=roster), now)


def says(duty: str) -> list[str]:
    """What the letter for a duty of the first stage must contain."""
    return list(procedure.duty(duty, "complaint").contains)


add(open_case(procedure, REPORT, RECEIVED, RECEIVED), RECEIVED)
monday, answered = RECEIVED + timedelta(days=3), datetime(2027, 1, 5, 10, tzinfo=UTC)
do("screen", "system", RECEIVED)
do("assign", "system", RECEIVED, part="handles")
handler = replay(procedure, ledger).holder("handles")
do("record", "mo", monday, event="recorded")
do("acknowledge", "mo", monday, contents=says("acknowledge"))
do("record", "mo", monday, event="advocate_offered")
do("respond", "mo", answered, findings={"heating": "upheld"}, contents=says("answer"))
do("record", "mo", answered, event="learning_reviewed")
for record in procedure.records:
    do("record", "mo", answered, record=record.key, fields=list(record.fields))
later = datetime(2027, 2, 3, 10, tzinfo=UTC)  # the time to go on is over
do("close", "mo", later, outcome="answered")
case = replay(procedure, ledger)
print(json.dumps({
    "handler": handler.who if handler else None,
    "closed": case.closed_at is not None,
    "outcome": case.outcome,
    "answer": {due.duty: (str(due.due), due.status) for due in reckon(case, calendars, answered)}["answer"],
    "beside": [one for one in ("services", "nameko", "kombu", "sqlalchemy", "flask") if importlib.util.find_spec(one)],
}))  # fmt: skip
