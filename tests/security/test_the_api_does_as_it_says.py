"""The API does as its own description says: whatever fits it, and whatever does not, gets an answer that stands in it.

Every door that the description names is tried with what schemathesis makes up from it, by three people in turn: whoever
runs the group, the safeguarding lead, and somebody without a token; each second time at a case that there is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.portal.api_shapes import PageQuery
from tests.ground.harness import Platform

WHO = ("maren-oakshott", "imogen-ashdale", None)
TRIES = 3
"""For each door: of what fits, and again of what does not."""


@pytest.mark.timeout(240)
def test_every_door_of_the_api_answers_what_its_description_says(embedded_platform: Platform) -> None:
    import schemathesis  # here, so that not every process of the tests reads it

    platform = embedded_platform
    reference = platform.submit().reference
    (case,) = platform.wait_until(
        partial(platform.rows, "workflow", "SELECT id FROM cases WHERE reference = ?", [reference]), what="its case"
    )
    there = {name: case["id"] for name in ("case_id", "report_id")} | {"reference": reference}
    described = schemathesis.openapi.from_url(f"{platform.url}/api/openapi.json")
    doors = [found.ok() for found in described.get_all_operations()]
    assert len(doors) > 40
    faults: dict[str, str] = {}
    with requests.Session() as session:
        for door in doors:
            for mode in schemathesis.GenerationMode:
                _try_it(door, mode, partial(_ask, platform, session, there, faults))
    assert faults == {}, "\n\n".join(f"{where}: {what}" for where, what in faults.items())


def _try_it(door: Any, mode: Any, ask: Callable[[Any, int], None]) -> None:
    """The same few each time: what is made up does not differ from one run to the next."""

    @settings(max_examples=TRIES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(made_up=door.as_strategy(generation_mode=mode), number=st.integers(0, 5))
    def tries(made_up: Any, number: int) -> None:
        ask(made_up, number)

    tries()


def _ask(
    platform: Platform, session: requests.Session, there: dict[str, str], faults: dict[str, str], made_up: Any, n: int
) -> None:
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    person = WHO[n % len(WHO)]
    if n % 2:
        made_up.path_parameters |= {name: there[name] for name in made_up.path_parameters if name in there}
    headers = {"Authorization": f"Bearer {platform.tokens[person]}"} if person else {}
    try:
        # What fits may still be refused: the words for a category or a channel are each provider's own.
        made_up.call_and_validate(
            platform.url, session, headers, excluded_checks=[positive_data_acceptance], timeout=30
        )
    except BaseExceptionGroup as found:
        faults.setdefault(f"{made_up.operation.label} ({person})", "; ".join(str(one) for one in found.exceptions))


@pytest.mark.parametrize("body", ["9" * 5_000, '{"page": ' + "9" * 5_000 + "}"])
def test_a_number_of_thousands_of_digits_is_the_senders_fault(body: str) -> None:
    from flask import Flask, request

    from services.chassis.errors import Invalid
    from services.portal.api_reading import Blueprint

    with (
        Flask(__name__).test_request_context("/", method="POST", data=body, content_type="application/json"),
        pytest.raises(Invalid),
    ):
        Blueprint.ARGUMENTS_PARSER.parse(PageQuery(), request, location="json")
