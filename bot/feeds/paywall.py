"""Is what was read the article, or a wall in front of it? Pure."""

from __future__ import annotations

import re

SHORT = 600  # characters; a shorter text with a mark of a wall is a teaser
THIN = 200  # characters; a shorter text is no article, whatever it says

_PAY = re.compile(
    r"subscribe (?:now |today )?to (?:continue|read|keep reading|unlock|get full access)|to (?:continue|keep) reading"
    r"|(?:already|not) a (?:subscriber|member)\?"
    r"|(?:this|the rest of this) (?:article|post|story|content) is (?:for|only|reserved)"
    r"|for (?:paid |paying )?subscribers(?: only)?|subscriber[- ]only|unlock (?:this|the full)"
    r"|become a (?:paid )?(?:member|subscriber)"
    r"|sign (?:in|up) to (?:continue|read)|register (?:now )?to (?:continue|read)|log ?in to (?:continue|read)"
    r"|start your free trial"
    r"|remaining free articles?|free articles? (?:left|remaining)|upgrade to (?:paid|read)|abonnez-vous"
    r"|réservé aux abonnés"
    r"|jetzt abonnieren|weiterlesen mit|suscríbete para|abbonati per",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?:we|our partners|we and our)[^.]{0,80}\buse cookies|accept (?:all )?cookies"
    r"|cookie (?:consent|preferences|settings)"
    r"|consent to (?:the use of )?cookies|before you continue to|manage (?:your )?(?:privacy|consent)|alle akzeptieren"
    r"|tout accepter|your privacy choices",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|checking your browser|enable javascript and cookies"
    r"|please enable (?:javascript|js|cookies)|just a moment\.\.\.|access (?:to this page has been )?denied"
    r"|unusual traffic"
    r"|complete the (?:captcha|security check)|javascript is (?:disabled|required)",
    re.IGNORECASE,
)


def note_for(  # noqa: PLR0911 - one sentence a line
    *, text: str, is_free: bool | None, markup: bool, visible: str
) -> str | None:
    """What a reader should know about a page's text; None when it looks whole.

    Args:
        text: the article as extracted.
        is_free: what the page says by schema.org's isAccessibleForFree.
        markup: elements are named as paywalls are.
        visible: the start of what the page shows.
    """
    seen = visible[:6000]
    if len(text) < SHORT:
        if _ROBOT.search(seen):
            return "The site checks for robots and showed no article."
        if _COOKIES.search(seen) and (len(text) < THIN or _COOKIES.search(text)):
            return "A cookie wall hides the article."
        if is_free is False or markup or _PAY.search(visible):
            return "Paywalled: only the teaser could be read."
        if len(text) < THIN:
            return "The page holds next to no text."
        return None
    if is_free is False and _PAY.search(text[-600:]):
        return "Paywalled: only the beginning could be read."
    if is_free is False and len(text) < 3 * SHORT:
        return "Paywalled: perhaps only the beginning could be read."
    if markup and len(text) < 2 * SHORT and _PAY.search(visible):
        return "Paywalled: perhaps only the beginning could be read."
    return None
