"""Steps on the way to a thing, told as the thing: an offer, an option, an accusation, an "if"; pure.

As in `polarity`, a marker governs the content words behind it in its clause. Where a sentence repeats these words, it
must keep the marker, one of its family, or a word that hedges as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.stories.sentences import names, words
from bot.writing.forms import folded

SHARED = 0.6
"""Of what a marker governs, the share that a sentence must repeat to be about the same thing."""
SCOPE_WORDS = 6

_FAMILIES = (
    r"offer(?:s|ed|ing)? (?:to|for)|bid(?:s|ding)? (?:to|for)",
    r"options? (?:to|on|for)|right to",
    r"letters? of intent|memorand(?:um|a) of understanding|MoU|term sheet|framework agreement",
    r"ask(?:s|ed|ing)? (?:for|to)|appl(?:y|ies|ied|ying|ications?) (?:to|for)|request(?:s|ed|ing)? (?:for|to)?",
    r"close to|near(?:s|ing)? (?=a |an )|on the (?:brink|verge) of",
    r"threaten(?:s|ed|ing)? to|threats? to",
    r"tr(?:y|ies|ied|ying) to|attempt(?:s|ed|ing)? to|struggl(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to",
    r"accus(?:e|es|ed|ing)|alleg(?:e|es|ed|ing|ations?)|lawsuit|complaint",
    r"(?:report|claim|rumou?r|allegation|idea|suggestion|notion)s? that",
    r"den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|rul(?:e|es|ed|ing) out",
    r"(?:yet|still) to|pretend(?:s|ed|ing)? to|(?:wrongly|falsely|mistakenly) [a-z]+ to",
    r"(?:almost|nearly)(?= (?:\w+ed|went|sign|buy|sell|lose|win)\b)",
    r"doubtful (?:that|whether|if)|unclear (?:whether|if)|simulated|hypothetical|draft (?=law|rule|bill|order|text)",
    r"negotiat(?:e|es|ed|ing)|rais(?:e|es|ing) (?=\$|€|£|money)",
)
_MARKERS = tuple(re.compile(rf"(?<![\w-])(?:{family})(?![\w-])", re.IGNORECASE) for family in _FAMILIES)
_KEPT = re.compile(
    r"(?<![\w-])(?:could|may|might|would|possibl[ey]|potential(?:ly)?|perhaps|consider\w*|if|unless|plan(?:s|ned|ning)?"
    r"|seek(?:s|ing)?|wants? to|hop(?:es|ing) to|aim(?:s|ed|ing)? to|intend\w*|propos\w+|not|no|never|\w+n't|without"
    r"|den(?:y|ies|ied)|refus\w+|fail\w*|reject\w*|false|wrong|untrue|offer\w*|option\w*|intent|understanding|appl\w+"
    r"|ask(?:s|ed|ing)?|request\w*|bid|accus\w+|alleg\w+|lawsuit|complaint|sued|sues|report(?:s|ed)? that|claim\w*"
    r"|rumou?r\w*|threat\w*|tr(?:y|ies|ied|ying) to|attempt\w*|talks|negotiat\w+|close to|near(?:s|ing)?|rais(?:es|ing)"
    r"|yet|still|almost|nearly|pretend\w*|doubt\w*|wrongly|falsely|mistakenly|unclear|simulat\w+|hypothetical"
    r"|draft|expect\w*)(?![\w-])",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[,;:.!?](?:\s|$)|\s[-–—]\s|\s(?:but|while|although|whereas|because|which|who|and|after|when)"
    r"\s|$"
)


def _scope(text: str, start: int) -> frozenset[str]:
    stop = _CLAUSE_END.search(text, start)
    return frozenset(words(text[start : stop.start() if stop else len(text)])[:SCOPE_WORDS])


def _repeats(scope: frozenset[str], said: frozenset[str]) -> bool:
    shared = len(scope & said)
    return shared >= min(2, len(scope)) and shared >= SHARED * len(scope) and bool(scope)


def steps(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Offers, options, requests, accusations and the like, told as done."""
    if _KEPT.search(text):
        return
    said = frozenset(words(folded(text)))
    plain = [frozenset(words(folded(one))) for one in contexts if not any(marker.search(one) for marker in _MARKERS)]
    for context in contexts:
        own = folded(context)
        for marker in _MARKERS:
            for match in marker.finditer(own):
                scope = _scope(own, match.end())
                if _repeats(scope, said) and not any(_repeats(scope, other) for other in plain):
                    yield f'drops "{match[0].strip()}" of its source'
                    return


_IF = re.compile(
    r"(?<![\w-])(?P<if>if|unless|provided(?: that)?|as long as|on (?:the )?condition that|subject to|conditional on"
    r"|contingent on|depending on)(?![\w-]) (?P<what>[^,;.]+)",
    re.IGNORECASE,
)
_HAS_IF = re.compile(
    r"(?<![\w-])(?:if|unless|provided|as long as|condition\w*|subject to|contingent|depend\w*|once|when|without|with"
    r"|should)(?![\w-])",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?<![\w-])(?P<how>unlike|except|other than|apart from|instead of|rather than|but not) (?:the )?", re.IGNORECASE
)


