"""Procedures that nobody wrote: tables put together by chance, written as TOML, and read by the real reader.

For the properties of the engine. `heard policy check` finds nothing broken in any; whatever the engine does wrong under
it could go wrong under a document that somebody really has. Everything is chosen by a `Random`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from heard.lint import lint
from heard.procedure import Procedure
from heard.procedure_file import read_procedure

Table = dict[str, Any]

MILESTONES = ("plan_sent", "report_written")
RECORDED = ("interview_held", "investigation_recorded", "advocate_offered")
STARTS = ("received", "stage_opened", "acknowledged", "response_received", "first_known", "named", "asked.yes",
          "fact_answered.where", "responded.upheld", "stage_opened", *MILESTONES)  # fmt: skip
LATE = {"accepted_if": ["illness"], "decided_by": "owner"}
INSIDE = ("manager", "deputy", "owner", "designated_safeguarding_lead")


def toml(tables: Table) -> str:
    """The tables as a procedure file: each heading on its own, whatever stands inside it on one line."""
    plain = {key: value for key, value in tables.items() if not isinstance(value, list | dict)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for heading, value in tables.items():
        for one in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
            lines.append(f"[[{heading}]]" if isinstance(value, list) else f"[{heading}]")
            lines += [f"{key} = {_value(inner)}" for key, inner in one.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


class Invention:
    """One procedure, made up as it goes along."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.stages = [f"stage_{n}" for n in range(1, chance.choice((2, 3, 4)))]
        self.panel = chance.random() < 0.3
        self.linked = chance.random() < 0.3
        self.suspends = chance.random() < 0.7
        self.settles = True

    def maybe(self, likely: float, **table: Any) -> Table:
        """These keys, or none of them."""
        return table if self.chance.random() < likely else {}

    def one(self, *words: Any) -> Any:
        """One of these."""
        return self.chance.choice(words)

    # ------------------------------------------------------------ clocks

    def length(self, most: int = 30) -> Table:
        """A length in some unit."""
        n = self.chance.randrange(1, most)
        length: Table = self.one({"working_days": n}, {"calendar_days": n}, {"hours": n * 4}, {"months": n % 3 + 1},
                                 {"days": n, "of": "office_days"})  # fmt: skip
        length |= self.maybe(0.2, rolls_to=self.one("working_days", "office_days"))
        return length | self.maybe(0.1, first_day="day_of_event")

    def after(self, *others: str) -> Any:
        """What a clock starts with."""
        event = self.one(*STARTS, *others)
        if self.chance.random() < 0.2:
            deemed = {"working_days": self.one(3, 5), "after": self.one("received", "stage_opened")}
            return {"event": event, "no_later_than": deemed}
        return [event, "responded"] if self.chance.random() < 0.1 else event

    def condition(self) -> Table:
        """When a rule holds."""
        return dict(self.one(
            {"kind": ["complaint"]}, {"about_a_child": True}, {"anonymous": False}, {"concern_open": False},
            {"about_role": ["manager"]}, {"child_aged": {"under": 14, "or_unknown": True}}, {"where": ["here"]},
            {"any": [{"formality": ["formal"]}, {"complainant": ["parent"]}]}, {"not": {"concern": ["harm"]}},
            {"asked": ["yes"]}, {"finding": ["upheld", "partly_upheld"]}, {"been_in": ["stage_1"]},
        ))  # fmt: skip

    def time(self, key: str, met_by: str | None) -> Table:
        """The clock of a duty, of any of the sorts that there are."""
        sort = self.chance.randrange(10)
        if sort == 0 and met_by in (*MILESTONES, *RECORDED):
            return {"before": self.one("responded", "closed")}
        if sort == 1 and self.settles:
            return {"every": self.length(10), "after": "stage_opened", "until": "responded"}
        if sort == 2:
            return {"promptly": self.one("immediately", "as_soon_as_possible"), "after": self.after()}
        if sort == 3:
            again = self.one("stage_opened", "named", "interview_held" if met_by == "plan_sent" else "plan_sent")
            return {"within": self.length(), "after": "received", "again_after": [again]}
        if sort == 4:
            given = {"as_given_in": "acknowledged", "otherwise": self.length()}
            return {"within": given, "after": self.after()}
        return {"within": self.length(), "after": self.after()}

    def more_time(self) -> Table:
        """How a time may be made longer."""
        return {**self.one({"to": self.length(60)}, {"by": self.length(10)}, {"without_cap": True}),
                **self.maybe(0.3, times=1), **self.maybe(0.5, reasons=["somebody is away", "more to find out"]),
                **self.maybe(0.3, needs=["complainant_agreed"])}  # fmt: skip

    def duty(self, key: str, met_by: str | None) -> Table:
        """Something that somebody owes."""
        per = "case" if met_by in ("acknowledged", "responded") else self.one("case", "case", "head", "named_person")
        to = ["named_person"] if per == "named_person" and met_by is None else [
            self.one("complainant", "young_person", "placing_authority", "owner", "line_manager_of_named_person")]
        return {
            "key": key, "says": f"See to {key}", "to": to, "per": per,
            **self.maybe(1.0 if met_by else 0.0, met_by=met_by),
            **self.time(key, met_by),
            **self.maybe(0.6, pauses=True),
            **self.maybe(0.3, only_if=self.condition()),
            **self.maybe(0.4, extension=self.more_time()),
            **self.maybe(0.2, strength=self.one("aim", "comparison")),
            **self.maybe(0.2, contains=["what was found"]),
            **self.maybe(0.3, if_late=[{"tell": ["owner"]}, {"further": {"hours": 3}, "raises": "harm"}]),
            **self.maybe(0.2, excused_if=["it cannot be done"], excused_by=["owner", "manager"]),
        }  # fmt: skip

    def duties(self) -> list[Table]:
        """What is owed in one stage."""
        met = self.chance.sample(("acknowledged", "responded", None, *MILESTONES, *RECORDED),
                                 self.chance.choice((1, 2, 3, 4)))  # fmt: skip
        found = [self.duty(f"duty_{n}", event) for n, event in enumerate(met)]
        found += [{"key": "same_day", "says": "The same day", "same_day_as": found[0]["key"],
                   "met_by": "copied_to_folder"}] if self.chance.random() < 0.2 else []  # fmt: skip
        return found

    # ------------------------------------------------------------ stages

    def question(self, key: str, stages_ahead: list[str]) -> Table:
        """A question that a person must answer. A gate may wait for `asked`, so that is always put, and once."""
        yes: Table = {"key": "yes", "says": "Yes"}
        if key == "asked":
            yes |= self.maybe(0.3, moves_to=self.one(*stages_ahead)) if stages_ahead else {}
            yes |= {"opens": "second"} if self.linked else {}
        return {
            "key": key, "asks": "Is it so?", "after": self.one("received", "stage_opened"),
            "by": ["handler", self.one(*INSIDE)], "answers": [yes, {"key": "no", "says": "No"}],
            **self.maybe(0.3, must_record=["reason"]),
            **({} if key == "asked" else self.maybe(0.3, per="named_person")),
            **({} if key == "asked" else self.maybe(0.3, only_if=self.condition())),
        }  # fmt: skip

    def way_on(self, to: str, back: bool) -> Table:
        """How a case goes on, or back."""
        window = self.one({"within": self.length(), "after": "response_received"}, {},
                          {"within": {"as_given_in": "window_agreed", "otherwise": self.length()},
                           "after": "response_received"})  # fmt: skip
        return {
            "to": to, "asked_by": self.one(["complainant"], ["complainant", "handler"]),
            **({} if back else window), **self.maybe(1.0 if back else 0.0, back=True),
            **self.maybe(0.2, at_any_time=True), **self.maybe(0.2, reopens=True),
            **(self.maybe(0.4, late=LATE) | self.maybe(0.3, when_over="close") if window and not back else {}),
        }  # fmt: skip

    def stage(self, n: int) -> Table:
        """One stage, the last of them final."""
        key, ahead = self.stages[n], self.stages[n + 1 :]
        self.settles = self.chance.random() < 0.9
        last = not ahead
        people: Table = {"handles": [self.one("manager", "owner"), "from_outside"]}
        people |= self.maybe(0.3, decides=["owner", "from_outside"]) | self.maybe(0.3, investigates=["from_outside"])
        stage: Table = {
            "key": key, "name": key.replace("_", " ").title(), "people": people, "duties": self.duties(),
            **self.maybe(0.3, instead=[{"only_if": self.condition(), "handles": ["deputy", "from_outside"]}]),
            **self.maybe(0.6, formal=True), **self.maybe(1.0 if last else 0.0, final=True),
            "settles": self.settles,
        }  # fmt: skip
        if ahead:
            stage["ways_on"] = [self.way_on(ahead[0], False)]
            if n and self.chance.random() < 0.3:
                stage["ways_on"].append(self.way_on(self.stages[0], True))
        if n == 0 and self.chance.random() < 0.4:
            stage["decisions"] = [self.question("asked_here", ahead)]
        if last and self.panel:
            self._with_panel(stage)
        return stage

    def _with_panel(self, stage: Table) -> None:
        stage["people"]["decides"] = ["panel"]
        stage["panel"] = {"members": {self.one("exactly", "at_least"): 2, "role": "panel_member"},
                          **self.maybe(0.5, chair={"role": "panel_member", "among_members": True})}  # fmt: skip
        stage["duties"] += [
            {"key": "panel_meets", "says": "The panel meets", "within": self.length(), "after": "stage_opened",
             "met_by": "panel_met", "to": ["complainant"], **self.maybe(0.5, pauses=True)},
            {"key": "invite", "says": "Invite everybody", "before": "panel_date", "to": ["complainant"],
             "at_least": self.one({"working_days": 5}, {"calendar_days": 7})},
        ]  # fmt: skip

    # ------------------------------------------------------------ the whole file

    def tables(self) -> Table:
        """Every heading."""
        return {
            "language": 1,
            "provider": {"key": "walked", "name": "Walked", "kind": "children's home", **self.maybe(
                0.2, has_no=["placing_authority"])},
            "document": {"title": "By chance", "source": "invented", "in_force_from": date(2026, 1, 1)},
            "counting": {
                "promptly": {"immediately": {"hours": 1}, "as_soon_as_possible": {"working_days": 1}},
                "deemed_received": {"letter": {"working_days": 2}},
                **self.maybe(0.1, extension_of_any={"without_cap": True}),
            },
            "conflicts": {"if_nobody": ["from_outside", "placing_authority"], "never_handles": ["named_person"]},
            "words": {
                "kinds": ["complaint", "concern", "compliment"], "categories": ["food", "staff"],
                "complainants": ["young_person", "parent", "staff"], "channels": ["letter", "email"],
                "findings": ["upheld", "partly_upheld", "not_upheld"],
            },
            "calendars": [{"key": "office_days", "name": "Office days", "open_on": ["tue", "wed", "thu", "sat"],
                           "based_on": "england_and_wales"}],
            "adopts": [{"procedure": "working_together"}],
            "roles": self._roles(),
            "contacts": [{"key": "lado", "is": "lado", "name": "LADO", "email": "lado@example.org"},
                         {"key": "police", "is": "police", "name": "Police", "offered": "any_time",
                          "phones": [{"number": "999"}]}],
            "facts": [{"key": "where", "asks": "Where was it?", "one_of": ["here", "there"]}],
            "milestones": [{"key": key, "says": key.replace("_", " ").title()} for key in MILESTONES],
            "ways_in": self._ways_in(),
            "stages": [self.stage(n) for n in range(len(self.stages))],
            "duties": [
                self.duty("whole_case", self.one("recorded", "learning_reviewed", None)),
                {"key": "noted", "says": "Note it", "after": "received", "within": self.length(),
                 "met_by": "spoken_for_child", **self.maybe(0.3, excused_if=["it cannot be done"])},
            ],
            "decisions": [self.question("asked", self.stages[1:])],
            "gates": self._gates(),
            "linked_cases": [{"key": "second", "name": "A second case", "starts_at": self.stages[-1],
                              "about": "young_person", **self.maybe(0.5, asked_by=["affected_person"]),
                              **self.maybe(0.5, does_not_carry=["who complained"])}] if self.linked else [],
            "concerns": [{"key": "harm", "says": "A child may be harmed", "ticks": ["abuse"]}],
            "notification_rules": [
                {"key": "lead", "says": "Tell the lead", "concern": ["harm", "lado_threshold", "immediate_danger"],
                 "tell": ["designated_safeguarding_lead"], "promptly": "immediately"},
                {"key": "authority", "says": "Tell the authority", "concern": ["harm"],
                 "tell": ["placing_authority", "police"], "within": self.length(), "after": "first_known"},
            ],
            "suspensions": [{"key": "first", "says": "Safeguarding goes first", "when": {"concern": ["harm"]},
                             "starts_with": self.one("concern_found", "concern_confirmed"),
                             "covers": self.one("case", "heads"), "may_cover": self.one("case", "heads"),
                             "decided_by": ["manager"], "review_every": {"working_days": 5},
                             "ends_with": ["safeguarding_closed"]}] if self.suspends else [],
            "records": [{"key": "file", "says": "The file", "fields": ["details", "findings"], "needed_to": "close"}]
            if self.chance.random() < 0.3 else [],
        }  # fmt: skip

    def _roles(self) -> list[Table]:
        outside: Table = {"outside": True}
        return [
            {"key": "manager", "name": "Manager", **self.maybe(0.5, stands_in=["deputy"])},
            {"key": "deputy", "name": "Deputy", **self.maybe(0.3, may_not_be=[{"who": "manages_named_person"}])},
            {"key": "owner", "name": "Owner"},
            {"key": "designated_safeguarding_lead", "name": "Lead", "stands_in": ["owner"]},
            {"key": "from_outside", "name": "Somebody from outside", **outside},
            {"key": "panel_member", "name": "Panel member", **outside,
             **self.maybe(0.5, may_not_be=[{"who": "employee", "in_last": {"years": 3}}])},
        ]  # fmt: skip

    def _ways_in(self) -> list[Table]:
        barred = {"within": {"months": 12}, "after": "matter_noticed",
                  "late": {"accepted_if": ["good reason"], "decided_by": "owner"}}  # fmt: skip
        return [
            *([{"key": "elsewhere", "only_if": {"about_authority_functions": True}, "passes_to": "placing_authority"}]
              if self.chance.random() < 0.3 else []),
            *([{"key": "by_condition", "only_if": self.condition(), "starts_at": self.one(*self.stages)}]
              if self.chance.random() < 0.5 else []),
            {"key": "everything", "starts_at": self.stages[0], **self.maybe(0.3, **barred)},
        ]  # fmt: skip

    def _gates(self) -> list[Table]:
        until = self.one(["plan_sent"], ["interview_held"], ["asked"], ["asked.yes", "asked.no"], ["noted"])
        gate = {"key": "in_order", "says": "One thing after the other", "holds_back": [self.one("responded", "closed")],
                "until": until, **self.maybe(0.3, only_if=self.condition())}  # fmt: skip
        safe = {"key": "safe_first", "says": "Safeguarding first", "holds_back": ["interview_held"],
                "until": ["concern_cleared", "safeguarding_closed"], "only_if": {"concern_open": True}}  # fmt: skip
        return [one for one in (gate, safe) if self.chance.random() < 0.25]


def invented(chance: Random, folder: Path) -> Procedure | None:
    """A procedure by chance, read by the real reader; None where `heard policy check` finds something broken in it."""
    path = folder / "procedure.toml"
    path.write_text(toml(Invention(chance).tables()), encoding="utf-8")
    procedure = read_procedure(path)
    remarks = lint(procedure, today=date(2026, 11, 22))
    return None if any(remark.severity == "broken" for remark in remarks) else procedure
