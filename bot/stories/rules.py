"""What a filter of a subscription asks of an article: words, a pattern, its author, category, language … Pure.

```
rule := ["not"] asks
asks := "about" SENTENCE | "author" NAMES | "category" NAMES | "language" CODES | "substance" NUMBER
      | ["title"] /PATTERN/ | KEYWORDS
```
A colon may stand after the word; names and codes are parted by commas. Keywords are those of `filters`. Patterns are
regular expressions that RE2 runs in a time linear in the text: none can hang the bot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import re2

from bot.errors import UserError
from bot.stories import filters
from bot.stories.relevance import Reading, match
from bot.stories.sentences import normalise
from bot.stories.topics import Topic, sentence
from bot.stories.vectors import Floats

#: A rule that a person can still read.
LONGEST = 500
#: What RE2 may use for one pattern, in bytes; a pattern that needs more is refused when it is typed.
PATTERN_MEMORY = 1 << 20
#: An article is about something from this score of `relevance.match` on: of 427 real items (docs/evaluation.md) five of
#: six that eight sentences let through are of the topic; above it no more are.
ABOUT = 0.35

#: Languages by their English names, as people type them; codes are understood as they are.
LANGUAGES: Mapping[str, str] = {
    "arabic": "ar", "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "hindi": "hi", "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no",
    "polish": "pl", "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr",
    "ukrainian": "uk",
}  # fmt: skip
_CODES = frozenset(LANGUAGES.values()) | {"cs", "el", "he", "hu", "id", "nb", "ro", "th", "vi"}

_NOT = re.compile(r"^(?:not|without|drop|no)[\s:]+(?=\S)")
_KIND = re.compile(
    r"^(?P<kind>about|authors?|by|category|categories|languages?|lang|substance)(?P<colon>\s*:|(?=\s|$))\s*(?P<what>.*)$",
    re.IGNORECASE,
)
_PATTERN = re.compile(r"^(?P<title>title[\s:]+)?/(?P<pattern>.+)/$", re.IGNORECASE)
_ONLY = re.compile(r"^only\s+(?:if\s+)?(?:it(?:'s|\s+is)\s+)?", re.IGNORECASE)

ProfileOf = Callable[[str], Floats]
"""The unit vector of what a sentence says, shape `(256,)`."""


class Asks(Protocol):
    """One kind of question about an article; `str()` says what it asks for, as in `articles …`."""

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:
        """Whether it is so."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """Keywords in the title or the text."""

    keywords: filters.Filter

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:  # noqa: ARG002  # the same for all kinds
        """Whether the words are there."""
        return self.keywords.matches(seen.document)

    def __str__(self) -> str:
        return f"with {self.keywords}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, looked for in the title or in title and text, whatever the case."""

    pattern: str
    in_title: bool

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:  # noqa: ARG002  # the same for all kinds
        """Whether it is found."""
        text = seen.story.articles[0].article.title if self.in_title else seen.text
        return _compiled(self.pattern).search(text) is not None

    def __str__(self) -> str:
        return f"whose {'title' if self.in_title else 'text'} matches /{self.pattern}/"


@dataclass(frozen=True, slots=True)
class Named:
    """An author or a category, by its name or whole words of it."""

    what: str  # "author" or "category"
    names: tuple[str, ...]

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:  # noqa: ARG002  # the same for all kinds
        """Whether one of them is among the article's."""
        article = seen.story.articles[0].article
        given = article.authors if self.what == "author" else article.categories
        known = [f" {_plain(name)} " for name in given]
        return any(f" {_plain(name)} " in one for name in self.names for one in known)

    def __str__(self) -> str:
        return f"whose {self.what} is {' or '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Languages:
    """The language that the page or the feed states; one that states none passes."""

    codes: tuple[str, ...]

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:  # noqa: ARG002  # the same for all kinds
        """Whether it is one of these."""
        stated = (seen.story.articles[0].article.language or "").replace("_", "-").partition("-")[0].lower()
        return not stated or stated in self.codes

    def __str__(self) -> str:
        return f"in the language {' or '.join(self.codes)}"


@dataclass(frozen=True, slots=True)
class Substance:
    """How much of it can be checked."""

    least: float

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:  # noqa: ARG002  # the same for all kinds
        """Whether it reaches this."""
        return seen.substance.score >= self.least

    def __str__(self) -> str:
        return f"with a substance of {self.least:.2f} or more"


