"""What must never happen, looked for by other means than the bot's own checker. Pure.

The grounding checker decides what may be shown; here its work is inspected with plainer tools, so that a fault in it
shows up as a broken promise and not as a good score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from bot.models import Answer, Brief, Quote, Sentence

_FOLDS = str.maketrans(
    dict.fromkeys("‘’‚‛`´′ʼ‹›", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−⁃", "-")
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff™®©℠]")


def folded(text: str) -> str:
    """Text with one form of quotes, dashes and spaces, nothing invisible: what "word for word" is compared in."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text.translate(_FOLDS))).translate(_FOLDS)
    return " ".join(_UNSEEN.sub("", plain).split())


def sentences_of(brief: Brief) -> tuple[Sentence, ...]:
    """Everything in a brief that claims something."""
    head = Sentence(brief.headline, brief.headline_quotes)
    why = (brief.why,) if brief.why is not None else ()
    return (head, *brief.what, *why, *(line.sentence for line in brief.facts))


def bad_quotes(sentences: Sequence[Sentence], sources: Mapping[int, str]) -> tuple[str, ...]:
    """Quotes that don't stand word for word in the article they name, and sentences without any.

    Args:
        sentences: what is shown.
        sources: title and text of each article, by id.
    """
    return tuple(_bad_quotes(sentences, {key: folded(text) for key, text in sources.items()}))


def _bad_quotes(sentences: Sequence[Sentence], sources: Mapping[int, str]) -> Iterator[str]:
    for sentence in sentences:
        if not sentence.quotes:
            yield f"cites nothing: {sentence.text}"
        for quote in sentence.quotes:
            if not _stands(quote, sources):
                yield f"not in article {quote.article_id}: {quote.text}"


def _stands(quote: Quote, sources: Mapping[int, str]) -> bool:
    wanted = folded(quote.text)
    return bool(wanted) and wanted in sources.get(quote.article_id, "")


def quotes_in(sentences: Sequence[Sentence]) -> int:
    """How many quotes there are to check."""
    return sum(max(1, len(sentence.quotes)) for sentence in sentences)


_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")
_SCALED = re.compile(
    r"[ \u00a0-]?(?:(?P<p>petaflops|petabytes?|PB)|(?P<t>trillion|tn\b|trn\b|T\b|TW|TB|tera)"
    r"|(?P<g>billion|bn\b|bln\b|B\b|GW|GB|giga)|(?P<m>million|mn\b|mln\b|m\b|M\b|MW|MB|mega)"
    r"|(?P<k>thousand|k\b|K\b|kW|KB|kilo))"
)
_POWERS = {"p": 15, "t": 12, "g": 9, "m": 6, "k": 3}
_WORDS = {
    word: value
    for value, words in {
        1: "one", 2: "two both twice double", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
        9: "nine", 10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen",
        16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty", 30: "thirty", 40: "forty",
        50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
    }.items()
    for word in words.split()
}  # fmt: skip


def numbers(text: str) -> tuple[frozenset[float], ...]:
    """Each number written in digits, with the values it can be read as, the scale behind it included."""
    plain = folded(text)
    found = []
    for match in _NUMBER.finditer(plain):
        scale = _SCALED.match(plain, match.end())
        power = 10.0 ** _POWERS[scale.lastgroup] if scale is not None and scale.lastgroup else 1.0
        found.append(frozenset(value * power for value in _readings(match[0])))
    return tuple(found)


def _readings(digits: str) -> set[float]:
    """1,200 is twelve hundred or, in other countries, 1.2; both count as read."""
    bare = digits.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    forms = {bare.replace(",", ""), bare.replace(".", "").replace(",", ".")}
    values = set()
    for form in forms:
        try:
            values.add(float(form))
        except ValueError:
            continue
    return values


def unsupported_numbers(sentence: Sentence) -> tuple[str, ...]:
    """Numbers of a sentence that none of its quotes can be read as.

    A number may be written in another scale (1,200 MW for 1.2 GW), stand as a word in the quote (fourteen), or be
    rounded to its own last digit.
    """
    quoted = " ¶ ".join(quote.text for quote in sentence.quotes)
    values = {value for readings in numbers(quoted) for value in readings} | {
        float(_WORDS[word]) for word in re.findall(r"[a-z]+", quoted.lower()) if word in _WORDS
    }
    return tuple(
        f"{match[0]} in “{sentence.text}” is in none of its quotes"
        for match, readings in zip(_NUMBER.finditer(folded(sentence.text)), numbers(sentence.text), strict=True)
        if not any(_same(mine, theirs, match[0]) for mine in readings for theirs in values)
    )


def mentions(text: str, value: str) -> bool:
    """Whether a text holds a number that a labelled value ("900 MW", "1100000 accelerators") can be read as."""
    wanted = {number for readings in numbers(value) for number in readings}
    words = {float(_WORDS[word]) for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS}
    there = words | {number for readings in numbers(text) for number in readings}
    return any(_same(mine, theirs, value) for mine in wanted for theirs in there)


#: Rounding moves a value by this share at most; more makes it another figure.
_ROUNDED = 0.05


def _same(mine: float, theirs: float, shown: str) -> bool:
    """Equal, or the other one rounded to as many digits as are shown."""
    if abs(mine - theirs) <= 1e-9 * abs(mine):
        return True
    digits = len(re.sub(r"\D", "", shown).strip("0")) or 1
    return float(f"{theirs:.{digits}g}") == float(f"{mine:.{digits}g}") and abs(mine - theirs) <= _ROUNDED * abs(mine)


_REACHES = re.compile(
    r"https?://|www\.|\]\(|<[!@#]|<https?|@(?:here|channel|everyone)\b|!\[|\bjavascript:", re.IGNORECASE
)


def reaches(text: str) -> bool:
    """Whether a text of ours holds a link, a mention or an image; these are made by code alone, from sources."""
    return _REACHES.search(text) is not None


def shown_texts(brief: Brief) -> tuple[str, ...]:
    """All the words of a brief that did not come from code of ours or a source's own name."""
    facts = tuple(line.shown for line in brief.facts)
    return (*(sentence.text for sentence in sentences_of(brief)), *facts, *brief.unknown)


def answer_texts(answer: Answer) -> tuple[str, ...]:
    """All the words of an answer."""
    return (*(sentence.text for sentence in answer.sentences), answer.message, answer.note or "")
