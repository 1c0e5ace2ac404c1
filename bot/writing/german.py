"""Questions in German put into the English words that the finder and the rules know; pure.

A glossary of what is asked about this field, not a translation: articles, question words, the usual verbs and nouns.
Names stay as they are. What it doesn't know stays German, and finds only texts that have the very word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PHRASES: tuple[tuple[str, str], ...] = (
    (r"(?:wie ?viel|was) (?:kostet|kosten)", "what is the cost of"),
    (r"(?:wie ?viel|was) (?:wird|werden|soll|sollen) (?P<thing>.+?) kosten", r"what is the cost of \g<thing>"),
    (r"wem gehört", "who owns"),
    (r"wie hoch (?:ist|sind|war|waren) (?:der|die|das)", "what is the"),
    (r"wie (?:groß|gross) (?:ist|wird)", "how large is"),
    (r"wie lange?", "how long"),
    (r"wie schnell", "how fast"),
    (r"wie alt", "how old"),
    (r"(?:welche|wie ?viel) (?:leistung|kapazität) (?:hat|haben|bekommt|bekommen)", "what is the power capacity of"),
    (r"wie ?viele?", "how many"),
    (r"letzte woche", "last week"),
    (r"letzten monat", "last month"),
    (r"seit (?P<when>\w+)", r"since \g<when>"),
)
_WORDS: Mapping[str, str] = {
    german: english
    for line in """
        wer who|wen whom|wann when|wo where|warum why|wieso why|weshalb why|welche which|welcher which
        welches which|welchen which|was what|wie how|nenne list|vergleiche compare|alle all|der the|die the
        das the|den the|dem the|des the|ein a|eine a|einen a|einem a|einer a|von of|vom of the|im in the|bei at
        beim at the|für for|mit with|auf on|aus from|und and|oder or|als than|mehr more|nach after|über about
        an at|ist is|sind are|war was|waren were|hat has|haben have|hatte had|wird will|werden will|wurde was
        wurden were|leitet leads|führt leads|besitzt owns|baut builds|bauen build|kauft buys|verkauft sells
        zahlt pays|liefert supplies|macht makes|entwickelt develops|beginnt begins|startet starts|öffnet opens
        endet ends|kostet costs|braucht needs|verbraucht consumes|gibt gives|kündigt announces
        angekündigt announced|gebaut built|gekauft bought|bezahlt paid|investiert invests|ausgefallen offline
        gegründet founded|rechenzentrum data center|rechenzentren data centers|strom power|leistung power
        kapazität capacity|preis price|preise prices|kosten cost|schulden debt|umsatz revenue|gewinn profit
        speicher memory|bandbreite bandwidth|reaktor reactor|kernkraftwerk nuclear plant|kraftwerk plant
        turbinen turbines|gasturbinen gas turbines|netz grid|wasser water|kühlung cooling|ausfall outage
        störung outage|mitarbeiter employees|firma company|unternehmen company|chef chief executive
        chefin chief executive|gründer founder|kunden customers|kunde customer|vertrag contract|anteil share
        jahr year|jahre years|monat month|tage days|stunde hour|milliarden billion|millionen million
        modell model|modelle models|kabel cable|genehmigung permit|lizenz licence|standort site|gelände campus
        halle hall|hallen halls|chips chips|beschleuniger accelerators|grafikkarten gpus|megawatt megawatts
        gigawatt gigawatts|bewertung valuation|miete rent|grund reason|ursache cause|neu new|neue new
        zweite second|erste first|größte largest
    """.splitlines()
    for german, _, english in (pair.strip().partition(" ") for pair in line.split("|"))
    if german
}
_ENGLISH_TOO = frozenset(
    [
        "was",
        "die",
        "den",
        "des",
        "hat",
        "war",
        "an",
        "in",
        "firma",
        "netz",
        "chef",
        "chips",
        "megawatt",
        "gigawatt",
        "standort",
    ]
)
_TELLING = _WORDS.keys() - _ENGLISH_TOO
_WORD = re.compile(r"[^\W\d_]+")
LEAST_TELLING = 2


def is_german(text: str) -> bool:
    """Whether a question is German, by the words that only German has."""
    found = {word.lower() for word in _WORD.findall(text)} & _TELLING
    return len(found) >= LEAST_TELLING


def in_english(text: str) -> str:
    """The question with German words put into English; names and what is not known stay."""
    for pattern, english in _PHRASES:
        text = re.sub(rf"\b{pattern}\b", english, text, flags=re.IGNORECASE)
    return _WORD.sub(lambda word: _WORDS.get(word[0].lower(), word[0]), text)
