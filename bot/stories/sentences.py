"""Text cut into what everything else works on: normal form, sentences, content words and proper names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.stories.lexicon import (
    ABBREVIATIONS,
    CAPITALISED,
    COMMON_OPENERS,
    INSTITUTIONS,
    LEGAL_FORMS,
    SOFT_ABBREVIATIONS,
    STOP_WORDS,
    TITLE_LOWER,
)

_QUOTES = {ord(mark): "'" for mark in "‘’‚‛`´′ʼ‹›"} | {ord(mark): '"' for mark in "“”„‟«»″"}
_DASHES = {ord(mark): "-" for mark in "‐‑‒–—―−⁃"}
# Soft hyphens, zero-width characters and marks of writing direction are invisible; trade marks are not text.
_INVISIBLE: dict[int, None] = dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xE0000, 0xE0080),
    ]
) | {ord(mark): None for mark in "™®©℠"}
_MARKS: dict[int, str | None] = {**_INVISIBLE, **_QUOTES, **_DASHES}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence as it stands in a text: `source[start:end] == text`; `paragraph` counts from 0."""

    text: str
    start: int
    end: int
    paragraph: int


def normalise(text: str) -> str:
    """Fold what differs in writing but not in words: the form in which quotes are compared.

    Unicode NFKC, straight quotes, plain hyphens for all dashes, single spaces, nothing invisible. Case is kept.
    Folding twice changes nothing.
    """
    return _folded_and_kept(text) if len(text) <= _KEPT else _folded(text)


def _folded(text: str) -> str:
    folded = fold_marks(text)
    if not folded.isascii():  # of which NFKC changes nothing
        folded = fold_marks(unicodedata.normalize("NFKC", folded))
    return _SPACE.sub(" ", folded).strip()


# A brief folds its sentences again and again; whole texts would only fill the memory.
_KEPT = 600
_folded_and_kept = lru_cache(maxsize=8192)(_folded)


def fold_marks(text: str) -> str:
    """Straight quotes, plain hyphens, nothing invisible; all else stays, white space too."""
    if text.isascii():
        return text.replace("`", "'")  # the one of them that is ASCII
    return text.translate(_MARKS)


_PARAGRAPH = re.compile(r"\n[ \t\r\f\v]*\n\s*")
# A line that starts like a list item is a sentence of its own, whatever the line before it ended with.
_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•‣▪–]|\d{1,2}[.)])[ \t])")
_STOP = re.compile(
    r"""(?:(?P<latin>[.!?…]+)(?P<close>["'”’»)\]]*)(?=\s+|$))   # . ! ? then closing quotes, then a space
        |(?:[。！？]+[」』”’]*)                                    # CJK: no space follows
    """,
    re.VERBOSE,
)
_LAST_TOKEN = re.compile(r"[^\s(\[“\"'‘]+$")
_NEXT = re.compile(r"\s*[\"'“‘«(\[]*\s*(?P<word>[^\s,;:.!?)]+)")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.)*[^\W\d_]$")


@lru_cache(maxsize=256)
def split(text: str) -> tuple[Span, ...]:
    """Cut a text into sentences. Abbreviations, initials, decimals and quotations don't end one."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Span]:
    paragraph = 0
    for start, end in _between(_PARAGRAPH, text, 0, len(text)):
        found = False
        for left, right in _between(_ITEM, text, start, end):
            for first, last in _cuts(text, left, right):
                span = _trimmed(text, first, last, paragraph)
                if span is not None:
                    found = True
                    yield span
        paragraph += found


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _STOP.finditer(text, start, end):
        if match["latin"] is None or _ends_sentence(text, start, end, match):
            yield start, match.end()
            start = match.end()
    if start < end:
        yield start, end


def _ends_sentence(text: str, start: int, end: int, match: re.Match[str]) -> bool:  # noqa: PLR0911 - one per rule
    following = _NEXT.match(text, match.end(), end)
    if following is None:
        return True
    word = following["word"]
    if word[0].islower():
        return False
    if match["latin"] != ".":
        return True
    token = _LAST_TOKEN.search(text, start, match.start())
    last = token[0] if token else ""
    low = last.lower()
    if low in ABBREVIATIONS:
        return False
    if low in SOFT_ABBREVIATIONS:
        return word.lower() in COMMON_OPENERS
    if _INITIALS.match(last) and last != "I" and not (last.islower() and len(last) == 1):
        # "J. Smith" goes on; "in the U.S. The ..." does not; "to 9.4 s. Nothing ..." ends with a unit.
        return "." in last and word.lower() in COMMON_OPENERS
    return True


def _trimmed(text: str, start: int, end: int, paragraph: int) -> Span | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not any(mark.isalnum() for mark in stripped):
        return None
    start += len(piece) - len(piece.lstrip())
    return Span(stripped, start, start + len(stripped), paragraph)


_TOKEN = re.compile(r"[^\W_]+(?:[.'&+-][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MIN_STEM = 4


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Content words: lower case, lightly stemmed, without stop words; CJK text as pairs of characters."""
    return tuple(_words(normalise(text).lower()))


