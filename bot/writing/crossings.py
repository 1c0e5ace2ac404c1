"""Figures on the wrong side: "Halden has 400 MW" where "Norrland has 400 MW and Halden 300 MW"; pure.

A sentence with two figures of one kind is cut between them. The words that only one of the two parts has say what its
figure is of. A sentence that gives a figure with words of the other part alone has crossed them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.stories.comparing import same
from bot.stories.figures import Figure, find
from bot.stories.sentences import names, words
from bot.writing import contrasts
from bot.writing.forms import folded
from bot.writing.particulars import without_figures

_CUT = re.compile(
    r", (?=(?P<compared>up|down|compared|less|more|against|below|above|after|instead)\b)"
    r"|,? and |,? but |,? while |,? whereas |; |, | against | compared with | versus | than | on | from | to "
)
_GOES_ON = re.compile(
    r"^\W*(?:(?:and|but|then|later|also)\s+)*(?:will|would|is|was|are|were|has|have|had|could|may|plans?|expects?"
    r"|[a-z]+ed)\b",
    re.IGNORECASE,
)
_COMPARING = frozenset(words("up down less more than much many another further least most nearly about"))


@dataclass(frozen=True, slots=True)
class _Part:
    """A figure and the content words that belong to it."""

    figure: Figure
    words: frozenset[str]
    is_yardstick: bool  # what another figure is compared with: "below the $3.4 billion that analysts expected"


_WEAK = frozenset({"from", "to", "on", ","})
"""Where a sentence is cut only if it has no plainer joint."""


def crossed(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Figures that the sentence gives to what its source gives another figure of the same kind.

    Args:
        text: the sentence.
        contexts: the source sentences that hold its quotes.
    """
    mine = [part for group in _groups(text) for part in _parts(text, group)]
    theirs = [[part for group in _groups(context) for part in _parts(context, group)] for context in contexts]
    told = [part.figure for part in mine]
    for part in mine:
        holding = [parts for parts in theirs if any(same(own.figure, part.figure) for own in parts)]
        if len(holding) != 1:
            continue
        wrong = [_right_one(part, own, holding[0], told) for own in holding[0] if same(own.figure, part.figure)]
        if wrong and (other := wrong[0]) is not None and None not in wrong:
            yield f"gives {part.figure.shown} to what its source says {other.figure.shown} of"
            return


def _right_one(part: _Part, own: _Part, parts: Sequence[_Part], told: Sequence[Figure]) -> _Part | None:
    """The part of the source whose words a sentence gives to another part's figure; None if it has not crossed them."""
    others = [one for one in parts if _is_alike(own.figure, one.figure) and not same(own.figure, one.figure)]
    mine = own.words.difference(*(one.words for one in others))
    if not others or part.words & mine or (own.is_yardstick and part.is_yardstick):
        return None
    if mine:
        found = next((one for one in others if part.words & (one.words - own.words)), None)
        if found is not None:
            return found
    if own.is_yardstick and not part.is_yardstick:
        return next((one for one in others if not any(same(one.figure, figure) for figure in told)), None)
    return None


def _is_alike(one: Figure, other: Figure) -> bool:
    return _key(one) == _key(other) and (one.noun == other.noun or not (one.noun and other.noun))


def _key(figure: Figure) -> tuple[str, str]:
    """What kind of figure it is: a price is money as well, and a number may lack its noun."""
    if figure.kind in {"money", "price"}:
        return "money", figure.unit[:3]
    return ("count", "") if figure.kind in {"count", "number"} else (figure.kind, figure.unit)


def _groups(text: str) -> list[list[Figure]]:
    """The figures by kind, in their order."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in sorted(find(text), key=lambda one: one.start):
        groups.setdefault(_key(figure), []).append(figure)
    return list(groups.values())


def _parts(text: str, figures: Sequence[Figure]) -> list[_Part]:
    bare = without_figures(text)
    edges = [0]
    for left, right in pairwise(figures):
        between = list(_CUT.finditer(bare, left.end, right.start))
        joins = [cut for cut in between if cut["compared"] or cut[0].strip() not in _WEAK] or between
        edges.append(joins[-1].start() if joins else right.start)
    edges.append(len(text))
    made = []
    for number, figure in enumerate(figures):
        start, end = edges[number], edges[number + 1]
        found = set(words(folded(bare[start:end])))
        if number and _goes_on(bare[start : figure.start]):
            found |= set(words(folded(bare[edges[0] : figures[0].start])))  # it goes on with the first one's subject
        made.append(_Part(figure, frozenset(found), _YARDSTICK.search(text[: figure.start]) is not None))
    return made


_YARDSTICK = re.compile(
    r"\b(?:(?:less|more|fewer|greater|lower|higher) than|above|below|against|compared (?:with|to)|from"
    r"|instead of|versus|not)"
    r"(?: (?:the|its|about|around|an? (?:earlier|average)))*\s*$",
    re.IGNORECASE,
)


def _goes_on(opening: str) -> bool:
    """Whether what stands before a figure in its part leaves the subject to the part before ("and will add")."""
    if names(opening):
        return False
    return not set(words(opening)) - _COMPARING or _GOES_ON.match(opening) is not None


_BEFORE = re.compile(
    r"\b(?P<how>by|to|from|since|after|until|till|before|in|on|at|during)"
    r"(?: (?:about|around|up to|nearly|roughly|the|early|late|mid|end of|the end of|as much as|more than|one in))*\s*$",
    re.IGNORECASE,
)
_STEPS = frozenset({"by", "to", "from"})
_STARTS, _ENDS = frozenset({"from", "since", "after"}), frozenset({"by", "before", "until", "till"})
_ON = frozenset({"in", "on", "at", "during"})


def prepositions(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Small words that turn a figure: "fell to $4" for "fell by $4", "from 2030" for "by 2030"."""
    for figure in find(text):
        mine = _how(text, figure)
        theirs = {_how(context, other) for context in contexts for other in find(context) if same(figure, other)}
        if not mine or not theirs or mine in theirs or "" in theirs:
            continue
        if figure.kind in {"date", "clock"}:
            wrong = (mine in _STARTS and theirs <= _ENDS) or (mine in _ENDS and theirs <= _STARTS)
            wrong |= mine in _ON and theirs <= {"before", "until", "till", "after", "since"}
        else:
            wrong = mine in _STEPS and theirs <= _STEPS
        if wrong:
            yield f'says "{mine} {figure.shown}" where its source says "{min(theirs)}"'
            return


