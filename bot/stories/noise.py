"""What must not be posted: adverts, listicles, promotions, press-release noise, hype, other subjects, old news.

Each rule counts signs that a person would point at and gives its reason in plain words. One weak sign never holds a
story back; real news quotes adverts, covers conferences and comes from press-release wires.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.models import Article

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern and how strongly it speaks; `title` looks at the title alone."""

    pattern: re.Pattern[str]
    weight: float
    title: bool = False


def _sign(pattern: str, weight: float, *, title: bool = False) -> Sign:
    return Sign(re.compile(pattern, _I), weight, title)


_ADVERT = (
    _sign(r"^(?:sponsored|advertisement|advertorial|anzeige|partner content|paid post|promoted)\b", 1.0, title=True),
    _sign(
        r"\b(?:sponsored (?:content|post|by)|paid (?:content|partnership)|in partnership with our sponsor)\b",
        1.0,
    ),
    _sign(r"\bthis (?:article|post|content|story|piece) (?:is|was) (?:sponsored|paid|produced|brought to you)\b", 1.0),
    _sign(r"\b(?:partner content|advertisement feature|advertising feature|promoted by|presented by)\b", 0.8),
    _sign(
        r"\b(?:newsroom|editorial (?:staff|team)|editors?|journalists) (?:(?:were|was) not|had no|took no part)\b", 0.8
    ),
    _sign(r"\b\d{1,2} ?(?:%|per ?cent) (?:off|discount|rabatt)|\bhalf[- ]price\b|\bsave (?:up to )?[$€£]?\d+", 0.5),
    _sign(r"\b(?:promo|coupon|discount|voucher|offer) code\b|\buse (?:the )?code [A-Z0-9]{4,}\b", 0.6),
    _sign(r"\b(?:order|buy|shop|book|claim|grab yours?) (?:now|today|online|before)\b", 0.4),
    _sign(
        r"\bwhile (?:stocks|supplies) last|limited[- ]time|free shipping|money[- ]back|black friday|cyber monday", 0.5
    ),
    _sign(
        r"\b(?:contact (?:our )?sales|(?:request|get) a (?:demo|quote)|talk to our (?:team|experts)|free trial)\b",
        0.4,
    ),
    _sign(r"\baffiliate (?:links?|commission)\b|\bmay earn (?:a )?commission\b", 0.5),
)
_PROMOTION = (
    _sign(
        r"\b(?:early[- ]bird|register (?:now|today|here|by|before)|registration (?:is|now) open)"
        r"|\breserve your (?:seat|place)",
        0.7,
    ),
    _sign(r"\b(?:save the date|join us|don'?t miss|secure your (?:seat|place|ticket|spot))\b", 0.5),
    _sign(r"\b(?:tickets?|passes|seats?) (?:are|start|from|cost|go on sale|now)\b", 0.4),
    _sign(r"\b(?:keynotes?|speakers?|sessions?|workshops?|agenda|sponsors?|exhibit(?:ors|ion)|networking)\b", 0.2),
    _sign(r"\b(?:summit|conference|webinar|expo|meetup|bootcamp|forum|symposium)\b", 0.3, title=True),
    _sign(r"\b(?:webinar|on-demand session|virtual event)\b", 0.3),
)
_COUNTED = (
    "best|top|ways|reasons|things|tips|tools|stocks|clouds|startups|companies|trends|gadgets|ideas|picks|lessons"
    "|takeaways|facts|books|hacks|mistakes|questions|providers|platforms|alternatives|places|restaurants|kitchens"
    "|gifts|presents|courses|podcasts|newsletters|apps|games|films|quotes|predictions|signs|secrets|habits|myths"
)
_FEW = r"\d{1,2}|five|six|seven|eight|nine|ten|twelve"
_LISTICLE = (
    _sign(rf"^(?:the |our |my )?(?:top |best )?(?:{_FEW}) (?:\w+[ -]){{0,3}}?(?:{_COUNTED})\b", 0.9, title=True),
    _sign(rf"^(?:the )?(?:top|best) (?:{_FEW})\b|^the best \w+", 0.8, title=True),
    _sign(
        r"\b(?:ranked|you (?:should|need to|must) (?:know|try|read|buy)|of all time|(?:buying|gift) guide)\b",
        0.5,
        title=True,
    ),
    # "9 gifts for …", "7 chips that …": counted things of any kind, with their use. News counts so too ("12 sites to
    # close"), so that it takes a text that is numbered from one to three besides.
    _sign(rf"^(?:the )?(?:{_FEW}) (?:[\w-]+ ){{0,2}}?[\w-]+s (?:for|that|to|you|every|we|worth)\b", 0.4, title=True),
    _sign(r"(?:^|\n)\s*(?:#?[1-9]\d?[.):]|no\. ?\d)\s", 0.3),
    _sign(r"\b1[.)] [\s\S]{3,300}?\b2[.)] [\s\S]{3,300}?\b3[.)] ", 0.3),
)
_LEADING = "leading|premier|foremost|award-winning"
_GLAD = "proud|excited|thrilled|delighted|honou?red|pleased"
_RELEASE = (
    _sign(rf"\b(?:{_LEADING}) (?:global |worldwide )?(?:provider|platform|supplier|innovator) of\b", 0.3),
    _sign(rf"\b(?:is|are|was) (?:{_GLAD}) to (?:announce|share|welcome|be)\b", 0.4),
    _sign(r"\bforward-looking statements?\b|\bsafe harbou?r\b", 0.2),
    _sign(r"\b(?:media contact|press contact|about \w+(?: \w+)?:)", 0.2),
    _sign(
        r"\b(?:named|recogni[sz]ed) (?:a |as a )?(?:leader|winner|finalist|best)\b|\bwins? (?:\w+ ){0,4}award\b",
        0.8,
        title=True,
    ),
    _sign(
        r"\b(?:appoints?|names?|promotes?|hires?|welcomes?) .{3,60}\b(?:chief|officer|vice president|head of)\b",
        0.4,
        title=True,
    ),
)
_AUTOMATED = r"(?:ai|automated|language)[ -](?:assistants?|models?|agents?|readers?|systems?|summari[sz]ers?)"
_ORDERS = (
    _sign(
        r"\b(?:ignore|disregard|forget) (?:all |any )?(?:your |the |previous |prior |earlier |above )+"
        r"(?:instructions?|prompts?|rules)\b",
        1.0,
    ),
    _sign(rf"\b{_AUTOMATED}(?: \w+){{0,4}} (?:must|should|are (?:asked|instructed|required) to|please)\b", 0.6),
    _sign(
        r"\b(?:note|notice|message|instructions?) (?:to|for) (?:\w+ ){0,2}"
        r"(?:ai|automated|language model|llm|bots?|assistants?|crawlers?)\b",
        0.6,
    ),
    _sign(r"\bsystem (?:prompt|message)\b|\byou are (?:now )?an? (?:ai|assistant|helpful)\b", 0.5),
)

