"""What people typed, and what Slack's events say, as plain data. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.models import IncomingQuestion
from bot.slack.escape import LINK_MOST, unescape, without_mention

VERBS = (
    "add",
    "ask",
    "list",
    "remove",
    "pause",
    "resume",
    "topics",
    "filter",
    "style",
    "digest",
    "health",
    "why",
    "admins",
    "audit",
    "feedback",
    "preview",
    "import",
    "export",
    "refresh",
    "watch",
    "budget",
    "web",
    "help",
)
ALIASES: Mapping[str, str] = {
    "subscribe": "add",
    "follow": "add",
    "ls": "list",
    "feeds": "list",
    "topic": "topics",
    "spend": "budget",
    "cost": "budget",
    "try": "preview",
    "packs": "add",
    "admin": "admins",
    "managers": "admins",
    "history": "audit",
    "changes": "audit",
    "undo": "audit",
    "archive": "web",
    "browser": "web",
    "filters": "filter",
    "styles": "style",
    "language": "style",
    "digests": "digest",
    "rhythm": "digest",
    "status": "health",
    "rm": "remove",
    "delete": "remove",
    "unsubscribe": "remove",
    "unfollow": "remove",
    "stop": "pause",
    "mute": "pause",
    "unpause": "resume",
    "unmute": "resume",
    "start": "resume",
    "votes": "feedback",
    "?": "help",
    "hi": "help",
    "hello": "help",
}
GREETINGS = frozenset({"help", "hi", "hello", "hey", "?"})
_CHATTER = re.compile(
    r"thanks|thank|thx|ty|cheers|you|u|very|much|so|ok|okay|kk?|cool|nice|great|good|awesome|amazing|wow|whoa|lol|haha"
    r"|hehe|hmm?|huh|oh|ah|yep|yup|yeah|sure|agreed|agree|indeed|true|exactly|right|done|noted|interesting|perfect|super"
    r"|congrats|ouch|yikes|sad|love|it|this|that|that's|point|stuff|work|job|one|got|will|do|sounds|makes|sense|for"
    r"|sharing|the|an?|all|again|team|folks|everyone"
)
"""Words of which people's asides are made, among themselves or to us; a message of these alone asks nothing."""
ACCEPTED_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
"""Messages that people write. Changes, deletions, joins and bots' messages have other subtypes."""
LISTS = (".opml", ".xml")
NEAR = 0.6
"""How alike (difflib's ratio) a mistyped word must be to a verb to be offered: `lsit` to `list` is 0.75."""

