"""What is done told as to come, and what is to come told as done; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.stories.sentences import words
from bot.writing import polarity
from bot.writing.forms import folded

_WILL = re.compile(r"(?<![\w-])(?:will|(?:is|are) (?:set |due |about )?to|plans? to|intends? to)(?![\w-])")
_BINDING = re.compile(
    r"\b(?:sign|agree|order|contract|leas|commit|licen|promis|pledg|plan|decid|approv)(?:s|e|es|ed|d|n?ed|t?ed|se)?\b",
    re.IGNORECASE,
)


def postponed(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """What is done, told as to come: "will make its first wafers" for "made its first wafers".

    What was agreed or approved may well be to come: not so the agreement.
    """
    if any(polarity.hedges(context) or not polarity.is_past(context) for context in contexts):
        return
    for match in _WILL.finditer(text):
        scope = words(folded(text[match.end() :]))[: polarity.SCOPE_WORDS]
        for context in contexts:
            done = frozenset(words(folded(context)))
            bound = {stem for found in _BINDING.finditer(context) for stem in words(folded(found[0]))}
            if (
                scope
                and scope[0] in done
                and (not bound or scope[0] in bound)
                and polarity.about(frozenset(scope), done)
            ):
                yield "tells as to come what its source tells as done"
                return


_TO_DO = re.compile(
    r"(?<!managed )(?<!first )(?<!last )(?<!only )(?<!began )(?<!went on )(?<!helped )\bto (?P<verb>[a-z]{3,})\b"
)
_DONE = re.compile(
    r"\b(?P<verb>[a-z]{2,}ed|built|bought|sold|won|spent|made|took|taken|paid|left|lost|cut|ran|sent|held)\b"
)


def foretold(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """What is to be done, told as done: "has cured the breach" for "has until December to cure the breach"."""
    done = {match["verb"] for match in _DONE.finditer(text)}
    if not done or polarity.hedges(text) or polarity.NEGATION.search(text):
        return
    to_do = {match["verb"] for context in contexts for match in _TO_DO.finditer(context)}
    rest = set(words(folded(" ".join(_TO_DO.sub(" ", context) for context in contexts))))
    for verb in sorted(done):
        bases = {folded(verb), verb.removesuffix("d"), verb.removesuffix("ed")} - {verb}
        if bases & to_do and not set(words(folded(verb))) & rest:
            yield f'says "{verb}" of what its source has yet to come'
            return
