"""Puts the invented world into a platform's data, in a process of its own that is born of the nursery.

The order is a file of JSON, and so is the answer: ``{"everybody": true}`` makes the whole world, answering a token for
each person, and migrates before, unless ``{"migrated": true}`` says that this was done. ``"groups"`` are further
operators that live in it; ``"every_procedure": true`` adds the demonstration's homes of each installed procedure.
``{"commands": [...]}`` makes one change of the directory's own kind, with everything running.
"""

import json
from itertools import chain
from pathlib import Path

from services.chassis import green

green.patch()

from services.chassis.house import House  # noqa: E402 (after the patch)
from services.chassis.migrations import migrate  # noqa: E402
from services.chassis.settings import Settings  # noqa: E402
from services.directory import accounts, desk  # noqa: E402
from services.directory import tokens as tokens_of  # noqa: E402
from services.directory.demo import GROUPS, Someone  # noqa: E402
from services.directory.seed import make_more, make_world  # noqa: E402
from services.directory.sign_in import hash_password  # noqa: E402
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
                tokens[person] = tokens_of.make(house, person_id(person), "a story", None)
            for command in chain(*make_more(house)) if order.get("every_procedure") else ():
                if command["do"] == "add_person":
                    tokens[Someone(command["name"], ()).key] = tokens_of.make(house, command["id"], "a story", None)
            hashed = hash_password(PASSWORD, "")  # once for all: it is slow by design
            with house.db.writing() as conn:
                for person, email in signs_in().items():
                    accounts.keep_account(conn, person_id(person), email, hashed, house.clock.now())
        commands = order.get("commands")
        if isinstance(commands, list):
            desk.change(house, commands, by="a story")
    finally:
        house.close()
    return tokens


def main(order: str, answer: str) -> None:
    """Carry out the order in one file and answer in another."""
    Path(answer).write_text(json.dumps(sow(json.loads(Path(order).read_text()))))
