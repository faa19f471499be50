"""Each role does its main job, on a complaint that goes its whole way at one of three providers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from heard.registry import load_procedures
from services.directory.changes import PLATFORM_ROLES
from tests.browser.conftest import visiting
from tests.browser.jobs import COMPLAINANT, PLACES, ROLES, Place
from tests.browser.walking import Walk
from tests.ground import world
from tests.ground.harness import Platform


def named(place: Place) -> str:
    return place.procedure


@pytest.mark.timeout(400)
@pytest.mark.parametrize("place", PLACES, ids=named)
def test_each_role_does_its_main_job(place: Place, chromium: Browser, heard: Platform) -> None:
    visitor = visiting(chromium, heard, place.sits_at)
    walk = Walk(heard, visitor, place.home, place.procedure)
    for job in place.jobs:
        try:
            job.how(walk, job.who)
        except Exception as fault:
            fault.add_note(f"{job.role} ({job.who}) at {visitor.page.url}:\n{visitor.text[:3000]}")
            raise
    assert {*place.comes_to} <= visitor.met, f"it came to {sorted(visitor.met)} alone"
    visitor.page.context.close()


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_every_role_has_its_job_or_the_provider_has_nobody_for_it(place: Place) -> None:
    done = {job.role for job in place.jobs}
    assert done | {*place.nobody} == {*ROLES} and done.isdisjoint(place.nobody)
    procedure = load_procedures().get(place.procedure)
    theirs = {role.key for role in procedure.roles} | {*PLATFORM_ROLES}
    walked = {job.holds for job in place.jobs if job.holds}
    elsewhere = {job.holds for one in PLACES for job in one.jobs}
    left = theirs - walked - {*place.others} - (elsewhere & {*PLATFORM_ROLES})
    assert not left, f"no walk and no reason for {sorted(left)}"
    assert walked <= theirs and not {*place.others} & walked and {*place.others} <= theirs


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_whoever_does_a_job_holds_its_role(place: Place) -> None:
    for job in place.jobs:
        if job.role != COMPLAINANT:
            someone = next(one for one in world.group_of(job.who).people if one.key == job.who)
            assert job.holds in someone.roles, job.who
