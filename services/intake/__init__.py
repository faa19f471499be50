"""STEP 1 of a complaint's journey: receive it, whatever else is broken.

Owns reports as they came in (words, names and contacts sealed from the first row), public references, receipt codes and
the proof that each report is in good hands. Publishes `complaint_received`, `past_complaint_told` (from a log that
was kept elsewhere: `past`), `words_received`, `mail_returned`, `fresh_code_made` (somebody lost their code:
`fresh_codes`) and `ladder_paged`; hears `report_screened`, `ladder_called` and `call_sent` (the proof: `watching`),
`note_raised` (a note of staff is to be a report: `raised_notes`) and who is who. Its tables stand in `models.py`. Needs
only its own database.

Ways in: the door, and where there is one a mailbox (`taking_mail`), whose mails become reports and words like others.
"""
