"""The portal: the face of the platform. Public pages, staff pages and the REST API.

Owns: three tables, `sign_ins` (who is signed in at which browser, revocable), `drafts` (a report half told, sealed
with a key that only the teller's browser holds) and `exports` (files that are made beside a page). Publishes nothing
and hears nothing: what it shows it asks for, at the moment of showing, in the name of the person who looks, so the wall
stands where the records are. Reports go to intake by HTTP and answered alerts to safeguarding by HTTP: a broker that is
down refuses nobody.

Way of a request: `doors` (the app) -> `guard` (headers, limits, faults) -> a `*_pages` or `api_*` module -> `reach`
(the other services) -> `plain_words` and the templates. What the public pages say goes through `languages`.
"""
