"""What a person would point at in adverts, deals, listicles, stock tips and round-ups: patterns with weights.

Each tuple is one kind; `noise` adds up the weights of the signs that a text shows. A weight below zero speaks for news.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern and how strongly it speaks; `title` looks at the title alone."""

    pattern: re.Pattern[str]
    weight: float
    title: bool = False


def _sign(pattern: str, weight: float, *, title: bool = False) -> Sign:
    return Sign(re.compile(pattern, _I), weight, title)


ADVERT = (
    _sign(r"^(?:sponsored|advertisement|advertorial|anzeige|partner content|paid post|promoted)\b", 1.0, title=True),
    _sign(r"\bsponsored (?:content|post)\b|\bpaid (?:content|partnership)\b|\bin partnership with our sponsor\b", 1.0),
    # Researchers are sponsored by ministries, and figures presented by companies: at the head of a line it is a label.
    _sign(r"(?:^|[\n|(\[] ?)(?:sponsored|presented|promoted|brought to you) by\b", 1.0),
    _sign(r"\bthis (?:article|post|content|story|piece) (?:is|was) (?:sponsored|paid|produced|brought to you)\b", 1.0),
    _sign(r"\b(?:partner content|advertisement feature|advertising feature)\b", 0.8),
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
    _sign(r"\bget [$€£]\d+ off\b", 0.8),
    _sign(r"\baffiliate (?:links?|commission)\b|\bmay earn (?:a )?commission\b", 0.5),
)
# A shop's price of the day. What a maker or a cloud asks is news: by the hour, for tokens, of shares.
_SHOPS = "amazon|walmart|best buy|newegg|ebay|costco|aliexpress|micro center|(?:the )?dell outlet|media ?markt"
_SALE_DAYS = "black friday|cyber monday|prime (?:big deal )?day|presidents'? day|labor day|memorial day"
DEAL = (
    _sign(rf"\b(?:on|at) (?:{_SHOPS})\b", 0.4, title=True),
    _sign(r"\b(?:down|drops?|falls?|slashed|discounted|reduced) to (?:just|only)\b", 0.4, title=True),
    _sign(r"\bfor (?:just|only|under) [$€£]\d|\b(?:is|now) (?:just|only) [$€£]\d|\bjust [$€£]\d", 0.4, title=True),
    _sign(
        r"\b(?:save|saving|saves|knocks?) (?:you )?(?:up to |over |more than |an? |almost )*(?:[$€£]\d|\d+ ?%)",
        0.5,
        title=True,
    ),
    _sign(r"\b\d{1,2} ?(?:%|per ?cent) off\b|[$€£]\d[\d,.]* off\b|\bhalf[- ]price\b", 0.5, title=True),
    _sign(r"\b(?:on sale|lowest (?:ever )?price|all-time low|best price|right now)\b", 0.4, title=True),
    _sign(
        rf"\b(?:{_SALE_DAYS}|back[- ]to[- ]school) (?:[\w-]+ ){{0,5}}(?:deals?|sales?|offers?|discounts?)\b"
        r"|\bholiday (?:gift|shopping) (?:guide|deals?)\b|\bdeal of the (?:day|week)\b",
        0.8,
        title=True,
    ),
    _sign(rf"\bthis (?:{_SALE_DAYS})\b", 0.5, title=True),
    _sign(
        r"\b(?:per|an?) (?:gpu-)?(?:hour|month|token|share|megawatt|kilowatt)|/h(?:ou)?r?\b|\bhourly\b"
        r"|\brent(?:al)?s?\b|\btokens?\b|\binstances?\b|\bapi\b|\bshares\b|\bstakes?\b|\bvaluation\b|\bcontracts?\b|\bspot\b",
        -0.8,
        title=True,
    ),
)
PROMOTION = (
    _sign(
        r"\b(?:early[- ]bird|register (?:now|today|here|by|before)|registration (?:is|now) open)"
        r"|\breserve your (?:seat|place)",
        0.7,
    ),
    _sign(
        r"\b(?:less than|only|just) (?:an? |\w+ )?(?:days?|weeks?|months?) (?:left|until|to go)\b|\blast chance\b"
        r"|\bto register (?:for|at)\b"
        r"|\b(?:exhibit|sponsor)(?:or)? (?:table|booth|spot)s?\b|\bcall for (?:speakers|papers|submissions)\b"
        r"|\b(?:speakers?|agenda|line-?up) (?:announced|revealed|unveiled)\b",
        0.7,
        title=True,
    ),
    _sign(
        r"^webinar\b|\b(?:live|free|upcoming|on-demand|launch(?:es)?|hosts?|join (?:our|the)) (?:\w+ ){0,2}webinar\b",
        0.5,
        title=True,
    ),
    _sign(r"\b(?:book(?:ing)?|secure|grab|get) (?:an?|your|the) (?:\w+ )?(?:table|booth|ticket|pass|seat)\b", 0.4),
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
LISTICLE = (
    _sign(rf"^(?:the |our |my )?(?:top |best )?(?:{_FEW}) (?:\w+[ -]){{0,3}}?(?:{_COUNTED})\b", 0.9, title=True),
    _sign(rf"^(?:the )?(?:top|best) (?:{_FEW})\b|^the best \w+", 0.8, title=True),
    _sign(r"^best (?:[\w-]+ ){0,4}[\w-]+s(?: (?:of |for |in )?20\d\d\b|:)", 0.8, title=True),
    _sign(
        rf"\b(?:{_FEW}) (?:[\w-]+ ){{0,3}}(?:tips|tricks|hacks|must-haves|gadgets|gifts|mistakes|takeaways)\b",
        0.8,
        title=True,
    ),
    _sign(r"\bhere are the (?:ones|\w+) i\b|\b(?:my|our) (?:favou?rites|top picks)\b", 0.4),
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
    _sign(r"\b(?:says?|said|warns?|finds?)\b", -0.5, title=True),  # somebody is heard
)
# What to buy or sell; analysts' ratings and forecasts as such are news.
STOCK_TIP = (
    _sign(
        r"\bstocks? (?:to|you (?:should|can|'ll)) (?:buy|sell|own|avoid|watch|hold)\b"
        r"|\b(?:buy|sell) (?:these|this) [\w ]*stocks?\b",
        0.9,
        title=True,
    ),
    _sign(
        r"^(?:the )?better (?:[\w()&'-]+ ){0,6}(?:stock|buy)\b"
        r"|\b(?:top|best) (?:\w+ ){0,3}(?:play|stock)s?(?= (?:for|to|of|in|right|now)\b|$|[:.,?])",
        0.8,
        title=True,
    ),
    _sign(
        r"\bshould you (?:buy|sell)\b|\b(?:too late|the time) to buy\b|\bstock a (?:buy|sell)\b|\bprice prediction\b"
        r"|\bbull, base\b|\bbefore (?:it|they) (?:soars?|plummets?|skyrockets?)\b"
        r"|\b(?:make you (?:rich|a millionaire)|millionaire-maker|no-brainer)\b",
        0.9,
        title=True,
    ),
    _sign(r"\bhere'?s (?:why|what)\b|\bhere’s (?:why|what)\b", 0.3, title=True),
    _sign(r"\b(?:elite list|hot stocks?|stock market winners?)\b", 0.5, title=True),
)
# Many things in one item, or nothing that could be quoted: no event that could be told, joined or confirmed.
_DAY_NAMES = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
DIGEST = (
    _sign(
        r"\b(?:weekly|daily|monthly|news|sunday|friday) (?:\w+ )?(?:round-?up|digest|dispatch|recap|wrap(?:-up)?)\b"
        r"|(?:^|: )(?:weekly|daily|morning|evening) (?:\w+ )?briefing\b|\b(?:week|month) in (?:review|\w+ news)\b"
        r"|^this (?:week|month) in\b|\bround-?up\b.{0,20}\d|\bmarkets wrap\b",
        0.9,
        title=True,
    ),
    _sign(
        rf"\b(?:brief|digest|newsletter|bulletin|wrap)\b[ :,|-]*(?:\d{{1,2}}[/.]\d|#\d|(?:{_DAY_NAMES})\b)"
        r"|\d{1,2}/\d{1,2}/20\d\d$|\b(?:newsletter|issue) #?\d+(?=$|[:,|])|\blinks? (?:dump|list)\b|\bopen thread\b",
        0.9,
        title=True,
    ),
    _sign(
        r"^(?!.*\b(?:tells?|told|says?|said|on|in|during)\b.*podcast).*\bpodcast\b|\b(?:episode|ep\.) ?#?\d+\b"
        r"|^(?:listen|video):",
        0.8,
        title=True,
    ),
    _sign(
        r"\bpodcast (?:discusses|explores|features|covers|looks)\b|\bin this episode\b"
        r"|\bthis week's (?:episode|podcast)\b"
        r"|\bthe [A-Z][\w ]{2,40} show podcast\b"
        r"|\bsubscribe wherever\b"
        r"|\bwelcome back to (?:the|our|another) (?:[\w-]+ ){0,3}(?:digest|newsletter|show|podcast|edition)\b"
        r"|\bbelow are the stories\b"
        r"|\b(?:dive|jump) (?:straight )?into this week\b",
        0.8,
    ),
)
# "The X market report 2026-2031": an offer to sell a study, whatever figures it names.
MARKET_REPORT = (
    _sign(
        r"\bmarket (?:size|share|outlook|report|analysis|research|forecast|trends|study|insights)\b"
        r"|\bmarket (?:is )?(?:expected |projected |set |predicted )?to"
        r" (?:touch|reach|hit|grow|surpass|exceed|accrue)\b|\bglobal (?:[\w-]+ ){1,6}market\b",
        0.5,
        title=True,
    ),
    _sign(r"\bCAGR\b|\bcompound annual growth rate\b|\bforecast period\b", 0.35),
    _sign(
        r"\breport has been added to\b|\bresearchandmarkets|\bmarket research report\b|\bkey players\b"
        r"|\bcompetitive landscape\b|\brequest a sample\b|\bmarketsandmarkets|\bgrand view research"
        r"|\bfortune business insights|\bmordor intelligence",
        0.4,
    ),
    _sign(r"\b(?:by|to|till|-) ?20[23]\d\b", 0.2, title=True),
    _sign(r"\bmarket (?:size|share)\b.*\b(?:by|to|till) 20[23]\d\b", 0.2, title=True),
)
JOB = (
    _sign(r"\bwe(?:'re|’re| are) hiring\b|^(?:hiring|job|vacancy|position)\b ?[:(-]", 0.8, title=True),
    _sign(
        r"\b(?:full|part)[- ]time\b|\bapply (?:now|by|here)\b|\b(?:job|role) description\b|\byears of experience\b", 0.3
    ),
    _sign(r"\((?:m/f/d|m/w/d|f/m/x|all genders)\)|\bis hiring (?:an? )?(?!\d)", 0.4, title=True),
    _sign(
        r"\b(?:competitive salary|what you(?:'ll| will) do|equal opportunity employer"
        r"|your (?:responsibilities|profile))\b",
        0.3,
    ),
)
_LEADING = "leading|premier|foremost|award-winning"
_GLAD = "proud|excited|thrilled|delighted|honou?red|pleased"
RELEASE = (
    _sign(rf"\b(?:{_LEADING}) (?:global |worldwide )?(?:provider|platform|supplier|innovator) of\b", 0.3),
    _sign(rf"\b(?:is|are|was) (?:{_GLAD}) to (?:announce|share|welcome|be)\b", 0.4),
    _sign(r"\bforward-looking statements?\b|\bsafe harbou?r\b", 0.2),
    _sign(r"\b(?:media contact|press contact|about \w+(?: \w+)?:)", 0.2),
    _sign(
        r"\b(?:named|recogni[sz]ed|positioned|ranked) (?:as )?(?:an? )?(?:\w+ )?(?:leader|winner|finalist|best)\b"
        r"|\bwins? (?!.*(?:[$€£]\d|chips act|contract|grant|fund|subsid|damages))(?:\w+ ){0,4}awards?\b"
        r"|\bmagic quadrant\b|\bforrester wave\b|\bgreat place to work\b"
        r"|\b(?:achieves?|earns?|attains?|receives?) .{3,60}"
        r"\b(?:competency|accreditation|partner (?:status|tier|level))\b"
        r"|\bvalidated as .{3,40}-?ready\b|\bmakes (?:the )?.{3,40}\blist of\b",
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
ORDERS = (
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
