"""What sources themselves say about why it matters, and about what they don't know; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Sentence
from bot.stories.figures import Figure, find
from bot.stories.sentences import words
from bot.writing.candidates import Candidate, paired

_CONSEQUENCES: tuple[tuple[float, str], ...] = (
    (3.0, r"matters? (?:because|for|to)|why (?:it|this|that) matters|significan(?:t|ce)|implications?|consequence"),
    (
        2.2,
        (
            r"(?:which|that|this) (?:means|would mean|meant|could mean|lets?|allows?|gives?|leaves?|forces?|makes?)"
            r"|it (?:means|would mean|forces?)"
        ),
    ),
    (
        2.0,
        (
            r"adds? (?:about |some |another )?\S+ (?:\w+ )?(?:per cent |percent |% )?to the (?:cost|price|bill)"
            r"|would (?:need|require|catch|have to|more than double)|no longer paid|is not (?:covered|paid)"
            r"|which is why"
        ),
    ),
    (2.0, r"as a result|so that|the effect|in practice|puts? pressure|bottleneck|shortage|constraint|choke"),
    (
        1.6,
        (
            r"(?:the )?(?:first|largest|biggest|only|fastest|longest|smallest) (?:such|of its kind|ever"
            r"|[\w-]+ (?:since|ever|yet|of its kind|in (?:the|its|\w+ years)|to (?:be|date|use|offer)))"
        ),
    ),
    (1.5, r"could (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|help|hit|cost)"),
    (1.4, r"would (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|add|give|cost)"),
    (
        1.2,
        (
            r"cheaper|costlier|cost of|price(?:s|d)? (?:of|for|per)|per (?:token|megawatt|watt|hour|rack)|capacity"
            r"|lead time"
        ),
    ),
    (
        1.0,
        r"customers?|buyers?|operators?|tenants?|developers|rivals?|competitors?|supply|queue|wait|depend|risk|exposed",
    ),
    (
        1.0,
        (
            r"than (?:before|any|its|the previous|today|last)|compared with|instead of|rather than|no longer"
            r"|different product|what (?:customers|buyers|operators)"
        ),
    ),
)
_PATTERNS = tuple((weight, re.compile(rf"\b(?:{ways})\b", re.IGNORECASE)) for weight, ways in _CONSEQUENCES)
_SECTION = re.compile(
    r"matters?|means?|mean for|impact|implication|so what|bottom line|takeaway|significance|big picture"
)
LEAST = 1.9
"""Below this nothing in the sources states a consequence; found by reading this project's own articles."""
MOST_WORDS_PAIRED = 50
LONGEST_GAP = 30
SHORT = 8
_MATTERS = re.compile(_CONSEQUENCES[0][1] + r"|would (?:need|require|have to|more than double)", re.IGNORECASE)
TOLD = 0.6
"""A sentence with more than this share of its words told already says why nothing."""
_CHANGED = re.compile(
    r"\b(?:had first|first (?:spoken|said|put|filing)|originally|earlier (?:said|report|figure)|corrected|correction)\b"
    r"|\bfootnote\b",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^(?:leave|forget|take|consider|imagine|remember|think)\b", re.IGNORECASE)

_GAP = re.compile(
    r"\b(?:(?:did|does|do|has|have|had|would|will|was|were|is|are) not (?:yet )?(?:been )?(?:say|said"
    r"|disclos\w+|nam\w+|giv\w+|specif\w+"
    r"|reveal\w*|provid\w+|publish\w*|announc\w+|confirm\w*|decid\w+|set|explain\w*|made public)"
    r"|(?:did|does|has|have|would)n't (?:yet )?(?:been )?(?:say|said|disclos\w+|nam\w+|giv\w+|specif\w+"
    r"|reveal\w*|comment\w*)"
    r"|declined to (?:comment|say|name|give|discuss|disclose)|undisclosed|not disclosed|redacted|unclear"
    r"|unknown|remains? to be seen"
    r"|not yet (?:known|clear|public|decided|set)|no (?:date|price|timeline|timetable|details?|figure"
    r"|contract|route) (?:yet|has|have|was|were|is|yet)"
    r"|(?:has|have) no (?:route|date|price|permit|buyer|tenant|contract)|could not be reached"
    r"|refused to (?:say|name|comment)"
    r"|without (?:naming|giving|saying|disclosing)|gave no|names? no|gives? no|no word on)\b",
    re.IGNORECASE,
)
_NOT_GAP = re.compile(r"\bdid not dispute\b|\bnot confirm\w* the existence\b", re.IGNORECASE)


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
    best: Why | None = None
    for candidate, salience in zip(candidates, scores, strict=True):
        if candidate.sentence.quotes[0].text in shown or is_gap(candidate.text):
            continue
        own = set(candidate.stems)
        if len(own & told) > TOLD * len(own) or (candidate.position == 0 and not _MATTERS.search(candidate.text)):
            continue  # an article opens with the event, not with what follows from it
        found = _weighed(candidate, salience, candidates, sources)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best.sentence if best is not None and best.score >= LEAST else None


def _weighed(
    candidate: Candidate, salience: float, candidates: Sequence[Candidate], sources: Mapping[int, str]
) -> Why | None:
    score = sum(weight for weight, pattern in _PATTERNS if pattern.search(candidate.text))
    score += 2.5 if _SECTION.search(candidate.section) else 0.0
    if not score:
        return None
    score += salience - 0.1 * candidate.rank - (0.7 if candidate.speech else 0.0)
    score -= 1.0 if candidate.length < SHORT else 0.0
    score -= 0.4 if candidate.own_voice else 0.0
    score -= 1.5 if candidate.fragment or _CHANGED.search(candidate.text) or _ORDER.match(candidate.text) else 0.0
    sentence = candidate.sentence
    if candidate.dangling:
        score -= 0.8
        both = paired(candidate, candidates, sources, MOST_WORDS_PAIRED)
        if both is None or _ORDER.match(both.text):
            return None
        sentence = both
    elif candidate.length < SHORT:
        sentence = _explained(candidate, candidates) or sentence
    return Why(sentence, score, candidate.article_id, candidate.position)


def _explained(candidate: Candidate, candidates: Sequence[Candidate]) -> Sentence | None:
    """A short sentence with the one behind it, which says what it means."""
    for after in candidates:
        near = after.article_id == candidate.article_id and after.paragraph == candidate.paragraph
        if near and after.position == candidate.position + 1 and candidate.length + after.length <= MOST_WORDS_PAIRED:
            if after.own_voice or after.fragment:
                return None
            return Sentence(f"{candidate.text} {after.text}", candidate.sentence.quotes + after.sentence.quotes)
    return None


def is_gap(text: str) -> bool:
    """Whether a sentence says that something is not known or not said."""
    return _GAP.search(text) is not None and _NOT_GAP.search(text) is None


_DEAL = re.compile(
    r"\b(?:buys?|bought|acquir\w+|leas\w+|contract|deal|order\w*|invest\w*|purchase\w*|stake)\b", re.IGNORECASE
)
_SITE = re.compile(
    r"\b(?:data ?cent(?:re|er)s?|campus\w*|sites?|halls?|reactor|power plant|substation)\b", re.IGNORECASE
)
_PLAN = re.compile(
    r"\b(?:will|plans? to|expects? to|aims? to|to|seeks? to|would) (?:\w+ )?"
    r"(?:open|build|ship|launch|start|restart|deliver|begin|close|install|deploy|buy|acquire)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not (?:plan|building|going)\w*|den(?:y|ies|ied)|no plans?)\b", re.IGNORECASE)
_SOME_DATE = re.compile(
    r"\b(?:(?:next|this|late|early|mid|end of|by|in about|within) (?:the )?(?:\w+ )?"
    r"(?:years?|months?|quarters?|weeks?|days?|spring|summer|autumn|fall|winter)|years? from now|today|tonight|tomorrow"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|midnight)\b",
    re.IGNORECASE,
)


