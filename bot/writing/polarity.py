"""Whether a sentence says it as surely, as negatively and on the same authority as its source; pure.

Word lists and scopes, not grammar: a marker ("not", "could", "plans to") governs the content words that follow it in
its clause. Where a sentence repeats these words, it must repeat the marker, or a weaker one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.stories.sentences import words

SCOPE_WORDS = 6
"""Content words that a marker governs at most; clauses in news are about this long."""
SHARED = 0.5
"""Of a marker's scope that a sentence must repeat to be about the same thing."""


class Certainty(IntEnum):
    """How sure a statement is; a sentence may be less sure than its source, never more."""

    POSSIBLE = 1
    INTENDED = 2
    FUTURE = 3


_LEVELS = {
    Certainty.POSSIBLE: r"could|may(?! \d)|might|possibl[ey]|potential(?:ly)?|perhaps|reportedly|alleged(?:ly)?"
    r"|rumou?red|consider(?:s|ed|ing)|weigh(?:s|ed|ing)|explor(?:es|ed|ing)"
    r"|(?:in|holding) (?:early |advanced )?(?:talks|discussions)"
    r"|negotiating|said to|hopes?|hoping|proposed|proposes|if|unless|unconfirmed|speculat\w+|studying"
    r"|people familiar|sources? (?:say|said|told)|would",
    Certainty.INTENDED: r"expect(?:s|ed|ing)?|likely|plan(?:s|ned|ning)?|aim(?:s|ed|ing)?|intend(?:s|ed|ing)?"
    r"|estimat(?:e|es|ed|ing)|project(?:ed|s(?= (?:that|a|an|the|it|\$)))|forecasts?|target(?:s|ed|ing)?"
    r"|should|appears?|seems?|suggests?"
    r"|seek(?:s|ing)?|wants? to|look(?:s|ing) to|believe[sd]?|anticipat(?:e|es|ed|ing)|scheduled|on track|pending"
    r"|subject to|proposal|non-binding",
    Certainty.FUTURE: r"will|'ll|(?:is|are|was|were|set|due|about) to|agreed to|to be|going to",
}
_CERTAINTY = {level: re.compile(rf"(?<![\w-])(?:{ways})(?![\w-])", re.IGNORECASE) for level, ways in _LEVELS.items()}
_TITLES_FUTURE = re.compile(r"^(?:[A-Z0-9][\w.'&-]*,? (?:and )?){1,5}to(?= [a-z]+)")
"""Titles leave "is" and "will" out: "Halden Cloud to build a campus"."""
_TO = re.compile(r"(?<![\w-])to [a-z]+")
NEGATION = re.compile(
    r"(?<![\w-])(?:not(?! only| just)|\w+n't|cannot|never|no(?! later| fewer| less| more than)"
    r"|none|neither|nor|without|den(?:y|ies|ied|ying)"
    r"|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing) to|reject(?:s|ed|ing)?|rul(?:e|es|ed|ing) out|fail(?:s|ed|ing)?"
    r"|cancel(?:s|ed|led|ling|ing)?|scrap(?:s|ped|ping)?|abandon(?:s|ed|ing)?|unlikely|lacks?|lacked|hardly|no longer"
    r"|(?:has|have|had) (?:yet|still) to"
    r"|stop(?:s|ped)?(?= [a-z]+ing\b)|ceas(?:e|es|ed)(?= to|d? [a-z]+ing\b)"
    r"|halt(?:s|ed|ing)?|block(?:s|ed|ing)?|avoid(?:s|ed|ing)?|disput(?:e|es|ed|ing))(?![\w-])",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.!?]\s|\s[-–—]\s|\s(?:but|while|although|whereas|because|which|who)\s|$")
