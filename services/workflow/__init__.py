"""STEP 3 of a complaint's journey: the case.

Owns: the ledger of every case, who handles it, what is due, who may see it, and the answer to "what happens next?".
Publishes: ``case_advanced`` with every row that a ledger gains; to safeguarding ``concern_raised`` and
``words_written``, so that what staff hear and write is looked at like what came in, ``case_opened`` when somebody
reads what was reported, ``stage_opened``, and ``standing_note_written`` (words that belong to no report); to
notifications ``standing_duty_reminded``, when what is owed without any complaint is due soon, or late.
Listens to: ``complaint_received`` (opens the case; nobody is assigned, told or shown anything yet),
``past_complaint_told`` (opens one of an earlier log, with the days that it states),
``report_screened`` (only now somebody is), ``safeguarding_advanced``, ``words_received``, ``message_sent``,
``message_failed``, and who is who.
Its tables stand in ``models.py``, beside those that each service has (outbox, inbox, parked, the procedures that
cases are bound to ...).

One report, followed: ``hearing`` takes in each fact, ``opening`` makes the first rows, ``screening`` what safeguarding
says, ``routing`` finds the handler, ``casework`` is the one place where a ledger grows, ``linking`` opens a second case
out of the first, ``lateness`` what happens by itself, ``new_days`` what a bank holiday moves that is proclaimed later,
``acting`` what people do, ``handing_on`` what safeguarding must hear of it, ``wall`` who sees it, ``page``, ``today``
and ``public`` what they see.

Beside the journey, what a home owes without any complaint: ``standing_round`` sees to it by itself, ``standing_doing``
is what people write down, ``standing_shown`` what they see, ``standing_books`` where it is kept.
"""
