"""The arguments of a Web API call, wherever the client put them: JSON body, form, or address."""

import json
from collections.abc import Mapping

from aiohttp import web

from bot.workspace.ids import ts_micros
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments

_TRUE = frozenset({"1", "true", "True", "t"})


class Args:
    """Arguments by name. Form fields hold text; JSON bodies hold what JSON holds.

    Args:
        values: What the client sent, the token taken out.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = dict(values)

    def has(self, name: str) -> bool:
        """Whether the argument was sent and is not null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """The argument as text."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def need(self, name: str) -> str:
        """The argument as text.

        Raises:
            ApiError: `invalid_arguments`: it is missing.
        """
        if value := self.text(name):
            return value
        raise invalid_arguments(f"missing required field: {name}")

    def flag(self, name: str) -> bool:
        """The argument as true or false; absent is false."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else str(value) in _TRUE

    def number(self, name: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        """The argument as a whole number within bounds.

        Raises:
            ApiError: `invalid_arguments` or `invalid_limit`.
        """
        if not self.has(name) or self.values[name] == "":
            return default
        try:
            value = int(str(self.values[name]))
        except ValueError:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from None
        if value < least:
            raise ApiError(f"invalid_{name}")
        return min(value, most)

    def micros(self, name: str, error: str) -> int | None:
        """The argument as a `ts` in microseconds; None where it is absent or 0.

        Raises:
            ApiError: `error`: it is no timestamp.
        """
        value = self.text(name)
        if value in ("", "0", "now"):
            return None
        try:
            return ts_micros(value)
        except ValueError:
            raise ApiError(error) from None

    def parsed(self, name: str, error: str) -> object:
        """The argument as JSON, which a form sends as text; None where it is absent.

        Raises:
            ApiError: `error`: it is not JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def words(self, name: str) -> list[str]:
        """The argument as a list: comma-separated text, or a JSON array."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(entry) for entry in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]


async def read_args(request: web.Request) -> Args:
    """Collects a request's arguments; the body's win over the address's.

    Raises:
        ApiError: `invalid_json`, `json_not_object` or `invalid_form_data`.
    """
    values: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        values.update(await _json(request))
    elif request.can_read_body:
        try:
            form = await request.post()
        except ValueError:
            raise ApiError("invalid_form_data") from None
        values.update({name: value for name, value in form.items() if isinstance(value, str)})
    return Args(values)


async def _json(request: web.Request) -> JsonObject:
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body
