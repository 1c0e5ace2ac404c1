"""A headline in plain words, chosen among the titles of a story's articles; pure.

A title must be cleaned (publisher's name, "EXCLUSIVE:", shouting), tell the event rather than tease it, and be borne
out by the texts. Where none does, the lead article's first sentence is cut to headline length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.models import Article, Quote, Sentence, Story
from bot.stories.figures import Figure, find
from bot.stories.lexicon import STOP_WORDS
from bot.stories.sentences import names, normalise, words
from bot.writing.candidates import Candidate, is_order, source_of
from bot.writing.grounding import check

_LABEL = re.compile(
    r"^(?:exclusive|breaking|update(?: ?\d+)?|watch|video|live|just in|opinion|analysis|report|news"
    r"|sponsored|press release"
    r"|correction|corrected|podcast|newsletter|in brief|factbox|explainer)(?: ?\d+)?\s*[:|–—-]+\s*|^\[[^\]]{2,20}\]\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s+(?:[|»·•]|::|[-–—])\s+(?P<tail>[^|»·•]{2,40})$")
_TEASE = re.compile(
    r"\?|…|\.\.\.|^(?:why|how|what|here(?:'s| is| are)|this|these|meet|inside|everything"
    r"|notes on|thoughts on|the (?:\d+|top"
    r"|best)|\d+ (?:things|ways|reasons|best|top|must)"
    r"|is|are|can|will|could|should|does|do|did|when|who|you)\b|: ?(?:what|how|why|who|where|when)\b"
    r"|\b(?:you(?:'ll| need| won't| should| can)?|we|our|i|my|your)\b"
    r"|\b(?:here's|what (?:to know|we know|it means)|explained|need to know|won't believe|game.?chang\w+|mind.?blowing"
    r"|stunning|shocking|insane|secret|revolution(?:ary|i[sz]es?)|next.generation|world.class|proud|excited|thrilled"
    r"|unleash\w*|supercharg\w*|all bets|monster|massive|says the paper|hype)\b|!",
    re.IGNORECASE,
)
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


def headline(story: Story, candidates: Sequence[Candidate], disputed: Sequence[Figure] = ()) -> Sentence | None:
    """The best headline with the quote it rests on; None for a story that has neither title nor text.

    Args:
        story: its articles; the lead's title wins where titles are equally good.
        candidates: the story's sentences, to fall back on.
        disputed: figures that sources disagree about, best kept out of a headline.
    """
    bodies = {
        joined.article.id: frozenset(words(joined.article.text or joined.article.summary)) for joined in story.articles
    }
    publishers = [joined.article.publisher for joined in story.articles]
    scored: list[tuple[float, int, Sentence]] = []
    for rank, joined in enumerate(story.articles):
        made = _titled(joined.article, publishers)
        if made is not None:
            score = _score(made.text, joined.article, bodies, disputed) - 0.12 * min(rank, 5)
            scored.append((score, -rank, made))
    best = max(scored, key=lambda item: item[:2], default=None)
    if best is not None and best[0] >= LEAST_SCORE:
        return best[2]
    return _from_text(candidates) or (best[2] if best else None)


def _titled(article: Article, publishers: Sequence[str]) -> Sentence | None:
    cleaned = clean(article.title, publishers)
    if len(cleaned.split()) < 2 or is_order(article.title):  # noqa: PLR2004 - one word tells no event
        return None
    if cleaned not in normalise(article.title):
        cleaned = restore(cleaned, article.text)
    made = Sentence(cleaned, (Quote(article.id, normalise(article.title)),))
    if check(made, {article.id: source_of(article)}, headline=True).ok:
        return made
    return None


def _score(text: str, article: Article, bodies: Mapping[int, frozenset[str]], disputed: Sequence[Figure]) -> float:
    """How well a title tells the event: above 0 is good enough to show."""
    stems = set(words(text))
    others = set().union(*bodies.values()) if bodies else set()
    grounded = len(stems & bodies[article.id]) / len(stems) if stems else 0.0
    shared = len(stems & others) / len(stems) if stems else 0.0
    count = len(text.split())
    score = 0.9 * grounded + 0.4 * shared - 0.6
    score -= 1.2 if _TEASE.search(text) else 0.0
    score += 0.2 if names(text) else -0.3
    score += 0.15 if _NEWS_VERB.search(text) else 0.0
    score -= 0.0 if _VERB.search(text) else 0.4
    score -= 0.3 if not SHORTEST <= count <= LONGEST or len(text) > MOST_CHARS else 0.0
    own = find(text)
    score += 0.15 if own else 0.0
    if any(figure.unit == other.unit and figure.value == other.value for figure in own for other in disputed):
        score -= 0.35
    return score


_CUTS = re.compile(
    r",? (?:which|who|where|whose|after|as part of|in a move|in what|according to|while|because|under a)\b"
    r"|, (?=[a-z])|; | [-–—] "
)


def _from_text(candidates: Sequence[Candidate]) -> Sentence | None:
    """The first usable sentence, cut at a clause's end to headline length."""
    for candidate in candidates[:6]:
        if candidate.dangling or candidate.speech:
            continue
        text = candidate.text.rstrip(".")
        for cut in [None, *reversed(list(_CUTS.finditer(text)))]:
            short = text if cut is None else text[: cut.start()]
            if len(short) <= MOST_CHARS and len(short.split()) >= SHORTEST:
                return Sentence(short, candidate.sentence.quotes)
    return None
