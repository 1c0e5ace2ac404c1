"""A long sentence cut to the clause that holds a figure, by leaving words out; pure.

```
Peatstack, which rents out chips, asked a court for protection, saying that it had debts of $620 million.
         └────── aside ─────────┘                                                           figure ┘
Calder has passed a test at a customer and will deliver 2 million stacks by June, a quarter later than planned.
      └──── told before "and" ──────────┘                figure ┘               └──────────── tail ───────────┘
```
Words are only ever left out, and what is left must pass the grounding checker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.models import Sentence
from bot.stories.sentences import names
from bot.writing.grounding import check

SHORTEST = 6
"""Words that a clause must keep."""
_FINITE = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|must|said|says|gives?|computes|obliges|offers|expects"
    r"|carries|takes|runs|wants|adds|draws|sold|bought|paid|leased|signed|raised|asked|agreed)"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|\w{3,}(?:ed|es|ts|ns|ls|ys|ds|ks|ps|rs|ws)"
    r"|said|put|cost|cut|set|run|rose|fell|paid|built|sold|bought|won|lost)\b"
)
_TAIL = re.compile(
    r",? (?:(?:of|in|to|for|by|with|from|on|at) which|which|who|where|whose|while|although|though|because|so that) "
    r"|, (?:after|before|as|in the|its) |; |: (?=[a-z])| [-–—] "
    r"|, (?:and|but|up|down|with|including|a|an|the|more|less|not|\w+ing) ?"
    rf"| and (?={_FINITE}\b)"
)
_ASIDE = re.compile(r", (?:which|who|whose|where) [^,;:\"“”]{5,100}, ")
# An aside that opens a list ends behind the list's last comma, and not at its first.
_LISTS = re.compile(r"\b(?:including|such as|like|among them|namely)\b|, and $", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:and|but|or|for|in|at|to|on|by|with|from|after|before|while|as|of|over|under|when|where|because|if|so|up|down|the"
    r"|an?|its|\w+ing)\b"
)
_STARTS_WITH_VERB = re.compile(rf"{_FINITE}\b|\w{{3,}}ed\b")
_SECOND_PREDICATE = re.compile(rf",? and (?={_FINITE}\b)")
# What is told before "and" must be the name's own plain doing, or what follows would lose a hedge or a speaker.
_NOT_PLAIN = re.compile(
    r"\b(?:said|says|say|told|that|which|who|where|whether|if|unless|not|no|never|may|might|could|would|reportedly"
    r"|allegedly|claim\w*|according|expect\w*|plans?|about to|because|while|but)\b|[\"“”;:]",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(?:there|them|they|their|these|those|both|either)\b", re.IGNORECASE)
_OPENED = re.compile(r"\b(?:which|who|whose|where|whether)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"^[^,]{2,60}, (?:which|who|whose|where) ")
_OWN_VERB = re.compile(rf", (?:{_FINITE}|\w{{3,}}ed)\b")
_LEADS_ON = re.compile(
    r"\b(?:because|that|which|who|where|of|in|to|and|or|by|at|for|with|from|the|an?|as|than|while|if|into|on|one|ones|those)$",
    re.IGNORECASE,
)
_OPEN_CLAUSE = re.compile(
    r"^(?:if|when|while|although|though|as|because|after|before|with|by|once|since|unless)\b", re.IGNORECASE
)


def trim(sentence: Sentence, shown: str, sources: Mapping[int, str], *, beyond: int) -> Sentence:
    """A long sentence cut to the part that holds its figure; only where the checker agrees.

    Args:
        sentence: what to cut.
        shown: the figure that must stay.
        sources: the articles' texts by id.
        beyond: sentences of at most so many words stay whole.
    """
    text = sentence.text
    if len(text.split()) <= beyond or shown not in text or _OPEN_CLAUSE.match(text):
        return sentence
    shorter = {cut for form in _forms(text, shown) for cut in (form, *_without_tails(form, shown))}
    for short in sorted(shorter, key=lambda one: (len(one), one)):
        made = replace(sentence, text=short)
        if short != text and check(made, sources).ok:
            return made
    return sentence


def _forms(text: str, shown: str) -> Iterator[str]:
    """The text; without its asides; and without what it tells of its subject before the figure's own verb."""
    yield text
    plain = _without_asides(text, shown)
    yield plain
    yield from _second_halves(plain, shown)


def _without_asides(text: str, shown: str) -> str:
    for aside in reversed(list(_ASIDE.finditer(text))):
        rest = text[aside.end() :]
        if shown in aside[0] or _LISTS.search(aside[0]) or not (_STARTS_WITH_VERB.match(rest) or _GOES_ON.match(rest)):
            continue
        text = f"{text[: aside.start()]}{' ' if _STARTS_WITH_VERB.match(rest) else ', '}{rest}"
    return text


def _second_halves(text: str, shown: str) -> Iterator[str]:
    """`Calder has passed a test and will deliver 2 million` as `Calder will deliver 2 million`."""
    found = names(text)
    if not found or not text.startswith(found[0]):
        return
    subject = found[0]
    for joint in _SECOND_PREDICATE.finditer(text, len(subject)):
        first, second = text[len(subject) : joint.start()], text[joint.end() :]
        if shown in second and shown not in first and not _NOT_PLAIN.search(first) and not _LEANS.search(second):
            yield f"{subject} {second}"


def _without_tails(text: str, shown: str) -> Iterator[str]:
    """The text cut before each clause that starts behind the figure."""
    if shown not in text:
        return
    for cut in _TAIL.finditer(text, text.index(shown) + len(shown)):
        short = text[: cut.start()].rstrip(" ,;:")
        if len(short.split()) >= SHORTEST and _is_whole(short):
            yield short + "."


def _is_whole(text: str) -> bool:
    """Whether a cut left no half: a quotation, a clause that has lost its verb, a word that leads on."""
    opened = list(_OPENED.finditer(text))
    if _RELATIVE.match(text) is not None and _OWN_VERB.search(text) is None:
        return False  # "The firm, which hired 29 people last year": its own verb was cut off
    return (
        text.count('"') % 2 == 0
        and _VERB.search(text, opened[-1].end() if opened else 0) is not None
        and _LEADS_ON.search(text) is None
    )
