"""By chance: whoever works there, is away, is on duty, is related or is meant, and whoever answers, fails or cannot.

No call reaches somebody who must be kept away, and every alert ends with a person who answered or with a body outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from heard.people import Absence, OnCall, Relation, kept_from_calls, struck
from heard.procedure import Procedure
from services.safeguarding.calling import Call, interval, may_see, plan, rule_for, rungs
from tests.heard.invented import RECEIVED, Story, procedure, roster

PROVIDERS = ("ioi_support", "infinity_alliance", "one_two_one_mentors", "stepping_stones", "west_sussex_home")
LEADS = ("designated_safeguarding_lead", "deputy_safeguarding_lead")
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Chance:
    """One situation, and how each call in turn ends: nobody answers, it does not get through, or somebody cannot."""

    story: Story
    priority: str
    ends: tuple[str, ...]


@st.composite
def chances(draw: st.DrawFn) -> Chance:
    rules = procedure(draw(st.sampled_from(PROVIDERS)))
    ids = [f"p{n}" for n in range(draw(st.integers(1, 6)))]
    one, some = st.sampled_from(ids), st.lists(st.sampled_from(ids), max_size=3, unique=True)
    inside = [role.key for role in rules.roles if not role.outside]
    held = st.lists(st.sampled_from([*LEADS, *rules.calling.then, *inside]), max_size=3, unique=True)
    times = st.sampled_from([None, RECEIVED - A_DAY, RECEIVED, RECEIVED + timedelta(minutes=15), RECEIVED + A_DAY])
    who = roster(
        people={person: tuple(draw(held)) for person in ids},
        relations=[Relation(kind, a, b) for kind, a, b in draw(st.lists(
            st.tuples(st.sampled_from(["spouse_or_partner", "manages"]), one, one), max_size=3))],
        on_call=[OnCall(p, LEADS[0], since, until) for p, since, until in draw(st.lists(
            st.tuples(one, times, times), max_size=2))],
        absences=[Absence(p, since, until) for p, since, until in draw(st.lists(
            st.tuples(one, times, times), max_size=3))],
    )  # fmt: skip
    by_worker = draw(st.booleans())
    told = Story(rules, who, **({"kind": "whistleblowing", "complainant": "staff"} if by_worker else {}))
    named = [{"subject": f"s{n}", "person": p, "identified": True} for n, p in enumerate(draw(some))]
    might_be = draw(some)
    if might_be:
        named.append({"subject": "words", "identified": False, "might_be": might_be})
    told.screened(subjects=named)
    ends = draw(st.lists(st.sampled_from(["silence", "fails", "cannot"]), max_size=40))
    return Chance(told, draw(st.sampled_from(["soon", "urgent", "now"])), tuple(ends))


def calls_of_a_day(chance: Chance) -> list[Call]:
    """The calls of the day that follows, asked for as the service asks: when the plan says, or somebody cannot."""
    told, made, cannot = chance.story, list[Call](), set[str]()
    rules, ends = told.procedure, iter(chance.ends)
    rule, now, pass_on = rule_for(rules, []), RECEIVED, False
    while now < RECEIVED + A_DAY:
        ladder = rungs(rules, told.state, told.roster, rule, now, chance.priority)
        every = interval(rules, told.state, rule, now, chance.priority)
        due = plan(ladder, made, RECEIVED, every, now, cannot=cannot, pass_on=pass_on)
        out = kept_from_calls(rules, told.state, told.roster, now)
        assert not out.keys() & {one.key for one in due.now}
        pass_on = False
        for who in due.now:
            end = next(ends, "silence")
            made.append(Call(who.key, who.kind != "person", now, failed=end == "fails"))
            if end == "cannot" and who.kind == "person":
                cannot.add(who.key)
                pass_on = True
        assert due.next_at > now
        now = now + timedelta(seconds=1) if pass_on or (made and made[-1].failed) else due.next_at
    return made


@settings(deadline=None, max_examples=60, derandomize=True)
@given(chances())
def test_no_call_reaches_whom_it_must_not_and_each_alert_ends_with_somebody(chance: Chance) -> None:
    told = chance.story
    made = calls_of_a_day(chance)
    out = set(struck(told.procedure, told.state, told.roster))
    assert not out & {call.key for call in made}
    assert not out & may_see(told.procedure, told.state, told.roster, made, RECEIVED + A_DAY).keys()
    assert any(call.outside for call in made), "nobody answered for a day, and nobody outside was called"
    assert longest_silence(made, told.procedure) <= timedelta(hours=1)


def longest_silence(made: list[Call], rules: Procedure) -> timedelta:
    """The longest time in which nobody was called."""
    times: list[datetime] = [RECEIVED, *(call.at for call in made), RECEIVED + A_DAY]
    return max((b - a for a, b in pairwise(times)), default=A_DAY)
