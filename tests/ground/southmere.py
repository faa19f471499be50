"""An invented council that goes by West Sussex's procedure, for its home's journey and for its Customer Relations."""

from __future__ import annotations

from heard.vocabulary import INSPECTOR, VISITOR
from services.directory.changes import GROUP_OPERATOR, STAFF
from services.directory.demo import OUTSIDE, Group, Place, Someone
from tests.ground import world

SOUTHMERE = world.invented(
    Group(
        slug="southmere-council",
        name="Southmere Council",
        provider="Southmere Children's Homes",
        procedure="west_sussex_home",
        homes=(Place("larkfield", "Larkfield", "West Sussex"),),
        people=(
            Someone("Bettany Coldharbour", (GROUP_OPERATOR,)),
            Someone("Perpetua Winslade", ("registered_manager",), "larkfield"),
            Someone("Osric Fenwick-Dale", ("delegated_senior",), "larkfield"),
            Someone("Cordelia Ashburnham", ("service_manager",)),
            Someone("Ambrose Tillingbourne", ("head_of_service",)),
            Someone("Hester Malplaquet", ("responsible_individual",)),
            Someone("Lionel Garrowby", ("customer_relations",)),
            Someone("Isolde Penhallow", ("external_investigator",)),
            Someone("Magnus Thistledown", ("designated_safeguarding_lead",)),
            Someone("Clementine Orrery", ("deputy_safeguarding_lead",)),
            Someone("Rufus Appleyard", (STAFF,), "larkfield"),
            Someone("Rosamund Tidmarsh", (VISITOR,), "larkfield"),
            Someone("Gwilym Hartnoll", (INSPECTOR,), "larkfield"),
        ),
        relations=(("manages", "perpetua-winslade", "rufus-appleyard"),),
        employs_all_but=OUTSIDE,
    )
)