_ATTRIBUTION = re.compile(
    r"(?<![\w-])(?:(?:said|says|say|saying|told|claim(?:s|ed|ing)?|argu(?:e|es|ed|ing)|believ(?:e|es|ed)"
    r"|warn(?:s|ed|ing)?"
    r"|reported(?! (?:revenue|earnings|results|profit|sales|a|net|quarterly))|wrote|writes"
    r"|add(?:ed|s)(?=[,. ](?:that|it|he|she|\"))"
    r"|not(?:ed|es) that|explained|stat(?:ed|es) that|insist(?:s|ed)|contend(?:s|ed)|boast(?:s|ed)|call(?:s|ed) it"
    r"|estimate[sd]?|predict(?:s|ed)?|expect(?:s|ed)?|describ(?:es|ed)|cit(?:es|ed|ing))|according to"
    r"|reportedly|allegedly)(?![\w-])",
    re.IGNORECASE,
)
_CLAIMED = re.compile(
    r"(?<![\w-])(?:said|says|say|saying|told|claim(?:s|ed)?|argu(?:es|ed)|believ(?:es|ed)|warn(?:s|ed)|insist(?:s|ed)"
    r"|contend(?:s|ed)|boast(?:s|ed)|wrote|writes|according to|allegedly|reportedly|predict(?:s|ed))(?![\w-])",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\b(analysts?|critics?|residents?|officials?|regulators?|sources|researchers?|lawyers?|neighbou?rs"
    r"|workers?|unions?"
    r"|rivals?|competitors?|customers?|investors?|experts?|lawmakers|people familiar)\b",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\b(?:confirm(?:s|ed)?|officially|definitely|certainly|guarantee[sd]?|proven?|undoubtedly)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A word that changes how a clause is to be read, and the content words it governs."""

    shown: str
    scope: frozenset[str]
    level: int = 0


def _scope(text: str, end: int) -> frozenset[str]:
    stop = _CLAUSE_END.search(text, end)
    clause = text[end : stop.start() if stop else len(text)]
    found = words(clause)
    if len(found) < 2 and stop and stop.end() < len(text):  # noqa: PLR2004 - "reportedly, …": what follows is governed
        later = _CLAUSE_END.search(text, stop.end())
        found += words(text[stop.end() : later.start() if later else len(text)])
    return frozenset(found[:SCOPE_WORDS])


def _markers(pattern: re.Pattern[str], text: str, level: int = 0) -> Iterator[Marker]:
    for match in pattern.finditer(text):
        if match[0] == "May":
            continue
        yield Marker(match[0].lower(), _scope(text, match.end()) or _clause_before(text, match.start()), level)


def _clause_before(text: str, start: int) -> frozenset[str]:
    """What a word at the end of its clause is said of: "the merger was blocked"."""
    begin = max((stop.end() for stop in _CLAUSE_END.finditer(text, 0, start) if stop[0].strip()), default=0)
    return frozenset(words(text[begin:start])[-SCOPE_WORDS:])


_REPORTED = re.compile(r"\b(?:said|says|announced|told)\b[^.;:]{0,60}$")


def hedges(text: str) -> list[Marker]:
    """The words of a text that make what follows less sure, or put it in the future."""
    title = _TITLES_FUTURE.match(text)
    deed = frozenset(words(text[title.end() :])[:1]) if title is not None else frozenset()
    yet_to_come = [Marker("to", deed, Certainty.FUTURE)] if deed else []
    return yet_to_come + [
        Marker(match[0].lower(), _scope(text, match.end()), _level(level, match))
        for level, pattern in _CERTAINTY.items()
        for match in pattern.finditer(text)
        if match[0] != "May"
    ]


def _level(level: Certainty, match: re.Match[str]) -> Certainty:
    """How sure a hedge is: "said that it would" is how a paper reports "we will"."""
    is_reported = match[0].lower() == "would" and _REPORTED.search(match.string, 0, match.start())
    return Certainty.FUTURE if is_reported else level


_HEARSAY = re.compile(
    r"reportedly|alleged(?:ly)?|rumou?red|said to|people familiar|sources? (?:say|said|told)|unconfirmed", re.IGNORECASE
)


def _covers(mine: Marker, hedge: Marker) -> bool:
    """Whether a hedge may stand for another one: who says so does not say that it is only talked about."""
    return not _HEARSAY.fullmatch(mine.shown) or _HEARSAY.fullmatch(hedge.shown) is not None


def about(scope: frozenset[str], said: frozenset[str]) -> bool:
    """Whether a sentence's words repeat what a marker governs."""
    shared = len(scope & said)
    return bool(scope) and shared >= min(2, len(scope)) and shared >= SHARED * len(scope)


def surer(text: str, contexts: Sequence[str], *, past: bool | None = None) -> Iterator[str]:
    """Hedges and futures that the sentence drops or hardens.

    Args:
        text: the sentence.
        contexts: the source sentences that hold its quotes.
        past: whether it tells of something done, where the forms of its verbs no longer show it (see `forms.folded`).
    """
    past = is_past(text) if past is None else past
    said = frozenset(words(text))
    own = hedges(text)
    plain = [frozenset(words(context)) for context in contexts if not hedges(context)]
    for context in contexts:
        for hedge in hedges(context):
            if not about(hedge.scope, said) or any(about(hedge.scope, other) for other in plain):
                continue
            if any(mine.level <= hedge.level and _covers(mine, hedge) for mine in own):
                continue
            if hedge.level == Certainty.FUTURE and (_TO.search(text) or not past):
                continue
            yield f'drops "{hedge.shown}": the source is less sure'
            return
    new = _SURE.search(text)
    if new and not any(_SURE.search(context) for context in contexts):
        yield f'adds "{new[0]}", which no quote says'


_PAST = re.compile(r"\b(?:has|have|had|was|were|did|\w{2,}ed|built|bought|sold|won|spent|began|made|took|ran)\b")


def is_past(text: str) -> bool:
    """Whether a sentence tells of something done."""
    return _PAST.search(text) is not None


def _same_negation(mine: Marker, other: Marker) -> bool:
    """Whether two negations deny the same, or are one verb of denying ("failed")."""
    is_verb = mine.shown == other.shown and mine.shown.endswith("ed")
    return bool(mine.scope & other.scope) or not other.scope or not mine.scope or is_verb


def negated(text: str, contexts: Sequence[str], clipped: Sequence[str] = ()) -> Iterator[str]:
    """Negations that the sentence drops or adds.

    Args:
        text: the sentence.
        contexts: the source sentences that hold its quotes.
        clipped: what stands right before each quote in its sentence.
    """
    said = frozenset(words(text))
    own = list(_markers(NEGATION, text))
    theirs = [marker for context in contexts for marker in _markers(NEGATION, context)]
    for marker in theirs:
        kept = any(mine.scope & marker.scope or not mine.scope for mine in own)
        if about(marker.scope, said) and not kept:
            yield f'drops "{marker.shown}" of its source'
            return
    earliest = _NOT_BEFORE.search(text) and any(_EARLIEST.search(context) for context in contexts)
    for mine in [] if earliest else own:
        if not any(_same_negation(mine, marker) for marker in theirs):
            yield f'adds "{mine.shown}", which its source does not say'
            return
    for before in clipped:
        near = NEGATION.search(before[-40:])
        if near and not _CLAUSE_END.search(before[-40:] + " ", near.end(), len(before[-40:])) and not own:
            yield f'is quoted without the "{near[0]}" before it'
            return


_EARLIEST = re.compile(r"\b(?:at the earliest|no (?:earlier|sooner) than)\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"(?:\bnot|n't)\b[^.;]{0,60}\b(?:before|until)\b", re.IGNORECASE)
_LIMIT = re.compile(r"(?<![\w-])(?:before|until|till|unless|except|beyond|besides|other than)(?![\w-])", re.IGNORECASE)


def unlimited(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Negations without what limits them: "has no free place" for "has no free place before 2031"."""
    if _LIMIT.search(text):
        return
    own = list(_markers(NEGATION, text))
    for context in contexts:
        for match in NEGATION.finditer(context):
            stop = _CLAUSE_END.search(context, match.end())
            limit = _LIMIT.search(context, match.end(), stop.start() if stop else len(context))
            governed = frozenset(words(context[match.end() : limit.start()])) if limit else frozenset()
            if limit and any(mine.scope & governed for mine in own):
                yield f'drops the "{limit[0]}" that limits "{match[0]}"'
                return


def attributed(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Claims whose speaker the sentence leaves out or replaces."""
    said = frozenset(words(text))
    ranked = sorted(contexts, key=lambda context: -len(said & frozenset(words(context))))
    if not ranked:
        return
    best = ranked[0]
    trailing = _TRAILING.search(best)
    if trailing and not _TRAILING.search(text) and _governs(best[: trailing.start()], text):
        own = [match[0].lower() for match in _CLAIMED.finditer(text)]
        if len(own) < len(_CLAIMED.findall(best)) and trailing["way"].lower() not in own:
            yield "leaves out who says so"
            return
    if _claims(best, said) and not _ATTRIBUTION.search(text):
        plain = [context for context in ranked[1:] if not _CLAIMED.search(context)]
        if not any(len(said & frozenset(words(context))) >= 0.6 * len(said) for context in plain):
            yield "leaves out who says so"
            return
    theirs = {match[0].lower().rstrip("s") for context in contexts for match in _SPEAKER.finditer(context)}
    if _ATTRIBUTION.search(text):
        for match in _SPEAKER.finditer(text):
            if match[0].lower().rstrip("s") not in theirs:
                yield f'credits "{match[0]}", whom no quote names'
                return


_TRAILING = re.compile(
    r",? (?P<way>according to [^,.]{3,80}|(?:[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}|the (?:company|firm|people|utility)"
    r"|it|people) (?:said|says|told))(?: [^,.]{0,40})?[.]?$"
)


def _governs(clause: str, text: str) -> bool:
    """Whether a sentence keeps most of what an attribution at the end of its source's sentence is about."""
    theirs = words(clause)
    return bool(theirs) and len(set(theirs) & set(words(text))) >= 2 * len(set(theirs)) / 3


def _claims(context: str, said: frozenset[str]) -> bool:
    """Whether a source's sentence has somebody claim what is said, and not only something that was left out."""
    for match in _CLAIMED.finditer(context):
        if match[0].lower() != "said" or not context[match.end() :].startswith(" to "):
            return True
        if about(_scope(context, match.end()), said):  # "is said to be buying": only who buys
            return True
    return False


_PAIRS = """
rise fall | rose fell | rising falling | risen fallen | increase decrease | increase reduce | increase cut |
grow shrink | grew shrank | gain loss | gain lose | up down | higher lower | more less | more fewer | buy sell
| bought sold | buyer seller | accelerate delay | early late | earlier later | before after | open close |
approve reject | approval rejection | win lose | won lost | largest smallest | bigger smaller | faster slower
| fast slow | raise lower | raise cut | expand shrink | add remove | lease own | import export | profit loss |
above below | strong weak | support oppose | start stop | begin end | began ended | lift impose | allow ban |
allow forbid | permit ban | hire fire | cheap expensive | cheaper costlier | first last | best worst | beat
miss | ahead behind | short long | shortage surplus | shortage glut | public private | success failure |
succeed fail | upgrade downgrade | supplier customer | north south | east west | minimum maximum | inside
outside | upper lower | resume suspend | resume halt | quicken slow
"""


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _PAIRS.replace("\n", " ").split("|"):
        left, _, right = pair.strip().partition(" ")
        for one, other in ((left, right), (right, left)):
            table.setdefault(_stem(one), set()).add(_stem(other))
    return {word: frozenset(others) for word, others in table.items()}


def _stem(word: str) -> str:
    return next(iter(words(word)), word)


_TOKEN = re.compile(r"[a-z]+")
OPPOSITES = _opposites()


def _stems(text: str) -> set[str]:
    """Stems of all words, also of those that are too common to be content ("up", "before")."""
    return {_stem(token) for token in _TOKEN.findall(text.lower())}


def reversed_words(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Words that the source has the other way round: rise for fall, buy for sell."""
    theirs = _stems(" ".join(contexts))
    for word in sorted(_stems(text) - theirs):
        turned = OPPOSITES.get(word, frozenset()) & theirs
        if turned:
            yield f'says "{word}" where its source says "{min(turned)}"'
            return