def conditions(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """What holds only if something else does, told as holding; "final" for "conditional"."""
    if not _HAS_IF.search(text):
        said = frozenset(words(folded(text)))
        for context in contexts:
            for match in _IF.finditer(context):
                clause = _clause_around(context, match)
                told = frozenset(words(folded(match["what"])))
                if _repeats(frozenset(words(folded(clause))), said) or (len(told) > 1 and told <= said):
                    yield f'drops the "{match["if"]} …" of its source'
                    return
    for context in contexts:
        for match in _OTHERS.finditer(context):
            named = next((name for name in names(context) if context.startswith(name, match.end())), "")
            if named and text.startswith(named) and not _OTHERS.search(text):
                yield f'drops "{match["how"]}" before {named}'
                return


_UNDECIDED = re.compile(
    r"\b(?:not|n't|yet to|declined to|refused to|unclear|unknown|undecided)\b(?: \w+){0,2} (?:whether|if)\b"
    r"|\b(?:unclear|unknown|undecided) (?:whether|if)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:whether|if|yet|unclear|unknown|undecided|could|may|might)\b", re.IGNORECASE)


def open_questions(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """What is not decided or not told, told as an answer: "decided not to" for "has not decided whether to"."""
    if _OPEN.search(text):
        return
    said = frozenset(words(folded(text)))
    for context in contexts:
        match = _UNDECIDED.search(context)
        if match and _repeats(_scope(context, match.end()), said):
            yield f'answers "{match[0]}", which its source leaves open'
            return


_ADDED = re.compile(
    r"(?<![\w-])(?:threaten(?:s|ed|ing)? to|tr(?:y|ies|ied|ying) to|attempt(?:s|ed|ing)? to"
    r"|(?:wins?|won|lost) (?:a|an|the|its) (?:\w+ )?(?:suit|lawsuit|appeal|case|trial)|resign(?:s|ed)|admit(?:s|ted)"
    r"|apologi[sz]ed|pleaded guilty|went bankrupt|was (?:fined|jailed|arrested|killed|sued))(?![\w-])",
    re.IGNORECASE,
)


def added(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Threats, attempts, verdicts and the like that no quote tells of."""
    stems = {stem for context in contexts for stem in words(folded(context))}
    for match in _ADDED.finditer(text):
        if not set(words(folded(match[0]))) <= stems:
            yield f'adds "{match[0]}", which no quote says'
            return


_BELONGS = (
    r"(?:former [a-z]+|rival|founder|subsidiary|unit|supplier|customer|partner|parent|shareholder|landlord|contractor"
    r"|engineer|employee|competitor|investor)s?"
)


def owners(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """A name told as doing what somebody of it does: "Halden sold shares" for "Halden's founder sold shares"."""
    known = names(text)
    name = known[0] if known and text.startswith(known[0]) else ""
    if not name or text.startswith((f"{name}'s", f"{name}'")) or re.search(rf"\b{_BELONGS}\b", text, re.IGNORECASE):
        return
    theirs = re.compile(
        rf"{re.escape(name)}'s (?:[a-z]+ )?{_BELONGS}\b|\b{_BELONGS} of {re.escape(name)}\b"
        rf"|\b(?:former|ex-) ?{re.escape(name)}\b",
        re.IGNORECASE,
    )
    holding = [context for context in contexts if name in context]
    if holding and all(name not in theirs.sub("", context) for context in holding):
        yield f"says of {name} what its source says of somebody else"


def _clause_around(context: str, match: re.Match[str]) -> str:
    """What a condition is attached to: the clause before it, or behind it where it comes first."""
    before = re.split(r"[;.]\s", context[: match.start()])[-1]
    if words(before):
        return before
    return re.split(r"[;.]\s", context[match.end() :])[0]


_MOUTH = (
    r"(?:former |two |three |some |many |local |current )*(?:employees?|analysts?|critics?|residents?|rivals?"
    r"|competitors?|customers?|investors?|experts?|lawyers?|workers?|neighbou?rs|people|persons?|insiders?|unions?"
    r"|planners?|ministers?|mayors?|judges?|prosecutors?|inspectors?|consultants?|economists?|professors?|brokers?"
    r"|bankers?|lenders?|shareholders?)"
)
_SAID = r"(?:said|says?|told|warn(?:s|ed)?|claim(?:s|ed)?|argu(?:es|ed)|believes?)"
_SPOKE = re.compile(
    rf"\b(?P<who>{_MOUTH})(?: [a-z]+){{0,7}}? {_SAID}\b|\b{_SAID} (?:an? |the )?(?P<behind>{_MOUTH})\b"
    rf"|\baccording to (?:an? |the )?(?P<to>{_MOUTH})\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(rf"\b{_MOUTH}\b|\bsources?\b", re.IGNORECASE)
_ALL_SAID = re.compile(rf"\b(?:{_SAID}|according to)\b", re.IGNORECASE)


def mouths_kept(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Another speaker than the nameless one of the source: "it said" for "a rival said"."""
    if len(contexts) != 1 or not _ALL_SAID.search(text) or _ANYBODY.search(text):
        return
    spoke = _SPOKE.search(contexts[0])
    if spoke is not None and " and " not in spoke[0] and len(_ALL_SAID.findall(contexts[0])) == 1:
        who = next(found for found in spoke.groups() if found)
        yield f'credits somebody else than "{who}"'
