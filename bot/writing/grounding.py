"""The grounding checker: what a sentence of ours may say, given the quotes it cites. Pure and fast.

A sentence passes if each of its quotes stands word for word in its source, if its numbers, units, dates and names are
in these quotes, and if it is no surer, no less negative and no less attributed than they are. The checker is a veto,
not a judge of truth: it would rather drop a good sentence than let a false one through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.models import Answer, Brief, Sentence
from bot.stories.figures import Figure, find
from bot.stories.hedges import Bound
from bot.stories.sentences import names, normalise, words
from bot.writing import polarity
from bot.writing.quotes import Located, locate

MIN_OVERLAP = 0.6
"""Share of a sentence's content words that its quotes' sentences must hold. Near-extractive text has more than .8; on
real model errors this overlap is the best single guard (AUROC .84), numbers alone are nearly useless (.49)."""
_FEW = 3
_QUANTITY = frozenset({Bound.ABOUT, Bound.AT_LEAST, Bound.AT_MOST})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text may be shown, and what is wrong with it in words that a writer can act on."""

    ok: bool
    problems: tuple[str, ...] = ()


def check(sentence: Sentence, sources: Mapping[int, str], *, language: str = "en", headline: bool = False) -> Verdict:
    """Compare a sentence with the quotes it cites.

    Args:
        sentence: what is to be shown.
        sources: the stored text of each article id (see `quotes.source_text`).
        language: code of the sentence's language; what only English has words for is checked in English alone.
        headline: headlines may leave out who says so.
    """
    if not sentence.quotes:
        return Verdict(ok=False, problems=("cites nothing",))
    located: list[Located] = []
    for quote in sentence.quotes:
        found = locate(quote.text, sources.get(quote.article_id, ""))
        if found is None:
            return Verdict(ok=False, problems=(f'"{_short(quote.text)}" is not in source {quote.article_id}',))
        located.append(found)
    text = normalise(sentence.text)
    if not text:
        return Verdict(ok=False, problems=("says nothing",))
    if any(_plain(text) == _plain(found.context) for found in located):
        return Verdict(ok=True)
    problems = tuple(_problems(text, located, language, headline=headline))
    return Verdict(ok=not problems, problems=problems)


def _plain(text: str) -> str:
    return text.rstrip(" .").lower()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - enough to find it by


def _problems(text: str, located: Sequence[Located], language: str, *, headline: bool) -> Iterator[str]:
    """Everything that is wrong with a sentence whose quotes are all real."""
    quoted = [found.text for found in located]
    contexts = list(dict.fromkeys(found.context for found in located))
    yield from _links(text)
    yield from _figures(text, quoted, language)
    yield from _tokens(text, quoted)
    if not language.startswith("en"):
        return
    yield from _names(text, quoted)
    yield from _days(text, quoted)
    yield from _overlap(text, contexts)
    yield from polarity.surer(text, contexts)
    yield from polarity.negated(text, contexts, [found.before for found in located])
    yield from polarity.reversed_words(text, contexts)
    if not headline:
        yield from polarity.attributed(text, contexts)
    yield from _roles(text, contexts)


_LINK = re.compile(
    r"https?://|www\.|\]\(|<[!@#]|\b[\w-]+\.(?:com|net|org|io|ai|dev|co|ru|cn|xyz|info|link|app)/", re.IGNORECASE
)


def _links(text: str) -> Iterator[str]:
    if _LINK.search(text):
        yield "holds a link or a mention: links are made from the sources alone"


def _figures(text: str, quoted: Sequence[str], language: str) -> Iterator[str]:
    theirs = [figure for quote in quoted for figure in find(quote)]
    stems = frozenset(stem for quote in quoted for stem in words(quote))
    own = find(text)
    for figure in own:
        matching = [other for other in theirs if _same_value(figure, other)]
        if not matching and not language.startswith("en"):
            local = find(_english_numerals(figure.shown))
            matching = [other for mine in local for other in theirs if _same_value(mine, other)]
        if not matching:
            yield f"the figure {figure.shown} is not in the quotes"
        elif figure.noun and figure.kind == "count" and not _counts_same(figure, matching, stems):
            yield f"the quotes do not count {figure.noun}"
        elif language.startswith("en") and not any(_bound_kept(figure, other) for other in matching):
            hedge = matching[0].hedge
            told = f'drops "{hedge}" before {figure.shown}' if hedge else f'adds "{figure.hedge}" to {figure.shown}'
            yield told


