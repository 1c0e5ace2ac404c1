"""What follows `/tapeout topics`, `filter`, `admins` and `style`, as plain data. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UserError
from handlers.parsing import NEAR

TOPIC_VERBS = ("add", "remove", "mute", "unmute", "threshold", "substance", "reset")
TOPIC_ALIASES: Mapping[str, str] = {
    "follow": "add",
    "unfollow": "remove",
    "delete": "remove",
    "rm": "remove",
    "list": "",
    "ls": "",
}
FILTER_VERBS = ("add", "remove")
FILTER_ALIASES: Mapping[str, str] = {"delete": "remove", "rm": "remove", "list": "", "ls": "", "only": "add"}
ADMIN_VERBS = ("add", "remove")
ADMIN_ALIASES: Mapping[str, str] = {"name": "add", "delete": "remove", "rm": "remove", "list": "", "ls": ""}
STYLE_WORDS = ("language", "lang")

_QUOTED = re.compile(r"^[\"“](?P<feed>[^\"“”]+)[\"”]\s+(?P<rest>\S.*)$")
_SUBJECT = re.compile(r"<@(?P<person>[UW][A-Z0-9]+)(?:\|[^>]*)?>|<!subteam\^(?P<group>S[A-Z0-9]+)(?:\|[^>]*)?>")
_DAYS = re.compile(r"^(?P<which>.+?)\s+(?:for\s+)?(?P<days>\d{1,4})\s*(?:d|days?)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TopicsCommand:
    """What is to be done with a channel's topics.

    Attributes:
        verb: one of `TOPIC_VERBS`, or `""`: show them.
        which: the topic, or the text of a new one.
        days: for `mute`; None: as usual.
        number: for `threshold` and `substance`; None: none was typed.
    """

    verb: str
    which: str = ""
    days: int | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True)
class FilterCommand:
    """What is to be done with a channel's filters.

    Attributes:
        verb: one of `FILTER_VERBS`, or `""`: show them.
        feed: for `add`: whose articles, as typed; `all`: every feed's.
        text: the rule, or for `remove` which one.
    """

    verb: str
    feed: str = ""
    text: str = ""


def parse_filter(rest: str) -> FilterCommand:
    """Read what follows `filter`.

    Raises:
        UserError: it is no verb, with what to type.
    """
    word, _, after = rest.strip().partition(" ")
    verb = _word(word, FILTER_VERBS, FILTER_ALIASES, "filter")
    if verb != "add":
        return FilterCommand(verb, text=after.strip())
    quoted = _QUOTED.match(after.strip())
    if quoted:
        return FilterCommand(verb, quoted["feed"].strip(), quoted["rest"].strip())
    feed, _, text = after.strip().partition(" ")
    return FilterCommand(verb, feed, text.strip())


@dataclass(frozen=True, slots=True)
class AdminsCommand:
    """What is to be done about who may change what.

    Attributes:
        verb: one of `ADMIN_VERBS`, or `""`: show them.
        subject: the id of a person or a user group; empty: none was typed.
    """

    verb: str
    subject: str = ""


def parse_admins(rest: str) -> AdminsCommand:
    """Read what follows `admins`; Slack turns `@ana` into her id.

    Raises:
        UserError: it is no verb, with what to type.
    """
    word, _, after = rest.strip().partition(" ")
    if _SUBJECT.match(word):
        word, after = "add", rest
    verb = _word(word, ADMIN_VERBS, ADMIN_ALIASES, "admins")
    found = _SUBJECT.search(after)
    return AdminsCommand(verb, (found["person"] or found["group"]) if found else "")


def parse_topics(rest: str) -> TopicsCommand:
    """Read what follows `topics`.

    Raises:
        UserError: it is no verb, or a number is missing, with what to type.
    """
    word, _, which = rest.partition(" ")
    verb = _word(word, TOPIC_VERBS, TOPIC_ALIASES, "topics")
    if verb == "mute":
        found = _DAYS.match(which)
        return TopicsCommand(verb, found["which"], int(found["days"])) if found else TopicsCommand(verb, which)
    if verb in {"threshold", "substance"}:
        return TopicsCommand(verb, number=_number(which))
    return TopicsCommand(verb, which)


def _word(word: str, verbs: tuple[str, ...], aliases: Mapping[str, str], after: str) -> str:
    """The verb that a word is, stands for, or is the beginning of.

    Raises:
        UserError: it is none, with the nearest one.
    """
    word = word.lower()
    if not word or word in verbs:
        return word
    if word in aliases:
        return aliases[word]
    begun = [verb for verb in verbs if verb.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    near = difflib.get_close_matches(word, verbs, n=1, cutoff=NEAR)
    known = ", ".join(f"`{verb}`" for verb in verbs)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    raise UserError(f"After `{after}` comes one of {known}.{meant}")


def _number(text: str) -> float | None:
    """`0.4`, `0,4`, `.4` or `40 %` as 0.4.

    Raises:
        UserError: it is no number.
    """
    typed = text.strip().replace(",", ".")
    if not typed:
        return None
    share = 0.01 if typed.endswith("%") else 1.0
    if not re.fullmatch(r"\d{0,3}(?:\.\d{1,6})?\s*%?", typed) or not any(char.isdigit() for char in typed):
        raise UserError("That is no number between 0 and 1, such as 0.4.")
    return float(typed.rstrip("% ")) * share


def parse_style(rest: str) -> tuple[str, str]:
    """Read what follows `style`: (`style` or `language`, what was typed); nothing typed: (`""`, `""`)."""
    word, _, after = rest.strip().partition(" ")
    if word.lower() in STYLE_WORDS:
        return "language", after.strip()
    return ("style", rest.strip()) if rest.strip() else ("", "")
