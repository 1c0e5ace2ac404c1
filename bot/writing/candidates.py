"""The sentences of a story that may be shown, cut down only by leaving words out; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.models import Article, Quote, Sentence, Story
from bot.stories import orders
from bot.stories.sentences import Span, is_title_case, normalise, split, words
from bot.writing import alone, furniture, mouths
from bot.writing.grounding import check
from bot.writing.quotes import source_text

MOST_WORDS = 60
LEAST_WORDS = 5
HEADING_WORDS = 12
LONGEST_CHAIN = 3
"""Sentences shown as one where each leans on the one before."""

_ORDERS = re.compile(
    r"\b(?:(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous)"
    r"|system prompt|as an ai\b"
    r"|^(?:assistants?|bots?|ai|llms?|models?|agents?)[,:] "
    r"|(?:summari[sz]ers?|assistants?|readers?) (?:that they )?must\b"
    r"|(?:dear|note to|attention|hello,?) (?:ai|assistants?|language models?|llms?|bots?|chatbots?|summari[sz]ers?)"
    r"|you (?:are|must|should) (?:now )?(?:an? )?(?:ai|assistant|answer|reply|respond|write|post|include"
    r"|output|summari[sz]e)"
    r"|(?:ai|language model|llm|assistant|bot|summari[sz]er)s? (?:must|should|reading this)|<\|?\w+\|?>|\[/?inst\]"
    r"|(?:include|add|insert|post|output|print|repeat|reply with)\b.{0,30}\b(?:link|url|@\w+|verbatim|exactly))",
    re.IGNORECASE,
)
_UNWANTED = re.compile(r"https?://|www\.|\S@\S+\.\w|<[a-z/!@#]|\]\(|[{}\\]|@(?:here|channel|everyone)", re.IGNORECASE)
_OPENERS = re.compile(
    r"^(?:(?:but|and|yet|so|still|also|now|then|or|plus)(?:,)? (?!far\b|called\b|that\b|many\b|much\b)"
    r"|(?:however|meanwhile|moreover|furthermore|additionally|in addition|indeed|even so|of course|instead"
    r"|separately|besides|finally|lastly|first|second|third"
    r"|nevertheless|nonetheless|for (?:its|his|her|their) part|for now|that said|in other words|for example"
    r"|for instance|in short|to be sure|in turn|as a result|therefore|thus|consequently|in fact|overall), )",
    re.IGNORECASE,
)
_MIDWAY = re.compile(r", (?:however|meanwhile|moreover|though|in turn), ")
_ASIDES = re.compile(
    r" \((?:NYSE|NASDAQ|Nasdaq|TSE|LSE|KRX|[A-Z]{2,6}): ?[\w. ]+\)| \((?:pictured|above|left|right)[^)]{0,20}\)"
)
_HEADING_END = re.compile(r"[.!?…:;\"”’»)]$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be shown.

    Attributes:
        sentence: what to show, with its quote (the words as the article has them).
        article_id: whose it is.
        rank: the article's place in the story, the lead being 0.
        position: the sentence's place in its article.
        paragraph: its paragraph's number in the article.
        section: the heading it stands under, lower case; empty before the first.
        stems: content stems.
        dangling: it starts with a word that points back ("It", "The two"), or holds one that nothing in it explains.
        speech: it starts with direct speech.
        fragment: it has no verb, or tells of nothing ("There is no drawer with ten thousand wafers in it.").
        own_voice: it is its publisher's own "we", shown as a quotation of the publisher.
    """

    sentence: Sentence
    article_id: int
    rank: int
    position: int
    paragraph: int
    section: str
    stems: tuple[str, ...]
    dangling: bool
    speech: bool
    fragment: bool = False
    own_voice: bool = False

    @property
    def text(self) -> str:
        """What is shown."""
        return self.sentence.text

    @property
    def length(self) -> int:
        """Words shown."""
        return len(self.sentence.text.split())


def source_of(article: Article) -> str:
    """An article as the checker reads it."""
    return source_text(article.title, article.text or article.summary)


def sources_of(story: Story) -> dict[int, str]:
    """The texts that a story's sentences may cite, by article id."""
    return {joined.article.id: source_of(joined.article) for joined in story.articles}


def gather(story: Story) -> tuple[Candidate, ...]:
    """Every sentence of the story's own texts (not of copies of a wire text) that may be shown."""
    found: list[Candidate] = []
    seen: set[str] = set()
    for rank, joined in enumerate(story.articles):
        if joined.wire_of is not None and any(joined.wire_of == other.article.id for other in story.articles):
            continue
        for candidate in _sentences(joined.article, rank):
            key = candidate.sentence.quotes[0].text.lower()
            if key not in seen:
                seen.add(key)
                found.append(candidate)
    return tuple(found)


def _sentences(article: Article, rank: int) -> Iterator[Candidate]:
    section = ""
    position = 0
    source = source_of(article)
    spans = split(orders.without_orders(article.text or article.summary))
    lonely = _alone(spans)
    asides = {span.paragraph for span in spans if furniture.is_aside(span.text)}
    for at, span in enumerate(spans):
        if lonely[at] and _is_heading(span.text):
            section = span.text.lower().strip(" :?")
            continue
        if span.paragraph in asides or furniture.is_furniture(furniture.bare(normalise(span.text), opens=not position)):
            continue  # it takes no place: what stands around it is still one behind the other
        position += 1
        if is_showable(span.text):
            made = candidate(article.id, span, source, rank=rank, position=position - 1, section=section)
            yield _standing_alone(made, article, spans[at - 1].text if at else "", source)


