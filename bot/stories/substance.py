"""How much of a text can be checked: figures, who says so, documents and names against praise. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.stories.figures import find
from bot.stories.sentences import names, split

# Who did what where: names of the first sentences can be looked up, too.
_NAMED_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Substance:
    """How much of a story can be checked.

    Attributes:
        score: 0–1.
        figures: figures with a unit, each value once.
        speakers: named sources that are quoted or cited.
        documents: mentions of primary documents (a filing, a paper, a court's order).
        hype: share of praising adjectives and empty phrases among the words, in percent.
        praise: how many different ones there are.
    """

    score: float
    figures: int
    speakers: int
    documents: int
    hype: float
    praise: int = 0


_CHECKABLE = frozenset(
    {"money", "price", "power", "energy", "data", "rate", "flow", "compute", "count", "percent", "area", "date", "time"}
)
_SPEAKER = re.compile(
    r"\b(?:said|says|told|wrote|writes|argues?|warn(?:s|ed)|explains?|disclosed|according to|announced|reported|filed"
    r"|confirmed|denied|declined|estimates?|found that)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"\b(?:people|sources?|person|persons) (?:familiar|close|with knowledge|briefed|who)\b", re.IGNORECASE
)
_DOCUMENT = re.compile(
    r"\b(?:filing|filed with|SEC|10-[KQ]|8-K|prospectus|permit|application|court|ruling|order|docket|agreement|paper"
    r"|preprint|arXiv|white paper|technical report|status page|specification|press conference|earnings call"
    r"|annual report|regulators?|documents?|data ?set|benchmark|minutes|bill|draft|memo|study|survey|researchers"
    r"|contract|common stock|final rule|licen[cs]e requirement|simulation|testbeds?|experiments?|baselines?)\b"
)
_PRAISE = re.compile(
    r"\b(?:revolutionary|revolutioni[sz]\w+|game[- ]chang\w+|ground-?breaking|cutting[- ]edge|world[- ]class"
    r"|best[- ]in[- ]class|next[- ]gen(?:eration)?|unprecedented|unparalleled|unmatched|transformative|seamless\w*"
    r"|innovative|disruptive|visionary|breakthrough|paradigm|empower\w*|unlock\w*|unleash\w*|reimagin\w*|redefin\w*"
    r"|leverag\w+|synerg\w+|holistic|future[- ]proof|supercharg\w+|turbocharg\w+|robust|state[- ]of[- ]the[- ]art"
    r"|(?:industry|market)[- ]leading|world'?s (?:first|most|leading)|limitless|infinite|magic\w*|stunning|incredible"
    r"|amazing|exciting|thrilled|proud|never before|once[- ]in[- ]a|new era|tomorrow'?s|quantum leap|mind-blowing"
    r"|insane|epic|ultimate)\b",
    re.IGNORECASE,
)


def weigh(text: str) -> Substance:
    """Count what can be checked against what only praises."""
    figures = {(figure.unit, figure.value) for figure in find(text) if figure.kind in _CHECKABLE}
    spans = split(text)
    speakers = sum(
        bool(_SPEAKER.search(span.text) and (names(span.text) or _ANONYMOUS.search(span.text))) for span in spans
    )
    documents = len({match[0].lower() for match in _DOCUMENT.finditer(text)})
    count = max(40, len(text.split()))
    praise = [found.casefold() for found in _PRAISE.findall(text)]
    hype = 100.0 * len(praise) / count
    named = {name for span in spans[:_NAMED_SENTENCES] for name in names(span.text)}
    dense = min(1.0, len(figures) / 6) * 0.45 + min(1.0, speakers / 3) * 0.25 + min(1.0, documents / 3) * 0.15
    dense += min(1.0, len(named) / 6) * 0.15
    score = max(0.0, min(1.0, dense - 0.15 * max(0.0, hype - 0.5)))
    return Substance(score, len(figures), speakers, documents, hype, len(set(praise)))
