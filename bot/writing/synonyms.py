"""Synonyms that news uses for its usual verbs and nouns; pure. A word may stand in several groups."""

from __future__ import annotations

from collections.abc import Collection

from bot.stories.sentences import words
from bot.writing.forms import folded

_SYNONYMS = """
use consume draw need require take burn | build construct erect add develop make create | buy acquire purchase |
sell offload dispose | rent lease hire | say tell state announce report disclose reveal confirm | plan intend
aim want seek hope | expect forecast predict anticipate project estimate see | rise climb increase grow jump
gain surge soar advance widen double triple go goes | fall drop decline decrease slip slide sink tumble plunge
halve ease go goes | cut lower reduce trim slash lessen | raise lift increase boost hike | begin start launch
open commence | finish complete end conclude | show reveal unveil present introduce announce launch release
publish | make produce manufacture build | get receive win secure obtain gain land clinch | give grant award
hand | hold contain house have carry comprise store | run operate | move shift transfer relocate | put place
install deploy set | ask request demand apply | agree accept | let allow permit | stop halt suspend pause end |
pay spend | invest spend put pour commit | supply provide deliver sell ship | send ship deliver | reach hit
attain total | near approach | help aid support | lead head run direct | leave quit depart | join enter | own
control | big large major huge giant | small little tiny | fast quick rapid | new latest fresh recent | firm
company business group maker concern operator provider | plant factory fab site facility | site campus centre
center park facility hall | chip processor accelerator part gpu | customer client user buyer | staff employee
worker people person job | boss chief head executive | deal agreement contract pact accord | money fund cash
capital | loan credit debt | law rule regulation act bill | official authority regulator | house home | test
trial | problem issue fault trouble error | fault failure outage | about around roughly approximately some |
power electricity energy | revenue sale turnover | profit earning | show demonstrate | find discover | call
describe | cover include | keep retain maintain | say write | fill occupy | approve clear back | back support |
oppose resist object | name appoint pick choose elect | work function | delay postpone defer | cancel scrap drop
abandon | last take | come arrive | go | become turn | share stake | part portion | whole entire full all |
yearly annual | initial first | final last | total overall | annually yearly annual year | monthly month |
weekly week | daily day
"""


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_SYNONYMS.split("|")):
        for word in group.split():
            for stem in words(folded(word)):
                found.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


_GROUPS = _groups()


def is_synonym(stem: str, stems: Collection[str]) -> bool:
    """Whether a word is a usual synonym of one of others; all as stems."""
    mine = _GROUPS.get(stem)
    return mine is not None and any(mine & _GROUPS.get(other, frozenset()) for other in stems)


def alike(one: str, other: str) -> bool:
    """Whether two words are forms of one, or synonyms."""
    mine, theirs = _bases(one.lower()), _bases(other.lower())
    if not mine or not theirs or mine[0][:4] == theirs[0][:4]:
        return True
    groups = {number for stem in mine for number in _GROUPS.get(stem, ())}
    return any(number in groups for stem in theirs for number in _GROUPS.get(stem, ()))


def _bases(word: str) -> tuple[str, ...]:
    """A word's stem, and what is left of a short one without its ending ("eased": ease)."""
    found = words(folded(word))
    return (*found, word.removesuffix("d"), word.removesuffix("ed")) if found and word.endswith("ed") else found
