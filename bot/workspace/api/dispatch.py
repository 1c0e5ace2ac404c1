"""Runs Web API calls: finds the method, checks token and scopes, applies faults, records what happened."""

import copy
import socket
import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.workspace.api import agents, basics, chat, conversations, files, groups, reactions, streaming, views
from bot.workspace.api.args import Args, read_args
from bot.workspace.api.methods import Method
from bot.workspace.core import Core
from bot.workspace.faults import CallFault
from bot.workspace.shapes import ApiError, JsonObject

METHODS: Mapping[str, Method] = {
    name: method
    for family in (agents, basics, chat, conversations, files, groups, reactions, streaming, views)
    for name, method in family.FAMILY.methods.items()
}
CALLS_MOST = 2_000
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing then sends RST in place of FIN."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One Web API call.

    Args:
        method: Such as `chat.postMessage`.
        args: What was sent, without tokens.
        result: What was answered; empty where the connection was reset or the answer had no JSON.
        error: Slack's name of the error; empty where all went well.
        status: The HTTP status; 0 where the connection was reset.
        fault: The fault that was applied, if any.
        at: When.
    """

    method: str
    args: JsonObject
    result: JsonObject
    error: str
    status: int
    fault: str
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the client was told that it worked."""
        return self.status == 200 and not self.error  # noqa: PLR2004 - HTTP's own number


class Dispatcher:
    """The Web API's front.

    Args:
        core: The workspace.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self.calls: deque[RecordedCall] = deque(maxlen=CALLS_MOST)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one HTTP request for `/api/<method>`."""
        name = request.match_info["method"]
        fault = self._core.faults.take_call(name)
        if fault is not None and fault.kind == "reset_before":
            self._record(name, Args({}), {}, status=0, fault=fault)
            return _reset(request)
        args = Args({})
        try:
            args = await read_args(request)
            token = _token(request, args)
            answer = {"ok": True, **await self._run(name, args, token, fault)}
        except ApiError as error:
            answer = error.body()
        await self._core.settle()
        return await self._reply(request, name, args, answer, fault)

    async def _run(self, name: str, args: Args, token: str, fault: CallFault | None) -> JsonObject:
        if fault is not None and fault.kind == "error":
            raise ApiError(fault.error)
        if fault is not None and fault.kind == "rate_limited":
            raise ApiError("ratelimited", retry_after=fault.retry_after)
        if fault is not None and fault.kind == "server_error":
            return {}
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        if method.needs_token:
            self._authorize(method, token)
        return await method.handler(self._core, args)

    def _authorize(self, method: Method, token: str) -> None:
        core = self._core
        if not token:
            raise ApiError("not_authed")
        if token not in (core.bot_token, core.app_token, *core.more_tokens):
            raise ApiError("invalid_auth")
        if core.revoked:
            raise ApiError("token_revoked")
        if (token == core.app_token) != method.app_token:
            raise ApiError("not_allowed_token_type")
        if method.scopes and not core.app.scopes.intersection(method.scopes):
            raise ApiError("missing_scope", needed=method.scopes[0], provided=",".join(sorted(core.app.scopes)))

    async def _reply(
        self, request: web.Request, name: str, args: Args, answer: JsonObject, fault: CallFault | None
    ) -> web.StreamResponse:
        if fault is not None and fault.kind == "slow" and fault.release is not None:
            await fault.release.wait()
        if fault is not None and fault.kind == "reset_after":
            self._record(name, args, {}, status=0, fault=fault)
            return _reset(request)
        if fault is not None and fault.kind == "server_error":
            self._record(name, args, {}, status=fault.status, fault=fault)
            return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
        retry_after = answer.pop("retry_after", None)
        status = 429 if answer.get("error") == "ratelimited" else 200
        self._record(name, args, answer, status=status, fault=fault)
        headers = {"x-oauth-scopes": ",".join(sorted(self._core.app.scopes)), "cache-control": "no-store"}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return web.json_response(answer, status=status, headers=headers)

    def _record(self, name: str, args: Args, answer: JsonObject, *, status: int, fault: CallFault | None) -> None:
        self.calls.append(
            RecordedCall(
                method=name,
                args=copy.deepcopy(args.values),
                result=copy.deepcopy(answer),
                error=str(answer.get("error") or ""),
                status=status,
                fault=fault.kind if fault else "",
                at=self._core.now(),
            )
        )
        self._core.feed.wake()


def _token(request: web.Request, args: Args) -> str:
    """The call's token, taken out of the arguments."""
    field = str(args.values.pop("token", "") or "")
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else field


def _reset(request: web.Request) -> web.Response:
    """Resets the connection under a request; the response is never seen."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()
    return web.Response()
