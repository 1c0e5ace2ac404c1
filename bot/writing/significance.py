"""What sources themselves say about why it matters; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.models import Sentence
from bot.stories.sentences import words
from bot.writing.candidates import Candidate, paired
from bot.writing.consequences import CONSEQUENCES, FIELD_WORDS, SECTION, stated
from bot.writing.gaps import is_gap

LEAST, LEAST_ELSEWHERE = 1.9, 3.4
"""Below this nothing in the sources states a consequence; found by reading this project's own articles, and some
sixty of other people's. News that is not of this field must say it plainly, or the brief is silent."""
FIELD, FEW = 0.25, 2
"""Share of a story's sentences, and how many of them, with a word of this field: either makes it a story of"
" the field."""
_MARKETS = re.compile(r"\b(?:shares?|stock|per share|eps|earnings|pre-?market|dividend|profit|loss)\b", re.IGNORECASE)
MARKETS = 0.9
"""What a sentence on results and share prices loses: it says what it means for shareholders."""
_LEADS_ON = re.compile(
    r"\b(?:two|three|four|five|several|some|a few) (?:\w+ ){0,2}(?:causes|reasons|factors|ways|things|steps"
    r"|questions)\b",
    re.IGNORECASE,
)
_ANAPHOR = re.compile(
    r"^The (?:\S+ )?(?P<noun>facility|site|project|agreement|deal|arrangement|building|campus|plant|move|transaction"
    r"|structure|program(?:me)?|contract|investment)\b"
)
ANAPHOR = 1.0
"""What a sentence loses that opens with "The facility" where the brief has named none."""
_PAST = re.compile(
    r"^(?:over|in|during|for) (?:the )?(?:past|last|recent)\b|^(?:historically|traditionally)\b", re.IGNORECASE
)
_UNIT = re.compile(r"^(?:A|One) (?:mega|giga)watt\b")
PAST = 1.0
"""What a sentence loses that looks back, or explains a unit."""
LONG, LONGER = 34, 44
_SAID = re.compile(r"\b(?:said|says|told|wrote|writes|explains?|explained|added|noted|stated|according)\b")
MOST_WORDS_PAIRED = 50
SHORT = 8
TERSE = 1.0
"""What a sentence of fewer words loses if nothing explains it."""
EXPLAINED = 9
"""Words up to which a sentence takes the next one along, which says what it means."""
_MATTERS = re.compile(CONSEQUENCES[0][1] + r"|would (?:need|require|have to)", re.IGNORECASE)
_ANNOUNCED = re.compile(r"\b(?:matters?|here is why|(?:here|this) is what it means)\b", re.IGNORECASE)
ANNOUNCED = 2.0
"""What a sentence gains behind a short one that only announces it: "It matters all the same."."""
TOLD = 0.6
"""A sentence with more than this share of its words told already says why nothing."""
_CHANGED = re.compile(
    r"\b(?:had first|first (?:spoken|said|put|filing)|originally|earlier (?:said|report|figure)|corrected|correction)\b"
    r"|\bfootnote\b",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^(?:leave|forget|take|consider|imagine|remember|think)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence that states a consequence, and how strongly it does."""

    sentence: Sentence
    score: float
    article_id: int
    position: int


def why(
    candidates: Sequence[Candidate],
    scores: Sequence[float],
    sources: Mapping[int, str],
    taken: Sequence[Sentence] = (),
) -> Sentence | None:
    """The sentence in which a source says why it matters; None where none does.

    Args:
        candidates: the story's sentences.
        scores: their salience, 0–1.
        sources: the articles' texts by id.
        taken: sentences that the brief shows already.
    """
    shown = {quote.text for sentence in taken for quote in sentence.quotes}
    told = {stem for sentence in taken for stem in words(sentence.text)}
    least = LEAST if _is_of_field(candidates) else LEAST_ELSEWHERE
    above = [one.text for one in candidates if one.sentence.quotes[0].text in shown]
    best: Why | None = None
    for candidate, salience in zip(candidates, scores, strict=True):
        if candidate.sentence.quotes[0].text in shown or is_gap(candidate.text):
            continue
        own = set(candidate.stems)
        if len(own & told) > TOLD * len(own) or (candidate.position == 0 and not _MATTERS.search(candidate.text)):
            continue  # an article opens with the event, not with what follows from it
        floor = max(least, best.score if best is not None else least)
        found = _weighed(candidate, salience, candidates, sources, told=told, shown=shown, floor=floor)
        if found is not None and any(text in found.sentence.text for text in above):
            continue  # it leans on a sentence that stands above it already
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best.sentence if best is not None and best.score >= least else None


def _is_of_field(candidates: Sequence[Candidate]) -> bool:
    count = sum(FIELD_WORDS.search(one.text) is not None for one in candidates)
    return count >= min(FEW, FIELD * len(candidates))


def _weighed(
    candidate: Candidate,
    salience: float,
    candidates: Sequence[Candidate],
    sources: Mapping[int, str],
    *,
    told: Collection[str],
    shown: Collection[str],
    floor: float,
) -> Why | None:
    """How well a sentence says why, with what it leans on; None if it says nothing of it, or less than `floor`."""
    score = stated(candidate.text)
    score += 2.5 if SECTION.search(candidate.section) else 0.0
    score += ANNOUNCED if _is_announced(candidate, candidates) else 0.0
    if not score:
        return None
    score += salience - 0.1 * candidate.rank - (0.7 if candidate.speech else 0.0)
    score -= TERSE if candidate.length < SHORT else 0.0
    score -= _losses(candidate, told)
    score -= 0.4 if candidate.own_voice else 0.0
    score -= 1.5 if candidate.fragment or _CHANGED.search(candidate.text) or _ORDER.match(candidate.text) else 0.0
    sentence = candidate.sentence
    if candidate.dangling and _names_what_it_points_to(candidate, candidates, shown):
        score -= 0.3
    elif candidate.dangling:
        score -= 0.3
        if score < floor:
            return None  # before the checker is asked, which takes longest
        both = paired(candidate, candidates, sources, MOST_WORDS_PAIRED)
        if both is None or _ORDER.match(both.text):
            return None
        sentence = both
    elif candidate.length <= EXPLAINED:
        explained = _explained(candidate, candidates)
        if explained is not None:
            sentence = explained
            score += TERSE if candidate.length < SHORT else 0.0
    return Why(sentence, score, candidate.article_id, candidate.position)


_DEMONSTRATIVE = re.compile(
    r"^(?:This|These|Those|Such) (?!is\b|are\b|was\b|were\b|will\b|would\b|could\b|can\b|may\b|might\b|has\b|have\b"
    r"|had\b|means?\b|meant\b|makes?\b|lets?\b|allows?\b|gives?\b|comes?\b|came\b|does\b|should\b|must\b|also\b|\w+n't)[a-z]"
)


def _names_what_it_points_to(candidate: Candidate, candidates: Sequence[Candidate], shown: Collection[str]) -> bool:
    """Whether a sentence such as "These rules are meant to …" says what it points to, and that stands above it."""
    return _DEMONSTRATIVE.match(candidate.text) is not None and any(
        one.article_id == candidate.article_id
        and one.position == candidate.position - 1
        and one.sentence.quotes[0].text in shown
        for one in candidates
    )


def _losses(candidate: Candidate, told: Collection[str]) -> float:
    """What a sentence is worth less because of what it leads on to, leans on, or is about."""
    text = candidate.text
    loss = MARKETS if _MARKETS.search(text) else 0.0
    loss += 2.0 if _LEADS_ON.search(text) else 0.0
    loss += PAST if _PAST.match(text) or _UNIT.match(text) else 0.0
    opening = _ANAPHOR.match(text)
    loss += ANAPHOR if opening is not None and not set(words(opening["noun"])) & set(told) else 0.0
    loss += 2.0 if candidate.speech and not _SAID.search(text) else 0.0
    return loss + (0.3 if candidate.length > LONG else 0.0) + (0.5 if candidate.length > LONGER else 0.0)


def _is_announced(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether the sentence before this one says that it matters, and no more."""
    return any(
        one.article_id == candidate.article_id
        and one.position == candidate.position - 1
        and one.length < SHORT
        and _ANNOUNCED.search(one.text)
        for one in candidates
    )


def _explained(candidate: Candidate, candidates: Sequence[Candidate]) -> Sentence | None:
    """A short sentence with the one behind it, which says what it means."""
    for after in candidates:
        near = after.article_id == candidate.article_id and after.paragraph == candidate.paragraph
        if near and after.position == candidate.position + 1 and candidate.length + after.length <= MOST_WORDS_PAIRED:
            if after.own_voice or after.fragment:
                return None
            return Sentence(f"{candidate.text} {after.text}", candidate.sentence.quotes + after.sentence.quotes)
    return None
