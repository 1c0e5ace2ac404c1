"""Messages that are written while a person reads: what has been streamed, and until when it may go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments
from bot.workspace.timing import Timing

TEXT_MOST = 12_000
"""Characters of `markdown_text` in one call, and of one markdown block."""


@dataclass(slots=True)
class Stream:
    """One message being streamed: its pieces in order, each a run of text or a block with its key."""

    started: datetime
    plan: bool
    pieces: list[JsonObject] = field(default_factory=list)
    stopped_by_user: bool = False

    @property
    def text(self) -> str:
        """All text streamed so far, as markdown."""
        return "".join(piece["text"] for piece in self.pieces if piece["kind"] == "text")

    def append(self, chunks: Sequence[JsonObject]) -> str:
        """Takes chunks in; gives the text that they added."""
        added = ""
        for chunk in chunks:
            kind = chunk["type"]
            if kind == "markdown_text":
                added += chunk["text"]
                self._text(chunk["text"])
            elif kind == "task_update":
                self._task(_task_card(chunk))
            elif kind == "plan_update":
                self._title(chunk["title"])
            else:
                self.pieces += [{"kind": "block", "block": block} for block in chunk["blocks"]]
        return added

    def blocks(self) -> list[JsonObject]:
        """The message's blocks: the text as markdown, tasks as cards or as one plan, in their order."""
        found: list[JsonObject] = []
        for piece in self.pieces:
            if piece["kind"] == "text":
                text = piece["text"]
                found += [
                    {"type": "markdown", "text": text[start : start + TEXT_MOST]}
                    for start in range(0, len(text), TEXT_MOST)
                ]
            else:
                found.append(piece["block"])
        return found

    def _text(self, text: str) -> None:
        if self.pieces and self.pieces[-1]["kind"] == "text":
            self.pieces[-1]["text"] += text
        elif text:
            self.pieces.append({"kind": "text", "text": text})

    def _plan(self) -> JsonObject:
        for piece in self.pieces:
            if piece["kind"] == "plan":
                return piece
        piece = {"kind": "plan", "block": {"type": "plan", "title": "Plan", "tasks": []}}
        self.pieces.append(piece)
        return piece

    def _title(self, title: str) -> None:
        self._plan()["block"]["title"] = title

    def _task(self, card: JsonObject) -> None:
        if self.plan:
            _replace_or_add(self._plan()["block"]["tasks"], card)
            return
        for piece in self.pieces:
            if piece["kind"] == "task" and piece["block"]["task_id"] == card["task_id"]:
                piece["block"].update(card)
                return
        self.pieces.append({"kind": "task", "block": card})


class Streams:
    """The messages that are being streamed, by channel and ts.

    Args:
        timing: How long a stream may last.
    """

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._open: dict[tuple[str, str], Stream] = {}

    def start(self, channel_id: str, ts: str, now: datetime, *, plan: bool) -> Stream:
        """A new stream."""
        stream = self._open[channel_id, ts] = Stream(now, plan)
        return stream

    def is_streaming(self, channel_id: str, ts: str, now: datetime) -> bool:
        """Whether a message can still be appended to."""
        stream = self._open.get((channel_id, ts))
        return stream is not None and not stream.stopped_by_user and not self._over(stream, now)

    def current(self, channel_id: str, ts: str, now: datetime) -> Stream:
        """The stream of a message, which may have been stopped by its reader.

        Raises:
            ApiError: `message_not_in_streaming_state`: it never streamed, has ended, or is older than Slack allows.
        """
        stream = self._open.get((channel_id, ts))
        if stream is None or self._over(stream, now):
            raise ApiError("message_not_in_streaming_state")
        return stream

    def end(self, channel_id: str, ts: str) -> Stream | None:
        """Ends a stream; gives it back if there was one."""
        return self._open.pop((channel_id, ts), None)

    def stop_thread(self, channel_id: str, roots: Sequence[str], now: datetime) -> list[str]:
        """A reader stops what is streamed as these messages; gives their ts."""
        stopped = []
        for ts in roots:
            if self.is_streaming(channel_id, ts, now):
                self._open[channel_id, ts].stopped_by_user = True
                stopped.append(ts)
        return stopped

    def _over(self, stream: Stream, now: datetime) -> bool:
        return now - stream.started > timedelta(seconds=self._timing.stream)


def read_chunks(markdown_text: str, chunks: object) -> list[JsonObject]:
    """The chunks of a streaming call, `markdown_text` being one of its own.

    Raises:
        ApiError: `msg_too_long` or `invalid_arguments`.
    """
    found: list[JsonObject] = []
    if markdown_text:
        found.append({"type": "markdown_text", "text": markdown_text})
    if chunks is not None:
        if not isinstance(chunks, list):
            raise invalid_arguments("must provide an array [json-pointer:/chunks]")
        for index, chunk in enumerate(chunks):
            _check_chunk(chunk, f"/chunks/{index}")
            found.append(chunk)
    if sum(len(chunk["text"]) for chunk in found if chunk["type"] == "markdown_text") > TEXT_MOST:
        raise ApiError("msg_too_long")
    return found


_NEEDED: Mapping[str, Mapping[str, type]] = {
    "markdown_text": {"text": str},
    "task_update": {"id": str, "title": str, "status": str},
    "plan_update": {"title": str},
    "blocks": {"blocks": list},
}
_STATUSES = ("pending", "in_progress", "complete", "error")


def _check_chunk(chunk: object, at: str) -> None:
    if not isinstance(chunk, dict):
        raise invalid_arguments(f"must provide an object [json-pointer:{at}]")
    needed = _NEEDED.get(str(chunk.get("type")))
    if needed is None:
        raise invalid_arguments(f"unsupported type: {chunk.get('type')} [json-pointer:{at}/type]")
    for name, kind in needed.items():
        if not isinstance(chunk.get(name), kind):
            raise invalid_arguments(f"missing required field: {name} [json-pointer:{at}]")
    if chunk["type"] == "task_update" and chunk["status"] not in _STATUSES:
        raise invalid_arguments(f"must be one of: {', '.join(_STATUSES)} [json-pointer:{at}/status]")


def _task_card(chunk: JsonObject) -> JsonObject:
    card: JsonObject = {
        "type": "task_card",
        "task_id": chunk["id"],
        "title": chunk["title"],
        "status": chunk["status"],
    }
    for name in ("details", "output"):
        if chunk.get(name):
            card[name] = _rich(str(chunk[name]))
    if chunk.get("sources"):
        card["sources"] = chunk["sources"]
    return card


def _rich(text: str) -> JsonObject:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _replace_or_add(tasks: list[JsonObject], card: JsonObject) -> None:
    for task in tasks:
        if task["task_id"] == card["task_id"]:
            task.update(card)
            return
    tasks.append(card)
