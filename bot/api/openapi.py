"""The OpenAPI 3.1 document of the HTTP interface, made from the operations."""

from __future__ import annotations

from typing import Any

from bot.api.operations import OPERATIONS, Operation
from bot.api.schemas import Schema, components
from bot.api.values import Problem
from bot.messages import say, table
from corpus.program import version

VERSION = "3.1.0"
PROBLEMS = ("400", "401", "403", "404", "405", "413", "429", "500", "503")
"""Everything that may go wrong, each answered with a ``Problem``."""


def document() -> dict[str, Any]:
    """Return the document."""
    types = [part for one in OPERATIONS for part in (one.takes, one.gives)] + [Problem]
    schemas, named = components(types)
    *pairs, problem = schemas
    paths = {
        f"/api{one.path}": _path(one, takes, gives, problem, named)
        for one, takes, gives in zip(OPERATIONS, pairs[0::2], pairs[1::2], strict=True)
    }
    return {
        "openapi": VERSION,
        "info": {"title": say("api.title"), "description": say("api.about"), "version": version()},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": say("api.token")}},
        },
    }


def _path(operation: Operation, takes: Schema, gives: Schema, problem: Schema, named: dict[str, Schema]) -> Schema:
    said: Schema = {
        "operationId": operation.name,
        "summary": table("api_operations")[operation.name],
        "responses": {
            "200": {"description": say("api.result"), "content": _json(gives)},
            **{code: {"description": say(f"api.code_{code}"), "content": _json(problem)} for code in PROBLEMS},
        },
    }
    if operation.by_body:
        return {"post": said | {"requestBody": {"required": True, "content": _json(takes)}}}
    return {"get": said | {"parameters": _parameters(operation, named[operation.takes.__name__])}}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _parameters(operation: Operation, takes: Schema) -> list[Schema]:
    """Return what stands in the address, from the properties of what is taken."""
    found = []
    for name, schema in takes.get("properties", {}).items():
        in_path = f"{{{name}}}" in operation.path
        required = in_path or name in takes.get("required", ())
        words = schema.get("description", "")
        rest = {key: value for key, value in schema.items() if key != "description"}
        place = "path" if in_path else "query"
        found.append({"name": name, "in": place, "required": required, "description": words, "schema": rest})
    return found
