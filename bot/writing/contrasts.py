"""Words of which only one can be true: "the spring" for "the autumn", "operating profit" for "revenue"; pure.

`polarity.reversed_words` knows pairs of opposites. Here are larger families: a sentence may use none of a family's
words, or those of its source, but not another one in the place of its source's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.writing.particulars import without_figures

RISES = (
    r"rise|rises|rose|rising|risen|climb\w*|soar\w*|jump\w*|grow|grows|grew|growing|grown|gain(?:s|ed|ing)?|surg\w+"
    r"|increas\w+|up"
)
FALLS = (
    r"fall|falls|fell|falling|fallen|drop\w*|tumbl\w+|sank|sink\w*|declin(?:e|es|ed|ing)(?! to)|slid|slip\w*"
    r"|plung\w+|plummet\w*|eas(?:e|es|ed|ing)|decreas\w+|down|shr[aiu]nk\w*"
)
_LATEST = r"at the latest|no later|by(?= (?:the end of |early |late |mid-?)?20\d\d)"
_SPANS = ("hour", "day", "week", "month", "quarter", "year")
_FAMILIES: tuple[tuple[str, ...], ...] = (
    (r"spring", r"summer", r"autumn|(?<!to )fall(?= (?:of|20\d\d))", r"winter"),
    (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    (RISES, FALLS),
    (r"improv\w+|better", r"worsen\w*|worse|degrad\w+|deteriorat\w+"),
    (r"quick\w*|fast\w*", r"slow\w*"),
    (r"doubl\w+|twice|twofold", r"tripl\w+|threefold", r"quadrupl\w+|fourfold", r"halv\w+|half"),
    (r"input", r"output"),
    (r"gross", r"operating", r"net", r"pre-?tax"),
    (r"median|p50", r"mean|average", r"p9\d|99th", r"peak|maximum"),
    (r"gas", r"solar", r"wind", r"nuclear", r"coal", r"hydro\w*", r"diesel", r"geothermal"),
    (r"free", r"paying|paid"),
    (r"old|older|oldest|previous", r"new|newer|newest|next"),
    (r"city|town", r"county", r"state", r"region", r"country|nation|national", r"continent|europe", r"world|global\w*"),
    (
        r"revenues?|sales|turnover", r"profits?|earnings", r"loss|losses", r"debts?|borrowings",
        r"valuation|valu(?:ed|es)", r"cash flow", r"costs?|spending|expenditure|expenses",
    ),
    (
        r"all (?:of|the|its|their|customers|sites|users)|every|each", r"most of|the majority", r"half(?: of)?",
        r"some(?= of| (?:customers|sites|users|of))|several", r"few of|a few|few",
    ),
    (r"first", r"second", r"third", r"fourth", r"fifth", r"sixth", r"seventh", r"last|final"),
    (r"fiscal|financial year", r"calendar"),
    (r"training", r"inference|serving"),
    (r"uph(?:old|olds|eld|olding)", r"overturn\w*|lift(?:s|ed|ing)?|struck down|quash\w*", r"suspend\w*|stayed"),
    (r"grant(?:s|ed|ing)?|award\w*|issu(?:es|ed|ing)", r"withdr[ae]w\w*|revok\w+|rescind\w*"),
    (r"demand", r"supply"),
    (r"rais(?:e|es|ed|ing)", r"repa(?:y|ys|id|ying)|redeem\w*"),
    (r"widen\w*", r"narrow(?:s|ed|ing)?"),
    (r"requir\w+|oblig\w+", r"allow\w*"),
    (r"buil(?:d|ds|t|ding)", r"clos(?:e|es|ed|ing) (?:a|the|its|their)|shut\w*|demolish\w*"),
    (r"leas(?:e|es|ed|ing)|rent(?:s|ed|ing)", r"sell|sells|sold|selling|buys?|bought|buying|acquir\w+|purchas\w+"),
    (r"the first|its first|'s first", r"the only|its only|sole", r"largest|biggest", r"fastest", r"cheapest"),
    tuple(rf"(?:the|this|last|next|previous|prior|every|each) {unit}" for unit in _SPANS),
    (r"control plane", r"data plane"),
    (r"on hold|paused|frozen", r"complet(?:e|es|ed)|finish(?:es|ed)"),
    (r"lent|lend(?:s|ing)?", r"borrow(?:s|ed|ing)?"),
    (r"exceed(?:s|ed|ing)?|beat|beats", r"miss(?:es|ed|ing)?|fell short|fall short"),
    (r"hir(?:e|es|ed|ing)|employ(?:s|ed|ing)?|recruit\w*", r"dismiss\w*|laid off|lays? off|fired|sacked"),
    (r"an hour|hourly|per hour", r"a day|daily|per day", r"a week|weekly", r"a month|monthly", r"a year|annual\w*"),
    (_LATEST, r"at the earliest|no earlier|no sooner"),
    (r"at peak|full load", r"idle|standby"),
    (r"exclud\w+", r"includ\w+"),
    (r"one in [a-z]+", r"two in [a-z]+", r"three in [a-z]+", r"four in [a-z]+", r"nine in [a-z]+"),
    (r"on-demand|on demand", r"reserved|spot"),
)  # fmt: skip
_CASED = frozenset({"May", "March"})


def _pattern(words: str) -> re.Pattern[str]:
    flags = 0 if words in _CASED else re.IGNORECASE
    return re.compile(rf"(?<![\w-])(?:{words})(?!\w)", flags)


_PATTERNS = tuple(tuple(_pattern(words) for words in family) for family in _FAMILIES)
_WITH_FIGURES = frozenset(
    {
        _LATEST,
        "an hour|hourly|per hour",
        "one in [a-z]+",
        "input",
        "all (?:of|the|its|their|customers|sites|users)|every|each",
    }
)
"""Families (by their first words) that are also read where they are part of a figure: "per million input tokens"."""
_READ_WHOLE = tuple(family[0] in _WITH_FIGURES for family in _FAMILIES)


def contrasted(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Words in the place of others of their family.

    Args:
        text: the sentence.
        contexts: the source sentences that hold its quotes.
    """
    bare, bases = without_figures(text), " ".join(without_figures(context) for context in contexts)
    whole = " ".join(contexts)
    for family, is_whole in zip(_PATTERNS, _READ_WHOLE, strict=True):
        own, theirs = (text, whole) if is_whole else (bare, bases)
        mine = [(one, match) for one in family if (match := one.search(own))]
        for one, match in mine:
            if one.search(theirs):
                continue
            instead = next((other for pattern in family if (other := pattern.search(theirs))), None)
            if instead is not None:
                yield f'says "{match[0]}" where its source says "{instead[0]}"'
                return


