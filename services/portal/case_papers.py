"""The papers of a case in one list: the letters that went out from it and the files that came with it.

Letters come from notifications, in the name of whoever looks, and so through its wall. Files stand in the list for the
safeguarding lead alone, and each is opened through safeguarding's own wall (`attachment_pages`): looking at the case is
not opening the record. What cannot be asked just now is said to be missing, and the case is shown all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import Unavailable
from services.portal.reach import Reach


def papers(reach: Reach, person_id: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """``{papers: [letter or file, newest first], missing}``; each has ``at`` and ``sort`` (``letter`` or a file's)."""
    if case["withheld"]:
        return {"papers": [], "missing": False}
    found: list[dict[str, Any]] = []
    missing = False
    try:
        letters = reach.calls.notifications.papers(person_id=person_id, case_id=case["case_id"])
        found += [{**one, "sort": "letter"} for one in letters]
        if case["read_by"] is not None and case["case_id"] == case["report_id"]:  # the lead, and not a case grown of it
            found += [{**one, "at": one["received_at"]} for one in reach.came_along(case["report_id"])]
    except Unavailable:
        missing = True
    return {"papers": sorted(found, key=lambda one: one["at"], reverse=True), "missing": missing}