def _english_numerals(shown: str) -> str:
    """`1.200,5` as `1200.5`: how numbers are written in much of Europe."""
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d)[. ](?=\d{3}(?!\d))", "", shown))


def _same_value(mine: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind and worth the same, in whatever unit they are written."""
    if mine.kind == "date" and other.kind == "date":
        return _same_day(mine, other)
    loose = {"count", "number"}
    if mine.unit != other.unit and not (mine.kind in loose and other.kind in loose):
        return False
    return math.isclose(mine.value, other.value, rel_tol=1e-6) and math.isclose(
        mine.range_high or mine.value, other.range_high or other.value, rel_tol=1e-6
    )


def _same_day(mine: Figure, other: Figure) -> bool:
    """Whether a date repeats another one; the year may be left out, not added."""
    if mine.unit == other.unit:
        return mine.value == other.value and mine.range_high == other.range_high
    return mine.unit == "day of year" and mine.shown.lower() in other.shown.lower()


def _counts_same(mine: Figure, matching: Sequence[Figure], stems: frozenset[str]) -> bool:
    """Whether what is counted is what a quote counts, or at least a word of it."""
    return any(other.noun == mine.noun for other in matching) or set(words(mine.noun)) <= stems


def _bound_kept(mine: Figure, other: Figure) -> bool:
    """Whether "up to", "more than" and "about" are kept; "about" may be added, for it only says less."""
    theirs = other.bound if other.bound in _QUANTITY else None
    own = mine.bound if mine.bound in _QUANTITY else None
    return own == theirs or (theirs is None and own is Bound.ABOUT)


_CODE = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*\+?")


def _tokens(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Model numbers, versions and acronyms (H200, v4.1, HBM4, TSMC): letter by letter in the quotes."""
    taken = find(text)
    pool = {token.lower() for quote in quoted for token in _codes(quote)}
    joined = " ".join(quoted)
    initials = {"".join(name) for name in _initials(joined)}
    for match in _CODE.finditer(text):
        token = match[0]
        inside = any(figure.start <= match.start() < _measured_to(figure) for figure in taken)
        if inside or not _is_code(token) or token.lower() in pool:
            continue
        bare = token.rstrip("s")
        if bare.lower() in pool or bare in initials or bare.upper().replace(".", "") in initials:
            continue
        yield f"{token} is not in the quotes"


def _codes(text: str) -> Iterator[str]:
    for match in _CODE.finditer(text):
        yield match[0]
        yield from re.split(r"[.-]", match[0])


def _is_code(token: str) -> bool:
    digits = any(mark.isdigit() for mark in token)
    capitals = sum(mark.isupper() for mark in token)
    return (digits and not token.isdigit()) or capitals > 1 or (token[0].islower() and capitals == 1)


def _initials(text: str) -> Iterator[tuple[str, ...]]:
    """First letters of each run of two to five capitalised words: "Amazon Web Services" gives AWS."""
    for run in re.findall(r"(?:[A-Z][\w&]*(?: (?:of|and|for|the) | |-)?){2,6}", text):
        letters = tuple(word[0] for word in re.split(r"[ -]", run) if word and word[0].isupper())
        for size in range(2, len(letters) + 1):
            for at in range(len(letters) - size + 1):
                yield letters[at : at + size]


def _names(text: str, quoted: Sequence[str]) -> Iterator[str]:
    pool = {part for quote in quoted for part in _parts(quote)}
    initials: set[str] | None = None
    for name in names(_without_figures(text)):
        missing = [part for part in _parts(name) if part not in pool and part not in _LINKS]
        if not missing:
            continue
        if initials is None:
            initials = {"".join(letters).lower() for letters in _initials(" ".join(quoted))}
        if all(part in initials or part.rstrip("s") in initials for part in missing):
            continue
        if set(words(name)) <= {stem for quote in quoted for stem in words(quote)}:
            continue
        yield f"the name {name} is not in the quotes"


def _without_figures(text: str) -> str:
    """The text with its figures blanked: "MW" is no name."""
    for figure in find(text):
        end = _measured_to(figure)
        text = text[: figure.start] + "_" * (end - figure.start) + text[end:]
    return text


def _measured_to(figure: Figure) -> int:
    """Where a figure's number and unit end; a count's span goes on to its noun ("40,000 Nvidia H200 accelerators")."""
    return figure.start + len(figure.shown.split(" ", 1)[0]) if figure.kind == "count" else figure.end


_LINKS = frozenset({"of", "the", "de", "and", "for", "van", "von", "la", "du"})


def _parts(text: str) -> Iterator[str]:
    yield from re.findall(r"[^\W_]+", normalise(text).lower())


_DAYS = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow|tonight)\b"
    r"|\b(?:last|next|this) (?:week|month|quarter|year|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)


