"""Who is who: operators, providers, homes, people, the roles they hold, who is away, who is on call, and sign-in.

Before a complaint's first step and at each step after it: every other service decides with a copy of what stands here.
One change is one transaction: the rows, the version that counts up by one, and the fact `directory_changed`. The days
that become bank holidays after the published ones stand here too (`holidays.py`): everybody reckons by them.

Owns the tables of `models.py`. Publishes `directory_changed` and, every ten seconds, `directory_confirmed`: a copy
that has not been confirmed for too long is stale, and whoever decides with it must refuse. Also publishes
`sign_in_link_made`, when somebody is to choose a password by a link, and `sign_in_changed`, when how somebody signs in
has changed (`noticed.py`). Hears nothing.

`keeping.py` is what those who keep a directory see and change, `desk.py` the one way in for every change,
`importing.py` takes in sheets, `turning.py` says again by itself what was dated ahead. How somebody signs in:
`accounts.py` (passwords), `links.py` (a password is chosen), `second_factor.py` (an app's digits), `passkeys.py`,
`elsewhere.py` (an account at another place), `tokens.py` (for programs). What other services may ask stands in
`service.py`.
"""
