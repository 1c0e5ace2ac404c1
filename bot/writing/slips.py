"""Small words slipped in or left out between words that the source has side by side; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_PLAIN_TOKEN = re.compile(r"[\w$€£%']+(?:[.,-]\w+)*")
_NOT = frozenset({"not", "no", "never", "n't", "hardly"})
_MAYBE = frozenset({"could", "may", "might", "would", "should", "can"})
_SURELY = frozenset({"will", "is", "are", "was", "has", "have", "must", "does", "do", "did", "shall"})


_SAID = re.compile(r"\b(?:said|says|announced|told)\b", re.IGNORECASE)
"""After these "would" is how a paper reports "will"."""
_DENIED = re.compile(r"\bden(?:y|ies|ied|ying)\b", re.IGNORECASE)


def _tokens(text: str) -> list[str]:
    return [part for token in _PLAIN_TOKEN.findall(text.lower()) for part in _unjoined(token)]


def _unjoined(token: str) -> tuple[str, ...]:
    """Give `can't` as `can` and `not`, so that both ways of writing are one."""
    if token in {"cannot", "can't"}:
        return ("can", "not")
    return (token[:-3], "not") if token.endswith("n't") else (token,)


def slipped(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """A "not" put between two words that stand side by side in the source or taken from between them; "will" for "may".

    Scopes miss these in long sentences with a negation elsewhere; side by side, word for word, they are plain.
    """
    own = _tokens(text)
    denied = any(_DENIED.search(context) for context in contexts)  # "denied that it had": it had not
    reported = {"would"} if any(_SAID.search(context) for context in contexts) else set()
    sources = [_tokens(context) for context in contexts]
    pairs = {pair for tokens in sources for pair in pairwise(tokens)}
    threes = {three for tokens in sources for three in zip(tokens, tokens[1:], tokens[2:], strict=False)}
    for left, middle, right in zip(own, own[1:], own[2:], strict=False):
        if (left, middle, right) in threes:
            continue
        if middle in _NOT and (left, right) in pairs and not denied:
            yield f'adds "{middle}", which its source does not say'
            return
        if middle in _SURELY and any((left, maybe, right) in threes for maybe in _MAYBE - reported):
            yield f'says "{middle}" where its source is less sure'
            return
    mine = set(zip(own, own[1:], own[2:], strict=False))
    for left, right in pairwise(own):
        dropped = next((word for word in _NOT if (left, word, right) in threes), None)
        if dropped and (left, right) not in pairs and (left, dropped, right) not in mine:
            yield f'drops "{dropped}" of its source'
            return
