"""The tables of the case service.

Everything but ``cases`` (identity, place, position), ``words`` and the ledger is derived and may be thrown away: who
may see a case, what is due, and when the case wakes by itself follow from the ledger, the procedure and who is who.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, text

from services.chassis.ledger import ledger_table
from services.chassis.tables import BigId, Id, Json, Moment, house_tables, visible_case_table

metadata = MetaData()
house = house_tables(metadata)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("reference", String(20), nullable=False, unique=True),
    Column("operator", Id, nullable=False),
    Column("provider", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("procedure_version", String(120), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("screened_at", Moment),
    Column("seq", Integer, nullable=False),
    Column("heard_seq", Integer, nullable=False),  # how much of the safeguarding ledger this case has heard
    Column("roster_version", BigInteger, nullable=False),  # the who-is-who by which its people were last chosen
    Column("stage", String(64)),
    Column("state", String(16), nullable=False),  # open | passed_on | closed
    Column("handler", String(64)),
    Column("wakes_at", Moment),  # when something happens by itself: a late step, a window that is over, an alarm
    Column("days_version", Integer, nullable=False, server_default=text("0")),  # the calendar it was last reckoned by
    Column("shown_from", BigInteger),  # the who-is-who from which on it is seen anew who sees it, though it is over
    Column("counts_until", Moment),  # up to when a day that becomes a holiday makes a difference in it
    Column("terms_version", Integer, nullable=False, server_default=text("0")),  # the way in which its terms are kept
    Column("hears", Id),  # whom it concerns when whoever complained writes
    Column("last_said", Integer),  # of a case that is over, the row by which they wrote last
)
Index("cases_of_report", cases.c.report_id)
Index("cases_waking", cases.c.wakes_at)
Index(
    "cases_by_older_days",
    cases.c.days_version,
    cases.c.counts_until,
    postgresql_where=cases.c.counts_until.is_not(None),
    sqlite_where=cases.c.counts_until.is_not(None),
)
Index("cases_by_older_terms", cases.c.terms_version)
Index("cases_newest", cases.c.received_at, cases.c.id)
Index("cases_unscreened", cases.c.screened_at)
Index(
    "cases_to_show_again",
    cases.c.shown_from,
    postgresql_where=cases.c.shown_from.is_not(None),
    sqlite_where=cases.c.shown_from.is_not(None),
)
Index("cases_to_route_again", cases.c.state, cases.c.roster_version)
Index(
    "cases_unassigned",
    cases.c.id,
    postgresql_where=(cases.c.state == "open") & cases.c.screened_at.is_not(None) & cases.c.handler.is_(None),
)

Index(
    "cases_written_to_when_over",
    cases.c.hears,
    postgresql_where=cases.c.last_said.is_not(None),
    sqlite_where=cases.c.last_said.is_not(None),
)

ledger = ledger_table(metadata)

case_viewers = visible_case_table(metadata)

words = Table(  # what people wrote, sealed: the report, later messages, letters and notes
    "words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False),
    Column("sort", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("screened", Boolean, nullable=False),  # later words are shown once safeguarding has read them
    Column("retention", String(32), nullable=False),  # the class of the key: words or contact
    Column("sealed_for", String(80), nullable=False),  # the place that each field was sealed for
    Column("fields", Json, nullable=False),
)

Index("words_of_case", words.c.case_id)

case_terms = Table(  # what staff find it by: its kind, its categories, and names as keyed digests
    "case_terms",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("sort", String(16), primary_key=True),  # kind | category | name
    Column("term", String(80), primary_key=True),
)
Index("case_terms_to_find", case_terms.c.sort, case_terms.c.term, case_terms.c.case_id)

due_lines = Table(
    "due_lines",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("line", String(200), primary_key=True),
    Column("due_at", Moment),
    Column("strength", String(16), nullable=False),
    Column("shown", Json, nullable=False),
)
Index("due_lines_in_order", due_lines.c.strength, due_lines.c.due_at)

case_reads = Table(  # who looked at what: shown to the lead, and told of who turns out to be complained of
    "case_reads",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("case_id", Id, nullable=False),
    Column("person_id", Id, nullable=False),
    Column("what", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

Index("case_reads_of_person", case_reads.c.case_id, case_reads.c.person_id)

words_seen = Table(  # up to which row of the ledger somebody has been shown what was said: what came later is unread
    "words_seen",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("person_id", Id, primary_key=True),
    Column("seq", Integer, nullable=False),
)

commands = Table(  # a repeated click is the same act
    "commands",
    metadata,
    Column("person_id", Id, primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("case_id", Id, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Moment, nullable=False),
)

reference_counts = Table(  # how often a provider's own reference was given that would else be the same
    "reference_counts",
    metadata,
    Column("provider", Id, primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
)

waiting = Table(  # facts that came before the case (or before the ones that they follow)
    "waiting",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("fact", String(40), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("body", Json, nullable=False),
    Column("since", Moment, nullable=False),
)

books = Table(  # a home, or a provider as a whole (home ""): what is owed there without any complaint
    "books",
    metadata,
    Column("id", Id, primary_key=True),
    Column("operator", Id, nullable=False),
    Column("provider", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("procedure_version", String(120), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("roster_version", BigInteger, nullable=False),  # the who-is-who by which it was last looked at
    Column("wakes_at", Moment),  # when something falls due, somebody is reminded, or a role begins or ends
    Column("ended_at", Moment),
    Column("owed", Json, nullable=False),  # what is open, derived
)
Index(
    "books_in_use",
    books.c.provider,
    books.c.home,
    unique=True,
    postgresql_where=books.c.ended_at.is_(None),
    sqlite_where=books.c.ended_at.is_(None),
)

standing_ledger = ledger_table(metadata, "standing_ledger")

standing_words = Table(  # a young person's mark, and what somebody wrote beside what was done, sealed
    "standing_words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("book_id", Id, nullable=False),
    Column("case_id", Id, nullable=False),  # whose key: the young person's, else the book's
    Column("retention", String(32), nullable=False),
    Column("sealed_for", String(80), nullable=False),
    Column("fields", Json, nullable=False),
)
Index("standing_words_of_book", standing_words.c.book_id)

book_viewers = visible_case_table(metadata, "book_viewers", "book_id")

BOOKS_WALLED = ("books", "standing_ledger", "standing_words", "book_viewers")
"""The tables of standing duties that staff read, and only through ``wall.may_read``."""

WALLED = ("cases", "ledger", "words", "due_lines", "case_terms", "case_viewers", "case_reads", "words_seen")
"""The tables that staff read, and only through ``wall.visible_to``."""
