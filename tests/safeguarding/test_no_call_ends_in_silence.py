"""By chance: whoever works there or has left, is away, on duty, related, named, meant or called by a role, at first or

later in the day; and whoever answers, fails or cannot. No call reaches somebody who must be kept away, and every alert
ends with a person who answered or with a body outside. Who must be kept away is worked out here from what was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heard.people import Absence, Holding, OnCall, Person, Relation, Roster
from services.safeguarding.calling import Call, interval, may_see, plan, rule_for, rungs
from tests.heard.invented import RECEIVED, Story, procedure

PROVIDERS = ("ioi_support", "infinity_alliance", "one_two_one_mentors", "stepping_stones", "west_sussex_home")
LEADS = ("designated_safeguarding_lead", "deputy_safeguarding_lead")
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Chance:
    """One situation, how each call in turn ends, and who is named later: when, and whom.

    `held` are the roles that each person holds while the alert is open, `lives_with` who shares a life with whom.
    """

    story: Story
    priority: str
    ends: tuple[str, ...]
    held: dict[str, tuple[str, ...]]
    left: frozenset[str]
    lives_with: frozenset[tuple[str, str]]
    about: frozenset[str]
    later: tuple[datetime, str] | None

    def kept_away(self, now: datetime) -> set[str]:
        """Everybody whom it is or may be about by then, and whoever lives with one of them."""
        away = set(self.about) | ({self.later[1]} if self.later and self.later[0] <= now else set())
        return away | {b for a, b in self.lives_with if a in away}


@st.composite
def chances(draw: st.DrawFn) -> Chance:
    rules = procedure(draw(st.sampled_from(PROVIDERS)))
    ids = [f"p{n}" for n in range(draw(st.integers(1, 6)))]
    one, some = st.sampled_from(ids), st.lists(st.sampled_from(ids), max_size=3, unique=True)
    inside = [role.key for role in rules.roles if not role.outside]
    roles = st.lists(st.sampled_from([*LEADS, *rules.calling.then, *inside]), max_size=3, unique=True)
    held = {person: tuple(draw(roles)) for person in ids}
    left = frozenset(draw(some)) - {ids[0]}
    related = draw(st.lists(st.tuples(st.sampled_from(["spouse_or_partner", "manages"]), one, one), max_size=3))
    times = st.sampled_from([None, RECEIVED - A_DAY, RECEIVED, RECEIVED + timedelta(minutes=15), RECEIVED + A_DAY])
    who = Roster(
        [Person(person, "tide", person) for person in ids],
        [Holding(person, role, "tidewater", "harbour", None, RECEIVED - A_DAY if person in left else None)
         for person, these in held.items() for role in these],
        relations=[Relation(kind, a, b) for kind, a, b in related],
        on_call=[OnCall(p, LEADS[0], since, until) for p, since, until in draw(st.lists(
            st.tuples(one, times, times), max_size=2))],
        absences=[Absence(p, since, until) for p, since, until in draw(st.lists(
            st.tuples(one, times, times), max_size=3))],
    )  # fmt: skip
    by_worker = draw(st.booleans())
    told = Story(rules, who, **({"kind": "whistleblowing", "complainant": "staff"} if by_worker else {}))
    meant = draw(some)
    named: list[dict[str, Any]] = [{"subject": f"s{n}", "person": p, "identified": True} for n, p in enumerate(meant)]
    might_be, by_role = draw(some), draw(st.none() | st.sampled_from(inside))
    if might_be:
        named.append({"subject": "words", "identified": False, "might_be": might_be})
    if by_role:
        named.append({"subject": "role", "role": by_role, "roles": [by_role], "identified": False})
    told.screened(subjects=named)
    there = {person for person, these in held.items() if by_role in these and person not in left}
    ends = draw(st.lists(st.sampled_from(["silence", "fails", "cannot", "answers"]), max_size=40))
    later = draw(st.none() | st.tuples(st.sampled_from([RECEIVED + timedelta(minutes=n) for n in (5, 45, 300)]), one))
    both = frozenset((a, b) for kind, x, y in related if kind == "spouse_or_partner" for a, b in ((x, y), (y, x)))
    return Chance(
        told, draw(st.sampled_from(["soon", "urgent", "now"])), tuple(ends), held, left, both,
        frozenset({*meant, *might_be, *there}), later,
    )  # fmt: skip


def calls_of_a_day(chance: Chance) -> tuple[list[Call], str | None]:
    """The calls of the day that follows, asked for as the service asks, and who answered, which ends them."""
    told, made, cannot = chance.story, list[Call](), set[str]()
    rules, ends = told.procedure, iter(chance.ends)
    rule, now, pass_on, later = rule_for(rules, []), RECEIVED, False, chance.later
    while now < RECEIVED + A_DAY:
        if later and later[0] <= now:
            told.event("named", now, subject="later", person=later[1], identified=True)
            later = None
        ladder = rungs(rules, told.state, told.roster, rule, now, chance.priority)
        every = interval(rules, told.state, rule, now, chance.priority)
        due = plan(ladder, made, RECEIVED, every, now, cannot=cannot, pass_on=pass_on)
        assert not (chance.kept_away(now) | chance.left) & {one.key for one in due.now}
        pass_on = False
        for who in due.now:
            end = next(ends, "silence")
            made.append(Call(who.key, who.kind != "person", now, failed=end == "fails"))
            if end == "answers" and who.kind == "person":
                return made, who.key
            if end == "cannot" and who.kind == "person":
                cannot.add(who.key)
                pass_on = True
        assert due.next_at > now
        now = now + timedelta(seconds=1) if pass_on or (made and made[-1].failed) else due.next_at
    return made, None


@settings(deadline=None, max_examples=80, derandomize=True)
@given(chances())
def test_no_call_reaches_whom_it_must_not_and_each_alert_ends_with_somebody(chance: Chance) -> None:
    told = chance.story
    made, answered = calls_of_a_day(chance)
    seen = may_see(told.procedure, told.state, told.roster, made, RECEIVED + A_DAY).keys()
    assert not (chance.kept_away(told.ledger[-1].at) | chance.left) & seen
    if answered is None:
        assert any(call.outside for call in made), "nobody answered for a day, and nobody outside was called"
        assert longest_silence(made) <= timedelta(hours=1)


def longest_silence(made: list[Call]) -> timedelta:
    """The longest time in which nobody was called."""
    times: list[datetime] = [RECEIVED, *(call.at for call in made), RECEIVED + A_DAY]
    return max((b - a for a, b in pairwise(times)), default=A_DAY)
