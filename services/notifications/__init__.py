"""Step 4 of a complaint's journey: tell people, once, in words they can read, and never the person complained about.

Hears `complaint_received` (a receipt, and how the complainant may be reached, sealed), `ladder_called` (call somebody
about an alert), `form_handed_over` (a form for a body outside, sealed), `mail_returned` (an e-mail came back),
`sign_in_link_made` (somebody is to choose a password: `sign_in_links.py`), `sign_in_changed` (how they sign in has
changed: `sign_in_changes.py`), `fresh_code_made` (somebody lost their receipt code: `fresh_codes.py`),
`standing_duty_reminded` (what is owed without any complaint is due soon, or late) and `case_advanced` (letters, parts
taken on, things that are late). Publishes, for the case, `message_sent` and `message_failed`, for the alert `call_sent`
and `call_failed`, for the form `form_delivered` and `form_failed`; a message that cannot be delivered becomes a named
person's task.

A message is kept as its name and the ids that fill it; a person's words stay in the envelope in which they came. How
it is worded stands in `heard/letters`, or in the provider's plugin.
A trial sends nothing outside: what would have gone out is kept, shown to those who may see it, and counted as sent.
What was told never goes by e-mail to a complainant: an e-mail says that there is something to read, and the letter
waits behind the receipt code. A text says less still: other people look at phones.

Owns the tables of `models.py`. Answers `outgoing`, `failed`, `letters_for`, `papers`, `sheet`, `sheet_for`; its
HTTP door is for carriers of texts, who tell what became of one and what somebody texted back.
"""
