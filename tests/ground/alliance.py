"""An invented group that goes by Infinity Alliance's procedure, for its journey and for the tests of linked cases."""

from __future__ import annotations

from services.directory.changes import GROUP_OPERATOR
from services.directory.demo import Group, Place, Someone
from tests.ground import world

LARKFIELD = world.invented(
    Group(
        slug="larkfield-living",
        name="Larkfield Living",
        provider="Larkfield Supported Living",
        procedure="infinity_alliance",
        homes=(Place("larch-row", "Larch Row", "Northshire"),),
        people=(
            Someone("Magnus Ellerby", (GROUP_OPERATOR,)),
            Someone("Ottilie Brandreth", ("staff_on_duty",), "larch-row"),
            Someone("Caspian Dowrick", ("staff_on_duty",), "larch-row"),
            Someone("Hester Quillan", ("house_manager",), "larch-row"),
            Someone("Lambert Oyelaran", ("registered_manager",)),
            Someone("Ignatius Plowright", ("nominated_individual",)),
            Someone("Rosalind Teversham", ("director",)),
            Someone("Wilhelmina Sorrel", ("designated_safeguarding_lead",)),
            Someone("Barnaby Thistlewood", ("deputy_safeguarding_lead",)),
            Someone("Cordelia Wexcombe", ("external_investigator",)),
        ),
        employs_all_but=("external_investigator",),
    )
)
"""A house of young people with neighbours; everybody in it is made up."""
