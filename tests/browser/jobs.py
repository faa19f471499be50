"""Each role's main job at three providers whose procedures truly differ, in the order in which one complaint needs it.

Ioi Support has three stages, with investigators and a panel from outside; West Sussex is a council's home with one look
and one enquiry; 1-2-1 Mentors is no home, its Director answers, and three people hear the appeal. Whom a procedure has
nobody for stands in `NOBODY`, with what it has instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from heard.vocabulary import ADMINISTRATOR, GROUP, INSPECTOR, VISITOR
from services.directory.changes import STAFF
from tests.browser.walking import (
    Walk,
    act,
    answers_an_alert,
    follows_up,
    invites,
    keeps_contacts,
    looks_in,
    reads_the_case,
    takes_a_report,
    tells,
    writes_down,
)
from tests.ground import world

TODAY = world.MONDAY_MORNING.date().isoformat()
COMPLAINANT, WORKER, HANDLER, MANAGER = "young person or complainant", "staff member", "handler", "Registered Manager"
LEAD, INVESTIGATOR, INDEPENDENT = "safeguarding lead", "Investigating Officer", "Independent Person"
MEMBER, CHAIR, DIRECTOR = "panel member", "panel chair", "director or responsible individual"
RELATIONS, OPERATOR, LOOKS_IN = "Customer Relations", "group operator", "regulation 44 visitor"
AUDITOR, ADMINISTERS = "auditor or inspector", "system administrator"
ROLES = (COMPLAINANT, WORKER, HANDLER, MANAGER, LEAD, INVESTIGATOR, INDEPENDENT, MEMBER, CHAIR, DIRECTOR, RELATIONS,
         OPERATOR, LOOKS_IN, AUDITOR, ADMINISTERS)  # fmt: skip
"""Everybody who has a way in."""


@dataclass(frozen=True)
class Job:
    """One role's main job: which role of the directory they hold ("": none), who that is, and how it is done."""

    role: str
    holds: str
    who: str
    how: Callable[[Walk, str], None]


@dataclass(frozen=True)
class Place:
    """A provider: the home or place, what its people sit at, their jobs, and by role what it has nobody for."""

    procedure: str
    home: str
    sits_at: str
    jobs: tuple[Job, ...]
    nobody: dict[str, str]
    others: dict[str, str]
    """Roles of its directory whose holders do, by the procedure, what another job here shows."""
    comes_to: tuple[str, ...] = ("staff.today", "staff.cases", "staff.case", "staff.ask", "safeguarding.calls")
    """Doors of the portal whose pages its walk looks at, beside others."""


def _asked(who: str, to: str, *labels: str, appoints: tuple[str, ...] = ()) -> Callable[[Walk, str], None]:
    """The next stage is asked for, whoever handled it names who investigates and who watches, and somebody acts."""

    def how(walk: Walk, person: str) -> None:
        case = walk.case.reaches(who)
        case.does(who, "ask_to_go_on", to=to)
        for part, one in zip(("investigates", "observes"), appoints, strict=False):
            case.does(who, "assign", part=part, person=world.person_id(one))
        act(*labels)(walk, person)

    return how


def _panel(who: str, members: tuple[str, ...]) -> Callable[[Walk, str], None]:
    """A panel sits today, as whoever complained agreed; it is written down that it met."""

    def how(walk: Walk, chair: str) -> None:
        case = walk.case.reaches(who)
        case.does(who, "ask_to_go_on", to="stage_3")
        case.does(who, "form_panel", members=[world.person_id(one) for one in members], chair=world.person_id(chair))
        today = {"date": TODAY, "place": "the library", "needs_met": ["complainant_agreed_short_notice"]}
        case.does(who, "arrange_panel", **today)
        act("Record that the panel met")(walk, chair)

    return how


IOI_PANEL = ("leocadia-marsh-ender", "winifred-osterley", "desmond-akinwale-frost")
IOI = Place(
    "ioi_support", "harbour-house", "phone",
    (
        Job(COMPLAINANT, "", "young person who lives here", partial(
            tells, what="The washing machine has been broken for weeks.", child="16", handler="tobias-fennimore")),
        Job(WORKER, STAFF, "noor-ellingham", partial(writes_down, home="Harbour House")),
        Job(MANAGER, "registered_service_manager", "tobias-fennimore", act("Acknowledge", "Contact the complainant")),
        Job(LEAD, "designated_safeguarding_lead", "imogen-ashdale", answers_an_alert),
        Job(INVESTIGATOR, "investigating_officer", "jonas-pennerley", _asked(
            "tobias-fennimore", "stage_2", "Complete the investigation",
            appoints=("jonas-pennerley", "anselm-quillfeather"))),
        Job(INDEPENDENT, "independent_person", "anselm-quillfeather", act("See the young person concerned")),
        Job(DIRECTOR, "director", "odette-marlingford", act("Answer")),
        Job(CHAIR, "panel_chair", IOI_PANEL[0], _panel("tobias-fennimore", IOI_PANEL)),
        Job(MEMBER, "panel_member", IOI_PANEL[1], act("Recommendations in writing")),
        Job(HANDLER, "out_of_hours_duty_manager", "ruben-castlewick", act("Answer")),
        Job(COMPLAINANT, "", "", follows_up),
        Job(OPERATOR, GROUP, "maren-oakshott", keeps_contacts),
        Job(LOOKS_IN, VISITOR, "rowena-silverdale", looks_in),
        Job(AUDITOR, INSPECTOR, "crispin-oakhanger", takes_a_report),
        Job(ADMINISTERS, ADMINISTRATOR, "elspeth-wickham-dray", partial(invites, person="Ambrose Applewhite")),
    ),
    {RELATIONS: "the manager writes to them; a coordination team logs each complaint, and the ledger is that log"},
    {
        "complaints_team": "reads each case and moves nothing on: tests/workflow/test_who_keeps_the_log.py",
        "deputy_safeguarding_lead": "stands in for the lead",
        "external_investigator": "investigates or answers where nobody inside may",
        "senior_manager": "is the Director, or whoever the Director names",
        "team_manager": "handles what is settled informally",
    },
    ("directory.people", "directory.person", "link.choose"),
)  # fmt: skip