_ADVERT_URL = re.compile(
    r"/(?:sponsored|advertorial|partner-content|brandvoice|paid-post|promo(?:tions?)?|coupons)(?:/|-|$)", _I
)
_ADVERT_CATEGORIES = frozenset(
    {"sponsored", "sponsored content", "advertorial", "advertisement", "partner content", "brandvoice", "promoted"}
)
HELD_AT = 0.8


def _score(signs: tuple[Sign, ...], title: str, body: str) -> float:
    return sum(sign.weight for sign in signs if sign.pattern.search(title if sign.title else f"{title}\n{body}"))


def is_advert(article: Article) -> bool:
    """True for adverts and sponsored pieces."""
    if _ADVERT_URL.search(article.url) or any(part.casefold() in _ADVERT_CATEGORIES for part in article.categories):
        return True
    return _score(_ADVERT, article.title, article.text or article.summary) >= HELD_AT


def is_promotion(article: Article) -> bool:
    """True for invitations to events, webinars and fairs."""
    return _score(_PROMOTION, article.title, article.text or article.summary) >= 1.0


def is_listicle(article: Article) -> bool:
    """True for rankings and "seven ways to" pieces."""
    return _score(_LISTICLE, article.title, article.text or article.summary) >= HELD_AT


def is_release_noise(article: Article) -> bool:
    """True for press releases about awards, honours and appointments."""
    return _score(_RELEASE, article.title, article.text or article.summary) >= HELD_AT


def gives_orders(article: Article) -> bool:
    """True for texts that try to instruct automated readers."""
    return _score(_ORDERS, article.title, article.text or article.summary) >= 0.6  # noqa: PLR2004 - two signs or a plain one


RULES: tuple[tuple[Callable[[Article], bool], str], ...] = (
    (is_advert, "an advert or sponsored piece"),
    (gives_orders, "speaks to automated readers instead of people"),
    (is_promotion, "promotes an event"),
    (is_listicle, "a listicle"),
    (is_release_noise, "a press release without news"),
)


def noise(article: Article) -> str | None:
    """Why this article must not be posted, in a few plain words; None if nothing speaks against it."""
    return next((reason for rule, reason in RULES if rule(article)), None)
