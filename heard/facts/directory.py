"""What the directory says: who is who, and how somebody gets in. Heard by every service that decides by it."""

from __future__ import annotations

from marshmallow import fields, validate

from heard.facts.parts import Form

SIGN_IN_CHANGES = (
    "password", "app_on", "app_off", "passkey_added", "passkey_removed", "lost_phone", "token", "joined", "parted",
    "glass",
)  # fmt: skip
"""What can change in how somebody signs in; `glass`: a link was made that lets in without what they sign in with."""


class DirectoryEntrySchema(Form):
    """The whole new state of one person, home, role held ...; ``data`` is null when it is gone."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([
            "operator", "provider", "home", "person", "holding", "absence", "on_call", "relation", "contact",
            "bank_holiday",
        ]),
    )
    id = fields.String(required=True)
    data = fields.Dict(required=True, allow_none=True)


class DirectoryChanged(Form):
    """Something about who is who changed; ``version`` counts up by one with each change."""

    version = fields.Integer(required=True)
    entries = fields.List(fields.Nested(DirectoryEntrySchema), required=True)


class DirectoryConfirmed(Form):
    """The directory still stands at this version: a copy that has it is fresh."""

    version = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


class SignInLinkMade(Form):
    """Somebody is to choose a password by a link, which whoever sends it makes again (`chassis.entering`).

    ``verified``: somebody has tried this address.
    """

    same_by = ("link_id",)
    link_id = fields.String(required=True)
    person = fields.String(required=True)
    email = fields.String(required=True)
    verified = fields.Boolean(required=True)
    why = fields.String(required=True, validate=validate.OneOf(["invited", "forgotten"]))
    over_at = fields.AwareDateTime(required=True)


class SignInChanged(Form):
    """How somebody signs in has changed; they are told at this address. ``verified``: somebody has tried it."""

    same_by = ("change_id",)
    change_id = fields.String(required=True)
    person = fields.String(required=True)
    email = fields.String(required=True)
    verified = fields.Boolean(required=True)
    what = fields.String(required=True, validate=validate.OneOf(SIGN_IN_CHANGES))
    at = fields.AwareDateTime(required=True)
