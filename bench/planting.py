"""Errors planted into true sentences, and rewritings that leave them true; for fitting and measuring.

The kinds are those of FactCC (Kryściński et al. 2020: names, numbers, negation, pronouns; noise as a rewriting) and,
for what models do more often, subject and predicate of two sentences joined, a clause of another text, and words that
drift away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.stories.sentences import names, normalise, split
from bot.stories.vectors import WordVectors

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|would|can|could)\b(?! not\b|n't)")
_NEGATED = re.compile(r" (?:not|never)\b")
_WORD = re.compile(r"\b[a-z]{5,}\b")
_TURNS = (
    "rose fell|higher lower|more fewer|increased reduced|bought sold|before after|won lost|opened closed|first last"
    "|accepted refused|supports opposes|largest smallest|gained lost|approved rejected|arrived left|better worse"
    "|faster slower|up down|raised cut|began ended|found missed|agreed declined|built demolished|north south"
    "|allowed banned|safe dangerous|guilty innocent|early late|public secret|dead alive|expanded shrank"
    "|strong weak|hired dismissed|added removed|signed cancelled|praised condemned|increase decrease|inside outside"
)
_OPPOSITE = {
    one: other for pair in _TURNS.split("|") for one, other in (tuple(pair.split()), tuple(reversed(pair.split())))
}
_PRONOUNS = {"he": "she", "she": "he", "his": "her", "its": "their", "their": "its", "they": "he", "it": "they"}


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence made from a source, and what was done to it."""

    kind: str
    source: int
    text: str
    true: bool


