"""How to ask an endpoint for JSON, from the strictest way down; pure.

Endpoints differ: some take a JSON schema, llama-cpp-python's server answers HTTP 500 to one but takes `json_object`
with a schema, and others know neither. So: try the strictest, step down when the endpoint cannot, remember the rung.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Shape = TypeVar("Shape", bound=BaseModel)


class Rung(IntEnum):
    """A way of asking for JSON; higher numbers ask less of the endpoint."""

    JSON_SCHEMA = 0
    JSON_OBJECT = 1
    PROMPT = 2

    @property
    def below(self) -> Rung | None:
        """The next less demanding way; None on the last."""
        return Rung(self + 1) if self < Rung.PROMPT else None


_REFUSALS = frozenset({400, 404, 415, 422, 501})
_SERVER_ERROR = 500
_FORMAT_WORDS = re.compile(r"response_format|json_schema|json_object|json mode|schema|grammar", re.IGNORECASE)
OPTIONAL = ("stream_options", "temperature", "max_tokens")
"""Parameters that some endpoints refuse and that we can do without (`max_tokens` is then sent under its newer name)."""


def steps_down(rung: Rung, status: int, body: str, *, proven: bool) -> bool:
    """Whether an error at `rung` means that the endpoint cannot be asked this way.

    Args:
        rung: how it was asked.
        status: the HTTP status of its answer.
        body: the text of its answer.
        proven: this endpoint has answered at this rung before, so a 500 is a fault and not a lack.
    """
    if rung.below is None or proven:
        return False
    if status == _SERVER_ERROR:
        return True
    return status in _REFUSALS and _FORMAT_WORDS.search(body) is not None


def refused_option(status: int, body: str, sent: Mapping[str, object]) -> str | None:
    """The optional parameter that the endpoint will not take, if that is what its error says."""
    if status not in _REFUSALS:
        return None
    return next((name for name in OPTIONAL if name in sent and name in body), None)


def strict_schema(shape: type[BaseModel]) -> dict[str, object]:
    """The JSON schema of `shape` as strict mode wants it: all keys required, none besides, no limits on lengths."""
    schema: dict[str, object] = _strict(shape.model_json_schema())
    return schema


def _strict(node: object) -> dict[str, object]:
    """A copy of a schema node with the strict rules applied all the way down."""
    if not isinstance(node, dict):
        raise TypeError("a schema is an object")
    dropped = {"title", "default", "maxLength", "minLength", "maxItems", "minItems"}
    copy: dict[str, object] = {}
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            copy[key] = {name: _strict(child) for name, child in value.items()}
        elif key in dropped:
            continue
        elif isinstance(value, dict):
            copy[key] = _strict(value)
        elif isinstance(value, list):
            copy[key] = [_strict(item) if isinstance(item, dict) else item for item in value]
        else:
            copy[key] = value
    if copy.get("type") == "object":
        copy["additionalProperties"] = False
        properties = copy.get("properties")
        copy["required"] = list(properties) if isinstance(properties, dict) else []
    return copy


def response_format(rung: Rung, shape: type[BaseModel]) -> dict[str, object] | None:
    """The `response_format` to send at a rung; None where nothing may be sent."""
    if rung is Rung.JSON_SCHEMA:
        described = {"name": shape.__name__, "strict": True, "schema": strict_schema(shape)}
        return {"type": "json_schema", "json_schema": described}
    if rung is Rung.JSON_OBJECT:
        return {"type": "json_object", "schema": strict_schema(shape)}
    return None


def schema_note(rung: Rung, shape: type[BaseModel]) -> str:
    """What to add to the instructions so that a model without a schema still knows the form; empty if not needed.

    A skeleton and not the schema: small models copy a schema's own words into their answer.
    """
    if rung is Rung.JSON_SCHEMA:
        return ""
    schema = strict_schema(shape)
    return f"\nAnswer with one JSON object and nothing else, of this form:\n{_skeleton(schema, schema)}"


def _skeleton(node: object, schema: Mapping[str, object]) -> str:
    """A schema node as JSON with the types in the places of the values: `{"source": number, "quote": string}`."""
    if not isinstance(node, dict):
        return "any"
    if "$ref" in node:
        definitions = schema.get("$defs")
        name = str(node["$ref"]).rsplit("/", 1)[-1]
        return _skeleton(definitions.get(name) if isinstance(definitions, dict) else None, schema)
    if "anyOf" in node:
        return " or ".join(_skeleton(one, schema) for one in node["anyOf"])
    if node.get("type") == "object":
        inner = ", ".join(f'"{key}": {_skeleton(value, schema)}' for key, value in node["properties"].items())
        return f"{{{inner}}}"
    if node.get("type") == "array":
        return f"[{_skeleton(node.get('items'), schema)}, …]"
    return {"integer": "number", "boolean": "true or false"}.get(str(node.get("type")), str(node.get("type")))


def parse(text: str, shape: type[Shape]) -> Shape | None:
    """The first object in `text` that fits `shape`, whatever stands around it (prose, code fences), or None."""
    for candidate in _objects(text):
        try:
            return shape.model_validate(candidate)
        except ValidationError:
            continue
    return None


def _objects(text: str) -> Iterator[object]:
    """Every JSON object that starts somewhere at the top level of `text`."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    tries = 0
    while at >= 0 and tries < 50:  # noqa: PLR2004 - text full of braces must not cost quadratic time
        tries += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            end = at + 1
        else:
            yield value
        at = text.find("{", end)


def finished_items(partial: str, key: str) -> tuple[object, ...]:
    """The complete objects so far in the array under `key` of an object that is still being streamed.

    Used to show an answer sentence by sentence: a sentence is looked at once its closing brace is there, never before.
    """
    opened = re.search(rf'"{re.escape(key)}"\s*:\s*\[', partial)
    if opened is None:
        return ()
    decoder = json.JSONDecoder(strict=False)
    items: list[object] = []
    at = opened.end()
    while at < len(partial):
        if partial[at] in " \t\r\n,":
            at += 1
            continue
        if partial[at] != "{":
            break
        try:
            value, at = decoder.raw_decode(partial, at)
        except (json.JSONDecodeError, RecursionError):
            break
        items.append(value)
    return tuple(items)
