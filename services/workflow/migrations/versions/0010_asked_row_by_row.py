"""The walls of who read a case, of what was seen of it and of the standing books ask of each row who may see it."""

from services.chassis.migrations import asked_row_by_row

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    asked_row_by_row("case_reads", "words_seen")
    asked_row_by_row("books", via="book_viewers", key="book_id", column="id")
    asked_row_by_row("standing_ledger", via="book_viewers", key="book_id", column="case_id")
    asked_row_by_row("standing_words", via="book_viewers", key="book_id")
