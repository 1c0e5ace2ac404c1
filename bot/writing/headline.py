"""A headline in plain words, chosen among the titles of a story's articles; pure.

A title must be cleaned (publisher's name, "EXCLUSIVE:", shouting), tell the event rather than tease it, and be borne
out by the texts. Where none does, the lead article's first sentence is cut to headline length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.models import Article, Quote, Sentence, Story
from bot.stories.comparing import same
from bot.stories.figures import Figure, find
from bot.stories.lexicon import STOP_WORDS
from bot.stories.sentences import names, normalise, split, words
from bot.writing import mouths
from bot.writing.alone import is_fragment
from bot.writing.candidates import Candidate, is_order, source_of
from bot.writing.grounding import check

_LABEL = re.compile(
    r"^(?:exclusive|breaking|update(?: ?\d+)?|watch|video|live|just in|opinion|analysis|report|news"
    r"|sponsored|press release|members|subscribers|first look|scoop"
    r"|correction|corrected|podcast|newsletter|in brief|factbox|explainer)(?: ?\d+)?\s*[:|–—-]+\s*|^\[[^\]]{2,20}\]\s*",
    re.IGNORECASE,
)
# "How Calder cut its power bill" says that Calder cut it; "How to", "How much" and "How you" say nothing.
_HOW = re.compile(
    r"^How (?=(?:[A-Z][\w'’.-]*|AI)(?: |'s )(?!is\b|are\b))(?!(?:Much|Many|Long|Far|Big|To|You|We|I|Your|Our"
    r"|Do|Does|Did)\b)(?!.*\?)"
)
_SUFFIX = re.compile(r"\s+(?:[|»·•]|::|[-–—])\s+(?P<tail>[^|»·•]{2,40})$")
_TEASE = re.compile(
    r"\?|…|\.\.\.|^(?:why|how|what|here(?:'s| is| are)|this|these|meet|inside|everything"
    r"|notes on|thoughts on|the (?:\d+|top"
    r"|best)|\d+ (?:things|ways|reasons|best|top|must)"
    r"|is|are|can|will|could|should|does|do|did|when|who|you)\b|: ?(?:what|how|why|who|where|when)\b"
    r"|\b(?:you(?:'ll| need| won't| should| can)?|we|our|i|my|your)\b"
    r"|\b(?:here's|what (?:to know|we know|it means)|explained|need to know|won't believe|game.?chang\w+|mind.?blowing"
    r"|stunning|shocking|insane|revolution(?:ary|i[sz]es?)|proud|excited|thrilled"
    r"|unleash\w*|supercharg\w*|all bets|says the paper|hype)\b|!",
    re.IGNORECASE,
)
_PUFF = re.compile(r"\b(?:next.generation|world.class|monster|massive|secret)\b", re.IGNORECASE)
"""Words that adverts love and that news cannot do without: "massive recall", "next-generation reactors"."""
PUFF = 0.15
_VERB = re.compile(
    r"\b(?:\w{3,}(?:s|ed|es)|to|will|is|are|was|has|have|cuts?|puts?|gets?|wins?|hits?|sets?|lets?|built"
    r"|bought|sold|won|lost)\b"
)
_NEWS_VERB = re.compile(
    r"\b(?:says?|raises?|cuts?|buys?|sells?|signs?|builds?|opens?|launch\w*|plans?|files?|asks?|delays?|wins?|invests?"
    r"|leases?|ships?|takes?|pays?|adds?|closes?|approves?|rejects?|halts?|fails?|loses?|unveils?|releases?|acquires?"
    r"|agrees?|warns?|expects?|orders?|starts?|stops?|names?|doubles?|will|to)\b"
)
MOST_CHARS = 110
QUOTED_CHARS = 24
"""More for a headline that is its publisher's quotation: the name and "writes"."""
SHORTEST, LONGEST = 4, 16
LEAST_SCORE = -0.5
"""Below this a title only teases, and the first sentence tells more; found by reading."""
_SHOUT = 0.6


def clean(title: str, publishers: Sequence[str] = ()) -> str:
    """A title without labels, publisher and shouting.

    Args:
        title: as the feed has it.
        publishers: names that may stand at its end.
    """
    text = normalise(title)
    for _ in range(2):
        text = _LABEL.sub("", text, count=1)
    known = {normalise(publisher).lower() for publisher in publishers}
    while (tail := _SUFFIX.search(text)) and (
        tail["tail"].strip().lower() in known or re.search(r"[|»·•]|::", tail[0])
    ):
        text = text[: tail.start()]
    text = _HOW.sub("", text, count=1)
    text = _quiet(text).rstrip(" .")
    return text[:1].upper() + text[1:]


