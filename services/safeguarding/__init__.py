"""STEP 2 of a complaint's journey: before anything else moves, who must be told, by when, and have they answered.

Owns the screen, one record with its own ledger for every report, the alerts, the ladder of calls and the wall. Hears
`complaint_received` (also by HTTP when the broker is away), `past_complaint_told`, `words_received`, from the case
`words_written`, `concern_raised`, `case_opened` and `stage_opened`, `standing_note_written` (words that belong to no
report; `note_raised` makes one of it: `standing_notes`), `ladder_paged`, `call_sent`, `call_failed`, `form_delivered`,
`form_failed` and who is who. Publishes `report_screened` (always, once for each report, with the first rows of its
ledger, and for each later message), `safeguarding_advanced` (its ledger grew), `ladder_called` and `form_handed_over`.
Its tables stand in `models.py`. Nothing here ever waits for consent, for a stage or for a pause.

One report, followed: `hearing` takes it in (`doors` when it comes by HTTP), `opening` has it read by `screen` and
`whom` and makes its first rows, `growing` is the one place where a record grows, `calling` says whom to call and when,
`minding` makes the later calls, `later_words` reads what is said afterwards, `past` lists what an earlier log brings,
`triage`, `handling` and `deciding` are what the lead does, `showing` is what they see. `unread` minds that a person
reads every report, `patterns` what repeats about one person. `forms` fills in what bodies outside ask for, from what
the record has `known`; `papers` prints it, `sending` sends it. `allegation` follows it from the first meeting to how it
ended, `evidence` takes all of it out.
"""
