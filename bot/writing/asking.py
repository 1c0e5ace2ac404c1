"""The words by which questions ask: kinds of answer, kinds of figure, what is declined, what points back; pure."""

from __future__ import annotations

import re
from typing import Literal

from bot.stories.sentences import words
from bot.writing.prompts import LANGUAGES

Kind = Literal["what", "who", "when", "how_much", "where", "compare", "list", "change", "explain", "summary", "other"]
Decline = Literal["prediction", "opinion", "private", "off_subject", "order"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "summary",
        (
            r"summar\w+|tl;?dr|recap|in one (?:line|sentence)|for my boss|what(?:'s| is) (?:this|the) (?:story"
            r"|article|thread)(?: about)?\??$|what(?:'s| is) this(?: all)? about|give me the gist|key points"
            r"|what happened here|what happened\??$|catch me up"
        ),
    ),
    (
        "change",
        (
            r"how (?:has|have|did) .* (?:chang\w+|evolv\w+|develop\w+|mov\w+)|timeline|over time|history of"
            r"|so far this year|trend"
        ),
    ),
    (
        "compare",
        (
            r"compar\w+|versus|\bvs\b|differences? between|differ\w* from|(?:bigger|larger|cheaper|faster|more"
            r"|less|better|smaller|higher|lower) .*\bor\b|\bthan\b"
        ),
    ),
    (
        "when",
        (
            r"\bwhen\b|what (?:date|day|year|month|time)|which (?:date|day|year|month|quarter)|how soon"
            r"|by what date|since when|what(?:'s| is| was) the (?:date|deadline|timeline)"
        ),
    ),
    (
        "how_much",
        (
            r"how (?:much|many|big|large|long|far|fast|high|tall|expensive|often|old|powerful|small|dense"
            r"|quickly)|what percentage|what share|what (?:is|was|are|were|did|does|do|will"
            r"|would)\b.*\b(?:price|cost|costs?|capacity|size|value|valuation|amount|number|rate|percentage"
            r"|share|bandwidth|memory|speed|power draw|budget|fee|revenue|throughput|latency)\b|(?:price|cost"
            r"|capacity|bandwidth|memory|size|value|valuation)\??$|at what (?:price|cost)|what (?:capacity"
            r"|price|cost|size|share|percentage|bandwidth|amount|speed|power)\b"
        ),
    ),
    (
        "who",
        (
            r"\bwho(?:se|m)?\b|which (?:company|companies|firm|publisher|person|operator|supplier|vendor"
            r"|customer|cloud|utility|lab)|what company|by whom"
        ),
    ),
    (
        "where",
        (
            r"\bwhere\b|which (?:city|country|state|region|county|site|town)|in what (?:city|country|state"
            r"|region)"
        ),
    ),
    (
        "list",
        (
            r"\blist\b|\ball (?:the |of the )?\w+s\b|which \w+s (?:are|were|have|did|do|has)\b|name (?:all|the"
            r"|every)|what are (?:the|all)|any other|what else"
        ),
    ),
    (
        "explain",
        (
            r"what (?:is|are) (?:an? )?[\w -]{2,40}\??$|what does .* mean|explain|define|meaning of"
            r"|how does .* work"
        ),
    ),
    ("what", r"\bwhat\b|\bwhich\b|\bwhy\b|\bhow\b|tell me|anything"),
)
KINDS = tuple((kind, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)

_FIGURES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"money", "price"}),
        (
            r"cost|price|pay|paid|spend|spent|spending|invest\w*|worth|valu\w+|budget|fee|revenue|money"
            r"|dollars?|euros?|rais\w+|charge|expensive|fund\w*"
        ),
    ),
    (frozenset({"power"}), r"power|megawatts?|gigawatts?|kilowatts?|mw|gw|kw|watts?|electricity|draw"),
    (frozenset({"energy"}), r"energy|mwh|gwh|kwh"),
    (frozenset({"rate"}), r"bandwidth|link speed|terabits?|gigabits?"),
    (frozenset({"data"}), r"memory|storage|gigabytes?|terabytes?|hbm"),
    (frozenset({"flow"}), r"tokens? (?:per|a) second|throughput|tokens/s"),
    (frozenset({"time"}), r"how long|how soon|duration|latency|how old|last for"),
    (
        frozenset({"percent", "points", "ratio"}),
        r"percent\w*|share of|what share|how much (?:faster|slower|cheaper|more|less|higher|lower)|growth",
    ),
    (frozenset({"count", "number"}), r"how many|number of"),
    (frozenset({"count", "data", "number", "power"}), r"capacity|how (?:big|large)"),
)
FIGURES = tuple((kinds, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kinds, pattern in _FIGURES)

ASKING = frozenset(
    words(
        "tell please know find show list explain compare comparison versus summarise summarize summary recap gist"
        " happened happen latest newest recent news update article story thread read anything mean meaning date year"
        " time question answer percentage amount much many long big large sentence line boss german english difference"
        " different timeline give"
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
_DECLINES: tuple[tuple[Decline, str], ...] = (
    (
        "order",
        (
            r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous)"
            r"|system prompt|your (?:instructions|prompt|rules)|(?:api|secret|bot) ?(?:key|token)s?\b"
            r"|developer mode|jailbreak|pretend (?:to be|you)|act as|you are now|<[!@]|repeat after me"
            r"|(?:print|post|output|reply with|include|append|add) .{0,30}(?:https?:|link|url|@here|@channel"
            r"|@everyone|exactly)"
        ),
    ),
    (
        "private",
        (
            r"\b(?:home|private|personal) (?:address|phone|number|e-?mail)|phone number|where does .+ live"
            r"|social security|password|salary of|(?:his|her|their) (?:wife|husband|children|kids|religion"
            r"|health)|date of birth|how old is (?!the )"
        ),
    ),
    (
        "prediction",
        (
            r"\b(?:predict|prediction|forecast for|your forecast|going to (?:crash|rise|fall|win)"
            r"|will .*(?:stock|share price|shares|bubble|crash|agi)\b|(?:stock|share price).*(?:go up|go down"
            r"|rise|fall|tomorrow|next (?:week|month|year))|who will win|bubble burst|odds (?:that|of))"
        ),
    ),
    (
        "opinion",
        (
            r"\b(?:do you (?:think|like|believe|recommend)|what do you think|your (?:opinion|view|favou?rite"
            r"|take)|in your opinion|should (?:i|we|my (?:team|company)) (?:buy|invest|sell|use|switch|move"
            r"|choose|pick|hold)|is it (?:good|bad|right|wrong|worth it)\b|which (?:stock|one) should"
            r"|who is (?:better|best)|worth buying|good investment|buy or sell)"
        ),
    ),
    (
        "off_subject",
        (
            r"\b(?:weather|recipe|joke|poem|haiku|horoscope|song|lyrics|translate (?:this )?sentence"
            r"|capital of|world cup|football|movie|film|lottery|homework|dinner|lunch|restaurant|holiday"
            r"|girlfriend|boyfriend|meaning of life|write (?:me )?(?:a|an|some) (?!summary)|python script"
            r"|what(?:'s| is) \d+ ?[+*x/-] ?\d+)\b"
        ),
    ),
)
DECLINES = tuple((why, re.compile(pattern, re.IGNORECASE)) for why, pattern in _DECLINES)
ONE_LINE = re.compile(r"\bin (?:one|a single) (?:line|sentence)|one.liner|tl;?dr|in short\b|briefly\b", re.IGNORECASE)
LANGUAGE = re.compile(r"\b(?:in|into|auf) (" + "|".join([*LANGUAGES.values(), "deutsch"]) + r")\b", re.IGNORECASE)
CODES = {name.lower(): code for code, name in LANGUAGES.items()} | {"deutsch": "de"}
GENERIC = frozenset(
    [
        "ai",
        "gpu",
        "gpus",
        "cpu",
        "cpus",
        "tpu",
        "tpus",
        "npu",
        "npus",
        "hbm",
        "dram",
        "llm",
        "llms",
        "ceo",
        "cfo",
        "cto",
        "coo",
        "ipo",
        "api",
        "pue",
        "mw",
        "gw",
        "mwh",
        "gwh",
        "q1",
        "q2",
        "q3",
        "q4",
        "i",
        "ok",
        "fyi",
        "tldr",
        "eli5",
        "ml",
        "it",
        "rack",
        "racks",
    ]
)
VERBS = re.compile(
    r"^(?:compare|list|name|tell|show|explain|summari[sz]e|describe|define|give|find|does|do|did|is|are"
    r"|was|were|has|have"
    r"|had|can|could|will|would|should|any|anything|ok|okay|please|hey|hi|hello|thanks|which|whose|recap"
    r"|since|in|on)\b",
    re.IGNORECASE,
)
PER = re.compile(
    r"\bper (?!cent)|\b(?:an?|each) (?:hour|token|megawatt|month|year|gpu|chip|accelerator)\b|hourly", re.IGNORECASE
)
HOW_MANY = re.compile(
    r"\bhow many (?P<what>(?:(?!\b(?:is|are|was|were|do|does|did|will|would|has|have|had|can|could|went|go"
    r"|goes|in|at|of|on)\b)[\w-]+ ?){1,4})",
    re.IGNORECASE,
)
