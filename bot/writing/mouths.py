"""Whose words a sentence is in: a publisher's own "we" put between quotation marks, a pronoun filled in brackets; pure.

Both are what newspapers do with words that cannot stand alone, and both can be checked. `Halden Labs writes: "We …"`
must be the publisher's own text; `[Ostara] put the cost …` must stand for a pronoun right behind a cited sentence
that holds the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.stories.sentences import names, normalise
from bot.writing.quotes import Located

# "us-east-1" is a region, "Stargate I" a number, "I/O" a port.
_FIRST_PERSON = re.compile(
    r"\b(?:we|our|ours|us(?![-\w])|(?<![A-Za-z0-9] )I(?![-/.\w])|(?<=[a-z] )I(?![-/.\w])|my|we'(?:ll|ve|re|d)"
    r"|I'(?:m|ve|d|ll))\b"
)
# "Stargate I is being built", and not "Today I measured".
_NUMBERED = re.compile(
    r"\b[A-Z][\w-]+ I\b(?! (?:am|was|have|had|will|would|did|do|think|thought|can|could|saw|see|know|knew|believe|say"
    r"|want|made|ran|use|wrote|found|built|got|took|went|\w+ed)\b)"
)
_SPEECH = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')


def is_first_person(text: str) -> bool:
    """Whether the writer speaks of himself, outside anybody's direct speech: "We have served …"."""
    plain = _NUMBERED.sub(" ", _SPEECH.sub(" ", text))
    opened = plain if plain.startswith("I") else plain[:1].lower() + plain[1:]
    return _FIRST_PERSON.search(opened) is not None


def inner(text: str) -> str:
    """A text as it stands within double quotation marks."""
    return normalise(text).replace('"', "'")


def in_mouth(publisher: str, text: str) -> str:
    """A publisher's own sentence as a quotation."""
    return f'{normalise(publisher)} writes: "{inner(text)}"'


def quoted(text: str, publisher: str) -> str:
    """What a text puts in this publisher's mouth; empty if it does not quote it, or quotes somebody else."""
    name = normalise(publisher)
    if not name or not text.startswith(name):
        return ""
    match = re.fullmatch(r'(?: writes| says)?: "(?P<said>[^"]+)"\.?', text[len(name) :])
    return match["said"] if match else ""


