"""No rule that keeps a clause of a provider's document can be broken without a test noticing.

What `heard policy coverage --prove` shows, for each provider whose document numbers its clauses.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from heard.coverage import coverage, read_clauses
from heard.proving import prove
from heard.registry import load_procedures

REGISTRY = load_procedures()
PLUGINS = Path(__file__).parents[2] / "plugins"
OF_DOCUMENTS = ("ioi_support", "west_sussex_home", "infinity_alliance", "stepping_stones", "one_two_one_mentors")


@pytest.mark.timeout(600)  # each of several hundred breaks is put before the tests of its clause
@pytest.mark.parametrize("key", OF_DOCUMENTS)
def test_each_clause_is_kept_and_each_break_of_its_rules_is_noticed(key: str) -> None:
    procedure = REGISTRY.get(key)
    package = REGISTRY.plugin(key).files[0].parent
    every, found = prove(procedure, PLUGINS / key / "tests", jobs=1)
    clauses = coverage(procedure, read_clauses(package), found.tests, (every, found))
    assert [clause.id for clause in clauses if clause.standing == "not kept"] == []
    numbered = [clause for clause in clauses if clause.id.startswith(f"{procedure.document.clauses}-")]
    assert [clause.id for clause in numbered if not clause.asks] == []  # a law that a rule cites says it itself
    assert [f"{clause.id}: {way}" for clause in clauses for way in clause.unnoticed] == []
    assert [clause.id for clause in clauses if clause.standing == "kept" and not clause.proven] == []
