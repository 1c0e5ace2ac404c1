"""How to ask an endpoint for JSON, from the strictest way down; pure.

Endpoints differ: some take a JSON schema, llama-cpp-python's server answers HTTP 500 to one but takes `json_object`
with a schema, some know `json_object` alone, others nothing of it. So: try the strictest, step down when the endpoint
cannot, remember the rung.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from pydantic import BaseModel


class Rung(IntEnum):
    """A way of asking for JSON; higher numbers ask less of the endpoint."""

    JSON_SCHEMA = 0
    JSON_OBJECT = 1
    JSON_MODE = 2
    PROMPT = 3

    @property
    def below(self) -> Rung | None:
        """The next less demanding way; None on the last."""
        return Rung(self + 1) if self < Rung.PROMPT else None


_REFUSALS = frozenset({400, 404, 415, 422, 501})
_SERVER_ERROR, _NOT_FOUND, _TOO_LARGE = 500, 404, 413
_FORMAT_WORDS = re.compile(r"response_format|json_schema|json_object|json mode|schema|grammar", re.IGNORECASE)
_OTHER_CAUSES = re.compile(
    r"overload|quota|billing|credit|api.?key|unauthori[sz]ed|no such model"
    r"|model\b.{0,60}\b(?:not (?:found|exist)|unknown)"
    r"|does not exist|content.?(?:filter|policy)|safety",
    re.IGNORECASE,
)
SYSTEM = "system"
_SYSTEM_WORDS = re.compile(
    r"\b(?:system|developer)\W? (?:role|message|prompt|instruction)|role\b.{0,40}\bsystem\b|roles must alternate"
    r"|only (?:user and assistant|'?user'?).{0,30} roles?",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|maximum (?:context|prompt|input)"
    r"|(?:prompt|input|request) (?:is )?too (?:long|large)"
    r"|too many (?:input )?tokens|reduce the length",
    re.IGNORECASE,
)
OPTIONAL = ("stream_options", "temperature", "max_completion_tokens", "max_tokens", "stream")
"""Parameters that some endpoints refuse and that we can do without (`max_tokens` is then sent under its newer name)."""


def steps_down(rung: Rung, status: int, body: str, *, proven: bool) -> bool:
    """Whether an error at `rung` means that the endpoint cannot be asked this way.

    Args:
        rung: how it was asked.
        status: the HTTP status of its answer.
        body: the text of its answer.
        proven: this endpoint has answered at this rung before, so a 500 is a fault and not a lack.
    """
    if rung.below is None or proven or too_long(status, body):
        return False
    if status == _SERVER_ERROR:
        return True
    if status not in _REFUSALS:
        return False
    # A bare "Bad Request" may be about the format: it is the part that fewest endpoints know.
    return _FORMAT_WORDS.search(body) is not None or (status != _NOT_FOUND and _OTHER_CAUSES.search(body) is None)


def too_long(status: int, words: str) -> bool:
    """Whether an error says that the model cannot take so much text."""
    return status in {400, _TOO_LARGE, 422, _SERVER_ERROR} and (
        status == _TOO_LARGE or _TOO_LONG.search(words) is not None
    )


def refused_option(status: int, body: str, sent: Mapping[str, object]) -> str | None:
    """The optional part that the endpoint will not take, if that is what its error says; `system` is the role.

    Only what was sent can be refused: two requests may have been under way when the first refusal came.
    """
    told = sent.get("messages")
    roles = {message.get("role") for message in told} if isinstance(told, list) else set()
    no_system = SYSTEM if SYSTEM in roles and _SYSTEM_WORDS.search(body) else None
    if status == _SERVER_ERROR:  # chat templates that raise
        return no_system
    if status not in _REFUSALS or ("response_format" in sent and _FORMAT_WORDS.search(body)):
        return None
    named = next((name for name in OPTIONAL if name in sent and re.search(rf"\b{name}\b", body)), None)
    return named or no_system


def strict_schema(shape: type[BaseModel], *, limits: bool = False) -> dict[str, object]:
    """The JSON schema of `shape` as strict mode wants it: all keys required, none besides.

    Args:
        shape: what is asked for.
        limits: with how many items a list may have, for endpoints that make a grammar of the schema: a small model
            does not end a list by itself.
    """
    dropped = _NOT_SENT if limits else _NOT_SENT | {"maxItems"}
    schema: dict[str, object] = _strict(shape.model_json_schema(), dropped)
    return schema


_NOT_SENT = frozenset({"title", "default", "maxLength", "minLength", "minItems"})


def _strict(node: object, dropped: frozenset[str]) -> dict[str, object]:
    """A copy of a schema node with the strict rules applied all the way down."""
    if not isinstance(node, dict):
        raise TypeError("a schema is an object")
    copy: dict[str, object] = {}
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            copy[key] = {name: _strict(child, dropped) for name, child in value.items()}
        elif key in dropped:
            continue
        elif isinstance(value, dict):
            copy[key] = _strict(value, dropped)
        elif isinstance(value, list):
            copy[key] = [_strict(item, dropped) if isinstance(item, dict) else item for item in value]
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
        return {"type": "json_object", "schema": strict_schema(shape, limits=True)}
    if rung is Rung.JSON_MODE:
        return {"type": "json_object"}
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
