"""What must not be posted: adverts, deals, listicles, stock tips, promotions, digests, press-release noise, orders.

Each rule counts signs that a person would point at (`signs`) and gives its reason in plain words. One weak sign never
holds a story back; real news quotes adverts, covers conferences and comes from press-release wires.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models import Article
from bot.stories import signs
from bot.stories.figures import find
from bot.stories.signs import Sign

_ADVERT_URL = re.compile(
    r"/(?:sponsored|advertorial|partner-content|brandvoice|paid-post|promo(?:tions?)?|coupons)(?:/|-|$)", re.IGNORECASE
)
_ADVERT_CATEGORIES = frozenset(
    {"sponsored", "sponsored content", "advertorial", "advertisement", "partner content", "brandvoice", "promoted"}
)
_ADVERT = "an advert or sponsored piece"
_ROUNDING = 1e-9
#: Two signs, or a plain one.
HELD_AT = 0.8
#: A sign of this weight speaks for itself, wherever it stands.
PLAIN = 0.8
#: What an article is about stands here. Further down any maker's news asks to call its sales or to come to its fair.
OPENING = 600
#: A text of so many characters, or with so many figures that tell of something, has room for more than its wording.
LONG = 1500
TELLING = 3
_TELLING_KINDS = frozenset({"money", "price", "power", "energy", "rate", "data", "compute", "flow"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """A kind of noise: its signs, how much they must weigh, and why that holds an article.

    Attributes:
        wording: its signs are mere wording that news may have, too: of a long text, or one with telling figures, weak
            ones count in the opening alone.
    """

    kind: tuple[Sign, ...]
    held_at: float
    reason: str
    wording: bool = False


_RULES = (
    _Rule(signs.ADVERT, HELD_AT, _ADVERT, wording=True),
    _Rule(signs.ORDERS, 0.6, "speaks to automated readers instead of people"),
    _Rule(signs.DEAL, HELD_AT, "a shop's price of the day"),
    _Rule(signs.PROMOTION, 1.0, "promotes an event", wording=True),  # news is made at events
    _Rule(signs.LISTICLE, HELD_AT, "a listicle"),
    _Rule(signs.STOCK_TIP, HELD_AT, "advice on what shares to buy"),
    _Rule(signs.DIGEST, HELD_AT, "a round-up or a podcast, not one event", wording=True),
    _Rule(signs.MARKET_REPORT, HELD_AT, "an offer of a market study"),
    _Rule(signs.JOB, HELD_AT, "a job advertisement"),
    _Rule(signs.RELEASE, HELD_AT, "a press release without news", wording=True),
)


def noise(article: Article) -> str | None:
    """Why this article must not be posted, in a few plain words; None if nothing speaks against it."""
    if _ADVERT_URL.search(article.url) or any(part.casefold() in _ADVERT_CATEGORIES for part in article.categories):
        return _ADVERT
    return next((rule.reason for rule in _RULES if _holds(rule, article)), None)


def _holds(rule: _Rule, article: Article) -> bool:
    text = f"{article.title}\n{article.text or article.summary}"
    found = [sign for sign in rule.kind if sign.pattern.search(article.title if sign.title else text)]
    if sum(sign.weight for sign in found) < rule.held_at - _ROUNDING:
        return False
    if not rule.wording or (len(text) < LONG and not _is_telling(text)):
        return True
    opening = text[: len(article.title) + OPENING]
    kept = [
        sign
        for sign in found
        if sign.title or sign.weight >= PLAIN or (rule.kind is not signs.RELEASE and sign.pattern.search(opening))
    ]
    return sum(sign.weight for sign in kept) >= rule.held_at - _ROUNDING


def _is_telling(text: str) -> bool:
    figures = {(figure.unit, figure.value) for figure in find(text) if figure.kind in _TELLING_KINDS}
    return len(figures) >= TELLING