def _how(text: str, figure: Figure) -> str:
    match = _BEFORE.search(text[: figure.start])
    return match["how"].lower() if match else ""


_RISE, _FALL = (
    re.compile(rf"\b(?:{contrasts.RISES})\b(?!-)", re.IGNORECASE),
    re.compile(rf"\b(?:{contrasts.FALLS}|lost|loses?)\b(?!-)", re.IGNORECASE),
)
_JOINT = re.compile(r"[,;:]\s|\b(?:and|but|while|after|from)\b")
_LESS = re.compile(r"\s+(?:less|more|fewer|lower|higher|cheaper|faster|slower|smaller|larger)\b", re.IGNORECASE)


def directions(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Changes turned round ("gained 11 percent" for "lost"), and shares for them ("30 percent of" for "less")."""
    for figure in find(text):
        theirs = [(context, other) for context in contexts for other in find(context) if same(figure, other)]
        if not theirs:
            continue
        mine, ways = _direction(text, figure), {_direction(context, other) for context, other in theirs}
        if mine and ways and None not in ways and mine not in ways:
            yield f"turns the change of {figure.shown} round"
            return
        compared = all(_LESS.match(context, other.end) for context, other in theirs)
        if figure.kind == "percent" and compared and text.startswith(" of ", figure.end):
            yield f"says {figure.shown} of what its source says it more or less of"
            return


_LABEL = re.compile(r"(?P<word>[A-Za-z]{3,}) (?:of|at|to|by|was|is|were|are)(?: (?:about|around|nearly|almost))?\s*$")


def labels(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Figures under each other's label: "a loss of $14 million" where the source has a profit of $14 million."""
    for figure in find(text):
        mine = _label(text, figure)
        holding = [(context, one) for context in contexts for one in find(context) if same(figure, one)]
        theirs = {_label(context, one) for context, one in holding}
        if not mine or not holding or "" in theirs or mine in theirs:
            continue
        others = [
            one for context, _ in holding for one in find(context) if _is_alike(figure, one) and not same(figure, one)
        ]
        if any(_label(context, one) == mine for one in others for context, _ in holding):
            yield f"gives {figure.shown} as what its source says another figure of"
            return


def _label(text: str, figure: Figure) -> str:
    """The stem of the word that a figure is said to be of, right before it; empty without one."""
    match = _LABEL.search(text[: figure.start])
    return next(iter(words(folded(match["word"]))), "") if match else ""


def _direction(text: str, figure: Figure) -> str | None:
    """Whether the words right before a figure tell of a rise or a fall."""
    before = text[max(0, figure.start - 40) : figure.start]
    before = _JOINT.split(before)[-1]
    rise, fall = (max((match.start() for match in way.finditer(before)), default=-1) for way in (_RISE, _FALL))
    return None if rise == fall else "up" if rise > fall else "down"


_SAYS = re.compile(r"^\W*(?:, [^,]{3,60},)?\s*(?:said|says|told|put|puts|expects|estimates|writes|reported)\b")


def strangers(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Figures from a quote that speaks of nobody and nothing the sentence speaks of: two facts joined into a third."""
    if len(contexts) < 2:  # noqa: PLR2004 - with one quote there is nothing to join
        return
    said = frozenset(words(folded(without_figures(text))))
    for figure in find(text):
        holding = [context for context in contexts if any(same(figure, other) for other in find(context))]
        others = [context for context in contexts if context not in holding]
        if holding and all(_is_strange(said, text, context, others) for context in holding):
            yield f"joins {figure.shown} to what its source does not say it of"
            return


def _is_strange(said: frozenset[str], text: str, context: str, others: Sequence[str]) -> bool:
    """Whether a quote is of other things, or of another one than the sentence, which has its own from another quote."""
    if not said & frozenset(words(folded(without_figures(context)))):
        return True
    own, theirs = names(text)[:1], names(context)[:1]
    if not own or not theirs or not context.removeprefix("The ").startswith(theirs[0]):
        return False
    if _SAYS.match(context.removeprefix("The ")[len(theirs[0]) :]):
        return False
    return theirs[0] not in text and own[0] not in context and any(own[0] in other for other in others)
