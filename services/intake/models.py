"""The tables of intake: reports as they came, later words, equality answers under a key of their own, pages sent."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, false

from services.chassis.tables import Id, Json, Moment, Sealed, house_tables

metadata = MetaData()
house = house_tables(metadata)

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(14), nullable=False, unique=True),
    Column("receipt_digest", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("operator", Id, nullable=False),
    Column("provider", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("words", Json, nullable=False),  # envelopes: sealed before they reach the database
    Column("contact", Json),
    Column("retry_key", String(64), unique=True),  # digest of the Idempotency-Key
    Column("retry_digest", String(64)),
    Column("fact", Json, nullable=False),  # what was announced, without the words: said again when proof stays away
    Column("screened_at", Moment),  # since when safeguarding has it
    Column("ladder", Json),  # whom safeguarding would call about it, as it said with its last call
    Column("look_at", Moment),  # when to ask after the proof; null once it is here
    Column("knocked_at", Moment),
    Column("paged", Boolean, nullable=False),
    Column("fresh_digest", String(64)),  # of a code that was made because the first was lost, until it is used
    Column("fresh_at", Moment),
    Column("codes_made", Integer, nullable=False, server_default="0"),  # after the first
)
Index("reports_without_proof", reports.c.look_at, postgresql_where=reports.c.look_at.is_not(None))

words = Table(
    "words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("sort", String(32), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("words", Json, nullable=False),
    Column("retry_key", String(64), unique=True),
)

mails = Table(  # which mails of the mailbox were taken, and as what: never their words, never from whom
    "mails",
    metadata,
    Column("id", String(64), primary_key=True),  # digest of the Message-ID
    Column("sort", String(12), nullable=False),  # told | returned | delayed | away | list | own | unread
    Column("report_id", Id),
    Column("taken_at", Moment, nullable=False),
)

erasures = Table(  # which reports were erased, by whom and why: without a name, and for good
    "erasures",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(80), nullable=False),
    Column("because", String(200), nullable=False),
)

attachments = Table(  # what came with a report or a mail, sealed under the key of the report's words
    "attachments",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("report_id", Id, nullable=False, index=True),
    Column("received_at", Moment, nullable=False),
    Column("kind", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("scanned", Boolean, nullable=False, server_default=false()),
    Column("name", Sealed, nullable=False),
    Column("content", Sealed, nullable=False),
)

codes_asked = Table(  # references whose code somebody lost, until a later tick answers; most may be nobody's
    "codes_asked",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(14), nullable=False),
    Column("asked_at", Moment, nullable=False),
)

uploads = Table(  # files added to a form that is not sent yet, sealed with what only the teller's browser holds
    "uploads",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("scanned", Boolean, nullable=False),
    Column("name", Sealed, nullable=False),
    Column("content", Sealed, nullable=False),
    Column("over_at", Moment, nullable=False, index=True),
)

equality = Table(
    "equality",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("answers", Json, nullable=False),
)

pages_sent = Table(
    "pages_sent",
    metadata,
    Column("report_id", Id, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("person", String(64), primary_key=True),  # a person's id, or the key of an outside contact
    Column("channel", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
)
