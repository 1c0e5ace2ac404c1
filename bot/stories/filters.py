"""Keyword filters as people write them: `"HBM" AND (Samsung OR "SK hynix") NOT gaming`. Pure.

```
any  := all ("OR" all)*              also a comma, a semicolon or |; a comma before NOT means AND
all  := one (["AND"] one)*           side by side means both; also & and +
one  := ["NOT"] ( "(" any ")" | word | word* | "quoted phrase" )      also - right before it
```
The operators may be written small or in German; other small words ("about", "the") are passed over outside of quotes.
Words match whole words, whatever their case; `accelerat*` matches beginnings; a quoted phrase matches its words in a
row. There are no regular expressions, so no filter can be slow: a text is cut into words once, and each word of the
filter is then looked up among them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.errors import UserError
from bot.stories.sentences import normalise
from bot.stories.tokens import IN_CAPITALS, OPERATORS, Token, tokens

#: A filter that a person can still read; far below what a match would notice.
LONGEST = 500
DEEPEST = 12
#: So many letters must stand before `*`: `a*` would match nearly everything.
PREFIX_LEAST = 3

# Latin, Cyrillic … in runs; Chinese and Japanese, which write no spaces, character by character.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_SIGNED = re.compile(r"(?:^|\s)[-+](?=[\w\"(])")
_BETWEEN = re.compile(r"[,;]|\s/\s")


@dataclass(frozen=True, slots=True)
class Document:
    """A text as filters see it: where each of its words stands."""

    places: Mapping[str, tuple[int, ...]]
    words: tuple[str, ...]


def document(text: str) -> Document:
    """Cut a text into words, once for all filters."""
    words = _words(text)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        places[word].append(place)
    return Document({word: tuple(found) for word, found in places.items()}, words)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, the beginning of one, or a phrase."""

    words: tuple[str, ...]
    shown: str
    is_prefix: bool = False

    def matches(self, text: Document) -> bool:
        """Whether it stands in the text."""
        first, *rest = self.words
        if self.is_prefix:
            return any(word.startswith(first) for word in text.places)
        size = len(self.words)
        return any(not rest or text.words[at : at + size] == self.words for at in text.places.get(first, ()))

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    part: Part

    def matches(self, text: Document) -> bool:
        """Whether its part does not match."""
        return not self.part.matches(text)

    def __str__(self) -> str:
        return f"NOT {_bracketed(self.part)}"


