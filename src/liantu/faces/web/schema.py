"""The OpenAPI description of every lens, made from its parameters and rows."""

from functools import cache
from importlib.metadata import version
from typing import Any

from liantu.lens import Lens, discover
from liantu.schema import Column, columns

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
}


@cache
def described() -> dict[str, Any]:
    """An OpenAPI 3.1 document with a path for each lens."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "liantu",
            "version": version("liantu"),
            "summary": "An open observatory of industrial chains.",
        },
        "paths": {f"/lens/{lens.name}.json": _path(lens) for lens in discover().values()},
        "components": {"schemas": {"Problem": _problem(), "Problems": _problems()}},
    }


def _path(lens: Lens) -> dict[str, Any]:
    refused = {"$ref": "#/components/schemas/Problems"}
    return {
        "get": {
            "operationId": lens.name,
            "tags": [lens.group],
            "summary": lens.question,
            "description": lens.method,
            "parameters": [_parameter(lens, entry) for entry in columns(lens.parameters)],
            "responses": {
                "200": _response("The answer.", _answer(lens)),
                "422": _response("Refused, with every problem.", refused),
            },
        }
    }


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(lens: Lens, entry: Column) -> dict[str, Any]:
    field = lens.parameters.model_fields[entry.name]
    schema = value_schema(entry)
    if not field.is_required() and isinstance(field.default, str | int | float):
        schema["default"] = field.default
    described: dict[str, Any] = {
        "name": entry.name,
        "in": "query",
        "description": entry.meaning,
        "required": False,
        "schema": schema,
        "x-required-without-default": field.is_required(),
    }
    if entry.is_list:
        described |= {"style": "form", "explode": False}
    return described


def value_schema(entry: Column) -> dict[str, Any]:
    """The JSON Schema of one value, with its bounds, unit, choices and references."""
    schema: dict[str, Any] = dict(_TYPES[entry.type])
    limits = {
        "minimum": entry.minimum,
        "maximum": entry.maximum,
        "exclusiveMinimum": entry.above,
        "enum": list(entry.choices) or None,
        "x-unit": entry.unit,
        "x-references": list(entry.references) or None,
    }
    schema |= {name: limit for name, limit in limits.items() if limit is not None}
    return {"type": "array", "items": schema} if entry.is_list else schema


def _answer(lens: Lens) -> dict[str, Any]:
    fields = ("columns", "summary", "figures", "findings", "left_out")
    listed: dict[str, Any] = {"type": "array", "items": {"type": "object"}}
    return {
        "type": "object",
        "properties": {
            "lens": {"const": lens.name},
            "params": {"type": "object"},
            "rows": {"type": "array", "items": _row(lens)},
            **dict.fromkeys(fields, listed),
            "provenance": {"type": "object"},
        },
    }


def _row(lens: Lens) -> dict[str, Any]:
    properties = {}
    for entry in columns(lens.row):
        schema = value_schema(entry)
        if entry.type == "number" and not entry.is_list:
            schema = {"anyOf": [schema, {"const": "Infinity"}]}
        if entry.nullable:
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[entry.name] = {**schema, "title": entry.title, "description": entry.meaning}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _problem() -> dict[str, Any]:
    text = {"type": ["string", "null"]}
    names = ("code", "expected", "found", "remedy", "file", "sheet", "column", "severity")
    properties = dict.fromkeys(names, text) | {"row": {"type": ["integer", "null"]}}
    return {"type": "object", "properties": properties}


def _problems() -> dict[str, Any]:
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}
    return {"type": "object", "properties": {"problems": listed}, "required": ["problems"]}
