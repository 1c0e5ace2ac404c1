"""A text summed up in its own sentences, within a number of words; pure.

```
text ─► laid out ─► sentences ─► furniture out ─► cut down ─► weighed ─► picked by weight, unlike each other, until full
```

Weights are those of the brief (`bot.writing.salience`): likeness to the TF-IDF centroid (Radev et al. 2004) and a
position prior, with a penalty for likeness to what is picked already (maximal marginal relevance, Carbonell and
Goldstein 1998). Where a text has a title and opens with an anecdote the prior starts behind it. What fits no more is
passed over for what does, as in knapsack-like selection (Lin and Bilmes 2010); stopping at the first sentence that does
not fit left a sixth of the room empty. Tried beside it on 145 pairs of news and references without any gain: the
centroid of the whole summary (Ghalandari 2017), covering weighted concepts and word pairs (Gillick and Favre 2009),
TextRank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.models import Sentence
from bot.stories.sentences import Span, split, words
from bot.writing.candidates import Candidate, candidate, is_furniture
from bot.writing.grounding import check
from bot.writing.layout import laid_out
from bot.writing.salience import Item, Room, choose, weigh

ABOUT_WORDS = 74
"""Words of a summary that is not told its length: with whole sentences it comes to 76 on average, what the best simple
method took on 250 news articles."""
PLACE = 0.45
"""Share of a sentence's score that is its place: less than in a brief, for features keep facts for further down."""
SPEECH, HALF_QUOTED, LEANS, FRAGMENT = 0.7, 0.7, 0.9, 0.5
"""What direct speech, half of a quotation, a sentence that points back and one without a verb are worth."""
_ALIKE = 0.75


def summarise(
    text: str, *, title: str = "", about_words: int = ABOUT_WORDS, sentences: int | None = None
) -> tuple[str, ...]:
    """The sentences that sum a text up, in their order, cut down only by leaving words out.

    Args:
        text: the text, also one whose words are parted from its marks ("He said -LRB- twice -RRB- : no .").
        title: its title, if it has one.
        about_words: the length to come near to; at least one sentence.
        sentences: how many instead, whatever their length.
    """
    found = _sentences(text)
    if not found:
        return ()
    items = [Item(words(one.text), at, one.length) for at, one in enumerate(found)]
    scores, vectors = weigh(items, words(title), may_open_late=bool(title), position_weight=PLACE)
    marked = [score * _worth(one) for score, one in zip(scores, found, strict=True)]
    room = None if sentences is not None else Room(about_words, [one.length for one in found])
    picked = choose(marked, vectors, sentences or len(found), most_alike=_ALIKE, room=room)
    return tuple(found[at].text for at in sorted(picked))


def _worth(one: Candidate) -> float:
    """What is taken off a sentence that reads badly outside its text."""
    factor = SPEECH if one.speech else 1.0
    factor *= HALF_QUOTED if one.text.count('"') % 2 else 1.0
    factor *= LEANS if one.dangling and one.position else 1.0
    return factor * (FRAGMENT if one.fragment else 1.0)


def _sentences(text: str) -> list[Candidate]:
    """A text's sentences without bylines, captions and the like; all of them if nothing else is left."""
    source = laid_out(text)
    spans = split(source)
    kept = [span for span in spans if len(span.text.split()) >= _SHORTEST and not is_furniture(span.text)]
    kept = kept or list(spans)
    return [_cut(one, source) for one in _candidates(kept, source)]


def _candidates(spans: Sequence[Span], source: str) -> Iterator[Candidate]:
    for at, span in enumerate(spans):
        yield candidate(1, span, source, rank=0, position=at, section="")


_ASIDE = re.compile(r"\s*\([^()]{1,80}\)|\s*\[[^\[\]]{1,60}\]")
_LAST_CLAUSE = re.compile(r", (?:which|where) [^,.;\"]{3,120}(?=\.$)")
_VERB_NEXT = r"(?= (?:is|are|was|were|has|have|had|will|would|can|could|may|said|says|\w{3,}ed)\b)"
_MIDDLE = re.compile(
    rf", (?:which|who|whose|where) (?:[^,;:\"“”]|(?<=\d),(?=\d)){{3,90}},{_VERB_NEXT}"
    rf"|(?<=[a-z]), (?:an?|the|its|his|her) [^,;:\"“”.]{{3,60}},{_VERB_NEXT}"
)
"""What is told of a subject between it and its verb."""
_WEEKDAY = re.compile(
    r",? on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?(?=[ ,.])"
)
"""A day of the week says nothing once a text is read on another one."""
_LEAST = 5
_SHORTEST = 4
"""Words below which a sentence of a summary is a leftover of the page ("Associated Press.", "14:11 EST.")."""


def _cut(one: Candidate, source: str) -> Candidate:
    """Without asides, weekdays and a last clause that only adds, as far as the checker has nothing against it."""
    usual = _LAST_CLAUSE.sub("", _ASIDE.sub("", one.text)).strip()
    for short in (_WEEKDAY.sub("", _MIDDLE.sub("", usual)).strip(), usual):
        if short == one.text or len(short.split()) < _LEAST:
            continue
        sentence: Sentence = replace(one.sentence, text=short)
        if check(sentence, {1: source}).ok:
            return replace(one, sentence=sentence)
    return one