def _quiet(title: str) -> str:
    """A title in capitals brought down to a sentence; short words in capitals (acronyms, units) stay."""
    long = list(re.findall(r"[^\W\d_]{4,}", title))
    if not long or sum(word.isupper() for word in long) < _SHOUT * len(long):
        return title
    return re.sub(r"[^\W\d_]+", lambda match: match[0].lower() if _shouted(match[0]) else match[0], title)


def _shouted(word: str) -> bool:
    """Whether a word in capitals would be small in a sentence: a longer one, or one like "IN" and "THE"."""
    return word.isupper() and (len(word) > 3 or word.lower() in STOP_WORDS)  # noqa: PLR2004 - GPU, AI and MW stay


def restore(title: str, text: str) -> str:
    """Give a quieted title's words the capitals that they have within the sentences of the text."""
    spelled: dict[str, str] = {}
    for name in names(text):
        for part in re.findall(r"[^\W\d_]{4,}", name):
            spelled.setdefault(part.lower(), part)
    return re.sub(r"[^\W\d_]{4,}", lambda match: spelled.get(match[0], match[0]), title)


def headline(
    story: Story,
    candidates: Sequence[Candidate],
    avoid: Sequence[Figure] = (),
    main: Sequence[Figure] = (),
) -> Sentence | None:
    """The best headline with the quote it rests on; None for a story that has neither title nor text.

    Args:
        story: its articles; the lead's title wins where titles are equally good.
        candidates: the story's sentences, to fall back on.
        avoid: figures that sources disagree about or that have been put right: kept out of a headline where possible.
        main: the story's main figures, most important first, which a headline should rather show.
    """
    bodies = {
        joined.article.id: frozenset(words(joined.article.text or joined.article.summary)) for joined in story.articles
    }
    publishers = [joined.article.publisher for joined in story.articles]
    scored: list[tuple[float, int, Sentence]] = []
    for rank, joined in enumerate(story.articles):
        for made in _titled(joined.article, publishers, avoid):
            score = _score(made.text, joined.article, bodies) - 0.18 * min(rank, 5)
            score += min(0.0 if _TEASE.search(made.text) else 1.0, _shows(made.text, avoid, main))
            score -= 0.6 if _PUTS_RIGHT.search(joined.article.title) else 0.0
            scored.append((score, -rank, made))
    best = max(scored, key=lambda item: item[:2], default=None)
    if best is not None and best[0] >= LEAST_SCORE:
        return best[2]
    return _from_text(candidates) or (best[2] if best else None)


_PUTS_RIGHT = re.compile(
    r"^(?:correction|corrected|clarification)\b|, not (?=[$€£\d])|\band not (?=[$€£\d])", re.IGNORECASE
)


def _shows(text: str, avoid: Sequence[Figure], main: Sequence[Figure]) -> float:
    """What a title's figures are worth: more for the main ones, less for one that is in doubt."""
    own = find(text)
    score = 0.1 if own else 0.0
    score += 0.3 if any(same(figure, other) for figure in own for other in main) else 0.0
    doubtful = any(same(figure, other) for figure in own for other in avoid)
    return score - (0.0 if not doubtful else 0.1 if _SAYS.search(text) else 0.5)


def _titled(article: Article, publishers: Sequence[str], avoid: Sequence[Figure]) -> Iterator[Sentence]:
    """An article's title as a headline, and without a figure in doubt where it can be left out."""
    cleaned = clean(article.title, publishers)
    if len(cleaned.split()) < 2 or is_order(article.title):  # noqa: PLR2004 - one word tells no event
        return
    if cleaned not in normalise(article.title):
        cleaned = restore(cleaned, article.text)
    quote = (Quote(article.id, normalise(article.title)),)
    shorter = _without(cleaned, avoid)
    if mouths.is_first_person(cleaned) and article.publisher:
        first = split(cleaned)[0].text.rstrip(" .")
        cleaned, shorter = f'{normalise(article.publisher)}: "{mouths.inner(first)}"', ""
    for text in filter(None, (cleaned, shorter)):
        made = Sentence(text, quote)
        known = {article.id: article.publisher}
        if check(made, {article.id: source_of(article)}, headline=True, publishers=known).ok:
            yield made


