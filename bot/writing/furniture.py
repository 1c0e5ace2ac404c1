"""What stands between the sentences of a news page and is no news: bylines, captions, notices, credits, labels; pure.

```
bare       TOKYO, Nov 3 (Wire) - Halden said …  ─►  Halden said …       what a sentence opens with is cut off
furniture  Already have an account? Log in                              a sentence that is none is passed over
```
The patterns were found by reading feeds and pages of some forty publishers; each names a form and no publisher.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.stories.wordings import holds

# What pages ask of their readers, say of themselves, and must say for their lawyers.
_BOILERPLATE = holds(
    r"\b(?:subscrib(?:e|ers? can)|sign up|(?:our|free|daily|weekly) newsletter|read more|click here"
    r"|follow us|all rights reserved|cookies"
    r"|image credit|photo(?:graph)?:|advertisements?|sponsored|terms of (?:use|service)|privacy policy|share this"
    r"|comments? below"
    r"|(?:this|the) (?:story|article|post) (?:was|has been) (?:updated|(?:first|originally) published|corrected)"
    r"|(?:^|[(;] ?)(?:additional )?(?:reporting|editing|writing) by"
    r"|for (?:our )?(?:members|subscribers)(?: only)?\.?$|\bpaid for by\b|newsroom had no part"
    r"|register now|book your|early.bird|promo code|paid (?:post|content)|contact us|press contact|media contact"
    r"|(?:already )?have an account|(?:log|sign) in to|(?:continue|keep) reading|free (?:preview|trial)"
    r"|unlock (?:the|full|complete|this|all)|switch now|(?:to|in) your (?:inbox|mailbox)|excuse any typos"
    r"|report (?:any|an) errors?|developing story|check back (?:for|soon|later)"
    r"|for (?:more|further|additional) information,? (?:please )?(?:visit|contact|call|see|go to)"
    r"|(?:to )?learn more,? (?:about \w+ )?(?:at|by|visit)|visit (?:our|the company's|us (?:at"
    r"|on)) ?(?:web ?site|site)?"
    r"|(?:this|the) (?:article|story|post|piece|page) (?:was (?:created|generated|written|produced) (?:by|with|using)"
    r"|(?:first|originally) appeared|cites information|offers just|is for information)"
    r"|(?:is|are) (?:an? )?(?:periodic|regular|weekly|monthly) (?:feature|column|series|round-?up)"
    r"|is an? (?:\w+ ){0,3}publication\b|(?:senior|staff|freelance|contributing) (?:writer|editor"
    r"|reporter) (?:at|for|who)"
    r"|may earn (?:a |an )?(?:\w+ )?commission|(?:investment|financial|legal|tax) advice)",
)
_LEGAL = holds(
    r"\bforward.looking (?:statements?|information)\b|\bsafe harbou?r\b|\bundertakes? no (?:obligation|duty)"
    r"|\bPrivate Securities Litigation\b|\bexcept as required by law\b|\b(?:registered )?trademarks? of\b"
    r"|\bactual results (?:may|could|might) differ\b|\bnot an offer to (?:sell|buy)\b|\bno assurances? (?:that|can)\b",
)
# Bylines, times of publication, captions and credits, as they stand between the sentences of news pages.
_BYLINE = re.compile(
    r"^\W*(?:(?:Written )?(?:By|BY|by)(?: [A-ZÀ-Þ][\w'’.-]*(?:,| and| for| in)?){0,8}\W*$"
    r"|(?i:(?:last )?(?:published|updated|posted|created|modified)\b[^a-z]{0,3}:"
    r"|(?:last updated|first published|posted) (?:at|on)\b|scroll (?:down|over)\b|story highlights?\b"
    r"|(?:array )?(?:file )?(?:photo|picture|image|caption|video|watch|listen|related|more|graphic|source|credit)"
    r"(?: by| from| courtesy)?\s?:|(?:array )?file - "
    r"|(?:copyright|©|getty images|ap photo|for confidential (?:support|help))\b"
    r"|(?:pictured|above|left|right|below)(?: (?:above|left|right|below|here))?[:,])"
    r"|\d{1,2}:\d\d\b[^.]{0,24}\b(?:19|20)\d\d\W*$)"
    r"|\bcontributed to th(?:is|e) (?:report|story|article)\b|\bviews expressed in this\b"
    r"|\b(?:Posted|Updated|Published): ?\d"
)
_CAPTION = re.compile(
    r"\bfile (?:photo|picture|image)\b|^(?:image|photo|illustration|graphic) (?:generated|created|made"
    r"|taken) (?:by|with)\b|\((?:AP|AFP|Reuters|EPA|Getty)\b[^)]*\b(?:photo|images?)\b[^)]*\)"
    r"|^an? (?:\w+ ){0,2}?(?:logo|sign|chart|graph|rendering|illustration|screenshot|diagram|photo(?:graph)?|picture"
    r"|sculpture|flag) (?:of|show(?:s|ing)|with|(?:is|are) (?:seen|displayed|shown|pictured))\b"
    r"|\b(?:is|are) (?:seen|pictured|displayed) (?:in|at|on|outside|inside|near|during|above|below) (?![$€£\d])",
    re.IGNORECASE,
)
_NOTICE = holds(
    r"\b(?:switch now|(?:this|the) (?:article|summary|story) was (?:created|generated|written) (?:by|with"
    r"|using) (?:an? )?AI"
    r"|free (?:preview|trial)|forward.looking statements?|excuse any typos)\b|\bhave an account\?",
)
_PIPED = re.compile(r"\s\|\s")

# A dateline: a place, perhaps a day and an agency, and a dash or colon.
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.'’À-þ-]*(?:[ ,/]+[\w.'’À-þ-]+){0,5}(?:, \d{1,2} \w+|, \w{3,9}\.? \d{1,2})?(?: \([^)]{2,30}\))?"
    r"|\([A-ZÀ-Þ][^)]{2,30}\)) (?:—|–|--|-) (?=[\"“A-Z0-9À-Þ])"
    r"|^\((?:CNN|AP|AFP|UPI|Reuters|Bloomberg)\) ?(?=[\"“A-Z0-9])"
)
_SHOUTED_DATELINE = re.compile(
    r"^[A-ZÀ-Þ]{3,}[A-ZÀ-Þ .'’-]*(?:, [A-ZÀ-Þ][\w.'’-]+){0,2}(?:,? \(?[A-Z][a-z]{2,8}\.? ?\d{1,2}(?:, \d{4})?\)?)?"
    r"(?: \([^)]{2,30}\))? ?(?:—|–|--| -|:) (?=[\"“A-Z0-9À-Þ])"
)
_DAY = r"(?:[A-Z][a-z]{2,8}\.? ?\d{1,2}(?:, ?\d{4})?|\d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{4})?)"
_LABEL = re.compile(
    rf"^(?:\({_DAY}\):? "
    r"|(?i:forward-looking|tl;?dr|bottom line|update|breaking|exclusive|in brief|what happened"
    r"|key (?:points?|details?|takeaways?)): "
    r"|(?:[A-Z]\w+ ){1,3}(?:News|Wire|Newswire) (?:-|–|—) "
    r"|(?:Bloomberg|Reuters|AP|AFP|PTI) (?=(?:The|A|An|In|On|At|As|After) )"
    r"|[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){1,3} \| )(?=[\"“A-Z0-9À-Þ])"
)
_MARKS = re.compile(r"^(?:[-*] +|[•‣▪·] *|\d{1,2}[.)] +)|^[^\w\s\"“'‘«(\[$€£¥~+-]+\s*(?=\w)")
"""Bullets, numbers of a list, and pictograms in front of a sentence."""

_NAMES_ONLY = 0.85
"""Share of words in capitals, and figures, from which a long line without an end is a heading or a row of a table."""
_ROW = 8
_UNFINISHED = re.compile(r"(?:[,;:–—]|(?<!\w)-|\.\.\.|…|\[…\])[\"”'’)]?$")


@lru_cache(maxsize=2048)
def bare(text: str, *, opens: bool) -> str:
    """A sentence without the bullet, pictogram, dateline or label that it opens with.

    Args:
        text: a sentence in normal form.
        opens: whether it is the first of its article, where a dateline need not be in capitals.
    """
    for _ in range(2):
        text = _MARKS.sub("", text, count=1)
        text = (_DATELINE if opens else _SHOUTED_DATELINE).sub("", text, count=1)
        text = _SHOUTED_DATELINE.sub("", text, count=1)
        text = _LABEL.sub("", text, count=1)
    return text


def is_aside(text: str) -> bool:
    """Whether a sentence shows that its whole paragraph is a caption or a notice of the page."""
    return _CAPTION.search(text) is not None or _NOTICE(text)


@lru_cache(maxsize=2048)
def is_furniture(text: str) -> bool:
    """Whether a sentence is no part of the news: a byline, a caption, a notice, a credit, a row of a table."""
    patterns = (_BYLINE, _CAPTION, _PIPED)
    return (
        any(found(text) for found in (_BOILERPLATE, _NOTICE, _LEGAL))
        or any(pattern.search(text) for pattern in patterns)
        or is_row(text)
    )


def is_row(text: str) -> bool:
    """Whether a line is a heading or a table's row run together: long, without an end, nearly all names and figures."""
    words = text.split()
    if len(words) < _ROW or text.rstrip('"”’)')[-1:] in {".", "!", "?"}:
        return False
    return sum(not word[:1].islower() for word in words) >= _NAMES_ONLY * len(words)


def is_unfinished(text: str) -> bool:
    """Whether a sentence was cut off, or only leads to what is no longer there: "… plans are unaffected by the ..."."""
    return _UNFINISHED.search(text.rstrip()) is not None
