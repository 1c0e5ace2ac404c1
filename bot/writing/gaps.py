"""What is not known: what sources say they weren't told, and what none of them gives; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.stories.figures import Figure, find
from bot.stories.sentences import split
from bot.stories.wordings import holds
from bot.writing.candidates import Candidate

LONGEST_GAP = 30

_GAP = re.compile(
    r"\b(?:(?:did|does|do|has|have|had|would|will|was|were|is|are) not (?:yet )?(?:been )?(?:say|said"
    r"|disclos\w+|nam\w+|giv\w+|specif\w+"
    r"|reveal\w*|provid\w+|publish\w*|announc\w+|confirm\w*|respond\w*|comment\w*|decid\w+|set|explain\w*|made public)"
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
_IS_GAP = holds(_GAP.pattern)
_NOT_GAP = re.compile(r"\bdid not dispute\b|\bnot confirm\w* the existence\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_gap(text: str) -> bool:
    """Whether a sentence says that something is not known or not said."""
    return _IS_GAP(text) and _NOT_GAP.search(text) is None


_BUY = r"(?:buy|lease|rent|acquire|purchase|sell|invest)"
_DEAL = re.compile(
    rf"\b(?:buys|bought|sells|sold(?! out)|leases|leased|rents|acquires?|acquired|purchases|purchased|invests|invested"
    rf"|(?:will|to|agrees? to|agreed to) {_BUY}|orders? (?:\d|more|another|up)|ordered|takes? (?:an? )?(?:\S+ )?stake"
    r"|(?:signs?|signed|wins?|won|awards?|awarded|strikes?|struck)\b[^.;]{0,50}\b(?:deals?|contracts?|orders?|agreements?"
    r"|leases?))\b",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(?:rules?|licen[cs]es?|licensing|export\w*|tariffs?|courts?|bill|moratorium|regulators?)\b", re.IGNORECASE
)
"""What a state allows or forbids has no price."""
_TERMS = re.compile(
    r"\b(?:price|pricing|terms|cost|value|financial)\w*\b[^.]{0,60}\b(?:undisclosed"
    r"|not (?:been )?(?:disclosed|given|made public))",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\b(?:data ?cent(?:re|er)s?|campus\w*|sites?|halls?|reactor|power plant|substation)\b", re.IGNORECASE
)
_PLAN = re.compile(
    r"\b(?:will|plans? to|expects? to|aims? to|to|seeks? to|would) (?:\w+ )?"
    r"(?:open|build|ship|launch|start|restart|deliver|begin|close|install|deploy|buy|acquire)\b",
    re.IGNORECASE,
)
_INTENDED = re.compile(_PLAN.pattern.replace("|to|", "|"), re.IGNORECASE)
"""The same in a sentence, where a bare "to" need not be a plan ("wanted money to buy chips")."""
_DENIED = re.compile(r"\b(?:not (?:plan|building|going)\w*|den(?:y|ies|ied)|no plans?)\b", re.IGNORECASE)
_SOME_DATE = re.compile(
    r"\b(?:(?:next|this|late|early|mid|end of|by|in about|within) (?:the )?(?:\w+ )?"
    r"(?:years?|months?|quarters?|weeks?|days?|spring|summer|autumn|fall|winter)|years? from now|today|tonight|tomorrow"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|midnight)\b",
    re.IGNORECASE,
)


def gaps(texts: Sequence[str], event: str) -> tuple[str, ...]:
    """What no source gives, in our own words; only where one would expect it.

    Args:
        texts: the articles' texts.
        event: headline and first sentences, which say what kind of event it is.
    """
    said: list[str] = []
    parts = [span.text for span in split(event)]
    deal = any(_DEAL.search(part) and not _RULE.search(part) for part in parts)
    site = any(_builds(part) for part in parts)
    planned = any(_INTENDED.search(part) for part in parts) or bool(parts and _PLAN.search(parts[0]))
    if not (planned or deal or site):
        return ()
    kinds = {figure.kind for text in texts for figure in _figures(text)}
    if deal and not kinds & {"money", "price"} and not any(_TERMS.search(text) for text in texts):
        said.append("No source gives a price.")
    if site and "power" not in kinds:
        said.append("No source gives the power in megawatts.")
    if planned and "date" not in kinds and not _DENIED.search(event):
        dated = any(_SOME_DATE.search(text) for text in texts)
        said += [] if dated else ["No source gives a date."]
    return tuple(said)


def _figures(text: str) -> Iterator[Figure]:
    """A text's figures, sentence by sentence: those have been read already."""
    return (figure for span in split(text) for figure in find(span.text))


NEAR = 60
"""Characters between a plan and the site that it is a plan for."""


def _builds(text: str) -> bool:
    """Whether a sentence tells of a site that is to be built, opened or bought."""
    plan = _PLAN.search(text)
    return plan is not None and _SITE.search(text, max(0, plan.start() - NEAR), plan.end() + NEAR) is not None


_THOUGH = re.compile(r"^(?:while|although|though) (?P<gap>[^,;]{10,120}), ", re.IGNORECASE)
_LEADING = re.compile(r"^.*?[,;] (?:and|but|while|though|although|yet) (?=\S)", re.IGNORECASE)
_FOLLOWING = re.compile(r"(?:,|;) (?:and|but|while|though|although|yet)\b", re.IGNORECASE)
_IDLE = re.compile(
    r"\b(?:declined to comment|did not (?:comment|respond|answer|return)\b.*|could not be reached)"
    r"(?: on (?:[a-z]+|(?:unpublished|pending|individual|specific|market|rumou?rs?|speculation)[\w ]{0,40}))?[.]?$",
    re.IGNORECASE,
)


_WHO_ONLY = re.compile(r"^\[[^\]]+\] (?:did not|would not|declined to) (?:\w+ ){1,4}?\w+[.]$")


def gap_alone(text: str) -> str:
    """The clause that says what is not known, without what else its sentence says: "… but an annex leaves …"."""
    gap = _GAP.search(text)
    if gap is None:
        return text
    though = _THOUGH.match(text)
    if though and gap.end() <= though.end():
        return f"{though['gap'][:1].upper()}{though['gap'][1:]}."
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
        short = gap_alone(candidate.text)
        if _WHO_ONLY.match(short):
            continue  # "[A person] did not give a date." leaves open of what
        if len(short.split()) <= LONGEST_GAP:
            found.append(f"{short} [{numbers[candidate.article_id]}]")
    return tuple(found)
