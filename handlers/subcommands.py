"""What follows `/tapeout topics` and `/tapeout style`, as plain data. Pure."""

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
STYLE_WORDS = ("language", "lang")

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


def parse_topics(rest: str) -> TopicsCommand:
    """Read what follows `topics`.

    Raises:
        UserError: it is no verb, or a number is missing, with what to type.
    """
    word, _, which = rest.partition(" ")
    verb = _verb(word)
    if verb == "mute":
        found = _DAYS.match(which)
        return TopicsCommand(verb, found["which"], int(found["days"])) if found else TopicsCommand(verb, which)
    if verb in {"threshold", "substance"}:
        return TopicsCommand(verb, number=_number(which))
    return TopicsCommand(verb, which)


def _verb(word: str) -> str:
    word = word.lower()
    if not word or word in TOPIC_VERBS:
        return word
    if word in TOPIC_ALIASES:
        return TOPIC_ALIASES[word]
    begun = [verb for verb in TOPIC_VERBS if verb.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    near = difflib.get_close_matches(word, TOPIC_VERBS, n=1, cutoff=NEAR)
    known = ", ".join(f"`{verb}`" for verb in TOPIC_VERBS)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    raise UserError(f"After `topics` comes one of {known}.{meant}")


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
