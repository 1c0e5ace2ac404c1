"""Titles that are another's but for a few words: a publisher's name put on or taken off, a headline mended. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.feeds.witness import is_telling, likeness

if TYPE_CHECKING:
    from bot.feeds.recall import Known

ALIKE = 0.75  # share of common words above which two titles are one's, mended
SEVERAL = 3  # so many titles that got or lost the same ending at once did not do so by chance
_LONGEST_NAME = 4  # words of a publisher's name below a title


def rebranded(strange: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Known titles, by the strange ones that they have become where several got or lost the same last words at once.

    Args:
        strange: `witness.title_key` of the items of a poll that are not known.
        known: those of the items that are.
    """
    longer: dict[str, list[tuple[str, str]]] = defaultdict(list)
    found: dict[tuple[bool, str], dict[str, str]] = defaultdict(dict)
    for title in known:
        for start, end in _cuts(title):
            longer[start].append((end, title))
    for title in strange:
        for start, end in _cuts(title):
            if start in known:
                found[True, end][title] = start
        for end, before in longer.get(title, ()):
            found[False, end][title] = before
    return {title: before for ones in found.values() if len(ones) >= SEVERAL for title, before in ones.items()}


def _cuts(title: str) -> Iterator[tuple[str, str]]:
    """A title without its last words, and these; only while the rest can be recognised."""
    words = title.split()
    for count in range(1, _LONGEST_NAME + 1):
        start = " ".join(words[:-count])
        if not is_telling(start):
            return
        yield start, " ".join(words[-count:])


def replaced(title: str, gone: Sequence[Known], present: Iterable[str]) -> Known | None:
    """The item that has gone from a feed as one with nearly its title came.

    None too where other titles are as much alike: then the publisher fills in a form, and each is news.

    Args:
        title: `witness.title_key` of the item that came.
        gone: known items of about its date that the feed should still hold and does not.
        present: the title keys of the other items that it holds.
    """
    like = [one for one in gone if likeness(one.title_key, title) >= ALIKE]
    if len(like) != 1 or any(likeness(other, title) >= ALIKE for other in present if other != title):
        return None
    return like[0]
