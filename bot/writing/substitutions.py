"""One word in the place of another, all around it being the source's: "repaid 2.4 trillion won" for "raised"; pure.

Where a sentence is copied but for one content word, that word is either a synonym or an error. What is no usual synonym
(`synonyms`) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.stories.lexicon import STOP_WORDS
from bot.stories.sentences import names, words
from bot.writing import synonyms
from bot.writing.forms import folded
from bot.writing.particulars import without_figures

_TOKEN = re.compile(r"[^\W_]+(?:[.'&+-][^\W_]+)*|_+")
_AROUND = 2
"""Tokens on each side that must be the source's; one where the sentence or clause ends."""


def substituted(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Words in the place of others, in sentences that are copied around them.

    Args:
        text: the sentence.
        contexts: the source sentences that hold its quotes.
    """
    theirs = {stem for context in contexts for stem in words(folded(context))}
    own = _tokens(text)
    said = {stem for token in own for stem in words(folded(token))}
    known = {part.lower() for name in names(text) for part in _TOKEN.findall(name)}
    for context in contexts:
        tokens = _tokens(context)
        places = _places(tokens)
        for at, token in enumerate(own):
            if token.lower() in known or not _is_content(token) or set(words(folded(token))) & theirs:
                continue
            for there in places.get(_around(own, at), ()):
                other = tokens[there]
                if _is_content(other) and not set(words(folded(other))) & said and not synonyms.alike(token, other):
                    yield f'says "{token}" where its source says "{other}"'
                    return


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(without_figures(text))


def _places(tokens: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(tokens)):
        found.setdefault(_around(tokens, at), []).append(at)
    return found


def _around(tokens: Sequence[str], at: int) -> tuple[str, ...]:
    before = [token.lower() for token in tokens[max(0, at - _AROUND) : at]]
    after = [token.lower() for token in tokens[at + 1 : at + 1 + _AROUND]]
    return (*before, "", *after)


def _is_content(token: str) -> bool:
    return token.isalpha() and len(token) > 2 and token.lower() not in STOP_WORDS  # noqa: PLR2004


_LETTERS = re.compile(r"[a-z]+")
_PREFIXES = ("un", "non", "dis", "in", "im")


def prefixed(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """A word and its contrary made by a prefix: "unsold" for "sold"."""
    mine = set(_LETTERS.findall(text.lower()))
    theirs = {token for context in contexts for token in _LETTERS.findall(context.lower())}
    for one, other in ((mine - theirs, theirs - mine), (theirs - mine, mine - theirs)):
        for token in one:
            bare = next((token[len(prefix) :] for prefix in _PREFIXES if token.startswith(prefix)), "")
            if len(bare) > 3 and bare in other:  # noqa: PLR2004
                yield f'turns "{token}" and "{bare}" round'
                return
