"""Whether a sentence can stand alone, out of its text: what points back, what only speaks, what says nothing; pure."""

from __future__ import annotations

import re
from functools import lru_cache

_DANGLING = re.compile(
    r"^[\"“]?(?:it|its|they|their|them|he|his|she|her|this|that|these|those|both|neither|such|there|here"
    r"|one of (?:them|these|those)|one (?:is|was|says?|said|had|has)|ones"
    r"|the (?:two|latter|former|same|other|move|difference|remaining|rest|larger sum|smaller sum)"
    r"|the (?:figure|answer|reason|error|result|number|gap) (?:is|was|were|comes)"
    r"|the (?:last|first) (?:point|one|step)|all are|with it|nearly all of"
    r"|another|others|each (?:of|is|was|has|had|gives?|takes?)|none|somebody|nobody|asked about"
    r"|what(?! (?:is|was) new)|(?:new |old |other )?ones|both times|either way)\b",
    re.IGNORECASE,
)
# Words further in that point back just the same.
_POINTS_BACK = re.compile(
    r"\b(?:the other one|the other way round|(?:ask|asks|asked) for (?:this|that|it)\b"
    r"|(?:for|about|on|of) (?:this|that)[.]$"
    r"|the (?:same|latter|former) (?:took|was|is|happened|goes|had)|says otherwise|in this way"
    r"|(?:wrote|said) to (?:them|him|her)|told (?:them|him|her)|(?:\d[\d,]*|two|three|no|many) such (?!as)"
    r"|(?:half|thirds?|quarters?|fifths?|tenth) of (?:it|that|them)\b"
    r"|(?:to|of|at|by) that limit|under today's rule|have one on|in two cases"
    r"|(?:use|with|at|of|to|from|by|for|behind|under|above|below|than)"
    r" that (?:figure|number|limit|price|sum|date|gap|report|rule)"
    r"|(?:than|as|of) (?:these|those|them)\b(?! (?:who|that|which|of|in|on|with)))",
    re.IGNORECASE,
)
# "On the public suites it sits between …": its subject stands in the sentence before.
_LATE_PRONOUN = re.compile(
    r"^(?:on|at|in|with|from|by|for|even so|still)\b(?:[^,.;:]|[.,]\d){0,45},?"
    r" (?:it|they|he|she|that (?:is|was|makes|means|would|hardly))\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"^(?:there (?:is|are|was|were) no(?:t|thing)?\b|imagine\b|suppose\b|picture\b)|\banother ten\b"
    # What only points the way through its own text: "The unusual part is what comes next in the announcement."
    r"|\bwhat (?:comes|follows) next\b|\bhere (?:is|are) (?:how|what|why|the)\b|\bthese are (?:my )?notes\b"
    r"|^people ask\b|^much has been (?:said|written)\b|\b(?:cites?|gives?|names?|lists?) (?:two|three|four"
    r"|several|some) (?:\w+ )?(?:causes|reasons)\b|\bin this (?:post|article|note|newsletter)\b",
    re.IGNORECASE,
)
# A sentence without any of these is no sentence: "Fourteen machines, no grid connection before 2030, no end date."
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|shall|should|cannot"
    r"|\w+n't|it's|that's|there's|he's|she's|we're|we've|(?!need\b|speed\b|feed\b|seed\b|indeed\b)\w{2,}ed|said|says|say|put|puts|costs|cuts|sets"
    r"|runs|ran|rose|rises|fell|falls|pays|paid|builds|built|sells|sold|buys|bought|wins|won|lost|loses"
    r"|takes|took|gives|gave|gets|got|makes|made|goes|went|comes|came|sees|saw|holds|held|keeps|kept|leaves"
    r"|left|means|meant|needs|wants|plans|expects|adds|asks|joins|brings|brought|opens|starts|ends|begins"
    r"|began|shows|tells|told|uses|works|serves|draws|drew|reads|writes|wrote|finds|found|thinks|thought"
    r"|hits|lets|grows|grew|stands|stood|lies|lay|carries|supplies|relies|applies|denies|tries|counts|covers"
    r"|moves|turns|stays|depends|employs|estimates|accepts|agrees|allows|requires|includes|remains|reaches"
    r"|publishes|catches|watches|delivers|offers|ships|faces|burns|returns|sends|spends|spent|rents|leases"
    r"|limits|caps|notes|calls|contains|connects|consists|averages|doubles|falls|sits|sat|fits|gains|drops"
    r"|becomes|became|begun|understands|understood|has|proposes|retains?|suits|slips|slipped)\b",
    re.IGNORECASE,
)
# "decides within", "presents the", "hopes for": a verb, or a plural noun, which then passes as one.
_LIKE_A_VERB = re.compile(
    r"\b[a-z]{3,}s (?:(?:an?|the|its|his|her|their|that|from|to|for|in|on|at|with|within|as|like|by|into|of"
    r"|between|next"
    r"|web|some|no|all|about|over|up|down|off|out)\b|\d|[A-Z]|\w+ly\b)|\bled (?!by\b)"
    r"|\b(?:cut|hit|shut|spread|split|let) (?:\d|[A-Z]|its|the|their|an?|about|some|more|nearly|off|out|up|down)"
    r"|(?<!\bthe )(?<!\bno )(?<!\bof )\bneed\b|\b(?:form|go|differ|meet|refuse|travel|appear|share|receive"
    r"|watch|register"
    r"|order|rate|request|talk|save|move|shift|matters?|want|cost|make|serve|buy|sell)\b"
)
_MORE_LANGUAGES = re.compile(r"[À-ÿ]|\b(?:der|die|das|les|des|une|los|las|del|het|een|le|et|est|un)\b")
_SPEECH = re.compile(r"^[\"“«„]")


_SAID_BEHIND = re.compile(r", (?:the [a-z]+|it|he|she|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}) (?:said|says)[.]?$")


@lru_cache(maxsize=4096)
def points_back(text: str) -> bool:
    """Whether a sentence needs the one before it: "It put the cost at …", "… would leave it close to that limit"."""
    return any((_DANGLING.match(text), _POINTS_BACK.search(text), _LATE_PRONOUN.match(text)))


def is_speech(text: str) -> bool:
    """Whether a sentence opens with somebody's direct speech."""
    return _SPEECH.match(text) is not None


@lru_cache(maxsize=4096)
def is_fragment(text: str) -> bool:
    """Whether a sentence has no verb, or tells of something that is not there."""
    if _EMPTY.search(text):
        return True
    text = _SAID_BEHIND.sub("", text)
    if _FINITE.search(text) or _LIKE_A_VERB.search(text):
        return False
    return _MORE_LANGUAGES.search(text) is None
