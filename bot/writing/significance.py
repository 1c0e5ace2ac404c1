"""What sources themselves say about why it matters; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Sentence
from bot.stories.sentences import words
from bot.writing.candidates import Candidate, paired
from bot.writing.gaps import is_gap

_CONSEQUENCES: tuple[tuple[float, str], ...] = (
    (
        3.0,
        (
            r"matters? (?:because|for|to)|hardly matters|matters (?:little|less|more|most)|why (?:it|this|that) matters"
            r"|significan(?:t|ce)|implications?|consequence"
        ),
    ),
    # What follows, in so many words.
    (
        2.2,
        (
            r"(?:which|that|this) (?:means|would mean|meant|could mean|lets?|allows?|gives?|leaves?|forces?|makes?)"
            r"|it (?:means|would mean|forces?)"
        ),
    ),
    (
        2.4,
        (
            r"adds? (?:about |some |another )?\S+ (?:\w+ )?(?:per cent |percent |% )?to the (?:cost|price|bill)"
            r"|would (?:need|require|catch|have to|more than double|cost)|no longer paid|is not (?:covered|paid)"
            r"|which is why|would have been (?:cheaper|faster|slower|costlier|impossible)"
        ),
    ),
    (2.6, r"bottleneck|choke"),
    (2.0, r"as a result|the effect|in practice|puts? pressure|shortage|constraint"),
    (1.2, r"so that"),
    # What is scarce, and who can set a price.
    (
        2.4,
        (
            r"short of|scarce|sold (?:out|everything)|fully booked|(?:is|are) full|no (?:free|spare) \w+"
            r"|no (?:rival|alternative|substitute)|sets? (?:the )?prices?|nobody but|only (?:supplier|maker|source)"
            r"|turned away|what is new is"
        ),
    ),
    # Who is hit, and who depends on whom.
    (
        1.8,
        (
            r"affected|interrupt(?:s|ed|ing)|(?:is|are) the ones?|concerned|nothing changes|makes no difference"
            r"|among its customers|customers include|makes \w+ for|supplies|relies on|rely on|depends? (?:on|only)"
            r"|(?:carries|carry|takes?|bears?) the risk|leaves? room|pays? for the"
        ),
    ),
    # What was saved or lost, and what the money is for.
    (
        2.0,
        (
            r"(?:cost|price|latency|throughput|rent|response time|power|yield)s? (?:per \w+ )?"
            r"(?:came down|went (?:up|down)|fell|has fallen|have fallen|rose|dropped|doubled|halved)"
            r"|refinanc(?:e|es|ing)|proceeds|pays? (?:\w+ )?(?:earlier|later|more|less)"
            r"|takes? \w+ (?:away )?from (?:other|its|their)"
        ),
    ),
    (
        1.6,
        (
            r"(?:the )?(?:first|largest|biggest|only|fastest|longest|smallest) (?:such|of its kind|ever"
            r"|[\w-]+ (?:since|ever|yet|of its kind|in (?:the|its|\w+ years)|to (?:be|date|use|offer)))"
        ),
    ),
    (
        1.5,
        r"could (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|help|hit|cost|be)",
    ),
    (1.4, r"would (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|add|give)"),
    # How it compares: with before, with others, with the whole.
    (
        1.6,
        (
            r"(?:(?:half|thirds?|quarters?|times|fold) (?:of|the|as|what|that)|twice (?:as|what))"
            r"|(?:smaller|larger|bigger|higher|lower|faster|slower|cheaper|dearer|fewer) than"
            r"|against (?:about |some |around )?\d[\d.,]*|up from \d[\d.,]*|down from \d[\d.,]*"
            r"|of (?:all )?the (?:spending|market|world's|demand|arithmetic)|of what the"
        ),
    ),
    (
        1.2,
        (
            r"cheaper|costlier|cost of|price(?:s|d)? (?:of|for|per)|per (?:token|megawatt|watt|hour|rack|dollar|bit)"
            r"|capacity|lead time|liquid cooling"
        ),
    ),
    (
        1.0,
        r"customers?|buyers?|operators?|tenants?|developers|rivals?|competitors?|supply|queue|wait|depend|risk|exposed",
    ),
    (
        1.0,
        (
            r"than (?:before|any|its|the previous|today|last|they used)|compared with|instead of|rather than|no longer"
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
SHORT = 8
TERSE = 1.0
"""What a sentence of fewer words loses if nothing explains it."""
EXPLAINED = 9
"""Words up to which a sentence takes the next one along, which says what it means."""
_MATTERS = re.compile(_CONSEQUENCES[0][1] + r"|would (?:need|require|have to)", re.IGNORECASE)
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
    best: Why | None = None
    for candidate, salience in zip(candidates, scores, strict=True):
        if candidate.sentence.quotes[0].text in shown or is_gap(candidate.text):
            continue
        own = set(candidate.stems)
        if len(own & told) > TOLD * len(own) or (candidate.position == 0 and not _MATTERS.search(candidate.text)):
            continue  # an article opens with the event, not with what follows from it
        found = _weighed(candidate, salience, candidates, sources)
        if found is not None and any(quote.text in shown for quote in found.sentence.quotes):
            continue  # it leans on a sentence that stands above it already
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best.sentence if best is not None and best.score >= LEAST else None


def _weighed(
    candidate: Candidate, salience: float, candidates: Sequence[Candidate], sources: Mapping[int, str]
) -> Why | None:
    score = sum(weight for weight, pattern in _PATTERNS if pattern.search(candidate.text))
    score += 2.5 if _SECTION.search(candidate.section) else 0.0
    score += ANNOUNCED if _is_announced(candidate, candidates) else 0.0
    if not score:
        return None
    score += salience - 0.1 * candidate.rank - (0.7 if candidate.speech else 0.0)
    score -= TERSE if candidate.length < SHORT else 0.0
    score -= 0.4 if candidate.own_voice else 0.0
    score -= 1.5 if candidate.fragment or _CHANGED.search(candidate.text) or _ORDER.match(candidate.text) else 0.0
    sentence = candidate.sentence
    if candidate.dangling:
        score -= 0.3
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
