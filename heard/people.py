"""Who handles, who is told, who is called, who may see: a procedure's words made persons.

The front door of section 8 of the language. `roster` is who is who, `exclusions` says who is kept away, `whom` names
who gets a part and who is told, `calling` whom to call until somebody answers, `seeing` who may know of the case.
"""

from heard.calling import Rung, kept_from_calls, ladder, pace
from heard.exclusions import barred, kept_away, struck, too_close
from heard.roster import Absence, Holding, OnCall, Person, Relation, Roster
from heard.seeing import cleared_leads, insiders, onlookers, viewers
from heard.whom import (
    Recipient,
    Route,
    is_the_panels,
    ladder_of_part,
    off_the_ladder,
    parts_of,
    people_who_judge,
    recipients,
    resolve,
)  # fmt: skip

__all__ = [
    "Absence", "Holding", "OnCall", "Person", "Recipient", "Relation", "Roster", "Route", "Rung", "barred",
    "cleared_leads", "insiders", "is_the_panels", "kept_away", "kept_from_calls", "ladder", "ladder_of_part",
    "off_the_ladder", "onlookers", "pace", "parts_of", "people_who_judge", "recipients",
    "resolve", "struck", "too_close", "viewers",
]  # fmt: skip
