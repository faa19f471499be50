"""What the benchmarks tell reaches every provider, and is exactly as worrying as it is counted to be."""

from __future__ import annotations

from collections import Counter

from benchmarks import tellings
from heard.registry import load_procedures
from services.screening.screen import screen

REGISTRY = load_procedures()
HOMES = tellings.homes()


def test_each_installed_procedure_has_a_home_that_is_told_of_every_kind_it_knows() -> None:
    assert {home.procedure for home in HOMES} == {key for key in REGISTRY.keys() if not key.startswith("example")}  # noqa: SIM118
    told = {
        home.slug: {(one["kind"], one["formality"]) for one in map(_ordinary, range(200)) if one["home"] == home.slug}
        for home in HOMES
    }
    for home in HOMES:
        assert told[home.slug] == set(home.kinds)
        assert {("complaint", "formal"), ("complaint", "informal"), ("compliment", None)} <= told[home.slug]
        assert {kind for kind, _ in home.kinds} == set(REGISTRY.get(home.procedure).words.kinds)


def test_one_telling_in_ten_is_worrying_at_each_home_in_its_turn() -> None:
    numbers = [number for number in range(600) if tellings.is_worrying(number)]
    assert len(numbers) == 60
    assert len({number // 10 for number in numbers}) == 60
    at = Counter(tellings.where(number, HOMES).slug for number in numbers)
    assert set(at) == {home.slug for home in HOMES}


def test_the_screen_finds_something_in_the_worrying_ones_and_nothing_in_the_others_whatever_the_procedure() -> None:
    for number in range(120):
        procedure = REGISTRY.get(tellings.where(number, HOMES).procedure)
        calm, loud = _ordinary(number), tellings.worrying(number, HOMES)
        found = screen(f"{calm['what_happened']} {calm['wanted']}", procedure=procedure)
        assert (found.concerns, found.priority, found.readable) == ({}, "routine", True), calm["what_happened"]
        assert screen(loud["what_happened"], procedure=procedure, in_danger_now=True).priority == "now"


def _ordinary(number: int) -> dict[str, object]:
    return tellings.ordinary(number, HOMES)
