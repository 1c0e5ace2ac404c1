"""Text from feeds, models and people, made safe to show in Slack. Pure.

Slack reads `&`, `<` and `>` as control characters in every text object and in a message's `text`: `<!channel>`
calls everybody, `<@U1>` names somebody, `<https://a|b>` shows one address and opens another. All text that we did
not write ourselves passes through here, so that none of it can.

Lengths are counted in UTF-16 units: the largest of the ways in which Slack may count, so a text that fits here
fits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
LINK_MOST = 1_500
"""A longer address is shown as its label alone: one link must not use up a section's 3,000 characters."""

_COSTS = {"&": 5, "<": 4, ">": 4}
"""How many characters the entity of each control character has."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and the direction marks that can make a text read other than it is."""
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_MARKDOWN = re.compile(r"[\\`*_\[\]~]|^(?:[#+-]|\d+(?=[.)]))")
"""What begins emphasis, code or a link anywhere, or a heading or list at the start of a line."""
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+", re.IGNORECASE)
_URL_SAFE = "/:?#[]@!$'()*+,;=%~-._"


def length(text: str) -> int:
    """How long Slack may think a text is, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """A text without control characters, direction overrides and broken surrogates; lines are kept."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub(" ", text)).strip()


def line(text: str) -> str:
    """A text on one line, white space collapsed."""
    return " ".join(clean(text).split())


def escape(text: str) -> str:
    """Make foreign text safe in mrkdwn, plain_text and a message's `text`: nothing in it is a mention or a link."""
    return _entities(clean(text)).replace("```", "'''")


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int) -> str:
    """Escape a foreign text so that the result has at most `most` units, cut at a word where one is near.

    The cut is made before escaping, so it never falls inside an entity.
    """
    text = clean(text)
    escaped = escape(text)
    if length(escaped) <= most:
        return escaped
    room = most - length(ELLIPSIS)
    used = end = 0
    for character in text:
        used += _COSTS.get(character) or length(character)
        if used > room:
            break
        end += 1
    space = text.rfind(" ", 0, end + 1)
    if space >= end // 2:
        end = space
    return escape(text[:end].rstrip()) + ELLIPSIS if room >= 0 else ""


def without_addresses(text: str) -> str:
    """A text whose web addresses are left out.

    A client makes a link of any address it sees. One that a model wrote could carry what it was told elsewhere to
    a stranger's server, so only addresses of sources are ever shown, by `link`.
    """
    return _ADDRESS.sub("[link left out]", text)


def prose(text: str, most: int = 3_000) -> str:
    """A sentence that a model may have written, on one line, escaped, without addresses, of at most `most` units."""
    return clip(line(without_addresses(text)), most)


def bold(text: str, most: int = 3_000) -> str:
    """Foreign text in bold: its own asterisks and line breaks would end the bold early."""
    inner = clip(line(text).replace("*", "∗"), most - 2)
    return f"*{inner}*" if inner else ""


def italic(text: str, most: int = 3_000) -> str:
    """Foreign text in italics; its own underscores would end it early."""
    inner = clip(line(text).replace("_", "ˍ"), most - 2)
    return f"_{inner}_" if inner else ""


def address(url: str) -> str | None:
    """A web address in the form that may stand in `<…>`, or None where it must not be linked.

    Only http(s) with a host, no name or password in it, no longer than `LINK_MOST`.
    """
    url = url.strip()
    if _CONTROLS.search(url) or _SURROGATES.search(url) or len(url.split()) != 1:
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        name = (host or "").encode("idna").decode("ascii")
    except ValueError:  # a malformed host or port (UnicodeError is one)
        return None
    if parts.scheme.lower() not in {"http", "https"} or not name or "@" in parts.netloc:
        return None
    if not parts.netloc.isascii():
        url = parts._replace(netloc=parts.netloc.replace(str(host), name)).geturl()
    safe = quote(url.replace("&", "\0"), safe=_URL_SAFE + "\0").replace("\0", "&amp;")
    return safe if length(safe) <= LINK_MOST else None


def link(url: str, label: str, most: int = 300) -> str:
    """A link with a foreign label of at most `most` units; the label alone where the address must not be linked."""
    target = address(url)
    words = clip(line(label).replace("|", "¦"), most)
    if target is None or not words:
        return prose(label, most)
    return f"<{target}|{words}>"


def fit(lines: Iterable[str], most: int, *, more: str = ELLIPSIS) -> str:
    """Join ready-made mrkdwn lines, leaving out whole lines from the end until they fit; says so with `more`."""
    kept: list[str] = []
    used = 0
    whole = list(lines)
    for index, entry in enumerate(whole):
        used += length(entry) + (1 if kept else 0)
        last = index == len(whole) - 1
        if used + (0 if last else length(more) + 1) > most:
            return "\n".join([*kept, more]) if length(more) <= most else ""
        kept.append(entry)
    return "\n".join(kept)


def markdown(text: str) -> str:
    """Foreign text for a Markdown stream: its marks are shown as written, and no address in it becomes a link."""
    marked = _MARKDOWN.sub(_backslashed, line(without_addresses(text)))
    return _entities(marked)


def _backslashed(found: re.Match[str]) -> str:
    """A mark with a backslash; in `1.` it goes before the full stop, which follows the match."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def without_mention(text: str, user_id: str) -> str:
    """What someone wrote, without the mention of `user_id` (`<@U1>` or `<@U1|name>`)."""
    return " ".join(re.sub(rf"<@{re.escape(user_id)}(?:\|[^>]*)?>", " ", text).split())


def unescape(text: str) -> str:
    """What a person typed, from the form in which Slack sends it: entities decoded, links as their addresses."""
    text = re.sub(r"<(https?://[^>|]+)(?:\|[^>]*)?>", r"\1", text)
    text = re.sub(r"<mailto:[^>|]+\|([^>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