_STILL_POINTS = re.compile(r"^(?:\w+ ){2,5}(?:them|it|this|that|those|these|another)\b")


def _standing_alone(made: Candidate, article: Article, before: str, source: str) -> Candidate:
    """A sentence that speaks as "we" as its publisher's quotation; one that opens with a pronoun with the name."""
    own = made.sentence.quotes[0].text
    if (article.language or "en").startswith("en") and article.publisher and mouths.is_first_person(own):
        sentence = replace(made.sentence, text=mouths.in_mouth(article.publisher, own))
        if check(sentence, {article.id: source}, publishers={article.id: article.publisher}).ok:
            return replace(made, sentence=sentence, own_voice=True)
        return made
    name = mouths.antecedent(before, own) if made.dangling or mouths.is_firm(own) else ""
    if not name or _STILL_POINTS.search(own):
        return made
    sentence = Sentence(mouths.resolved(name, own), (*made.sentence.quotes, Quote(article.id, normalise(before))))
    if not check(sentence, {article.id: source}).ok:
        return made
    return replace(made, sentence=sentence, dangling=False)


def _alone(spans: tuple[Span, ...]) -> tuple[bool, ...]:
    """Whether each sentence is the only one of its paragraph."""
    return tuple(
        (at == 0 or spans[at - 1].paragraph != span.paragraph)
        and (at == len(spans) - 1 or spans[at + 1].paragraph != span.paragraph)
        for at, span in enumerate(spans)
    )


def _is_heading(text: str) -> bool:
    """Whether a line that is a paragraph of its own is a heading: short, or in title case, and without an end."""
    if _HEADING_END.search(text):
        return text.endswith("?") and len(text.split()) < HEADING_WORDS  # "Why it's important?"
    return len(text.split()) <= HEADING_WORDS or furniture.is_row(text) or is_title_case(text)


def is_showable(text: str) -> bool:
    """Whether a sentence is news and not furniture, a question, an advert, or an order to a machine."""
    count = len(text.split())
    if not LEAST_WORDS <= count <= MOST_WORDS or text.rstrip('"”’ ').endswith("?"):
        return False
    if text.count('"') % 2 or text.count("“") != text.count("”"):
        return False  # half of a quotation that runs over several sentences
    return not (furniture.is_unfinished(text) or is_furniture(text))


def is_furniture(text: str) -> bool:
    """Whether a sentence is no part of the news: a byline, a caption, an advert, an order to a machine."""
    plain = furniture.bare(normalise(text), opens=False)
    return (
        orders.is_order(text) or furniture.is_furniture(plain) or any(one.search(text) for one in (_ORDERS, _UNWANTED))
    )


def is_order(text: str) -> bool:
    """Whether a text speaks to a machine instead of telling news."""
    return bool(_ORDERS.search(text)) or orders.is_order(text)


def candidate(article_id: int, span: Span, source: str, *, rank: int, position: int, section: str) -> Candidate:
    """A sentence made showable: shortened where the checker agrees, whole where it does not."""
    quoted = furniture.bare(normalise(span.text), opens=position == 0)
    short = _shortened(quoted)
    sentence = Sentence(short, (Quote(article_id, quoted),))
    if short != quoted and not check(sentence, {article_id: source}).ok:
        sentence = replace(sentence, text=quoted)
    text = sentence.text
    return Candidate(
        sentence,
        article_id,
        rank,
        position,
        span.paragraph,
        section,
        words(text),
        dangling=alone.points_back(text),
        speech=alone.is_speech(text),
        fragment=alone.is_fragment(text),
    )


def paired(one: Candidate, candidates: Sequence[Candidate], sources: Mapping[int, str], most: int) -> Sentence | None:
    """A sentence that points back, after what it points to: the one before it, or two where that one points back too.

    None if they are too long together, are not all there, or the first still points back.

    Args:
        one: the sentence.
        candidates: the story's sentences.
        sources: the articles' texts by id.
        most: words in all.
    """
    chain = [one]
    while chain[0].dangling:
        before = next(
            (
                other
                for other in candidates
                if other.article_id == one.article_id and other.position == chain[0].position - 1
            ),
            None,
        )
        if before is None or before.fragment or before.own_voice or len(chain) == LONGEST_CHAIN:
            return None
        chain.insert(0, before)
    if len(chain) < 2 or sum(part.length for part in chain) > most:  # noqa: PLR2004 - nothing to put together
        return None
    quotes = dict.fromkeys(quote for part in (one, *chain) for quote in part.sentence.quotes)
    made = Sentence(" ".join(part.text for part in chain), tuple(quotes))
    return made if check(made, sources).ok else None


def _shortened(text: str) -> str:
    """Leave out an opening connective and asides that only a market terminal wants."""
    cut = _MIDWAY.sub(" ", _ASIDES.sub("", _OPENERS.sub("", text, count=1)))
    return cut[:1].upper() + cut[1:]
