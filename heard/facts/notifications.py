"""What notifications says, step 4 of a complaint: what was handed over to be delivered, and what cannot be."""

from __future__ import annotations

from marshmallow import fields

from heard.facts.parts import PlaceSchema


class MessageSent(PlaceSchema):
    """A message about a case was handed over, once. ``about`` says which duty, rule or ledger row asked for it."""

    same_by = ("message_id", "at")
    message_id = fields.String(required=True)
    case_id = fields.String(required=True)
    about = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    whom = fields.String(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class MessageFailed(MessageSent):
    """A message about a case cannot be delivered; a person must be told."""

    why = fields.String(required=True)


class CallSent(PlaceSchema):
    """A call of the ladder was handed over."""

    same_by = ("message_id", "at")
    message_id = fields.String(required=True)
    report_id = fields.String(required=True)
    alert_id = fields.String(required=True)
    attempt = fields.Integer(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class CallFailed(CallSent):
    """A call of the ladder cannot be delivered; the next one is due, unless the call ``goes_on`` in another way."""

    why = fields.String(required=True)
    goes_on = fields.Boolean(load_default=False)


class FormDelivered(PlaceSchema):
    """A form was handed to the mail server of the body it is for. ``seq`` is the row with which it was sent."""

    same_by = ("message_id", "at")
    message_id = fields.String(required=True)
    report_id = fields.String(required=True)
    seq = fields.Integer(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class FormFailed(FormDelivered):
    """A form cannot be delivered; whoever sent it must send it in another way."""

    why = fields.String(required=True)
