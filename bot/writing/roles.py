"""Whether a sentence speaks of what is asked, and of the right one, which no score of a search can tell; pure.

"Who is the chief executive of Calder Memory?" and a sentence of Sunhae's chief executive share all but a name, which
the rest of the article holds too. So: whose it is must have been named by then; what is asked for by what it is
("which bank") must be there; an office must be that office; what is worth so much must be valued; who did not do a
thing is told in a sentence that says "not".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.stories.sentences import words
from bot.writing.asking import GENERIC_THINGS
from bot.writing.forms import folded
from bot.writing.names import holds_name
from bot.writing.question import Query

_WHICH = re.compile(
    r"^(?:and |but |so )?(?:which|what) (?:(?:one|two|three|four|five) )?(?P<thing>[a-z-]+(?: [a-z-]+){0,2}?)"
    r" (?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|[a-z]+(?:s|ed))\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\b(?:vice[ -])?chief [a-z]+(?: officer)?\b|\bceo\b|\bcfo\b|\bcto\b", re.IGNORECASE)
_SHORT = {"ceo": "chief executive", "cfo": "chief financ", "cto": "chief tech"}
_WORTH = re.compile(r"\b(?:worth|valuation|valued|market cap\w*)\b", re.IGNORECASE)
_VALUED = re.compile(r"\b(?:worth|valu\w+|capitali[sz]\w+)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|nor|never|without|nobody|none|refus\w+|declin\w+|reject\w+|oppos\w+)\b|n't\b", re.IGNORECASE
)


def fits(query: Query, sentence: str, said_before: str, met: Mapping[str, float]) -> bool:
    """Whether a sentence can answer by the roles of what is asked.

    Args:
        query: the question.
        sentence: what may answer.
        said_before: title, publisher, and what the article says before the sentence, as far as it was found.
        met: how far the sentence meets each of the question's stems, 0-1.
    """
    return (
        _is_named(query.names or query.context_names[:1], sentence, said_before)
        and _is_itself(query.names, sentence)
        and _has_thing(query, said_before, met)
        and _has_office(query, sentence)
        and _has_whole(query, met)
        and not _is_turned(query, sentence)
        and _is_about(query, met)
        and (_WORTH.search(query.text) is None or query.kind != "how_much" or _VALUED.search(sentence) is not None)
        and (query.kind != "who" or _NOT.search(query.text) is None or _DENIES.search(sentence) is not None)
    )


def _is_named(names: Sequence[str], sentence: str, before: str) -> bool:
    """Whether one of the names stands in the sentence or has been named by then."""
    return not names or any(holds_name(name, sentence) or holds_name(name, before) for name in names)


_DOES = re.compile(r"\b(?:do|does|did|will|would|has|have|is|are)\b")


def _is_turned(query: Query, sentence: str) -> bool:
    """Whether a sentence tells what the other one does: "Norrland pays" for "what does Halden pay Norrland?"."""
    if len(query.names) != 2 or not _DOES.search(query.text):  # noqa: PLR2004 - who, and whom
        return False
    who, whom = sorted(query.names, key=query.text.find)
    between = query.text[query.text.find(who) + len(who) : query.text.find(whom)].split()
    if not between or query.text.find(who) < 0:
        return False
    said = folded(sentence)
    verb = re.search(rf"\b{re.escape(folded(between[0]))}(?:s|es|d|ed|ing)?\b", said)
    if verb is None:
        return False
    before = said[: verb.start()]
    return holds_name(whom, before) and not holds_name(who, before) and holds_name(who, said[verb.end() :])


_SAY_ABOUT = re.compile(r"\b(?:say|says|said|tell|told|report|reported)\b.{0,30}? about (?P<of>[^?]+)", re.IGNORECASE)


def _is_about(query: Query, met: Mapping[str, float]) -> bool:
    """Whether a sentence speaks of what somebody is asked to have spoken about."""
    match = _SAY_ABOUT.search(query.text)
    named = {stem for name in query.names for stem in words(name)}
    of = [stem for stem in words(match["of"]) if stem in met and stem not in named] if match else []
    return not of or any(met[stem] >= LEAST_SAID for stem in of)


def _is_itself(names: Sequence[str], sentence: str) -> bool:
    """Whether a name with a number means the thing and not one named after it: not "Fjell 4 Small" for "Fjell 4"."""
    for name in names:
        if not name[-1:].isdigit():
            continue
        longer = [match["more"] for match in re.finditer(rf"\b{re.escape(name)}(?P<more> [A-Z][a-z]+\b)?", sentence)]
        if longer and all(longer):
            return False
    return True


def _has_thing(query: Query, before: str, met: Mapping[str, float]) -> bool:
    """Whether what is asked for by what it is stands there: a bank for "which bank", a factory for "which factory"."""
    match = _WHICH.match(query.text)
    if match is None or query.kind not in {"who", "what", "other"}:
        return True
    thing = [stem for stem in words(match["thing"]) if stem in met and stem not in GENERIC_THINGS]
    known = set(words(before)) if thing else set()
    return all(met[stem] >= LEAST_MET or stem in known for stem in thing) and (not thing or met[thing[-1]] >= LEAST_MET)


LEAST_SAID = 0.5
"""The same where somebody is asked to have spoken of it: the word itself, or one that means it."""
LEAST_MET = 0.2
"""A word that is met less is not in the sentence, nor anything that means much the same."""


_SHARES = frozenset(words("share percentage percent proportion fraction rate part"))


def _has_whole(query: Query, met: Mapping[str, float]) -> bool:
    """Whether a share is one of what is asked: a bare percentage does not say of what it is."""
    if query.figures != {"percent", "points", "ratio"}:
        return True
    names = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
    of = [stem for stem in (*query.words, *query.context) if stem not in names and stem not in _SHARES]
    return not of or any(met.get(stem, 0.0) >= LEAST_MET for stem in of)


def _has_office(query: Query, sentence: str) -> bool:
    """Whether an office that is asked for is the sentence's: not the chief nuclear officer for the chief executive."""
    match = _OFFICE.search(query.text) if query.kind == "who" else None
    if match is None:
        return True
    office = match[0].lower()
    office = _SHORT.get(office, office.removesuffix(" officer"))
    said = sentence.lower()
    short = next((short for short, long in _SHORT.items() if office.startswith(long)), None)
    return office in said or (short is not None and re.search(rf"\b{short}\b", said) is not None)
