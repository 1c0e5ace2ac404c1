"""What Slack makes of the text that a person types: escaping, links, mentions, rich text. Pure."""

import re
from collections.abc import Iterator, Mapping

from bot.workspace.shapes import JsonObject

_TOKEN = re.compile(
    r"<(?P<kind>[@#!])(?P<id>[A-Za-z0-9_]+)(?:\|(?P<label>[^<>]*))?>"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
)
_BROADCASTS = frozenset({"here", "channel", "everyone"})
_NAME = re.compile(r"(?<!\S)(?P<sign>[@#])(?P<name>[a-z0-9][a-z0-9._-]*)")


def escape(text: str) -> str:
    """Text with `&`, `<` and `>` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """A typed message as Slack stores it: markup characters escaped, addresses made links, mentions kept."""
    return "".join(_stored(piece) for piece in _pieces(text))


def rich_text(text: str, block_id: str) -> JsonObject:
    """The rich_text block that Slack adds to a message that a person typed."""
    elements = [_element(piece) for piece in _pieces(text)]
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }


def command_text(text: str, *, escaped: bool, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """The text of a slash command as the app gets it.

    Args:
        text: What was typed; mentions may stand as `<@U…>`, `<#C…>`, `@name` or `#name`.
        escaped: The command's `should_escape`: mentions then go out as `<@U…|name>` and `<#C…|name>`.
        users: Names by user id.
        channels: Names by channel id.
    """
    known = {"@": users, "#": channels}

    def from_id(match: re.Match[str]) -> str:
        sign, found = match["kind"], match["id"]
        name = known.get(sign, {}).get(found or "")
        if not name:
            return match[0]
        return f"<{sign}{found}|{name}>" if escaped else f"{sign}{name}"

    def from_name(match: re.Match[str]) -> str:
        ids = {name: key for key, name in known[match["sign"]].items()}
        found = ids.get(match["name"])
        return f"<{match['sign']}{found}|{match['name']}>" if found and escaped else match[0]

    return _TOKEN.sub(lambda m: m[0] if m["url"] else from_id(m), _NAME.sub(from_name, text))


def mentioned(text: str) -> set[str]:
    """The ids of the users that a stored text mentions; `!here` and the like stand for themselves."""
    return {m["id"] for m in _TOKEN.finditer(text) if m["id"] and m["kind"] in "@!"}


def _pieces(text: str) -> Iterator[str | re.Match[str]]:
    end = 0
    for match in _TOKEN.finditer(text):
        if match["kind"] == "!" and match["id"] not in _BROADCASTS:
            continue
        if match.start() > end:
            yield text[end : match.start()]
        yield match
        end = match.end()
    if end < len(text):
        yield text[end:]


def _stored(piece: str | re.Match[str]) -> str:
    if isinstance(piece, str):
        return escape(piece)
    if piece["url"]:
        return f"<{escape(piece['url'])}>"
    return f"<@{piece['id']}>" if piece["kind"] == "@" else piece[0]


def _element(piece: str | re.Match[str]) -> JsonObject:
    if isinstance(piece, str):
        return {"type": "text", "text": piece}
    if piece["url"]:
        return {"type": "link", "url": piece["url"]}
    if piece["kind"] == "@":
        return {"type": "user", "user_id": piece["id"]}
    if piece["kind"] == "#":
        return {"type": "channel", "channel_id": piece["id"]}
    return {"type": "broadcast", "range": piece["id"]}
