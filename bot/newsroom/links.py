"""Links that people share with a question: which one is meant, what is asked of it, why it is not read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.feeds.page import NOT_A_PAGE, ROBOTS
from bot.feeds.urls import host_of

_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_TRAILING = ".,;:!?\"'”’»*_`"
_BARE = re.compile(
    r"^\W*(?:(?:hey|hi|ok|so|and|please|can you|could you)\W+)*"
    r"(?:what about|how about|what do you (?:think|make) of|thoughts on|any thoughts on|have you (?:read|seen)|see|read"
    r"|look at|check(?: out)?|summari[sz]e|what(?:'s| is| does| do))?\W*"
    r"(?:this|that|these|it|here)?(?: (?:one|article|story|link|page|post|here|about|say|says))*\W*$",
    re.IGNORECASE,
)
#: What is asked of a link that was shared with hardly a word.
PLAIN = "Summarise this article."


@dataclass(frozen=True, slots=True)
class Shared:
    """A question with the link in it.

    Attributes:
        question: what is asked, without the link.
        url: the first link; None: there is none.
        others: how many more there are.
    """

    question: str
    url: str | None
    others: int = 0


def split(text: str) -> Shared:
    """Part a question from its link; one that says nothing but "what about this one?" asks what the page says."""
    found = [(match, address) for match in _LINK.finditer(text) if (address := _trimmed(match[0]))]
    if not found:
        return Shared(text, None)
    rest = text
    for _, address in found:
        rest = rest.replace(address, " ")
    rest = " ".join(rest.split()).replace("( )", " ").strip(" ()<>")
    addresses = list(dict.fromkeys(address for _, address in found))
    return Shared(PLAIN if _BARE.match(rest) else rest, addresses[0], len(addresses) - 1)


def _trimmed(address: str) -> str:
    """A link without the punctuation of the sentence that it stands in."""
    while address and (address[-1] in _TRAILING or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address if address.partition("://")[2] else ""


def is_slacks(url: str) -> bool:
    """Whether it leads into Slack, where there is nothing to read without logging in."""
    host = host_of(url)
    return host == "slack.com" or host.endswith(".slack.com")


SLACKS = "I can't open Slack's own links. Ask in that thread, or share the address of the article."

# The host is not named: Slack would make a link of it, and who asked knows it.
_HOST = "That site could not be reached. Is the address right?"
_WORDS = {
    "blocked_address": "I only read pages of the public internet, and that address is not.",
    ROBOTS: "That site does not let robots read that page, so I don't.",
    NOT_A_PAGE: "There is no article at that address, but a file of another kind, which I can't read.",
    "too_large": "That page is too large for me to read.",
    "too_slow": "That page is too large for me to read.",
    "too_big": "That page is too large for me to read.",
    "timeout": "That site did not answer in time. Please try again later.",
    "dns": "I find no site of that name. Is the address right?",
    "connect": _HOST,
    "reset": _HOST,
    "tls": "That site has a broken certificate, so I don't read it.",
    "downgrade": "That site leads from https to plain http, which I don't follow.",
    "gone": "That site says that this page is gone.",
    "http_404": "That site has no page at that address. Is it right?",
    "http_401": "That site wants a login for that page. I only read what anybody can.",
    "http_402": "That site wants a payment for that page. I only read what anybody can.",
    "http_403": "That site does not let me read that page.",
    "http_429": "That site is asked too often at the moment. Please try again later.",
    "http_451": "That site may not show that page here for legal reasons.",
}
_OTHER = "I could not read that page. Does it open in a browser?"


def refusal(kind: str) -> str:
    """Why a page was not read, in a sentence for who shared it; `kind` is a `FetchError`'s or `ParseError`'s."""
    return _WORDS.get(kind, _OTHER)


def too_thin(note: str | None) -> str:
    """A page that shows next to no text."""
    return f"I could read next to nothing of that page. {note or 'It may need a browser.'}"


NOT_THERE = "That page does not say: I looked through all of it."


def first_of(others: int) -> str | None:
    """What to say where several links were shared."""
    return "I read the first of the links." if others else None
