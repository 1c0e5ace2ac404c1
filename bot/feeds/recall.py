"""What is remembered of a feed's items, and how an item is recognised among them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feeds.items import ParsedItem
from bot.feeds.witness import content_hash, guid_key, is_telling, is_weak, likeness, title_key, url_key

SAME_DAY = timedelta(hours=20)  # the same title so close together is the same item; a daily column is 24 hours apart
REPEAT_WINDOW = timedelta(days=30)  # the same title again within this is a repeat, unless it is a known column's
_LIKE = 0.5  # share of common words of two titles of one moment that makes them one item's
_FORM = 3  # so many titles over the same words make these a form that says nothing of the item
_COMPARED = 50  # items with the same words that are looked at
_ENOUGH_WORDS = 200  # characters of HTML; with less, equal words prove nothing


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an item: its identity and the witnesses to it. Made by `Decision.known`.

    Attributes:
        guid: as the feed wrote it.
        url: `witness.url_key` of its link.
        title_key: `witness.title_key` of its title.
        published_at: as decided (clamped, or first seen).
    """

    identity: str
    guid: str | None
    url: str | None
    title_key: str
    published_at: datetime | None
    content_hash: str
    first_seen_at: datetime
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of this poll with its keys; a guid or link that this poll shows to be shared is None.

    Attributes:
        at: its date, clamped to now; now when it has none.
    """

    item: ParsedItem
    guid: str | None
    url: str | None
    title: str
    hash: str
    at: datetime
    dated: bool
    is_form: bool = False  # this poll has its words below several titles

    @property
    def has_words(self) -> bool:
        """Whether the feed gives more of it than a title."""
        return self.item.written >= _ENOUGH_WORDS


def look(items: Sequence[ParsedItem], now: datetime) -> list[Seen]:
    """Make the keys of a poll's items, without those that the poll itself shows to be worthless."""
    raw = [(guid_key(item.guid), url_key(item.url), title_key(item.title)) for item in items]
    hashes = [item.content_hash or content_hash(item.summary, item.content) for item in items]
    by_guid: dict[str, set[tuple[str | None, str]]] = defaultdict(set)
    by_url: dict[str, set[tuple[str | None, str]]] = defaultdict(set)
    over: dict[str, set[str]] = defaultdict(set)
    for (guid, url, title), words in zip(raw, hashes, strict=True):
        over[words].add(title)
        if guid is not None:
            by_guid[guid].add((url, title))
        if url is not None:
            by_url[url].add((guid, title))
    looked = []
    for item, (guid, url, title), words in zip(items, raw, hashes, strict=True):
        date = item.published_at or item.updated_at
        looked.append(
            Seen(
                item=item,
                guid=None if guid is None or _is_shared(by_guid[guid]) else guid,
                url=None if url is None or _is_shared(by_url[url]) else url,
                title=title,
                hash=words,
                at=now if date is None else min(date, now),
                dated=date is not None,
                is_form=len(over[words]) >= _FORM,
            )
        )
    return looked


def _is_shared(bearers: set[tuple[str | None, str]]) -> bool:
    """Whether one guid (or link) is borne by items that differ in both link (or guid) and title."""
    return len({title for _, title in bearers}) > 1 and (
        len({other for other, _ in bearers}) > 1 or {other for other, _ in bearers} == {None}
    )