_SUPERLATIVE = re.compile(
    r"\b(?:most [a-z]+|(?:larg|bigg|fast|cheap|old|new|high|low|tall|strong|clos|great|rich|earli)est)\b"
)
_ORDER = r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th)"
_MANY = r"two|three|four|five|six|seven|eight|nine|ten|\d+"
_LESSENED = re.compile(
    rf"\b(?:(?P<how>one of(?: the)?|among(?: the)?|{_ORDER})[ -](?:[a-z]+[ -]){{0,2}}|(?P<many>{_MANY}) )$",
    re.IGNORECASE,
)


def superlatives(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """The first for one of the first: "the largest" for "the second largest" or "one of the largest"."""
    for match in _SUPERLATIVE.finditer(text):
        if _LESSENED.search(text[: match.start()]):
            continue
        found = [
            _LESSENED.search(context[: other.start()])
            for context in contexts
            for other in _SUPERLATIVE.finditer(context)
            if other[0].lower() == match[0].lower()
        ]
        if found and all(found):
            how = next(one["how"] or one["many"] for one in found if one)
            yield f'drops "{how}" before "{match[0]}"'
            return


_PART = (
    r"some|few|a few|half|most|part|parts|a portion|a fraction|many|several|none|one|two|three|four|five|six|a third"
    r"|a quarter|two thirds|three quarters|a tenth|a fifth|nine tenths|[\d.,]+ ?(?:%|per ?cent)"
)
_PARTITIVE = re.compile(
    rf"\b(?P<part>{_PART}) of (?:the |its |their |all |those |these )(?P<whole>[a-z-]{{4,}})", re.IGNORECASE
)
_ANY_PART = re.compile(rf"\b(?:{_PART}|\d[\d.,]*)\b", re.IGNORECASE)


_COUNTED = re.compile(
    rf"\b(?P<part>{_PART}|\d[\d.,]*) of (?:the |its |their |all |those |these )(?P<many>[a-z]+|\d[\d.,]*)"
    r" (?P<whole>[\w-]{3,}s)\b",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    rf"\b(?P<part>{_PART}|\d[\d.,]*) of (?:it|them|which|that|this)\b(?: [a-z]+)? (?:on|in|for|to|from|by)"
    r" (?P<what>[\w-]{4,})",
    re.IGNORECASE,
)
_PARTS_SAID = re.compile(rf"\b(?:{_PART})\b", re.IGNORECASE)


def counted_parts(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """The whole for a counted part: "nine turbines" for "two of the nine", "on lines" for "half of it on lines"."""
    for context in contexts:
        for match in _COUNTED.finditer(context):
            whole = rf"(?<! of )(?<! of the )\b{re.escape(match['many'])} {re.escape(match['whole'])}\b"
            is_part = re.search(rf"\b{re.escape(match['part'])}\b", text, re.IGNORECASE)
            if not is_part and re.search(whole, text, re.IGNORECASE):
                yield f'drops "{match["part"]} of" before "{match["many"]} {match["whole"]}"'
                return
        for match in _OF_IT.finditer(context):
            is_part = _PARTS_SAID.search(text) or re.search(rf"\b{re.escape(match['part'])}\b", text)
            if not is_part and re.search(rf"\b{re.escape(match['what'])}\b", text, re.IGNORECASE):
                yield f'drops "{match["part"]} of it" before "{match["what"]}"'
                return


_PLACED = r"(?:in|of|outside|among|within)"
_WITHIN = re.compile(
    rf"\b(?P<what>(?:larg|bigg|fast|cheap|old|new|high|low|tall|strong)est|the (?:first|only)) (?P<noun>[a-z-]+)"
    rf" {_PLACED} (?P<where>(?:the |its |their )?[\w'-]+)"
)


def limits(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """The largest anywhere for the largest somewhere: "the largest customer" for "the largest customer in Asia"."""
    for match in (match for context in contexts for match in _WITHIN.finditer(context)):
        where = match["where"].split()[-1]
        found = re.compile(rf"\b{match['what']} {re.escape(match['noun'])}\b(?! {_PLACED}\b)")
        anywhere = any(found.search(context) for context in contexts)
        if found.search(text) and where.lower() not in text.lower() and not anywhere:
            yield f'drops what limits "{match["what"]} {match["noun"]}" ({match["where"]})'
            return


_EVERY = re.compile(r"(?<!in )(?<!at )(?<!above )\b(?:all|every|each|entire|whole)\b(?! but\b)", re.IGNORECASE)
_ANY_WHOLE = re.compile(
    r"\b(?:all|every\w*|each|entire(?:ly)?|whole|wholly|both|any\w*|full\w*|complete\w*|total|per|100 per ?cent|no"
    r"|none)\b",
    re.IGNORECASE,
)
_KINDS = (
    r"(?:new|existing|old|older|remaining|additional|foreign|domestic|paying|free|outside|initial|annual|monthly|large"
    r"|small|private|public)"
)
_QUANTIFIED = re.compile(
    rf"(?P<how>\bof (?:the |its |their |all )?|\b(?:no longer|not|never|no) (?:[a-z]+ )??)"
    rf"(?P<kind>{_KINDS}) (?P<noun>[a-z-]{{4,}})",
    re.IGNORECASE,
)


def wholes(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """All for one or some ("all buildings" for "the first building"); all of a thing for all of one kind of it."""
    every = _EVERY.search(text)
    if every and not any(_ANY_WHOLE.search(context) for context in contexts):
        yield f'adds "{every[0]}", which no quote says'
        return
    for context in contexts:
        for match in _QUANTIFIED.finditer(context):
            how = r"\bof (?:the |its |their |all )?" if match["how"].lower().startswith("of") else match["how"]
            if re.search(rf"{how}{match['noun']}\b", text, re.IGNORECASE) and match["kind"] not in text:
                yield f'drops "{match["kind"]}" before "{match["noun"]}"'
                return


def parts(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """The whole for a part: "the customers left" for "some of the customers left"."""
    if _ANY_PART.search(text):
        return
    for context in contexts:
        for match in _PARTITIVE.finditer(context):
            whole = rf"\b(?:the|all|its|their) {re.escape(match['whole'])}\b"
            elsewhere = context[: match.start()] + context[match.end() :]
            if re.search(whole, text, re.IGNORECASE) and not re.search(whole, elsewhere, re.IGNORECASE):
                yield f'drops "{match["part"]} of" before "{match["whole"]}"'
                return


_FISCAL = re.compile(r"\bfiscal\b|\bfinancial year\b|\bFY ?\d", re.IGNORECASE)
_DATED = re.compile(r"\b20\d\d\b|\bquarter\b|\bQ[1-4]\b|\bhalf\b|\byear\b")


def fiscal(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """A calendar year for a company's own: "in 2027" for "in fiscal 2027"."""
    if _FISCAL.search(text) or not _DATED.search(text):
        return
    for match in _DATED.finditer(text):
        holding = [context for context in contexts if match[0] in context]
        if holding and all(
            re.search(rf"(?:fiscal|financial year)[^,.;]{{0,24}}{re.escape(match[0])}", context, re.IGNORECASE)
            for context in holding
        ):
            yield f'drops "fiscal" before {match[0]}'
            return
