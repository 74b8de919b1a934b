"""JSON schemas of what operations take and give, with Chinese descriptions in the place of the code's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from bot.messages import table

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/{name}"


def components(types: Iterable[type]) -> tuple[list[Schema], dict[str, Schema]]:
    """Return a schema for each type, and the named ones that these refer to, for an OpenAPI document."""
    schemas, named = msgspec.json.schema_components(types, ref_template=REFERENCE)
    return list(schemas), {name: described(name, one) for name, one in named.items()}


def whole(of: type) -> Schema:
    """Return the schema of an object on its own, what it refers to beside it."""
    found = msgspec.json.schema(of)
    named = {name: described(name, one) for name, one in found["$defs"].items()}
    own = named.pop(of.__name__)
    return own | {"$defs": named} if named else own


def described(name: str, schema: Mapping[str, Any]) -> Schema:
    """Return a named schema that says in Chinese what it and its parts are; what nobody needs told has no words."""
    meanings = table("api_fields")
    made = {key: value for key, value in schema.items() if key not in ("description", "title")}
    if name in meanings:
        made["description"] = meanings[name]
    if "properties" in made:
        made["properties"] = {
            part: one | ({"description": words} if (words := meanings.get(f"{name}.{part}")) else {})
            for part, one in made["properties"].items()
        }
    return made
