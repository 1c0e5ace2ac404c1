"""News that was made up by the thousand: the sample articles' sentences with other names and figures."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.shelf.catalog import load_catalog

_DAY = date(2026, 11, 20)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zéü]+(?:[ -][A-Z][a-zéü]+)*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ONSETS = ("Bel", "Cor", "Dra", "El", "Fen", "Gal", "Hol", "Ist", "Jor", "Kel", "Lor", "Mar", "Nor", "Ost", "Pel",
           "Quin", "Ros", "Sel", "Tor", "Ul", "Vel", "Wes", "Yar", "Zan")  # fmt: skip
_MIDDLES = ("a", "an", "ar", "e", "en", "er", "i", "in", "o", "on", "or", "u", "um")
_ENDS = ("bury", "co", "dale", "dor", "field", "gard", "ine", "land", "mont", "nex", "ra", "ris", "stead", "tis",
         "tron", "va", "vik", "worth", "xis", "zar")  # fmt: skip
_KINDS = ("", "", "", " Cloud", " Energy", " Systems", " Semiconductor", " Networks", " Capital", " Compute")


@dataclass(frozen=True, slots=True)
class Piece:
    """A made-up article.

    Attributes:
        company: the name that its title begins with.
        figure: the figure that its title ends with.
    """

    title: str
    paragraphs: tuple[str, ...]
    company: str
    figure: str

    @property
    def text(self) -> str:
        """All paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)


@cache
def sentences() -> tuple[str, ...]:
    """The English sample articles' sentences."""
    found: dict[str, None] = {}
    for article in load_catalog().articles:
        if article.language != "en":
            continue
        for block in article.editions[-1].dated(_DAY).body:
            if block.kind == "paragraph":
                for line in block.lines:
                    found |= dict.fromkeys(one for one in _SENTENCE.split(_LINK.sub(r"\1", line)) if len(one) > 40)
    return tuple(found)


@cache
def names() -> tuple[str, ...]:
    """Thousands of company names."""
    plain = [f"{onset}{middle}{end}" for onset in _ONSETS for middle in _MIDDLES for end in _ENDS]
    return tuple(f"{name}{_KINDS[at % len(_KINDS)]}" for at, name in enumerate(plain))


_VERBS = ("signs", "delays", "opens", "prices", "orders", "halts", "doubles", "sells")
_OBJECTS = ("a {} MW campus", "its {} megawatt substation", "{} accelerators", "a ${} million loan",
            "{} racks of liquid cooling", "a ${} million fab order", "{} GB memory stacks")  # fmt: skip


class Desk:
    """Makes articles; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def write(self, least: int = 8, most: int = 16) -> Piece:
        """An article of some sentences, about one company that it names in its title."""
        draw = self._random
        company, other = draw.choice(names()), draw.choice(names())
        figure = str(draw.randint(11, 9999))
        thing = draw.choice(_OBJECTS).format(figure)
        title = f"{company} {draw.choice(_VERBS)} {thing}"
        body = [f"{company} said on Tuesday that it has agreed with {other} on {thing}."]
        drawn = draw.choices(sentences(), k=draw.randint(least, most))
        body += [self._varied(one, (company, other)) for one in drawn]
        paragraphs = tuple(" ".join(body[at : at + 3]) for at in range(0, len(body), 3))
        return Piece(title, paragraphs, company, figure)

    def _varied(self, sentence: str, cast: Sequence[str]) -> str:
        """Other names and figures in the same sentence."""
        draw = self._random
        told = _NAME.sub(lambda _: draw.choice(cast if draw.random() < 0.7 else names()), sentence)
        return _FIGURE.sub(lambda found: self._figure(found[0]), told)

    def _figure(self, written: str) -> str:
        """Another figure of the same shape."""
        digits = [str(self._random.randint(1, 9)) if mark.isdigit() else mark for mark in written]
        return "".join(digits)


__all__ = ["Desk", "Piece", "names", "sentences"]