class Memory:
    """Known items, found by each witness."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.identities: set[str] = set()
        self.newest: datetime | None = None
        self.titles: dict[str, list[Known]] = defaultdict(list)
        self._guids: dict[str, list[Known]] = defaultdict(list)
        self._urls: dict[str, list[Known]] = defaultdict(list)
        self._hashes: dict[str, list[Known]] = defaultdict(list)
        self._moments: dict[datetime, list[Known]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        """Remember an item."""
        self.identities.add(one.identity)
        self._hashes[one.content_hash].append(one)
        if one.published_at is not None:
            self._moments[one.published_at].append(one)
            self.newest = one.published_at if self.newest is None else max(self.newest, one.published_at)
        if (key := guid_key(one.guid)) is not None:
            self._guids[key].append(one)
        if one.url is not None:
            self._urls[one.url].append(one)
        if is_telling(one.title_key):
            self.titles[one.title_key].append(one)

    def by_name(self, seen: Seen) -> tuple[Known, str] | None:
        """The item that has this one's guid or link, and which of them told."""
        for one in self._guids.get(seen.guid, []) if seen.guid is not None else []:
            if not self._is_another(seen, one):
                return one, "id"
        at_url = self._urls.get(seen.url, []) if seen.url is not None else []
        if at_url and all(one.title_key == at_url[0].title_key for one in at_url):
            return at_url[-1], "link"
        for one in at_url:
            if one.title_key == seen.title:
                return one, "link and title"
        if seen.guid is None and seen.url is None:
            for one in self._hashes.get(seen.hash, [])[-_COMPARED:]:
                if one.title_key == seen.title:
                    return one, "words"
        return None

    def by_looks(self, seen: Seen, taken: Collection[str]) -> tuple[Known, str] | None:
        """The item that this one must be although it has another guid and link.

        Args:
            seen: the item.
            taken: identities that are in this poll under their own names; this one is none of them.
        """
        for one in reversed(self.titles.get(seen.title, [])):
            if one.identity not in taken and self._same_time(seen, one):
                return one, "title and date"
        return None

    def renamed(self, seen: Seen, taken: Collection[str]) -> tuple[Known, str] | None:
        """The item of the very same moment whose title was mended, and with it the link and the id made of it.

        Args:
            seen: the item.
            taken: identities that are in this poll under their own names; this one is none of them.
        """
        for one in self._moments.get(seen.at, []) if seen.at == seen.item.published_at else []:
            if one.identity not in taken and likeness(one.title_key, seen.title) >= _LIKE:
                return one, "date and most of its title"
        return None

    def repeated(self, seen: Seen) -> tuple[Known, str] | None:
        """The item that this one says again, and in what it does so."""
        titled = self.titles.get(seen.title, [])
        near = [one for one in titled if one.published_at is None or abs(seen.at - one.published_at) <= REPEAT_WINDOW]
        if near and not is_column(titled):
            return near[-1], "title"
        worded = self._hashes.get(seen.hash, [])[-_COMPARED:] if seen.has_words else []
        # Many feeds put the same few words below every title, so the title must be alike, too.
        is_form = seen.is_form or len({one.title_key for one in worded}) >= _FORM
        for one in worded:
            if one.title_key == seen.title or (not is_form and likeness(one.title_key, seen.title) >= _LIKE):
                return one, "words"
        return None

    def gone(self, taken: Collection[str], since: datetime) -> list[Known]:
        """The items of that time or later that are not in a poll under one of these identities."""
        late = [moment for moment in self._moments if moment >= since]
        return [one for moment in late for one in self._moments[moment] if one.identity not in taken]

    def _is_another(self, seen: Seen, one: Known) -> bool:
        """Whether an item with a known guid is another one all the same: the feed gives its guids out again."""
        if one.url == url_key(seen.item.url) or one.title_key == seen.title:
            return False
        key = guid_key(one.guid) or ""
        later = one.published_at is not None and seen.dated and seen.at - one.published_at > SAME_DAY
        return is_weak(key) or later or len(self._guids[key]) > 1

    @staticmethod
    def _same_time(seen: Seen, one: Known) -> bool:
        if not seen.dated:
            return seen.guid is None and seen.url is None  # its title is all that it has
        return one.published_at is not None and abs(seen.at - one.published_at) <= SAME_DAY


def is_column(titled: Sequence[Known]) -> bool:
    """Whether items with one title are a column: on different days, under different links or ids."""
    dates = sorted(one.published_at for one in titled if one.published_at is not None)
    names = {one.url or one.guid for one in titled}
    return len(dates) > 1 and len(names) > 1 and dates[-1] - dates[0] > SAME_DAY