@dataclass(frozen=True, slots=True)
class About:
    """What it is about, by its meaning and words."""

    topic: Topic

    def holds(self, seen: Reading, profile: ProfileOf) -> bool:
        """Whether it is."""
        return match(seen, self.topic, profile(self.topic.profile)).score >= ABOUT

    def __str__(self) -> str:
        return f"about {self.topic.name}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A filter that was understood.

    Attributes:
        text: as it was typed, on one line.
        excludes: articles that are so are kept out, not let through.
    """

    text: str
    asks: Asks
    excludes: bool = False

    def passes(self, seen: Reading, profile: ProfileOf) -> bool:
        """Whether an article gets through."""
        return self.asks.holds(seen, profile) is not self.excludes

    def __str__(self) -> str:
        """The way it was understood: `only articles with HBM`."""
        return f"{'no' if self.excludes else 'only'} articles {self.asks}"


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    """Read a rule.

    Raises:
        UserError: it cannot be understood, with what to type.
    """
    line = " ".join(normalise(text).split())
    if not line:
        raise UserError('Which articles? For example `"HBM" AND Samsung`, `about inference cost`, `not author: Wire`.')
    if len(line) > LONGEST:
        raise UserError(f"That filter is too long: {LONGEST} characters are the most.")
    if line.casefold() == "not":
        raise UserError("Not what? For example `not gaming`, `not author: Jane Doe`.")
    plain = _ONLY.sub("", line)
    without = _NOT.sub("", plain)
    excludes = without != plain
    if not excludes and _is_only_not(plain):
        without, excludes = plain.removeprefix("NOT").strip(), True
    return Rule(line, _asks(without), excludes)


def _is_only_not(line: str) -> bool:
    """`NOT gaming`, which as keywords alone would say only what is not wanted."""
    if not line.startswith("NOT "):
        return False
    try:
        filters.parse(line)
    except UserError:
        return True
    return False


def _asks(text: str) -> Asks:
    if found := _PATTERN.match(text):
        _compiled(found["pattern"])
        return Pattern(found["pattern"], bool(found["title"]))
    if found := _KIND.match(text):
        kind, what = found["kind"].lower(), found["what"].strip()
        asks = _of_kind(kind, what, certain=bool(found["colon"].strip()))
        if asks is not None:
            return asks
    return Words(filters.parse(text))


def _of_kind(kind: str, what: str, *, certain: bool) -> Asks | None:
    """The question of this kind; None: the word was meant as a keyword (`language models`, `substance abuse`)."""
    if not what:
        raise UserError(f"What comes after `{kind}`? For example `about inference cost` or `author: Jane Doe`.")
    if kind == "about":
        # Always by its meaning: `inference cost` are two keywords elsewhere, but not after `about`.
        return About(sentence(what, what))
    if kind == "substance":
        return _substance(what, certain=certain)
    names = tuple(dict.fromkeys(part.strip() for part in re.split(r",|\bor\b", what) if part.strip()))
    if kind.startswith("lang"):
        return _languages(names, certain=certain)
    return Named("category" if kind.startswith("categ") else "author", names)


def _substance(what: str, *, certain: bool) -> Substance | None:
    try:
        least = float(what.replace(",", "."))
    except ValueError:
        least = -1.0
    if 0.0 <= least <= 1.0:
        return Substance(least)
    if certain:
        raise UserError("How much substance? A number between 0 (anything) and 1, such as `substance: 0.3`.")
    return None


def _languages(names: tuple[str, ...], *, certain: bool) -> Languages | None:
    lowered = [name.lower().partition("-")[0] for name in names]
    codes = [LANGUAGES.get(name, name) for name in lowered]
    unknown = [name for name, code in zip(names, codes, strict=True) if code not in _CODES]
    if not unknown:
        return Languages(tuple(dict.fromkeys(codes)))
    if certain:
        raise UserError(f"I don't know the language `{unknown[0][:40]}`. Use codes or names: `language: en, German`.")
    return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        raise UserError(
            f"That pattern cannot be used: {said[:120]}. Back-references and look-arounds are not understood."
        ) from error


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(name).casefold()))