# A figure that can go: before the noun that it describes ("build 1.2 GW campus"), or after "invest" and its like.
_CAN_GO_BEFORE = re.compile(r" (?=[a-z][a-z-]+)(?!(?:in|of|for|on|at|to|by|from|as|with|and|or|over|per|an?|into|a)\b)")
_CAN_GO_AFTER = re.compile(r"\b(?:to )?(?:invests?|expands?|grows?) (?:(?:up to|about|more than|some|over|nearly) )?$")


_CAN_GO_AT_END = re.compile(
    r",? (?:with (?:\w+ )?\w+ (?:of|worth)|for|at a cost of|worth) (?:up to|about|more than)? ?$"
)
_SAYS = re.compile(r"\b(?:says?|said|according to|claims?|reports?)\b", re.IGNORECASE)


def _without(title: str, avoid: Sequence[Figure]) -> str:
    """The title without a figure in doubt; empty where it has none, or none that can be left out."""
    for figure in find(title):
        if not any(same(figure, other) for other in avoid):
            continue
        before, after = title[: figure.start], title[figure.end :]
        end = _CAN_GO_AT_END.search(before)
        if end and not after.strip():
            return before[: end.start()]
        if _CAN_GO_AFTER.search(before):
            before = re.sub(r"(?:up to|about|more than|some|over|nearly) $", "", before)
            return f"{before}{after.lstrip()}"
        if _CAN_GO_BEFORE.match(after):
            before = re.sub(r"\b(?:up to|about|more than|some|over|nearly) $", "", before)
            made = f"{before}{after.lstrip()}"
            article = re.sub(r"\ban? (?=(?P<next>[a-z]))", _article_before, made[max(0, len(before) - 3) :])
            return made[: max(0, len(before) - 3)] + article
    return ""


def _article_before(match: re.Match[str]) -> str:
    return "an " if match["next"] in "aeiou" else "a "


def _score(text: str, article: Article, bodies: Mapping[int, frozenset[str]]) -> float:
    """How well a title tells the event: above 0 is good enough to show."""
    stems = set(words(text))
    others = set().union(*bodies.values()) if bodies else set()
    grounded = len(stems & bodies[article.id]) / len(stems) if stems else 0.0
    shared = len(stems & others) / len(stems) if stems else 0.0
    count = len(text.split())
    score = 0.9 * grounded + 0.4 * shared - 0.6
    if _TEASE.search(text):
        score -= 0.4 if _OWN_WORDS.match(text) else 1.2
    score -= PUFF if _PUFF.search(text) else 0.0
    score += 0.2 if names(text) else -0.3
    score += 0.15 if _NEWS_VERB.search(text) else 0.0
    score -= 0.0 if _VERB.search(text) else 0.4
    score -= 0.15 if re.search(r"\w: \w", text) or _ASIDE.search(text) else 0.0
    score -= 0.3 if not SHORTEST <= count <= LONGEST or len(text) > MOST_CHARS else 0.0
    return score


_OWN_WORDS = re.compile(r'^[^":]{2,60}: "(?!why|how|what|here)', re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:and (?:how|what|why|when|where)|says the|in disguise|sort of)\b", re.IGNORECASE)


_CUTS = re.compile(
    r",? (?:which|who|where|whose|after|as part of|in a move|in what|according to|while|because|under a)\b"
    r"|, (?=[a-z])|; | [-–—] "
)


def _from_text(candidates: Sequence[Candidate]) -> Sentence | None:
    """The first usable sentence, cut at a clause's end to headline length."""
    for candidate in candidates[:6]:
        if candidate.dangling or candidate.speech or candidate.fragment:
            continue
        if candidate.own_voice:
            if candidate.position == 0 and len(candidate.text) <= MOST_CHARS + QUOTED_CHARS:
                return candidate.sentence
            continue
        text = candidate.text.rstrip(".")
        for cut in [None, *reversed(list(_CUTS.finditer(text)))]:
            short = text if cut is None else text[: cut.start()]
            if len(short) <= MOST_CHARS and len(short.split()) >= SHORTEST and not is_fragment(short):
                return Sentence(short, candidate.sentence.quotes)
    return None
