"""Puts the invented world into a platform's data, in a process of its own: ``python -m tests.ground.sow`` < order.

The order is JSON on standard input: ``{"everybody": true}`` makes the whole world, answering a token for each person,
and migrates before, unless ``{"migrated": true}`` says that this was done. ``"groups"`` are further operators that live
in it; ``"every_procedure": true`` adds the demonstration's homes of each installed procedure. ``{"commands": [...]}``
makes one change of the directory's own kind, with everything running.
"""

import json
import sys
from itertools import chain

from services.chassis import green

green.patch()

from services.chassis.house import House  # noqa: E402 (after the patch)
from services.chassis.migrations import migrate  # noqa: E402
from services.chassis.settings import Settings  # noqa: E402
from services.directory import desk  # noqa: E402
from services.directory.demo import GROUPS, Someone  # noqa: E402
from services.directory.seed import make_more, make_world  # noqa: E402
from tests.ground.world import PASSWORD, everybody, group_from, invented, person_id, signs_in  # noqa: E402


def sow(order: dict[str, object]) -> dict[str, str]:
    """Carry out an order; the answer is what the story needs to know: tokens by person, or nothing."""
    settings = Settings.from_env("directory")
    tokens: dict[str, str] = {}
    if order.get("everybody") and not order.get("migrated"):
        migrate(settings)
    house = House(settings, "directory")
    try:
        if order.get("everybody"):
            others = order.get("groups")
            told = others if isinstance(others, list) else []
            groups = (*GROUPS, *(invented(group_from(one)) for one in told))
            make_world(house, groups)
            for person in everybody(groups):
                tokens[person] = desk.make_token(house, person_id(person), "a story", None)
            for command in chain(*make_more(house)) if order.get("every_procedure") else ():
                if command["do"] == "add_person":
                    tokens[Someone(command["name"], ()).key] = desk.make_token(house, command["id"], "a story", None)
            for person, email in signs_in().items():
                desk.set_password(house, person_id(person), email, PASSWORD)
        commands = order.get("commands")
        if isinstance(commands, list):
            desk.change(house, commands, by="a story")
    finally:
        house.close()
    return tokens


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(sow(json.load(sys.stdin))) + "\n")
