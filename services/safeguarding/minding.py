"""Minding what stands: calls that fall due, and records to look at again because who is who has changed."""

from __future__ import annotations

from services.chassis.house import House
from services.safeguarding import records
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
