"""A scripted OpenAI-compatible server: chat completions as real endpoints answer them, with their faults.

Other tests import it by path. Each reply in `script` answers one request, the last one again and again; a reply may
be a function of the request. `requests` keeps what was asked.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Reply:
    """One answer of the server.

    Attributes:
        text: the assistant's message, or an object that is sent as JSON.
        status: HTTP status; other than 200 sends `text` as the error's message.
        headers: sent with the answer.
        usage: whether tokens are reported.
        hold: waited for before the answer is sent; never set means a server that hangs.
        cut: close the connection after so many characters of a stream.
        piece: characters in one streamed chunk.
        finish: why the answer ends.
        chunks: a stream's chunks as they are to be sent, in the place of `text`; a text is sent as it is.
        whole: sent as JSON even where a stream was asked for.
        zipped: the answer comes compressed.
        gap_s: what passes between two pieces of a stream, in seconds.
    """

    text: str | dict[str, Any] = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    usage: bool = True
    hold: asyncio.Event | None = None
    cut: int | None = None
    piece: int = 12
    finish: str = "stop"
    chunks: tuple[dict[str, Any] | str, ...] | None = None
    whole: dict[str, Any] | None = None
    zipped: bool = False
    gap_s: float = 0.0

    @property
    def content(self) -> str:
        """The message as text."""
        return self.text if isinstance(self.text, str) else json.dumps(self.text)


Step = Reply | Callable[[dict[str, Any]], Reply]


def quoting(request: dict[str, Any]) -> Reply:
    """A step of a script: an honest model, which says the first source's title and first sentence again."""
    prompt = "\n".join(message["content"] for message in request["messages"])
    source = re.search(r"<<<source 1 \w+\n(.*?)\n\w+>>>", prompt, re.DOTALL)
    assert source is not None
    head, body = source.group(1).split("\n\n", 1)
    title = head.split("Title: ", 1)[1]
    quote = re.split(r"(?<=[.!?])\s", body.strip(), maxsplit=1)[0]
    if "answerable" in json.dumps(request.get("response_format", {})):
        return Reply({"answerable": True, "sentences": [_line(quote)]})
    return Reply({"headline": _line(title), "what": [_line(quote)], "why": None, "facts": []})


def _line(quote: str) -> dict[str, Any]:
    return {"quotes": [{"source": 1, "quote": quote}], "text": quote}


class ModelServer:
    """An endpoint on a free loopback port.

    Args:
        script: the replies in order.
        formats: the `response_format` types it takes.
        on_schema: HTTP status for a `json_schema` that it does not take (500 as llama_cpp.server, 400 as others).
        refuses: parameters that get HTTP 400.
        refusal: what else is refused: status and words for a request, or None.
    """

    def __init__(
        self,
        *script: Step,
        formats: frozenset[str] = frozenset({"json_schema", "json_object"}),
        on_schema: int = 400,
        refuses: frozenset[str] = frozenset(),
        refusal: Callable[[dict[str, Any]], tuple[int, str] | None] = lambda _body: None,
    ) -> None:
        self.script: list[Step] = list(script)
        self.formats = formats
        self.on_schema = on_schema
        self.refuses = refuses
        self.refusal = refusal
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.refused = 0
        self._served = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def answered(self) -> int:
        """How many requests were taken from the script."""
        return self._served

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        refusal = self._refusal(body)
        if refusal is not None:
            self.refused += 1
            return refusal
        step = self.script[min(self._served, len(self.script) - 1)]
        self._served += 1
        reply = step if isinstance(step, Reply) else step(body)
        if reply.hold is not None:
            await reply.hold.wait()
        if reply.status != 200:
            return _error(reply.status, reply.content, reply.headers)
        if body.get("stream") and reply.whole is None:
            return await self._stream(request, body, reply)
        answer = web.json_response(reply.whole or _completion(body, reply), headers=reply.headers)
        if reply.zipped:
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

    def _refusal(self, body: dict[str, Any]) -> web.Response | None:
        other = self.refusal(body)
        if other is not None:
            return _error(*other)
        for name in self.refuses & body.keys():
            return _error(400, f"Unsupported parameter: '{name}' is not supported with this model.")
        kind = (body.get("response_format") or {}).get("type")
        if kind is None or kind in self.formats:
            return None
        if kind == "json_schema":
            said = "Internal Server Error" if self.on_schema == 500 else "response_format json_schema not supported"
            return _error(self.on_schema, said)
        return _error(400, "response_format json_object is not supported")

    async def _stream(self, request: web.Request, body: dict[str, Any], reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if reply.zipped:
            response.enable_compression(web.ContentCoding.gzip)
        await response.prepare(request)
        if reply.chunks is not None:
            for chunk in reply.chunks:
                await response.write(chunk.encode() if isinstance(chunk, str) else _event(chunk))
            await response.write_eof()
            return response
        text = reply.content
        for at in range(0, len(text), reply.piece):
            if reply.cut is not None and at >= reply.cut:
                assert request.transport is not None
                request.transport.abort()
                return response
            await asyncio.sleep(reply.gap_s)
            await response.write(_event(_chunk(body, {"content": text[at : at + reply.piece]})))
        await response.write(_event(_chunk(body, {}, finish=reply.finish)))
        if reply.usage and (body.get("stream_options") or {}).get("include_usage"):
            await response.write(_event({**_chunk(body, {}), "choices": [], "usage": _usage(body, text)}))
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _usage(body: dict[str, Any], text: str) -> dict[str, int]:
    prompt = sum(len(message["content"]) for message in body["messages"]) // 4
    return {"prompt_tokens": prompt, "completion_tokens": len(text) // 4, "total_tokens": prompt + len(text) // 4}


def _completion(body: dict[str, Any], reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.content}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
    }
    return {**answer, "usage": _usage(body, reply.content)} if reply.usage else answer


def _chunk(body: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_795_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    error = {"error": {"message": message, "type": "error", "param": None, "code": None}}
    return web.json_response(error, status=status, headers=headers)
