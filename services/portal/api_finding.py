"""What a program may say of a case that it looks for. In the body of the request: a name stands in no address."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class FindShape(Schema):
    """What is known of a case. What was written is sealed and cannot be searched; a name is found by its parts."""

    class Meta:
        unknown = RAISE

    reference = fields.String(validate=validate.Length(max=200))
    name = fields.String(
        validate=validate.Length(max=200),
        metadata={"description": "As given by whoever complained: theirs or the child's."},
    )
    home = fields.String(validate=validate.Length(1, 32), metadata={"description": "Its id."})
    kind = fields.String(validate=validate.Length(1, 80))
    category = fields.String(validate=validate.Length(1, 80))
    stage = fields.String(validate=validate.Length(1, 64))
    state = fields.String(validate=validate.OneOf(["open", "passed_on", "closed"]))
    handler = fields.String(validate=validate.Length(1, 64), metadata={"description": "A person's id, or `nobody`."})
    since = fields.Date(metadata={"description": "Came in on this day or later."})
    until = fields.Date(metadata={"description": "Came in on this day or earlier."})
    page = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 100_000))