@dataclass(frozen=True, slots=True)
class All:
    """Every part must match."""

    parts: tuple[Part, ...]

    def matches(self, text: Document) -> bool:
        """Whether every part matches."""
        return all(part.matches(text) for part in self.parts)

    def __str__(self) -> str:
        return " AND ".join(_bracketed(part) if isinstance(part, Either) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least must match."""

    parts: tuple[Part, ...]

    def matches(self, text: Document) -> bool:
        """Whether any part matches."""
        return any(part.matches(text) for part in self.parts)

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Part = Term | Not | All | Either


def _bracketed(part: Part) -> str:
    return f"({part})" if isinstance(part, All | Either) else str(part)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood; `str()` writes it the way it was understood, which parses to the same again."""

    root: Part

    def matches(self, text: Document) -> bool:
        """Whether a text passes."""
        return self.root.matches(text)

    def found(self, text: Document) -> tuple[str, ...]:
        """The wanted words and phrases that stand in the text, for saying why it passed."""
        return tuple(dict.fromkeys(term.shown for term in _wanted(self.root) if term.matches(text)))

    def __str__(self) -> str:
        return str(self.root)


def _wanted(part: Part) -> Iterator[Term]:
    match part:
        case Term():
            yield part
        case All(parts) | Either(parts):
            for each in parts:
                yield from _wanted(each)
        case Not():
            return


def is_filter(text: str) -> bool:
    """Whether a text is meant as keywords, not as a sentence.

    It is where it holds an operator in capitals or a sign for one, a quotation, brackets or a word with `*`, is a list
    of short parts between commas, or has one or two words.
    """
    plain = normalise(text)
    words = plain.split()
    if any(mark in plain for mark in '"()|') or not (IN_CAPITALS | {"&&"}).isdisjoint(words) or _SIGNED.search(plain):
        return True
    if any(word.endswith("*") or word.startswith("*") for word in words):
        return True
    return all(len(part.split()) <= 2 for part in _BETWEEN.split(plain))  # noqa: PLR2004  # as the docstring says


@lru_cache(maxsize=1024)
def parse(text: str) -> Filter:
    """Read a filter.

    Raises:
        UserError: it cannot be understood, with where and what to do.
    """
    plain = normalise(text)
    if len(plain) > LONGEST:
        raise UserError(f"That filter is too long: {LONGEST} characters are the most.")
    reader = _Reader(tuple(tokens(plain)))
    root = reader.any_of(0)
    if reader.kind == ")":
        raise UserError("There is a `)` without its `(`.")
    if root.matches(document("")):
        raise UserError("That says only what you do not want. Say what you do want, too: `HBM NOT gaming`.")
    return Filter(root)


class _Reader:
    """Goes through the tokens once, from left to right."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def kind(self) -> str:
        """What comes next."""
        return self._tokens[self._at].kind

    def _step(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def any_of(self, depth: int) -> Part:
        parts = [self._all_of(depth)]
        while self.kind in {"OR", ","}:
            token = self._step()
            if token.kind == "," and self.kind in {"end", ")"}:
                break  # a comma at the end of a list
            if token.kind == "," and self.kind == "NOT":
                wanted = parts[0] if len(parts) == 1 else Either(tuple(parts))
                parts = [All((wanted, self._all_of(depth)))]  # "Nvidia OR AMD, not gaming"
                continue
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _all_of(self, depth: int) -> Part:
        parts = [self._one(depth)]
        while self.kind in {"AND", "NOT", "(", "term"}:
            if self.kind == "AND":
                self._step()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Part:
        if depth > DEEPEST:
            raise UserError("That filter has too many brackets in brackets.")
        if self.kind == "NOT":
            self._step()
            return Not(self._one(depth + 1))
        if self.kind == "(":
            self._step()
            inside = self.any_of(depth + 1)
            if self.kind != ")":
                raise UserError("There is a `(` without its `)`.")
            self._step()
            return inside
        if self.kind != "term":
            raise UserError(self._missing())
        return _term(self._step().text)

    def _missing(self) -> str:
        before = self._tokens[self._at - 1].kind if self._at else ""
        if before in OPERATORS:
            return f"A word is missing after `{before}`. `AND`, `OR` and `NOT` in capitals join words."
        if self.kind in OPERATORS:
            return f"A word is missing before `{self.kind}`. `AND`, `OR` and `NOT` in capitals join words."
        if self.kind == ")":
            return "There is nothing in the brackets." if before == "(" else "There is a `)` where a word should be."
        return 'Which words? For example: `"HBM" AND (Samsung OR "SK hynix") NOT gaming`.'


def _term(text: str) -> Term:
    is_prefix = text.endswith("*") and not text.startswith('"')
    if "*" in text.removesuffix("*") and not text.startswith('"'):
        raise UserError(f"`{text[:40]}`: a `*` may stand at the end of a word alone, as in `accelerat*`.")
    words = _words(text)
    if not words:
        raise UserError(f"`{text[:40]}` has no letters or digits that could be looked for.")
    if is_prefix and (len(words) > 1 or len(words[0]) < PREFIX_LEAST):
        raise UserError(f"`{text[:40]}`: one word of {PREFIX_LEAST} letters at least must stand before `*`.")
    return Term(words, text, is_prefix)


def _words(text: str) -> tuple[str, ...]:
    return tuple(found.casefold() for found in _WORD.findall(normalise(text)))
