"""Minding what stands: calls that fall due, and records to look at again because who is who has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from heard.calling import called_roles
from heard.vocabulary import LEAD
from services.chassis.house import House
from services.chassis.leaving import whose_role_ended
from services.chassis.work import Work
from services.safeguarding import records
from services.safeguarding.calling import AS_LEAD
from services.safeguarding.growing import call_of, load, write
from services.safeguarding.said import roster_of

_BATCH = 50


def call_the_ladder(house: House) -> int:
    """Make the calls that are due; how many alerts were looked at."""
    with house.working() as work:
        due = records.alerts_to_call(work.conn, work.now, _BATCH)
        if not due:
            return 0
        growths = load(work, sorted({alert.report_id for alert in due}), roster_of(house))
        made = records.calls_of(work.conn, [alert.id for alert in due])
        together = {}
        for alert in due:  # the newest alert of a report is the one that calls; an older one rests until it is answered
            together[alert.report_id] = alert
        for alert in due:
            if together[alert.report_id] is not alert:
                records.store_alert(work.conn, alert.id, {"next_call_at": None})
        for report_id, alert in together.items():
            growths[report_id].alert = dict(alert._mapping)
            growths[report_id].call([call_of(call) for call in made[alert.id]])
        write(work, list(growths.values()))
        return len(due)


def look_again_at_people(house: House) -> int:
    """Derive anew who may see open records that were last looked at with an older who-is-who; how many there were."""
    version = roster_of(house).version
    with house.working() as work:
        stale = records.to_look_at_again(work.conn, version, _BATCH)
        if not stale:
            return 0
        growths = load(work, [row.report_id for row in stale], roster_of(house))
        write(work, list(growths.values()))
        return len(stale)


def no_longer_lead(work: Work, entries: Iterable[Mapping[str, Any]]) -> int:
    """Take the records of a home from whoever leads it no more, and works on there as something else; how many.

    An open record is looked at again by itself. Whoever was only called keeps what they were called about as long as
    they can still be called there.
    """
    people = whose_role_ended(entries, work.now)
    if not people:
        return 0
    roster, gone = work.house.who.as_kept(work.conn), 0
    for person, provider, home, why in records.seen_by(work.conn, people):
        known = work.house.who.entry("provider", provider)
        procedure = work.house.procedures.get(str(known["procedure"])) if known else None
        roles = procedure.roles if procedure else ()
        by = {LEAD, *(one for role in roles if role.key == LEAD for one in role.stands_in)}
        if why != AS_LEAD and procedure:
            by |= called_roles(procedure)
        if by.isdisjoint(roster.roles_of(person, work.now, provider, home)):
            gone += records.sees_no_more(work.conn, person, provider, home, why)
    return gone
