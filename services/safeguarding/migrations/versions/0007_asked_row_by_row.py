"""The wall asks of each row whether the person may see its record: one look into an index, however many they see."""

from services.chassis.migrations import asked_row_by_row

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    asked_row_by_row(
        "records", "words", "alerts", "calls_made", "past_to_read", "record_reads", "repeating",
        via="record_viewers", key="report_id",
    )  # fmt: skip
    asked_row_by_row("ledger", via="record_viewers", key="report_id", column="case_id")
