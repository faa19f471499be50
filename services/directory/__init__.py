"""Who is who: operators, providers, homes, people, the roles they hold, who is away, who is on call, and sign-in.

Before a complaint's first step and at each step after it: every other service decides with a copy of what stands here.
One change is one transaction: the rows, the version that counts up by one, and the fact `directory_changed`. The days
that become bank holidays after the published ones stand here too (`holidays.py`): everybody reckons by them.

Owns the tables of `models.py`. Publishes `directory_changed` and, every ten seconds, `directory_confirmed`: a copy
that has not been confirmed for too long is stale, and whoever decides with it must refuse. Hears nothing.
Also publishes `sign_in_link_made`, when somebody is to choose a password by a link (`links.py`), and
`sign_in_changed`, when how somebody signs in has changed (`noticed.py`).
Answers `sign_in`, `signed_in`, `shown_again`, `change_password`, `forgotten`, `link`, `use_link`, `token`, `people`,
`home_by_slug`, `homes_public`, `days_proclaimed`, `change`, `snapshot`, and for the app by which somebody shows who
they are (`second_factor.py`) `show_code`, `app_to_set_up`, `set_up_app`, `turn_app_off`, `my_app`, for passkeys
(`passkeys.py`) `passkey_to_add`, `add_passkey`, `remove_passkey`, `passkey_to_show`, `show_passkey`, for the account
that people have elsewhere (`elsewhere.py`) `ways_in`, `elsewhere_to_ask`, `come_from_elsewhere`; to those who keep it
(`keeping.py`) also `book`, `keep`, `changed`, `health`, `invite`, `how_they_sign_in`. By itself it says again what was
dated ahead (`turning.py`).
"""
