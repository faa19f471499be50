"""Larkfield Learning, an invented alternative provision that keeps to the procedure of 1-2-1 Mentors.

Nobody here exists, and nobody here is named in that document.
"""

from __future__ import annotations

from heard.vocabulary import INSPECTOR
from services.directory.changes import GROUP_OPERATOR
from services.directory.demo import Group, Place, Someone

LARKFIELD = Group(
    slug="larkfield-learning",
    name="Larkfield Learning",
    provider="Larkfield Mentoring",
    procedure="one_two_one_mentors",
    homes=(Place("larkfield-barn", "Larkfield Barn", "Exampleshire"),),
    people=(
        Someone("Hester Quillington", (GROUP_OPERATOR,)),
        Someone("Rufus Dunmallard", ("director",)),
        Someone("Petra Hollinshead", ("operational_manager",)),
        Someone("Corin Wetherley", ("mentor",), "larkfield-barn"),
        Someone("Isolde Marrack", ("designated_safeguarding_lead",)),
        Someone("Bram Tollgate", ("deputy_safeguarding_lead",)),
        Someone("Ottoline Speake", ("external_investigator",)),
        Someone("Jago Penhallow", ("panel_member",)),
        Someone("Winnie Askrigg", ("panel_member",)),
        Someone("Lucian Farthingale", ("independent_panel_member",)),
        Someone("Meriel Stanbrook", (INSPECTOR,), "larkfield-barn"),
    ),
    employs_all_but=("external_investigator", "independent_panel_member", INSPECTOR),
)
"""The group, its one place and its people."""
