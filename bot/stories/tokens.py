"""A filter of keywords cut into its tokens: brackets, operators in their many forms, words and phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import UserError
from bot.stories.lexicon import STOP_WORDS

#: A filter that a person can still read; far below what a match would notice.
MOST_TERMS = 50

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[(),;|]|[-+](?=[\w\"(])|&&?(?=\s|$)|/(?=\s|$))|\"(?P<quoted>[^\"]*)(?P<closed>\"?)|(?P<bare>[^\s(),;|\"]+))"
)
_MARKS = {";": ",", "|": "OR", "/": ",", "&": "AND", "&&": "AND", "+": "AND", "-": "NOT"}
#: What joins words.
OPERATORS = frozenset({"AND", "OR", "NOT"})
_WORDED = {"and": "AND", "und": "AND", "or": "OR", "oder": "OR", "not": "NOT", "nicht": "NOT"}
#: Written so, they join even in what would else be a sentence.
IN_CAPITALS = OPERATORS | {"UND", "ODER", "NICHT"}
_UNKNOWN = frozenset({"NEAR", "XOR", "WITHIN", "ADJ"})
# Small words say nothing by themselves; in quotes they do.
_SMALL = STOP_WORDS | frozenset(
    {"anything", "everything", "news", "stories", "articles", "der", "die", "das", "von", "über"}
)
_FIELD = re.compile(
    r"(?P<field>title|author|category|language|source|site|feed|url|domain|substance):\S", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: a bracket, a comma, an operator, a word or phrase, or the end."""

    kind: str  # "(", ")", ",", "AND", "OR", "NOT", "term" or "end"
    text: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a filter: small words passed over, signs and words for operators read as such.

    Raises:
        UserError: a piece cannot be understood, or there are too many, with what to do.
    """
    small: str | None = None
    terms = 0
    before = ""
    for found in _TOKEN.finditer(text):
        token = _token(found)
        if token is None:
            small = small or found["bare"]
            continue
        if token.kind == before and before in {",", "OR", "AND"} and found["bare"] is None:
            continue  # "HBM,,DRAM", "HBM || DRAM"
        if token.kind == "AND" and found["mark"] == "+" and before in {"", "(", ",", *OPERATORS}:
            continue  # "+HBM +Samsung"
        terms += token.kind == "term"
        if terms > MOST_TERMS:
            raise UserError(f"That filter has too many words: {MOST_TERMS} are the most.")
        before = token.kind
        yield token
    if not terms and small:
        raise UserError(f"`{small[:40]}` is in nearly every text. Use words that only such news would use.")
    yield Token("end")


def _token(found: re.Match[str]) -> Token | None:
    """What one match stands for; None for a small word."""
    if found["mark"]:
        return Token(_MARKS.get(found["mark"], found["mark"]))
    if found["quoted"] is not None:
        if not found["closed"]:
            raise UserError(f'The quotation `"{found["quoted"][:40]}` has no end. Put a `"` behind its last word.')
        return Token("term", f'"{found["quoted"]}"')
    bare = found["bare"]
    if bare.casefold() in _WORDED and (bare.islower() or bare in IN_CAPITALS):
        return Token(_WORDED[bare.casefold()])
    if bare in _UNKNOWN:
        raise UserError(f"I don't know `{bare}`. Words are joined by `AND`, `OR` and `NOT`; a phrase stands in quotes.")
    if field := _FIELD.match(bare):
        raise UserError(
            f"`{field['field']}:` can't be asked here, only words. `/tapeout filter` asks for titles, authors and more."
        )
    if len(bare) > 2 and bare.startswith("/") and bare.endswith("/"):  # noqa: PLR2004  # two slashes and something
        raise UserError(f"`{bare[:40]}` is a pattern, and here are only words. `/tapeout filter` takes patterns.")
    return None if bare in _SMALL else Token("term", bare)
