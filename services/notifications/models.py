"""The tables of notifications: messages, and the little that must be known of a case to address them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

from services.chassis.tables import Json, Moment, house_tables, visible_case_table

metadata = MetaData()
house = house_tables(metadata)

cases = Table(  # the memory of a case: what came with its report and how far its ledger was heard
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("operator", String(32), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("home", String(32), nullable=False),
    Column("reference", String(20), nullable=False),
    Column("complainant", String(40)),
    Column("contact", Json),  # sealed, as intake sealed it
    Column("procedure_version", String(120)),
    Column("stage", String(64)),
    Column("seq", Integer, nullable=False),
    Column("parts", Json, nullable=False),  # part -> person id
    Column("subjects", Json, nullable=False),  # subject -> {person, roles, identified, might_be, at}
    Column("screened", Boolean, nullable=False),
)

held = Table(  # rows of a ledger that came before the ones they follow
    "held",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
)

CALLS = ("staff/alert", "outside/alert", "text/alert")
"""Messages of the ladder. They have a lane of their own: nothing else that waits, or that hangs, is before them."""
WATCHED = ("waiting", "failed")
"""The states of messages that somebody should know the number of, nought too."""

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),  # about and whom: the same message is never made twice
    Column("case_id", String(32), nullable=False, index=True),
    Column("operator", String(32), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("home", String(32), nullable=False),
    Column("about", Json, nullable=False),
    Column("kind", String(12), nullable=False),  # person | contact | party
    Column("whom", String(80), nullable=False),
    Column("template", String(80), nullable=False),
    Column("facts", Json, nullable=False),  # ids and codes that fill the template
    Column("words", Json),  # sealed, as they came
    Column("way", String(8)),  # email | text: the only way that this one goes; null: whichever reaches them
    Column("channel", String(20)),
    Column("reference", String(120)),  # what whoever carried it calls it
    Column("number", String(64)),  # digest of the number that was texted: an answer finds what it answers
    Column("state", String(12), nullable=False),  # waiting | held_trial | sent | failed
    Column("urgent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("done_at", Moment),
    Column("delivered_at", Moment),  # when a carrier says that it arrived, or it was first read behind the code
    Column("why", Text),
)
Index("messages_waiting", messages.c.next_at, postgresql_where=messages.c.next_at.is_not(None))
Index("calls_waiting", messages.c.next_at,
      postgresql_where=messages.c.next_at.is_not(None) & messages.c.template.in_(CALLS))  # fmt: skip
Index("messages_to_watch", messages.c.state, postgresql_where=messages.c.state.in_(WATCHED))
Index("messages_by_number", messages.c.number, postgresql_where=messages.c.number.is_not(None))
Index("messages_newest", messages.c.made_at.desc(), messages.c.id)

tellings = Table(  # what the operator's own system is still to be told: this case stands at this row
    "tellings",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("operator", String(32), nullable=False),
    Column("home", String(32), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
)
Index("tellings_due", tellings.c.next_at)

message_viewers = visible_case_table(metadata, "message_viewers", "message_id")

WALLED = {"messages": "id"}
"""Tables that staff read, and the column that `message_viewers` speaks of."""


def _apart(name: str, *said: Column[Any]) -> Table:
    """Messages apart from all others (`apart`): a row is still to be sent, and goes when its message did."""
    until = (Column("over_at", Moment, nullable=False), Column("attempts", Integer, nullable=False))
    due = Column("next_at", Moment, nullable=False, index=True)
    return Table(name, metadata, Column("id", String(32), primary_key=True), *said, *until, due)


def _to_staff() -> tuple[Column[Any], ...]:
    return (
        Column("person", String(32), nullable=False),
        Column("email", String(254), nullable=False),
        Column("verified", Boolean, nullable=False),
    )


# The link itself stands nowhere.
sign_in_links = _apart("sign_in_links", *_to_staff(), Column("why", String(12), nullable=False))
sign_in_changes = _apart(
    "sign_in_changes",
    *_to_staff(),
    Column("what", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)
# Each code in the envelope in which it came.
fresh_codes = _apart(
    "fresh_codes",
    Column("case_id", String(32), nullable=False),
    Column("code", Json, nullable=False),
)