WEST_SUSSEX = Place(
    "west_sussex_home", "larkfield", "desk",
    (
        Job(COMPLAINANT, "", "young person who lives here", partial(
            tells, what="Nobody asked me before my room was changed.", child="14", handler="perpetua-winslade")),
        Job(WORKER, STAFF, "rufus-appleyard", partial(writes_down, home="Larkfield")),
        Job(MANAGER, "registered_manager", "perpetua-winslade", act(
            "Offer the child an advocate", "Acknowledge", "Answer")),
        Job(LEAD, "designated_safeguarding_lead", "magnus-thistledown", answers_an_alert),
        Job(RELATIONS, "customer_relations", "lionel-garrowby", act("Write to the person who complained")),
        Job(HANDLER, "service_manager", "cordelia-ashburnham", _asked(
            "perpetua-winslade", "enquiry", "Offer the child an advocate", "Acknowledge", "Answer")),
        Job(DIRECTOR, "responsible_individual", "hester-malplaquet", act("Do they say that it caused")),
        Job(COMPLAINANT, "", "", follows_up),
        Job(OPERATOR, GROUP, "bettany-coldharbour", keeps_contacts),
        Job(LOOKS_IN, VISITOR, "rosamund-tidmarsh", looks_in),
        Job(AUDITOR, INSPECTOR, "gwilym-hartnoll", takes_a_report),
    ),
    {
        INVESTIGATOR: "the Registered Manager looks into it, and the Service Manager holds the enquiry",
        INDEPENDENT: "nobody watches over an enquiry",
        MEMBER: "the enquiry is the last stage: no panel sits",
        CHAIR: "the enquiry is the last stage: no panel sits",
        ADMINISTERS: "one for the whole installation",
    },
    {
        "delegated_senior": "stands in for the Registered Manager",
        "head_of_service": "handles what nobody below may",
        "external_investigator": "handles what nobody inside may",
        "deputy_safeguarding_lead": "stands in for the lead",
    },
)  # fmt: skip

MENTORS_PANEL = ("lucian-farthingale", "jago-penhallow", "winnie-askrigg")
MENTORS = Place(
    "one_two_one_mentors", "larkfield-barn", "phone",
    (
        Job(COMPLAINANT, "", "parent", partial(
            tells, what="Five sessions were cancelled this term.", child="14", handler="rufus-dunmallard")),
        Job(WORKER, "mentor", "corin-wetherley", partial(writes_down, home="Larkfield Barn")),
        Job(HANDLER, "operational_manager", "petra-hollinshead", act("On a first look")),
        Job(DIRECTOR, "director", "rufus-dunmallard", act("Acknowledge", "Do what every investigation does", "Answer")),
        Job(LEAD, "designated_safeguarding_lead", "isolde-marrack", answers_an_alert),
        Job(CHAIR, "independent_panel_member", MENTORS_PANEL[0], _panel("rufus-dunmallard", MENTORS_PANEL)),
        Job(MEMBER, "panel_member", MENTORS_PANEL[1], reads_the_case),
        Job(COMPLAINANT, "", "", follows_up),
        Job(OPERATOR, GROUP, "hester-quillington", keeps_contacts),
        Job(AUDITOR, INSPECTOR, "meriel-stanbrook", takes_a_report),
    ),
    {
        MANAGER: "no registered home: the Operational Manager runs it from day to day",
        INVESTIGATOR: "the Director or the Operational Manager investigates",
        INDEPENDENT: "one member of the panel is independent, and leads it",
        RELATIONS: "the Director or the Operational Manager co-ordinates",
        LOOKS_IN: "regulation 44 is of children's homes",
        ADMINISTERS: "one for the whole installation",
    },
    {
        "complaints_coordinator": "is the Director or the Operational Manager",
        "senior_manager": "is the Operational Manager or the Director",
        "deputy_safeguarding_lead": "stands in for the lead",
        "external_investigator": "handles what nobody inside may",
    },
)  # fmt: skip
PLACES = (IOI, WEST_SUSSEX, MENTORS)
