"""The words by which questions ask: kinds of answer, kinds of figure, what points back; pure."""

from __future__ import annotations

import re
from typing import Literal

from bot.stories.lexicon import word_set
from bot.stories.sentences import words
from bot.writing.prompts import LANGUAGES

Kind = Literal[
    "what", "who", "when", "how_much", "where", "why", "compare", "list", "change", "explain", "summary", "other"
]

_MEASURES = (
    "prices?|costs?|capacity|size|value|valuation|amount|numbers?|rate|rates|percentage|share|stake|bandwidth"
    "|memory|speed"
    "|power draw|budget|fee|fees|revenue|profit|debt|throughput|latency|proportion|fraction|factor|temperature"
    "|limit|length"
    "|weight|height|depth|width|area|age|population|duration|distance|volume|efficiency|yield|goodput|spending|rent"
    "|growth|lead time|salary|wage"
)
"""Nouns that name something measured: a question for one of them wants a figure."""
# The first that fits decides, so the narrow ones stand first.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "summary",
        (
            r"summar\w+|tl;?dr|recap|in one (?:line|sentence)|for my boss|what(?:'s| is) (?:this|the) (?:story"
            r"|article|thread)(?: about)?\??$|what(?:'s| is) this(?: all)? about|give me the gist|key points"
            r"|what happened here|^what happened\??$|catch me up"
        ),
    ),
    (
        "change",
        (
            r"how (?:has|have|did) .* (?:chang\w+|evolv\w+|develop\w+|mov\w+)|timeline|over time|history of"
            r"|so far this year|\btrend|what has changed|what changed"
        ),
    ),
    ("who", r"^(?:and |but |so )?who(?:se|m)?\b"),
    ("where", r"^(?:and |but |so )?where\b"),
    ("when", r"^(?:and |but |so )?when\b"),
    ("why", r"^(?:and |but |so )?why\b"),
    ("list", r"^(?:please )?(?:list|name|show|give)\b(?: me)?(?: us)? (?:all|the|every|any)?|what are all"),
    (
        "what",
        r"^(?:and |but |so )?what (?:do|does|did|has|have|had) .{2,60}? (?:say|tell|report|said|told)\b.{0,30} about\b",
    ),
    ("how_much", r"^(?:and |but |so )?(?:about |roughly )?how (?:much|many)\b(?! (?:does .*|do .*)?compare)"),
    (
        "compare",
        (
            r"compar\w+ (?!(?:to|with) last)|versus|\bvs\b|differences? between|how do(?:es)? .* differ"
            r"|differ\w* from|\b(?:bigger|larger|cheaper|faster|better|smaller|higher|lower|dearer"
            r"|slower)\b.*\b(?:or|than)\b"
        ),
    ),
    (
        "when",
        (
            r"\bwhen\b|(?:what|which) (?:date|day|year|month|quarter|decade|century)|what time\b|how soon"
            r"|by what date|since when|what(?:'s| is| was) the (?:date|deadline|timeline)"
        ),
    ),
    (
        "how_much",
        (
            r"how (?:big|large|long|far|fast|high|tall|expensive|often|old|powerful|small|dense|heavy|hot|cold|wide"
            r"|deep|quickly|close|strong)\b"
            rf"|(?:what|which) (?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would"
            rf"|can)\b)[\w-]+ ){{0,2}}(?:{_MEASURES})\b(?! (?:of|for) (?:work|business))"
            rf"|what (?:is|was|are|were|will be|would be|'s) (?:the |its |their "
            rf"|[\w'-]+'s )?(?:[\w-]+ ){{0,3}}(?:{_MEASURES})\b"
            r"|what (?:does|do|did|will|would|has|have) .*\b(?:cost|spend|spent|pay|paid|charge|earn|invest|weigh"
            r"|measure"
            r"|draw|consume|raise|expect to (?:spend|pay))\b"
            rf"|(?:{_MEASURES})\??$|worth\??$"
        ),
    ),
    (
        "who",
        (
            r"\bwho(?:se|m)?\b|(?:which|what) (?:(?:[\w-]+ )?(?:company|companies|firms?|publisher|person|people"
            r"|operator"
            r"|supplier|vendor|customers?|cloud|utility|lab|laboratory|bank|lender|analyst|maker|manufacturer|startup"
            r"|agency|regulator|provider|party|team|university|engineer|scientist|king|queen|president|minister))\b"
            r"|by whom"
        ),
    ),
    (
        "where",
        (
            r"\bwhere\b|(?:which|what) (?:(?:[\w-]+ )?(?:city|cities|country|countries|state|region|county|site|town"
            r"|place|location|nation|continent|province|island|port|ports))\b"
        ),
    ),
    (
        "list",
        (
            r"\blist\b|\ball (?:the |of the )?\w+s\b|which \w+s (?:are|were|have|did|do|has|will)\b|name (?:all|the"
            r"|every)|what are (?:the|all) \w+s\b|any other|what else"
        ),
    ),
    (
        "explain",
        (
            r"^(?:and )?what(?: is| are|'s) (?:an? )?(?!the |this |that |it\b|new\b)[\w -]{2,40}\??$|what does .* mean"
            r"|\bexplain\b|\bdefine\b|meaning of|how does .* work"
        ),
    ),
    ("why", r"\bwhy\b|for what reason|what (?:was|is|were) the (?:main )?(?:reason|cause)|what caused|how come"),
    ("what", r"\bwhat\b|\bwhich\b|\bhow\b|tell me|anything"),
)
KINDS = tuple((kind, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)

_FIGURES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"money", "price"}),
        (r"cost|costs|price|prices|worth|valu(?:e|ed|ation)|fee|fees|money|dollars?|euros?|charge|expensive|rent|sum"),
    ),
    (
        frozenset({"money"}),
        (
            r"pay|pays|paid|payments?|spend|spends|spent|spending|invest\w*|budget|revenue|profit|debt|rais(?:e"
            r"|ed)|fund\w*"
            r"|earn\w*|sales"
        ),
    ),
    (frozenset({"power"}), r"power|megawatts?|gigawatts?|kilowatts?|mw|gw|kw|watts?|electricity|draw"),
    (frozenset({"energy"}), r"energy|mwh|gwh|kwh"),
    (frozenset({"rate"}), r"bandwidth|link speed|terabits?|gigabits?|fast|speed"),
    (frozenset({"data"}), r"memory|storage|gigabytes?|terabytes?|hbm"),
    (frozenset({"flow"}), r"tokens? (?:per|a) second|throughput|tokens/s|fast|speed"),
    (
        frozenset({"time"}),
        r"how (?:long|soon|old|often)|time to \w+|duration|latency|lead time|notice period|age|last for",
    ),
    (frozenset({"length"}), r"how (?:long|tall|high|far|deep|wide)|height|length|distance|depth|width|altitude"),
    (frozenset({"temperature"}), r"temperature|how (?:hot|cold|warm)|degrees"),
    (frozenset({"area"}), r"how much land|area"),
    (frozenset({"mass"}), r"how heavy|weigh\w*|tonnes|emissions|emit\w*"),
    (frozenset({"volume"}), r"how much (?:water|gas|fuel|oil)|volume"),
    (
        frozenset({"percent", "points", "ratio"}),
        (
            r"percent\w*|share|stake|proportion|fraction|factor|rate|efficiency|yields?|goodput"
            r"|how (?:much|many times|far) (?:faster|slower|cheaper|more|less|higher|lower|stronger)|growth"
            r"|how much .* (?:fallen"
            r"|risen|fell|rise|rose|fall|grown|dropped)"
        ),
    ),
    (frozenset({"count", "number"}), r"how many|number of|population"),
    (frozenset({"count", "data", "number", "power", "area"}), r"capacity|how (?:big|large)|size"),
)
FIGURES = tuple((kinds, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kinds, pattern in _FIGURES)

ASKING = frozenset(
    words(
        "tell please know find show list explain compare comparison versus summarise summarize summary recap gist"
        " happened happen latest newest recent news update article story thread read anything mean meaning date year"
        " time question answer percentage amount much many long big large sentence line boss german english difference"
        " different timeline give bigger larger cheaper faster better smaller higher lower dearer slower changed change"
        " changes evolved developed"
    )
)
LATEST = re.compile(
    r"\b(?:latest|newest|most recent|recently|news|currently|right now|these days|what's new|up to date|as of)\b",
    re.IGNORECASE,
)
THREAD = re.compile(
    r"\b(?:this|the) (?:story|article|thread|deal|news|post|announcement|brief)\b|\bthis\b(?! (?:week"
    r"|month|year|quarter|morning))",
    re.IGNORECASE,
)
BACK = re.compile(
    r"^(?:and|but|so|then|also|ok(?:ay)?|what about|how about)\b|\b(?:it|its|they|their|them|he|his|she"
    r"|her|that|those|these|there|the (?:company|deal|site|chip|plant|price|campus|project|firm|model))\b",
    re.IGNORECASE,
)
ONE_LINE = re.compile(r"\bin (?:one|a single) (?:line|sentence)|one.liner|tl;?dr|in short\b|briefly\b", re.IGNORECASE)
LANGUAGE = re.compile(r"\b(?:in|into|auf) (" + "|".join([*LANGUAGES.values(), "deutsch"]) + r")\b", re.IGNORECASE)
WISH = re.compile(
    r"(?=.*\b(?:please|bitte|shorter|longer|simpler|briefly|kürzer|again|nochmal|in short|in one|in plain|boss)\b)"
    r"(?:\b(?:and|but|now|please|bitte|thanks?|ok|okay|again|shorter|longer|simpler|briefly|kürzer|nochmal|say|tell|me"
    r"|make|give|it|that|this|in (?:short|one (?:line|sentence)|plain (?:words|english))|for my boss)\b|[\s,.!?])+",
    re.IGNORECASE,
)
"""How something is to be told, and not what: "shorter, please"; "in German" is taken off before."""
CODES = {name.lower(): code for code, name in LANGUAGES.items()} | {"deutsch": "de"}
GENERIC = word_set(
    """
    ai gpu gpus cpu cpus tpu tpus npu npus hbm dram llm llms ceo cfo cto coo ipo api mw gw mwh gwh q1 q2 q3 q4
    i ok fyi tldr eli5 ml it rack racks
    """
)
"""Names of kinds of thing and of roles, which name nothing by themselves."""
VERBS = re.compile(
    r"^(?:compare|list|name|tell|show|explain|summari[sz]e|describe|define|give|find|does|do|did|is|are"
    r"|was|were|has|have"
    r"|had|can|could|will|would|should|any|anything|ok|okay|please|hey|hi|hello|thanks|which|whose|recap"
    r"|since|in|on)\b",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"\b(?:what|which) (?:[\w-]+ ){0,2}(?:share|percent\w*|proportion|fraction|rates?|factor|stake)\b|percentage of"
    r"|\bhow much (?:has|have|did|do|does|will|would)\b.* (?:fallen|risen|fell|rise|rose|fall|grown|grow|dropped"
    r"|drop)\b",
    re.IGNORECASE,
)
PER = re.compile(
    r"\bper (?!cent)|\b(?:an?|each) (?:hour|token|megawatt|month|year|gpu|chip|accelerator)\b|hourly", re.IGNORECASE
)
NOBODY = re.compile(
    r"\b(?:which|what) (?:company|companies|firms?|persons?|people|cit(?:y|ies)|countr(?:y|ies))\b", re.IGNORECASE
)
"""Words that only say what kind of name is wanted."""
GENERIC_THINGS = frozenset(
    words(
        "company companies firm person people maker supplier vendor operator startup publisher provider site place city"
        " country state region town county location thing date year month day part paper source event kind type sort"
        " way name model chip technology team group number party one measures steps changes"
    )
)
"""What names of many kinds are: "which company" is answered by a name, and its sentence need not say "company"."""
BETWEEN = re.compile(r"\b(?:more|less|fewer)\b.*\b(?:or|than) (?:the |that of (?:the )?)?(?P<other>\w)", re.IGNORECASE)
"""Two things are held against each other: "more memory than Corvid 3", "costs more, A or B"."""
IN_UNIT = re.compile(r"\bin (?P<unit>[a-z]+(?:[ -][a-z]+)?)\s*\?*$", re.IGNORECASE)
"""A question that ends with the unit of its answer: "… in kilometres?"."""
SAYS = re.compile(
    r"\b(?:sa(?:ys?|id)|told|tells?|wrote|writes?|comment\w*|announc\w*|think|thinks|call\w*)\b", re.IGNORECASE
)
"""Speech: in a question it asks for who spoke."""
HOW_MANY = re.compile(
    r"\bhow many (?P<what>(?:(?!\b(?:is|are|was|were|do|does|did|will|would|has|have|had|can|could|must|should"
    r"|may|might"
    r"|went|go|goes|took|take|takes|run|runs|got|get|gets|join|signed|study|in|at|of|on|for|to|from|that|who)\b)"
    r"[\w-]+ ?){1,4})",
    re.IGNORECASE,
)

OLD = re.compile(r"\bhow old\b|\bwhat age\b|\bage of\b", re.IGNORECASE)
PLACE_ASKED = re.compile(
    r"\b(?:what|which) (?:[\w-]+ )?(?:city|cities|country|countries|state|region|county|town|nation|continent|province"
    r"|island|port)\b",
    re.IGNORECASE,
)
"""The place is asked for by what it is, so any name may be it: not only what "in" or "at" comes before."""
YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
FRACTIONS = re.compile(
    r"\b(?:half|a (?:third|quarter|fifth|tenth)|(?:one|two|three|four|five|nine) (?:halves|thirds?|quarters?"
    r"|fifths?|tenths?)"
    r"|one in \w+|nine out of ten)\b",
    re.IGNORECASE,
)
"""Shares in words, which are no figures to the reader of figures."""
