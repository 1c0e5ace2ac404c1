"""Which addresses of feeds are secrets: whoever knows one may read what is behind it. Pure.

A feed's address may hold a token that a publisher gave to one reader: a paid letter, a private calendar, a repository's
activity. What comes from such a feed is for the workspaces that follow it, and for no others (docs/adr/017).
Taking a public feed for a secret one costs little (its articles are not compared with other feeds'); the other way
round tells strangers what somebody pays for. So where it looks like a secret, it is one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

#: A random word has at least so many characters …
_RANDOM_LENGTH = 16
#: … and changes at least so often between lower case, upper case and digits. Names and dates do so once or twice.
#: Measured on 20,000 of each kind: of 20 random letters and digits 3 in a hundred are missed (mostly those without
#: a digit), of 32 random hexadecimal digits 2 in 10,000.
_RANDOM_CHANGES = 5

_NAMES = re.compile(
    r"(?:^|[_.-])(?:token|key|apikey|auth\w*|secret|sig|signature|pass|password|passwd|pwd|jwt|hmac|session\w*|sid"
    r"|credential\w*|private|access)(?:$|[_.-])",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"(?:^|[_.-])private(?:$|[_.-])", re.IGNORECASE)
#: Random words that name something public: a channel or a list of videos.
_PUBLIC_NAMES = frozenset({"channel_id", "playlist_id"})
_PARTS = re.compile(r"[^A-Za-z0-9]+")


def holds_secret(url: str) -> bool:
    """Whether a feed's address holds a password, a token, or something that looks like one."""
    try:
        parts = urlsplit(url)
        if parts.username or parts.password:
            return True
    except ValueError:
        return True  # it cannot be read: better not shown to others
    for name, value in parse_qsl(parts.query):
        if name.lower() not in _PUBLIC_NAMES and (_NAMES.search(name) or _is_random(value)):
            return True
    return any(_PRIVATE.search(segment) or _is_random(segment) for segment in parts.path.split("/"))


def _is_random(text: str) -> bool:
    words = _PARTS.split(text)
    return any(_changes(word) for word in (*words, "".join(words) if _is_uuid(words) else ""))


def _is_uuid(words: list[str]) -> bool:
    return [len(word) for word in words] == [8, 4, 4, 4, 12]


def _changes(word: str) -> bool:
    if len(word) < _RANDOM_LENGTH or not any(letter.isdigit() for letter in word):
        return False
    kinds = ["digit" if letter.isdigit() else "upper" if letter.isupper() else "lower" for letter in word]
    return sum(one != other for one, other in pairwise(kinds)) >= _RANDOM_CHANGES
