"""STEP 2 of a complaint's journey: before anything else moves, who must be told, by when, and have they answered.

Owns the screen, one record with its own ledger for every report, the alerts, the ladder of calls and the wall.
Hears `complaint_received` (also by HTTP when the broker is away), `words_received`, from the case `words_written` and
`concern_raised`, `ladder_paged`, `message_sent`, `message_failed` and who is who. Publishes `report_screened` (always,
once for each report and each later message), `safeguarding_advanced` (its ledger grew) and `ladder_called`. Tables:
records, ledger, record_viewers, words, alerts, calls_made. Nothing here ever waits for consent, for a stage or for a
pause.
"""
