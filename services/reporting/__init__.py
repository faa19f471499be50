"""What happened, on time or not, and what was learned: each provider's own reports, counted from the ledgers.

The last step of a complaint's journey, fed by all others. Hears whatever makes a ledger grow (`report_screened`,
`safeguarding_advanced`, `case_advanced`); keeps those rows (ids and codes, no words) by (case, seq), and works out each
case anew when its rows grow, when its next moment passes, or when who is who changes. Publishes nothing. Everything
here can be dropped and made again from `ledger_since` of workflow and safeguarding.

A person is counted what a person may see: a case about somebody is in none of the numbers that they are shown.

Owns the tables of `models.py`. Answers `report`, `reports_for`, `rebuild`.
"""
