"""Errors planted into true sentences: which of them does the grounding checker let through?

Each sentence of the sample that holds a figure is changed in one way and shown to the checker with the true sentence
as its quote. What is true in other words must pass as well, or the checker would be safe and useless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.evaluation.checks import folded, numbers
from bot.models import Article, Quote, Sentence
from bot.stories.sentences import names, split
from bot.writing.candidates import source_of
from bot.writing.grounding import check

_DIGITS = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Planted:
    """One kind of change.

    Attributes:
        must: none of these may ever pass (a figure that no quote holds).
        faithful: the sentence stays true: all of these should pass.
        through: for errors, those that passed; for faithful changes, those that did not.
    """

    name: str
    tried: int
    must: bool
    faithful: bool
    through: tuple[str, ...]


_Change = Callable[[str], Iterable[str]]


def plant(articles: Iterable[Article]) -> tuple[Planted, ...]:
    """Try every kind of change on every sentence with a figure."""
    tried: dict[str, int] = dict.fromkeys(_CHANGES, 0)
    through: dict[str, list[str]] = {name: [] for name in _CHANGES}
    for article in articles:
        source = {article.id: source_of(article)}
        for span in split(article.text):
            if not _DIGITS.search(span.text):
                continue
            for name, (change, _, faithful) in _CHANGES.items():
                for text in change(span.text):
                    tried[name] += 1
                    verdict = check(Sentence(text, (Quote(article.id, span.text),)), source)
                    if verdict.ok != faithful:
                        why = f" ({'; '.join(verdict.problems)})" if verdict.problems else ""
                        through[name].append(f"{text}{why}")
    return tuple(
        Planted(name, tried[name], must, faithful, tuple(through[name]))
        for name, (_, must, faithful) in _CHANGES.items()
    )


def _swapped(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _other_figures(text: str) -> Iterator[str]:
    """The first digit of each number is another one: 420 becomes 520, 2028 becomes 2029."""
    there = {value for readings in numbers(text) for value in readings}
    for match in _DIGITS.finditer(text):
        is_year = re.fullmatch(r"(?:19|20)\d\d", match[0])
        if is_year:
            new = str(int(match[0]) + 1)
        else:
            first = int(match[0][0])
            new = f"{first % 9 + 1}{match[0][1:]}"
        if (
            not {value for readings in numbers(_swapped(text, match.start(), match.end(), new)) for value in readings}
            <= there
        ):
            yield _swapped(text, match.start(), match.end(), new)


_UNITS = (
    ("MW", "GW"), ("GW", "MW"), ("GB", "TB"), ("TB/s", "GB/s"), ("million", "billion"), ("billion", "million"),
    ("megawatt", "gigawatt"), ("hours", "days"), ("minutes", "hours"), ("ms", "s"), ("milliseconds", "seconds"),
    ("percent", "percentage points"), ("km", "m"), ("kilowatt", "megawatt"), ("weeks", "months"),
)  # fmt: skip


def _other_units(text: str) -> Iterator[str]:
    for old, new in _UNITS:
        for match in re.finditer(rf"(?<=\d)[ -]?{re.escape(old)}(?=\W|s\b)", text):
            changed = match[0].replace(old, new)
            if new not in text:
                yield _swapped(text, match.start(), match.end(), changed)
    for match in re.finditer(r"\$(?=\d)", text):
        yield _swapped(text, match.start(), match.end(), "€")


def _invented_figures(text: str) -> Iterator[str]:
    if "37" not in text and text.rstrip().endswith("."):
        yield f"{text.rstrip()[:-1]}, 37 percent more than before."


def _other_names(text: str) -> Iterator[str]:
    for name in names(text)[:2]:
        if len(name) > 3 and name.isalpha() and "Veltrona" not in text:  # noqa: PLR2004  # acronyms are not names
            yield text.replace(name, "Veltrona", 1)


_VERB = re.compile(
    r"\b(?:is|are|was|were|will|has|have|would|can)\b(?!['’]t)(?! (?:not|no|none|nothing|hardly|never)\b)"
)


def _negated(text: str) -> Iterator[str]:
    match = _VERB.search(text)
    if match is not None:
        yield _swapped(text, match.end(), match.end(), " not")


_HEDGES = (
    (re.compile(r"\b(?:could|may|might)\b(?= [a-z])"), "will"),
    (re.compile(r"\b(?:plans|expects|hopes|wants) to\b"), "will"),
    (re.compile(r"\bup to (?=\S*\d)"), ""),
)


def _surer(text: str) -> Iterator[str]:
    for pattern, new in _HEDGES:
        match = pattern.search(text)
        if match is not None:
            yield _swapped(text, match.start(), match.end(), new)


_SAID = re.compile(
    r",? (?:according to [^,.]+|(?:[A-Z]\w+(?: [A-Z]\w+)?|the company|the firm|it|people|a person \w+ with \w+ \w+)"
    r" (?:said|says|told \w+))(?=\.$)"
)


# "The company expects revenue of $2 billion" says still whose word it is, also without "it said".
_STILL_SAID = re.compile(r"^(?:The (?:company|firm)|[A-Z]\w+) (?:expects|estimates|predicts|claims|believes)\b")


def _unattributed(text: str) -> Iterator[str]:
    match = _SAID.search(text)
    if match is not None and not _STILL_SAID.search(text):
        yield _swapped(text, match.start(), match.end(), "")


def _as_it_is(text: str) -> Iterator[str]:
    yield text


_REWRITES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\$(\d+(?:\.\d+)?) billion\b"), lambda match: f"${match[1]}bn"),
    (
        re.compile(r"(?<!and )(?<!to )\b(\d+(?:\.\d+)?)(?: GW|-gigawatt)\b"),
        lambda match: f"{float(match[1]) * 1000:,.0f} MW",
    ),
    (re.compile(r"\b(\d{3,4}) ?megawatts\b"), lambda match: f"{match[1]} MW"),
    (re.compile(r"\b(\d+(?:\.\d+)?) (?:percent|per cent)\b"), lambda match: f"{match[1]} %"),
    (re.compile(r"\b(\d+(?:\.\d+)?) milliseconds\b"), lambda match: f"{match[1]} ms"),
    (re.compile(r"\b(\d{1,3}),(\d{3})\b"), lambda match: f"{match[1]}{match[2]}"),
)


def _other_writing(text: str) -> Iterator[str]:
    """The same figures, written otherwise."""
    for pattern, new in _REWRITES:
        match = pattern.search(text)
        if match is not None:
            yield _swapped(text, match.start(), match.end(), new(match))


def _shorter(text: str) -> Iterator[str]:
    """Without what stands between commas or after the last one."""
    match = re.search(r", (?:which|who|where) [^,.;]+(?=[,.](?: |$))", text)
    if match is not None and _DIGITS.search(_swapped(text, match.start(), match.end(), "")):
        yield folded(_swapped(text, match.start(), match.end() + (text[match.end()] == ","), ""))


#: name → (change, whether none may pass, whether the sentence stays true)
_CHANGES: dict[str, tuple[_Change, bool, bool]] = {
    "another figure": (_other_figures, True, False),
    "another unit": (_other_units, True, False),
    "an invented figure": (_invented_figures, True, False),
    "another name": (_other_names, False, False),
    "a negation": (_negated, False, False),
    "more certainty": (_surer, False, False),
    "nobody said it": (_unattributed, False, False),
    "as it is": (_as_it_is, False, True),
    "figures written otherwise": (_other_writing, False, True),
    "a clause left out": (_shorter, False, True),
}
