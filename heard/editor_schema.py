"""The JSON Schema of a procedure.toml, so that an editor completes it and checks it while it is written.

Made from the marshmallow schemas that read the file, which are made from the vocabulary: the three cannot disagree. It
knows shapes and closed lists. Whether a name leads somewhere, and what is weaker than law, only `heard policy check`
can say. Draft 7, which the TOML editors understand; they see a date as text.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from heard.columns import Inner, Listed, OneOf, Plain, Several
from heard.keys import meaning, meanings
from heard.procedure_file import LANGUAGE, procedure_schema
from heard.schema import READER, UNITS, Holds, schema_of
from heard.vocabulary import CONDITION_WORDS, FLAGS
from heard.when import Age

Json = dict[str, Any]
PLAIN: dict[str, Json] = {
    "str": {"type": "string", "minLength": 1}, "int": {"type": "integer", "minimum": 0}, "bool": {"type": "boolean"},
    "date": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}  # fmt: skip
WORDS: Json = {"anyOf": [PLAIN["str"], {"type": "array", "items": PLAIN["str"]}]}


def procedure_json_schema() -> Json:
    """The schema of a whole file, as JSON."""
    definitions: Json = {}
    whole = _table("Procedure", procedure_schema()(), definitions)
    whole["properties"]["language"] = {"const": LANGUAGE}
    title = "A provider's complaints procedure, for Heard"
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **whole, "definitions": definitions}


def _table(name: str, schema: Schema, definitions: Json) -> Json:
    """One table: its keys, what each means, which of them must be there, and no others."""
    columns = {str(one.data_key or name): one for name, one in schema.fields.items()}
    columns = {key: one for key, one in columns.items() if not key.startswith(READER)}
    table: Json = {
        "type": "object",
        "properties": {key: _told(name, key, _value(one, definitions)) for key, one in sorted(columns.items())},
        "additionalProperties": False,
    }
    if required := sorted(key for key, one in columns.items() if one.required):
        table["required"] = required
    if "days" in columns:  # a length: exactly one unit, unless an event gives the date
        one_unit: Json = {"oneOf": [{"required": [unit]} for unit in UNITS]}
        none: Json = {"not": {"anyOf": [{"required": [unit]} for unit in UNITS]}}
        given = [{"required": ["as_given_in"], **none}] if "as_given_in" in columns else []
        table |= {"anyOf": [one_unit, *given], "dependencies": {"days": ["of"], "of": ["days"]}}
    return table


def _told(name: str, key: str, value: Json) -> Json:
    """What may stand behind a key, with what it means; a reference has no room for words, so it is wrapped."""
    said = meaning(name, key)
    if said is None:
        return value
    return {"description": said, "allOf": [value]} if "$ref" in value else {"description": said, **value}


def _value(field: fields.Field[Any], definitions: Json) -> Json:
    """What may stand behind a key."""
    if isinstance(field, Plain):
        return PLAIN[field.kind.__name__]
    if isinstance(field, OneOf):
        return {"enum": [*field.allowed]}
    if isinstance(field, Several):
        inner = _value(field.inner, definitions)
        return {"anyOf": [inner, {"type": "array", "items": inner}]}
    if isinstance(field, Holds):
        return _condition(definitions)
    if isinstance(field, Listed):
        return {"type": "array", "items": _value(field.inner, definitions)}
    if isinstance(field, Inner):
        return _nested(field.nested(), definitions)
    if isinstance(field, fields.Dict) and field.value_field:
        return {"type": "object", "additionalProperties": _value(field.value_field, definitions)}
    raise TypeError(f"{field!r} has no place in a procedure")


def _nested(schema: Schema, definitions: Json) -> Json:
    """A table of its own shape, defined once; some may be written shorter."""
    name = type(schema).__name__
    reference = {"$ref": f"#/definitions/{name}"}
    if name not in definitions:
        definitions[name] = {}  # so that a length inside a length ends here
        told = meanings().get(name, {})
        says = {"description": told["it"]} if "it" in told else {}
        definitions[name] = says | _table(name, schema, definitions)
    if name == "After":
        return {"anyOf": [*WORDS["anyOf"], reference]}
    if name == "Offered":
        return {"anyOf": [{"const": "any_time"}, reference]}
    return reference


def _condition(definitions: Json) -> Json:
    """`only_if`: the keys that there always are, and those of the file's own questions."""
    reference: Json = {"$ref": "#/definitions/Condition"}
    if "Condition" not in definitions:
        definitions["Condition"] = {
            "description": "All of it must hold; of a list, any word. Keys of your own facts and decisions work too.",
            "type": "object",
            "minProperties": 1,
            "properties": {
                "any": {"anyOf": [reference, {"type": "array", "items": reference}]},
                "not": reference,
                "child_aged": _table("Age", schema_of(Age)(), definitions),
                **{flag: PLAIN["bool"] for flag in FLAGS},
                **{word: WORDS for word in CONDITION_WORDS},
            },
            "additionalProperties": {"anyOf": [*WORDS["anyOf"], PLAIN["bool"]]},
        }
    return reference