_CHANNEL = re.compile(r"<#(?P<id>[CG][A-Z0-9]+)(?:\|(?P<name>[^>]*))?>")
_NAMED = re.compile(r"(?<!\S)#(?P<name>[^\s#<>]*[^\s#<>\d][^\s#<>]*)")
"""`#name` as typed where Slack does not turn it into an id; `#12` alone is a feed's number."""
_EMOJI = re.compile(r":[a-z0-9_+-]+:(?::skin-tone-\d:)?")
_LINK = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command's text.

    Attributes:
        verb: one of `VERBS`, `""` for nothing typed, or the unknown word as typed.
        known: the verb is one of `VERBS` (or nothing was typed).
        near: for an unknown word, the verbs that may have been meant, the likeliest first.
        rest: what follows, without the channel, as typed.
        channel_id: the channel that was named, from Slack's own form …
        channel_name: … or its name alone, as typed.
    """

    verb: str
    known: bool
    near: tuple[str, ...]
    rest: str
    channel_id: str | None
    channel_name: str | None


def parse_command(text: str) -> Command:
    """Read what follows `/tapeout`: a verb (or the beginning of one), an address or name, a channel in any order."""
    channel_id = channel_name = None
    if found := _CHANNEL.search(text):
        channel_id, channel_name = found["id"], found["name"] or None
        text = text[: found.start()] + " " + text[found.end() :]
    elif found := _NAMED.search(text):
        channel_name = found["name"]
        text = text[: found.start()] + " " + text[found.end() :]
    word, _, rest = unescape(text).strip().partition(" ")
    rest = " ".join(rest.split())
    if looks_like_address(word):  # `/tapeout example.com` can only mean one thing
        word, rest = "add", word
    verb = verb_of(word)
    known = verb is not None or not word
    if word.lower() == "packs":  # `/tapeout packs`, `/tapeout packs chips`
        rest = f"pack {rest}".strip()
    return Command(verb or word, known, () if known else meant_by(word), rest, channel_id, channel_name)


def verb_of(word: str) -> str | None:
    """The verb that a word is, stands for, or is the beginning of (if of one alone)."""
    word = word.lower()
    if word in VERBS:
        return word
    if word in ALIASES:
        return ALIASES[word]
    begun = [verb for verb in VERBS if word and verb.startswith(word)]
    return begun[0] if len(begun) == 1 else None


def meant_by(word: str) -> tuple[str, ...]:
    """The verbs that a word may stand for: the nearest one, then those that it begins."""
    near = nearest(word)
    begun = [verb for verb in VERBS if verb.startswith(word.lower())]
    return tuple(dict.fromkeys([*([near] if near else []), *begun]))


def asks_for_help(command: Command) -> bool:
    """Whether what follows a verb asks what may follow it: `/tapeout topics help`, `/tapeout digest ?`."""
    return command.known and command.verb not in {"", "ask", "watch", "help"} and command.rest.lower() in {"help", "?"}


def nearest(word: str) -> str | None:
    """The verb that a mistyped word is nearest to."""
    found = difflib.get_close_matches(word.lower(), [*VERBS, *ALIASES], n=1, cutoff=NEAR)
    return ALIASES.get(found[0], found[0]) if found else None


def looks_like_address(word: str) -> bool:
    """Whether a word is a web address, with or without `https://`."""
    return address_problem(word) is None


def address_problem(text: str) -> str | None:
    """Why this is no web address, as a sentence for the form; None when it may be one."""
    text = text.strip()
    if not text:
        return "Type the address of a site or of its feed."
    if len(text.split()) > 1:
        return "That is more than one word: one address, please."
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "That address is not written properly."
    if parts.scheme.lower() not in {"http", "https"}:
        return "Only addresses that begin with http:// or https:// can be read."
    bare = "://" not in text
    if not host or (bare and not re.fullmatch(r"[^\s./]+(\.[^\s./]+)*\.[^\W\d_]{2,}", host)):
        return "That does not look like a web address, such as example.com."
    return None


def is_greeting(text: str) -> bool:
    """Whether someone only says hello or asks for help."""
    return text.strip().strip("!.").lower() in GREETINGS


def is_chatter(text: str) -> bool:
    """Whether a message is an aside that asks nothing: "thanks!", "ok", "sounds good", a smile."""
    if "?" in text:
        return False
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", _EMOJI.sub(" ", text.lower()))
    return all(_CHATTER.fullmatch(word) for word in words) and not re.search(r"\d", _EMOJI.sub(" ", text))


def from_message(
    event: Mapping[str, Any], *, team_id: str, event_id: str | None, bot_user_id: str
) -> IncomingQuestion | None:
    """The question in a `message` event: a direct message, or a reply in a channel's thread.

    None for what is not for us: bots' messages, changes and deletions, a channel's top-level messages, messages that
    mention the bot in a channel (those also come as `app_mention`), and in a thread what people say to each other:
    asides, and what names somebody else.
    """
    if not _is_from_a_person(event, bot_user_id):
        return None
    text = str(event.get("text") or "")
    ts, root = str(event["ts"]), str(event.get("thread_ts") or event["ts"])
    is_direct = event.get("channel_type") == "im"
    if not is_direct and (root == ts or "<@" in text or is_chatter(text)):
        return None
    return IncomingQuestion(
        team_id=team_id,
        channel_id=str(event["channel"]),
        user_id=str(event["user"]),
        ts=ts,
        root_ts=root,
        text=unescape(without_mention(text, bot_user_id)),
        surface="dm" if is_direct else "thread",
        event_id=event_id,
    )


def from_mention(
    event: Mapping[str, Any], *, team_id: str, event_id: str | None, bot_user_id: str
) -> IncomingQuestion | None:
    """The question in an `app_mention` event, without the mention; None for a bot's."""
    if not _is_from_a_person(event, bot_user_id):
        return None
    return IncomingQuestion(
        team_id=team_id,
        channel_id=str(event["channel"]),
        user_id=str(event["user"]),
        ts=str(event["ts"]),
        root_ts=str(event.get("thread_ts") or event["ts"]),
        text=unescape(without_mention(str(event.get("text") or ""), bot_user_id)),
        surface="mention",
        event_id=event_id,
    )


@dataclass(frozen=True, slots=True)
class SharedList:
    """A file that somebody shared, and that is a list of feeds by its name."""

    file_id: str
    name: str


def shared_list(event: Mapping[str, Any]) -> SharedList | None:
    """The list of feeds that a message brings: an OPML or XML file; a text file where the message says "import"."""
    asked = "import" in str(event.get("text") or "").lower()
    for file in event.get("files") or ():
        name = str(file.get("name") or file.get("title") or "")
        if name.lower().endswith(LISTS) or (asked and name.lower().endswith(".txt")):
            return SharedList(str(file["id"]), name)
    return None


def link_in(message: Mapping[str, Any]) -> str | None:
    """The first web address in what a person wrote; the bot's own messages have their stories."""
    if message.get("bot_id"):
        return None
    found = _LINK.search(unescape(str(message.get("text") or "")))
    return found[0] if found and len(found[0]) <= LINK_MOST else None


def _is_from_a_person(event: Mapping[str, Any], bot_user_id: str) -> bool:
    return (
        not event.get("bot_id")
        and bool(event.get("user"))
        and event["user"] != bot_user_id
        and event.get("subtype") in ACCEPTED_SUBTYPES
    )