def _days(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Days and relative times must be the source's: "on Monday" means nothing a week later, and is easily invented."""
    pool = " ".join(quoted).lower()
    for match in _DAYS.finditer(text):
        if match[0].lower() not in pool:
            yield f"{match[0]} is not in the quotes"


def _overlap(text: str, contexts: Sequence[str]) -> Iterator[str]:
    own = list(dict.fromkeys(words(text)))
    theirs = {stem for context in contexts for stem in words(context)}
    new = [word for word in own if word not in theirs]
    if own and len(new) > (1 - MIN_OVERLAP) * len(own) and (len(own) > _FEW or len(new) == len(own)):
        yield f"says more than its quotes ({', '.join(new[:4])})"


_WORDS = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")


def _roles(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Two names on the wrong sides of a verb: "A buys B" where the source has "B buys A"."""
    if re.search(r"\bby\b", text) or any(re.search(r"\bby\b", context) for context in contexts):
        return
    for left, verb, right in _triples(text):
        straight = turned = False
        for context in contexts:
            for first, theirs, second in _triples(context):
                if verb == theirs:
                    straight |= (first, second) == (left, right)
                    turned |= (first, second) == (right, left)
        if turned and not straight:
            yield f"turns round who does what to whom ({left}, {right})"
            return


def _triples(text: str) -> Iterator[tuple[str, str, str]]:
    """(name, verb stem, next name) for each two neighbouring names with few words between."""
    found = sorted((text.find(name), name) for name in names(text) if name in text)
    for (at, left), (later, right) in pairwise(found):
        between = text[at + len(left) : later]
        if len(between) > 60 or re.search(r"[,;:]", between):  # noqa: PLR2004 - about ten words
            continue
        for stem in words(between):
            yield left.lower(), stem, right.lower()


def check_brief(brief: Brief, sources: Mapping[int, str]) -> Verdict:
    """Check everything in a brief that claims something; the problems name the part."""
    parts = [("headline", Sentence(brief.headline, brief.headline_quotes), True)]
    parts += [(f"what {number}", sentence, False) for number, sentence in enumerate(brief.what, 1)]
    parts += [("why", brief.why, False)] if brief.why else []
    parts += [(f"fact {number}", line.sentence, False) for number, line in enumerate(brief.facts, 1)]
    problems = tuple(
        f"{part}: {problem}"
        for part, sentence, headline in parts
        for problem in check(sentence, sources, language=brief.language, headline=headline).problems
    )
    cited = {quote.article_id for _, sentence, _ in parts for quote in sentence.quotes}
    listed = {source.article_id for source in brief.sources}
    problems += tuple(f"source {article} is cited but not listed" for article in sorted(cited - listed))
    return Verdict(ok=not problems, problems=problems)


def check_answer(answer: Answer, sources: Mapping[int, str], *, language: str = "en") -> Verdict:
    """Check every sentence of an answer, and that what it cites is listed."""
    problems = tuple(
        f"sentence {number}: {problem}"
        for number, sentence in enumerate(answer.sentences, 1)
        for problem in check(sentence, sources, language=language).problems
    )
    cited = {quote.article_id for sentence in answer.sentences for quote in sentence.quotes}
    listed = {source.article_id for source in answer.sources}
    problems += tuple(f"source {article} is cited but not listed" for article in sorted(cited - listed))
    return Verdict(ok=not problems, problems=problems)
