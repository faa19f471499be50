"""Every key of the procedure language is explained once, and the guide says the same as the editors."""

from heard.keys import as_markdown, meaning, meanings, tables
from tests.agreement.tree import ROOT

GUIDE = ROOT / "heard" / "README.md"


def test_every_key_of_every_table_is_explained() -> None:
    silent = [f"{name}.{key}" for name, keys in tables().items() for key in keys if meaning(name, key) is None]
    assert silent == [], "explain it in heard/keys.toml, then put what `heard policy keys` prints into heard/README.md"
    assert [name for name in tables() if name not in meanings() or name not in meanings()["where"]] == []


def test_nothing_is_explained_that_is_not_there() -> None:
    told = {name: its for name, its in meanings().items() if name != "where"}
    gone = [f"{name}.{key}" for name, its in told.items() for key in its if key != "it" and key not in tables()[name]]
    assert gone == []


def test_the_guide_has_the_tables_as_they_are() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    missing = [line for line in as_markdown().splitlines() if line not in guide]
    assert missing == [], "put what `heard policy keys` prints at the end of heard/README.md"