def _words(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        if _CJK.search(token):
            yield from (token[at : at + 2] for at in range(max(1, len(token) - 1)))
            continue
        bare = token.removesuffix("'s")
        if bare in STOP_WORDS or (len(bare) == 1 and not bare.isdigit()):
            continue
        yield stem(bare)
        if "-" in bare:  # "rack-scale" must also meet "rack scale"
            yield from (stem(part) for part in bare.split("-") if len(part) > 1 and part not in STOP_WORDS)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Take English endings off a lower-case word, lightly: `chips`, `building`, `delayed`, `facilities`.

    Only endings after which at least four letters remain, so that names and short words keep their form.
    """
    if not word.isascii() or not word.isalpha() or len(word) <= _MIN_STEM - 1:
        return word
    base = _singular(word)
    for ending in ("ing", "ed"):
        root = base.removesuffix(ending)
        if root != base and len(root) >= _MIN_STEM and any(vowel in root for vowel in "aeiouy"):
            if root[-1] == root[-2] and root[-1] not in "lsz":
                root = root[:-1]
            return root.removesuffix("e")
    return base.removesuffix("e") if len(base) > _MIN_STEM else base


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > _MIN_STEM + 1:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _MIN_STEM - 1:
        return word[:-1]
    return word


_NAME_TOKEN = re.compile(r"[^\W_]+(?:[.&+/'-][^\W_]+)*\+?")
_NAME_GAP = re.compile(r"^[ \u00a0](?:(?P<link>of|de|du|van|von|der|&) (?:the )?)?$")
_TITLE_CASE_WORDS = 5
_VERSION_DIGITS = 2

# A word of a run of capitals: the word, and whether it opens the sentence.
_Run = list[tuple[str, bool]]


@lru_cache(maxsize=2048)
def names(text: str) -> tuple[str, ...]:
    """Proper names in order of appearance, each once.

    Runs of capitalised words, acronyms, CamelCase, and words that mix letters and digits (H200, TPU-7). A word whose
    capital only opens a sentence is dropped if it is a common opener or the text also has it in lower case. In a
    Title Case headline only words that can't be ordinary ones count. Legal forms (Inc.) and possessives are cut off.
    """
    text = fold_marks(text)
    lower = {token for token in _NAME_TOKEN.findall(text) if token[0].islower()}
    found: dict[str, None] = {}
    for span in split(text):
        headline = is_title_case(span.text)
        for run in _runs(span.text):
            for name in _special(run) if headline else _cleaned(run, lower):
                found.setdefault(name)
    return tuple(found)


def is_title_case(sentence: str) -> bool:
    """Whether a line of five words and more has a capital on each that is not a small one, and no full stop."""
    if sentence.endswith("."):
        return False
    tokens = [token for token in _NAME_TOKEN.findall(sentence) if token[0].isalpha()]
    if len(tokens) < _TITLE_CASE_WORDS:
        return False
    return all(not token.islower() or token in TITLE_LOWER for token in tokens)


def _runs(sentence: str) -> Iterator[_Run]:
    run: _Run = []
    last_end = 0
    first = True
    for match in _NAME_TOKEN.finditer(sentence):
        token = match[0].removesuffix("'s")
        opens, first = first, False
        number = bool(run) and token.isdigit() and len(token) <= _VERSION_DIGITS  # "Llama 4", not "Intel 2026"
        if not (_looks_like_name(token) or number):
            continue
        gap = _NAME_GAP.match(sentence[last_end : match.start()])
        institution = gap is not None and gap["link"] is not None and run and run[-1][0].lower() in INSTITUTIONS
        if run and (gap is None or (gap["link"] not in {None, "&"} and not institution)):
            yield run
            run = []
        elif run and gap is not None and gap["link"]:
            run.append((gap[0].strip(), False))
        run.append((token, opens))
        last_end = match.end()
        if match[0] != token:  # a possessive ends a name: "Microsoft's Azure" is two
            yield run
            run = []
    if run:
        yield run


def _looks_like_name(token: str) -> bool:
    if token[0].isupper():
        return True
    if token.isalpha() and token.islower():  # most words are; asking so is quicker than looking at each letter
        return False
    # iPhone, xAI, vLLM; or letters with digits such as gpt4
    return token[0].isalpha() and any(mark.isupper() or mark.isdigit() for mark in token)


def _is_special(token: str) -> bool:
    """True for what can't be an ordinary word in capitals: acronyms, CamelCase, letters with digits."""
    if any(mark.isdigit() for mark in token):
        return any(mark.isalpha() for mark in token)
    parts = re.split(r"[-/'.]", token)
    return any(sum(mark.isupper() for mark in part) > 1 for part in parts) or token[0].islower()


def _special(run: _Run) -> Iterator[str]:
    return (token for token, _ in run if _is_special(token) and token.lower() not in CAPITALISED)


def _cleaned(run: _Run, lower: set[str]) -> Iterator[str]:
    tokens = [pair for pair in run if pair[0].lower() not in CAPITALISED]
    while tokens and not _is_special(tokens[0][0]):
        token, opens = tokens[0]
        low = token.lower()
        if not (low in STOP_WORDS or token.islower() or (opens and (low in COMMON_OPENERS or low in lower))):
            break
        tokens = tokens[1:]
    while tokens and (tokens[-1][0].lower() in LEGAL_FORMS or tokens[-1][0].islower()):
        tokens = tokens[:-1]
    name = " ".join(token for token, _ in tokens)
    if any(mark.isalpha() for mark in name) and len(name) > 1:
        yield name