def gaps(texts: Sequence[str], event: str, publishers: int) -> tuple[str, ...]:
    """What no source gives, in our own words; only where one would expect it.

    Args:
        texts: the articles' texts.
        event: headline and first sentences, which say what kind of event it is.
        publishers: independent publishers.
    """
    figures: list[Figure] = [figure for text in texts for figure in find(text)]
    kinds = {figure.kind for figure in figures}
    said: list[str] = []
    if publishers == 1:
        said.append("Only one publisher reports this so far.")
    if _DEAL.search(event) and not kinds & {"money", "price"}:
        said.append("No source gives a price.")
    if _SITE.search(event) and _PLAN.search(event) and "power" not in kinds:
        said.append("No source gives the power in megawatts.")
    dated = "date" in kinds or any(_SOME_DATE.search(text) for text in texts)
    if _PLAN.search(event) and not dated and not _DENIED.search(event):
        said.append("No source gives a date.")
    return tuple(said)


_LEADING = re.compile(r"^.*?[,;] (?:and|but|while|though|although|yet) (?=\S)", re.IGNORECASE)
_FOLLOWING = re.compile(r"(?:,|;) (?:and|but|while|though|although|yet)\b", re.IGNORECASE)
_IDLE = re.compile(
    r"\b(?:declined to comment|did not (?:comment|respond|answer|return)\b.*|could not be reached)(?: on [a-z]+)?[.]?$",
    re.IGNORECASE,
)


def _gap_alone(text: str) -> str:
    """The clause that says what is not known, without what else its sentence says: "… but an annex leaves …"."""
    gap = _GAP.search(text)
    if gap is None:
        return text
    end = _FOLLOWING.search(text, gap.end())
    short = text[: end.start()] if end else text
    start = _LEADING.match(short, 0, gap.start())
    if start:
        later = short[start.end() :]
        while again := _LEADING.match(later, 0, max(0, len(later) - (len(short) - gap.start()))):
            later = later[again.end() :]
        if re.match(r"(?:[A-Z]\w+|the \w+) ", later):  # it must name who does not say it
            short = later
    short = short.rstrip(" .,;")
    return f"{short[:1].upper()}{short[1:]}."


def unknowns(candidates: Sequence[Candidate], numbers: Mapping[int, int], most: int) -> tuple[str, ...]:
    """What sources say they do not know or were not told, with the source's number in brackets."""
    found: list[str] = []
    for candidate in candidates:
        if len(found) >= most:
            break
        if not is_gap(candidate.text) or candidate.dangling or candidate.own_voice or _IDLE.search(candidate.text):
            continue
        short = _gap_alone(candidate.text)
        if len(short.split()) <= LONGEST_GAP:
            found.append(f"{short} [{numbers[candidate.article_id]}]")
    return tuple(found)
