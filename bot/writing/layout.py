"""Texts as people write them, where a parser or a public set has them otherwise; pure."""

from __future__ import annotations

import re

_BRACKETS = {"-lrb-": "(", "-rrb-": ")", "-lsb-": "[", "-rsb-": "]", "-lcb-": "{", "-rcb-": "}"}
_BRACKET = re.compile("|".join(_BRACKETS), re.IGNORECASE)
_JOINED = (
    (re.compile(r"``\s*|\s*''"), '"'),
    (re.compile(r"(?<=\S) (?=[.,;:!?%)\]](?:\s|$))"), ""),
    (re.compile(r"(?<=[(\[$€£]) "), ""),
)
_SHORTENED = re.compile(r"(?<=\w) (?=(?:'s|'re|'ve|'ll|'d|'m|n't)\b)")
_PARTED = re.compile(r"(?<=\w) [.,](?=\s|$)")
_MARK = re.compile(r"[.,](?=\s|$)")
_ENDS = re.compile(r"[.!?:\"”’)]\s*$")


def laid_out(text: str) -> str:
    """A text as people write it: marks at their words, and blank lines between paragraphs.

    Public sets often hold text as a parser cut it, or one paragraph a line.
    """
    text = _SHORTENED.sub("", _BRACKET.sub(lambda match: _BRACKETS[match[0].lower()], text))
    if len(_PARTED.findall(text)) > len(_MARK.findall(text)) / 2:
        for pattern, new in _JOINED:
            text = pattern.sub(new, text)
    lines = [line for line in text.splitlines() if line.strip()]
    if "\n\n" not in text and len(lines) > 1 and sum(bool(_ENDS.search(line)) for line in lines) > len(lines) / 2:
        return "\n\n".join(lines)
    return text


_OPENS = re.compile(r"(?:^|(?<=[.!?] )|(?<=[.!?][\"')] )|(?<=\n))[a-z]")
_MOST_CAPITALS = 0.005
"""Share of capitals among the letters of a text that was put in lower case; in news text they are 3 % and more."""


def capitalised(text: str) -> str:
    """A text that was put in lower case with capitals where its sentences may begin; any other comes back as it is.

    Sentences are told apart by the capitals that open them. No character moves.
    """
    letters = sum(mark.isalpha() for mark in text)
    if sum(mark.isupper() for mark in text) > _MOST_CAPITALS * letters:
        return text
    return _OPENS.sub(lambda match: match[0].upper(), text)
