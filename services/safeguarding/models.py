"""The tables of safeguarding.

A record is opened for every report there is, flagged or not; its ledger is what happened to it here. `alerts` and
`calls_made` are the ladder; `record_viewers` is the wall (cleared leads only), derived from the ledger and who is who.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

from services.chassis.ledger import ledger_table
from services.chassis.tables import BigId, Id, Json, Moment, house_tables, visible_case_table

metadata = MetaData()
house = house_tables(metadata)

records = Table(
    "records",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("reference", String(20), nullable=False),
    Column("operator", Id, nullable=False),
    Column("provider", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("procedure_version", String(120), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("screened_at", Moment, nullable=False),
    Column("priority", String(8), nullable=False),
    Column("readable", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("roster_version", Integer, nullable=False),
    Column("identified", Boolean, nullable=False),  # whether it is known whom the report is about
    Column("closed_at", Moment),
    Column("contact", Json),  # envelope
    Column("read_due_at", Moment),  # until when a person opens it; null once somebody has
    Column("triage_due_at", Moment),  # until when the lead answers what every concern asks; null once answered
)
Index("records_to_look_at_again", records.c.roster_version, postgresql_where=records.c.closed_at.is_(None))

Index("records_to_be_read", records.c.read_due_at, postgresql_where=records.c.read_due_at.is_not(None))
Index("records_to_triage", records.c.triage_due_at, postgresql_where=records.c.triage_due_at.is_not(None))

ledger = ledger_table(metadata)

record_viewers = visible_case_table(metadata, "record_viewers", key="report_id")

words = Table(  # every inbound word about a report, as it came: sealed
    "words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("sort", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("envelope", Json, nullable=False),
    Column("held", Boolean, nullable=False),  # came before its report: screened when that is here
    Column("not_words", Json),  # what came with it that is no text: a voice, a picture
    Column("weigh_at", Moment),  # from when on it is to be weighed what they mean; null once that is done
    Column("written_by", String(64)),  # who wrote them, if they work here
)
Index("words_to_weigh", words.c.weigh_at, postgresql_where=words.c.weigh_at.is_not(None))
Index("words_held", words.c.report_id, postgresql_where=words.c.held)

record_reads = Table(  # who opened a record, and when: each time
    "record_reads",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("person_id", Id, nullable=False),
    Column("at", Moment, nullable=False),
)

repeating = Table(  # concerns that count towards a pattern, by the person they are about: made from the ledgers
    "repeating",
    metadata,
    Column("provider", Id, primary_key=True),
    Column("person_id", Id, primary_key=True),
    Column("concern", String(64), primary_key=True),
    Column("report_id", Id, primary_key=True),
    Column("known_at", Moment, nullable=False),
)
Index("repeating_of_report", repeating.c.report_id)

past_to_read = Table(  # complaints of an earlier log in which the screen found something: for the lead to read
    "past_to_read",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("priority", String(8), nullable=False),
    Column("concerns", Json, nullable=False),
    Column("listed_at", Moment, nullable=False),
    Column("read_at", Moment),
    Column("read_by", String(64)),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("priority", String(8), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_call_at", Moment),  # null once somebody has answered
    Column("answered_at", Moment),
    Column("answered_by", String(64)),
    Column("how", String(32)),
)
Index("alerts_unanswered", alerts.c.report_id, postgresql_where=alerts.c.answered_at.is_(None))
Index("alerts_to_call", alerts.c.next_call_at, postgresql_where=alerts.c.next_call_at.is_not(None))

calls_made = Table(
    "calls_made",
    metadata,
    Column("alert_id", Id, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("person", String(64)),
    Column("contact", String(64)),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("failed_at", Moment),
    Column("channel", String(32)),
    Column("why", String(200)),
)

wrong_codes = Table(  # digits that did not fit an alert, by whoever gave them: too many, and nobody looks for a while
    "wrong_codes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("who", String(80), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
