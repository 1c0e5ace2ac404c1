"""What must not be posted: adverts, deals, listicles, stock tips, promotions, digests, press-release noise, orders.

Each rule counts signs that a person would point at (`signs`) and gives its reason in plain words. One weak sign never
holds a story back; real news quotes adverts, covers conferences and comes from press-release wires.
"""

from __future__ import annotations

import re

from bot.models import Article
from bot.stories import signs
from bot.stories.signs import Sign

_ADVERT_URL = re.compile(
    r"/(?:sponsored|advertorial|partner-content|brandvoice|paid-post|promo(?:tions?)?|coupons)(?:/|-|$)", re.IGNORECASE
)
_ADVERT_CATEGORIES = frozenset(
    {"sponsored", "sponsored content", "advertorial", "advertisement", "partner content", "brandvoice", "promoted"}
)
_ADVERT = "an advert or sponsored piece"
#: Two signs, or a plain one.
HELD_AT = 0.8
_RULES: tuple[tuple[tuple[Sign, ...], float, str], ...] = (
    (signs.ADVERT, HELD_AT, _ADVERT),
    (signs.ORDERS, 0.6, "speaks to automated readers instead of people"),
    (signs.DEAL, HELD_AT, "a shop's price of the day"),
    (signs.PROMOTION, 1.0, "promotes an event"),  # news is made at events
    (signs.LISTICLE, HELD_AT, "a listicle"),
    (signs.STOCK_TIP, HELD_AT, "advice on what shares to buy"),
    (signs.DIGEST, HELD_AT, "a round-up or a podcast, not one event"),
    (signs.MARKET_REPORT, HELD_AT, "an offer of a market study"),
    (signs.JOB, HELD_AT, "a job advertisement"),
    (signs.RELEASE, HELD_AT, "a press release without news"),
)


def noise(article: Article) -> str | None:
    """Why this article must not be posted, in a few plain words; None if nothing speaks against it."""
    if _ADVERT_URL.search(article.url) or any(part.casefold() in _ADVERT_CATEGORIES for part in article.categories):
        return _ADVERT
    text = f"{article.title}\n{article.text or article.summary}"
    for kind, held_at, reason in _RULES:
        if _score(kind, article.title, text) >= held_at - 1e-9:
            return reason
    return None


def _score(kind: tuple[Sign, ...], title: str, text: str) -> float:
    return sum(sign.weight for sign in kind if sign.pattern.search(title if sign.title else text))
