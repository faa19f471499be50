"""What the forms of several facts are made of: sealed words, a row of a ledger, the place where something belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields, validate


class Form(Schema):
    """A listener passes over fields of a later version that it does not know."""

    same_by: ClassVar[tuple[str, ...]] = ()
    """The fields by which it is the same fact, whatever message it comes in: it is heard once. None where whoever hears
    it knows by their own records what they have done about it."""

    class Meta:
        unknown = EXCLUDE


class EnvelopeSchema(Form):
    """Words or contact details under a data key, wrapped for each service that may open them (base64 throughout)."""

    key = fields.String(required=True)
    retention = fields.String(required=True, data_key="class")
    wraps = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), required=True, data_key="fields")


class HappeningSchema(Form):
    """One row of a ledger as other services may see it: ids and codes, never words."""

    seq = fields.Integer(required=True, validate=validate.Range(min=1))
    event = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    written_at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    stage = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(load_default=dict)


def last_told(body: Mapping[str, Any]) -> int:
    """The number of the last row of a ledger that a fact about it tells; 0 where it tells none."""
    return max((int(row["seq"]) for row in body["happenings"]), default=0)


class PlaceSchema(Form):
    """Where something belongs: the tenant, the provider record and the home."""

    operator = fields.String(required=True)
    provider = fields.String(required=True)
    home = fields.String(required=True)