_AGENT = (
    r"(?:said|says|put|puts|expects?|expected|plans|planned|forecasts?|guided|told|declined|agreed|announced|intends"
    r"|hopes|wants|refused|confirmed|denied|estimates?|estimated|promised|warned|named|would not|will not say|asked"
    r"|counts|employs|reported|did not (?:say|name|give|respond|answer|disclose|return|comment))"
)
_IT = re.compile(rf"^It (?={_AGENT}\b)")
_FIRM = re.compile(
    r"^The (?:company|firm|start-?up|chip ?maker|manufacturer|retailer|lender|bank|utility|operator|carmaker|automaker"
    r"|business|vendor|developer|supplier|group)(?='s? |,? )(?! and\b| of\b| that\b| which\b| behind\b| with\b)"
)
"""A word that stands for the organisation that the sentence before is about."""
_PERSON = re.compile(rf"^(?:He|She) (?={_AGENT}\b)")
_ROLE = (
    r"(?:chief [a-z]+(?: [a-z]+)? ?(?:officer)?|finance chief|chief executive|spokes(?:man|woman|person)|president"
    r"|founder|co-founder|head|lead|analyst|engineer|director|head of [a-z ]{3,30}|planner|minister|regulator"
    r"|owner|manager|secretary)"
)
_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?: (?:de |van |von )?[A-ZÀ-Þ][\w'’-]+){1,2})"
_NAMED = (
    re.compile(rf"(?i:\b{_ROLE}),? {_NAME}"),
    re.compile(rf"{_NAME}, (?:the |an? |its )?(?:[\w'-]+ ){{0,5}}(?i:{_ROLE})\b"),
)
_SPEAKER = re.compile(r", (?P<name>[A-ZÀ-Þ][\w&.'’ -]*?) (?:said|says)(?: (?:in|on) [\w' ]{2,24})?[.]$")
# What one organisation does to another, or tells of it: the next sentence's "the company" may be either.
_BETWEEN_TWO = re.compile(
    r"\b(?:buy|buys|bought|buying|acquir\w+|invest\w*|back(?:s|ed)|fund\w*|sue[sd]?|accus\w+|merg\w+|spun|led|sold|sells?"
    r"|replac\w+|said|says|reports?|reported|told|wrote|writes|according|estimates?|estimated|called|fined|ordered)\b",
    re.IGNORECASE,
)
_SUBJECT_VERB = re.compile(
    r"^(?: (?:Inc|Corp|Ltd|Co|Plc|AG|SE|NV|SA|Holdings)\.?)?(?: \([^)]{2,30}\))?(?:, [^,]{3,90},)?"
    r" (?:has|have|had|is|was|will|would|said|says|plans|agreed|expects|filed|sold|bought|signed|put"
    r"|announced|told|took|won|cut|raised|leased|opened|did|does|may|could|can|\w{3,}(?:ed|s))\b"
)


def is_firm(text: str) -> bool:
    """Whether a sentence opens with "The company" or its like."""
    return _FIRM.match(normalise(text)) is not None


def antecedent(before: str, text: str) -> str:
    """The name that the pronoun which opens a sentence stands for, where the sentence before leaves no doubt.

    "It" with a verb that only organisations are the subject of ("said", "expects") stands for the name that opens the
    sentence before, or for its only name if that is who said it; "the company" and its like for the name that opens it;
    "he" and "she" for the one person whose office the sentence before names.
    Everything else is in doubt, and gives an empty text.
    """
    before, text = normalise(before), normalise(text)
    if _IT.match(text):
        return _organisation(before)
    if _FIRM.match(text):
        known = names(before)
        return "" if len(known) > 1 and _BETWEEN_TWO.search(before) else _opening(before, known)
    if _PERSON.match(text):
        found = {match["name"] for pattern in _NAMED for match in pattern.finditer(before)}
        return found.pop() if len(found) == 1 else ""
    return ""


def _organisation(before: str) -> str:
    known = names(before)
    speaker = _SPEAKER.search(before)
    if speaker:
        return speaker["name"] if known == (speaker["name"],) else _opening(before, known)
    return _opening(before, known)


def _opening(before: str, known: Sequence[str]) -> str:
    """The name that a sentence starts with, if it is the subject and no person."""
    if not known or not before.startswith(known[0]):
        return ""
    name = known[0]
    rest = before[len(name) :]
    person = any(match["name"] == name for pattern in _NAMED for match in pattern.finditer(before))
    return name if _SUBJECT_VERB.match(rest) and not person else ""


_PRONOUN = re.compile(rf"^(?:It|He|She)\b|{_FIRM.pattern}")


def resolved(name: str, text: str) -> str:
    """A sentence with the pronoun that opens it replaced: `[Ostara Compute] put the cost at about $14 billion`.

    "The company" and its like are replaced as pronouns are.
    """
    return _PRONOUN.sub(f"[{name}]", normalise(text), count=1)


_BRACKET = re.compile(r"^\[(?P<name>[^\[\]]{2,60})\](?= )")


def unbracketed(text: str, located: Iterable[tuple[int, Located]]) -> str:
    """The text with its pronoun again, if the bracket that opens it is proven; unchanged if it is not.

    Proven is a bracket whose name stands in a cited sentence right before a cited sentence that opens with a pronoun,
    of the same article.
    """
    match = _BRACKET.match(text)
    if match is None:
        return text
    cited = list(located)
    for article, found in cited:
        pronoun = _PRONOUN.match(found.context)
        if pronoun is None:
            continue
        for other, near in cited:
            if other == article and near.end <= found.start <= near.end + 2 and match["name"] in near.context:
                return pronoun[0] + text[match.end() :]
    return text


_ANY_BRACKET = re.compile(r"\[[^\[\]]*\]")


def unproven(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Brackets that neither stand in the source nor were proven: what is in them is nobody's word."""
    for match in _ANY_BRACKET.finditer(text):
        if not any(match[0] in context for context in contexts):
            yield f"adds {match[0]}, which no sentence before its quote holds"