class Planter:
    """Makes sentences from texts; the same seed makes the same ones."""

    def __init__(self, texts: Sequence[str], vectors: WordVectors, seed: int = 7) -> None:
        self._texts = [[normalise(span.text) for span in split(text)] for text in texts]
        self._chance = random.Random(seed)  # a measurement, not a secret
        self._vectors = vectors
        self._all = [span for spans in self._texts for span in spans if 8 <= len(span.split()) <= 40]

    def plant(self, each: int = 5) -> list[Planted]:
        """Every kind of change to up to `each` sentences of every text."""
        made: list[Planted] = []
        for source, spans in enumerate(self._texts):
            usable = [at for at, span in enumerate(spans) if 8 <= len(span.split()) <= 40]
            for at in self._chance.sample(usable, min(each, len(usable))):
                for kind, (change, true) in KINDS.items():
                    text = change(self, spans, at)
                    if text and text != spans[at]:
                        made.append(Planted(kind, source, text, true))
        return made

    def cut(self, spans: Sequence[str], at: int) -> str:
        """A clause between commas, or after the last one, left out."""
        parts = spans[at].rstrip(".").split(", ")
        if len(parts) < 2:
            return ""
        drop = self._chance.randrange(1, len(parts))
        return ", ".join(part for number, part in enumerate(parts) if number != drop) + "."

    def joined(self, spans: Sequence[str], at: int) -> str:
        """Two sentences that follow each other as one."""
        if at + 1 >= len(spans):
            return ""
        return f"{spans[at].rstrip('.')}, and {spans[at + 1][:1].lower()}{spans[at + 1][1:]}"

    def fronted(self, spans: Sequence[str], at: int) -> str:
        """Who says so comes first."""
        found = re.match(r"(?P<what>.+?),? (?P<who>[A-Z][\w' ]+?|the company|it) (?P<said>said|says)\.$", spans[at])
        return f"{found['who'][:1].upper()}{found['who'][1:]} {found['said']} that {found['what']}." if found else ""

    def synonyms(self, spans: Sequence[str], at: int) -> str:
        """Some words in other words of the same meaning."""
        return self._replaced(
            spans[at], 3, lambda word: next(iter(self._vectors.neighbours(word, most=1, least=0.6)), "")
        )

    def noisy(self, spans: Sequence[str], at: int) -> str:
        """A small word lost or doubled."""
        tokens = spans[at].split()
        small = [number for number, token in enumerate(tokens) if token in {"the", "a", "of", "that", "and", "in"}]
        if not small:
            return ""
        where = self._chance.choice(small)
        tokens[where : where + 1] = [] if self._chance.random() < 0.5 else [tokens[where]] * 2
        return " ".join(tokens)

    def number(self, spans: Sequence[str], at: int) -> str:
        """Another number, half of the time one that the text has elsewhere."""
        found = list(_NUMBER.finditer(spans[at]))
        if not found:
            return ""
        match = self._chance.choice(found)
        others = [one for span in spans for one in _NUMBER.findall(span) if one not in spans[at]]
        new = self._chance.choice(others) if others and self._chance.random() < 0.5 else _other(match[0])
        return spans[at][: match.start()] + new + spans[at][match.end() :]

    def name(self, spans: Sequence[str], at: int) -> str:
        """Another name, mostly one that the text has elsewhere."""
        mine = [name for name in names(spans[at]) if name in spans[at]]
        there = self._all if self._chance.random() < 0.3 else spans
        others = [name for span in there for name in names(span) if name not in spans[at]]
        return spans[at].replace(self._chance.choice(mine), self._chance.choice(others), 1) if mine and others else ""

    def roles(self, spans: Sequence[str], at: int) -> str:
        """Two names in each other's place."""
        mine = [name for name in names(spans[at]) if name in spans[at]]
        if len(mine) < 2:
            return ""
        one, other = mine[:2]
        return spans[at].replace(one, "\0").replace(other, one).replace("\0", other)

    def negated(self, spans: Sequence[str], at: int) -> str:
        """A "not" added, or one taken away."""
        if _NEGATED.search(spans[at]):
            return _NEGATED.sub("", spans[at], count=1)
        found = _VERB.search(spans[at])
        return f"{spans[at][: found.end()]} not{spans[at][found.end() :]}" if found else ""

    def turned(self, spans: Sequence[str], at: int) -> str:
        """A word turned into its opposite."""
        return self._replaced(spans[at], 1, lambda word: _OPPOSITE.get(word, ""), least=2)

    def pronoun(self, spans: Sequence[str], at: int) -> str:
        """Another pronoun."""
        found = list(re.finditer(r"\b(?:" + "|".join(_PRONOUNS) + r")\b", spans[at]))
        if not found:
            return ""
        match = self._chance.choice(found)
        return spans[at][: match.start()] + _PRONOUNS[match[0]] + spans[at][match.end() :]

    def mixed(self, spans: Sequence[str], at: int) -> str:
        """The beginning of one sentence with the end of another of the same text."""
        other = self._chance.choice(spans)
        return self._grafted(spans[at], other) if other != spans[at] else ""

    def invented(self, spans: Sequence[str], at: int) -> str:
        """The beginning of a sentence with the end of one of any text."""
        other = self._chance.choice(self._all)
        return "" if other in spans else self._grafted(spans[at], other)

    def added(self, spans: Sequence[str], at: int) -> str:
        """A clause of another text at the end."""
        tail = self._chance.choice(self._all).rstrip(".").split()[-7:]
        return f"{spans[at].rstrip('.')} {' '.join(tail)}."

    def drifted(self, spans: Sequence[str], at: int) -> str:
        """Words replaced by any others of these texts."""
        pool = [word for span in self._chance.sample(self._all, 4) for word in _WORD.findall(span)]
        return self._replaced(
            spans[at], 3, lambda word: self._chance.choice([one for one in pool if one != word] or [""])
        )

    def rewritten_wrong(self, spans: Sequence[str], at: int) -> str:
        """In other words, with an error."""
        text = self.synonyms(spans, at)
        changes = [self.number, self.name, self.negated, self.turned, self.mixed, self.invented]
        return self._chance.choice(changes)([*spans[:at], text, *spans[at + 1 :]], at) if text else ""

    def rewritten(self, spans: Sequence[str], at: int) -> str:
        """In other words and shorter."""
        text = self.synonyms(spans, at)
        return (self.cut([*spans[:at], text, *spans[at + 1 :]], at) or text) if text else ""

    def _grafted(self, one: str, other: str) -> str:
        left, right = one.split(), other.split()
        return " ".join([*left[: max(3, len(left) // 2)], *right[len(right) // 2 :]])

    def _replaced(self, text: str, most: int, new: Callable[[str], str], least: int = 5) -> str:
        found = [match for match in re.finditer(rf"\b[a-z]{{{least},}}\b", text) if new(match[0])]
        for match in sorted(self._chance.sample(found, min(most, len(found))), key=lambda one: -one.start()):
            text = text[: match.start()] + new(match[0]) + text[match.end() :]
        return text if found else ""


def _other(number: str) -> str:
    return f"{int(number[0]) % 9 + 1}{number[1:]}"


_Change = Callable[[Planter, Sequence[str], int], str]
KINDS: dict[str, tuple[_Change, bool]] = {
    "a clause left out": (Planter.cut, True),
    "two sentences joined": (Planter.joined, True),
    "who said it first": (Planter.fronted, True),
    "other words": (Planter.synonyms, True),
    "other words, shorter": (Planter.rewritten, True),
    "noise": (Planter.noisy, True),
    "another number": (Planter.number, False),
    "another name": (Planter.name, False),
    "roles swapped": (Planter.roles, False),
    "negation": (Planter.negated, False),
    "turned words": (Planter.turned, False),
    "another pronoun": (Planter.pronoun, False),
    "two sentences mixed": (Planter.mixed, False),
    "an invented end": (Planter.invented, False),
    "a clause added": (Planter.added, False),
    "words drifted": (Planter.drifted, False),
    "other words, wrong": (Planter.rewritten_wrong, False),
}
