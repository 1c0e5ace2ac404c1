"""The questions that are kindly declined: predictions, opinions, private lives, other subjects, orders; pure."""

from __future__ import annotations

import re
from typing import Literal

Decline = Literal["prediction", "opinion", "private", "off_subject", "order"]

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
            r"\b(?:predict|prediction|your forecast|going to (?:crash|rise|fall|win)"
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
