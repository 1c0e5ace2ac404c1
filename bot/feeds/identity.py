"""What is new in a feed? Decided from several witnesses, with a flood guard. Pure.

```
item ─► seen under its guid? ─► its link? ─► its title, of the same day? ──yes──► known, or edited when its words changed
                                                                  └─no──► first poll: the newest few are new, the rest backlog
                                                                          flood: what is re-labelled or old is withheld
                                                                          too old: withheld          else: new
```
Feeds change all their ids at once (368 on one day, all with known titles), give one link to all their items, count their
items from 1 again, leave dates out and put them in the future. Replayed over real histories, ids alone would have posted
twice what distinct titles would. So no witness is believed when others contradict it, and every verdict says why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.feeds.items import ParsedItem
from bot.feeds.witness import content_hash, guid_key, is_telling, is_weak, short, title_key, url_key

Verdict = Literal["new", "edited", "known", "backlog", "withheld"]

MAX_AGE = timedelta(days=30)  # an item that first appears when it is older is no news
SAME_DAY = timedelta(hours=20)  # the same title so close together is the same item; a daily column is 24 hours apart
FLOOD_SLACK = timedelta(days=2)  # in a flood, items this much older than the newest known one are not new
FLOOD_SIZE = 5  # so many unknown items at once, and more than half of the feed, are a flood
RELABELLED = 3  # so many unknown items with known titles at once mean that the ids were changed
_LONGEST_IDENTITY = 200
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


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
class Decision:
    """What to do about one item.

    Attributes:
        identity: the key to store it under; for known and edited items the one it already has.
        verdict: `new` (may be posted), `edited` (update what is stored, post nothing), `known` (nothing, but write the witnesses
            back if `changed` isn't empty), `backlog` (store as read, post nothing), `withheld` (store with the reason).
        reason: a sentence for people.
        changed: what is different from what is stored: `title`, `content`, `updated`, `guid`, `url`.
        known_identity: the known item that it was recognised as, or repeats.
        published_at: never in the future; when the feed gives no date, when it was first seen.
    """

    item: ParsedItem
    identity: str
    verdict: Verdict
    reason: str
    changed: tuple[str, ...]
    known_identity: str | None
    published_at: datetime
    content_hash: str

    def known(self, first_seen_at: datetime) -> Known:
        """What to remember of this item, replacing what was remembered under `identity`."""
        return Known(
            identity=self.identity,
            guid=self.item.guid,
            url=url_key(self.item.url),
            title_key=title_key(self.item.title),
            published_at=self.published_at,
            content_hash=self.content_hash,
            first_seen_at=first_seen_at,
            updated_at=self.item.updated_at,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """An item with its keys; a key that can't be trusted in this poll is None."""

    item: ParsedItem
    guid: str | None
    url: str | None
    title: str
    hash: str
    at: datetime  # its date, clamped; now when it has none
    dated: bool


class _Memory:
    """The known items, found by each witness."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.identities: set[str] = set()
        self.newest: datetime | None = None
        self.guids: dict[str, list[Known]] = defaultdict(list)
        self.urls: dict[str, list[Known]] = defaultdict(list)
        self.titles: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        self.identities.add(one.identity)
        if one.published_at is not None and (self.newest is None or one.published_at > self.newest):
            self.newest = one.published_at
        key = guid_key(one.guid)
        if key is not None:
            self.guids[key].append(one)
        if one.url is not None:
            self.urls[one.url].append(one)
        if is_telling(one.title_key):
            self.titles[one.title_key].append(one)

    def find(self, seen: _Seen) -> tuple[Known, str] | None:
        """The known item that this one is, and by which witness."""
        for one in self.guids.get(seen.guid, []) if seen.guid is not None else []:
            if not self._is_another(seen, one):
                return one, "id"
        at_url = self.urls.get(seen.url, []) if seen.url is not None else []
        if len(at_url) == 1 or (at_url and all(one.title_key == at_url[0].title_key for one in at_url)):
            return at_url[-1], "link"
        for one in at_url:
            if one.title_key == seen.title:
                return one, "link and title"
        for one in reversed(self.titles.get(seen.title, [])):
            if _same_day(seen, one):
                return one, "title and date"
        return None

    def _is_another(self, seen: _Seen, one: Known) -> bool:
        """Whether an item with a known guid is another one all the same: the feed gives its guids out again."""
        if one.url == url_key(seen.item.url) or one.title_key == seen.title:
            return False
        key = guid_key(one.guid) or ""
        later = one.published_at is not None and seen.dated and seen.at - one.published_at > SAME_DAY
        return is_weak(key) or later or len(self.guids[key]) > 1


def _same_day(seen: _Seen, one: Known) -> bool:
    if not seen.dated:
        # Undated: the same title without an id or link of its own is the same item.
        return seen.guid is None and seen.url is None
    return one.published_at is not None and abs(seen.at - one.published_at) <= SAME_DAY


def decide(
    items: Sequence[ParsedItem],
    known: Sequence[Known],
    *,
    now: datetime,
    first_poll: bool,
    first_poll_limit: int = 5,
    max_age: timedelta = MAX_AGE,
) -> tuple[Decision, ...]:
    """Decide about each item of a poll, in the feed's order.

    Args:
        items: what the feed holds now.
        known: all that is remembered of this feed's items.
        now: when it was fetched.
        first_poll: the feed was never read before: at most `first_poll_limit` items are new.
        max_age: unknown items older than this are not news.
    """
    memory = _Memory(known)
    decided: dict[int, Decision] = {}
    strangers: list[tuple[int, _Seen]] = []
    fresh = _Memory(())  # what this very poll brought, so that an item that is in it twice counts once
    stamps = Counter(item.updated_at for item in items)
    for index, seen in enumerate(_look(items, now)):
        found = memory.find(seen)
        if found is not None:
            shared_stamp = stamps[seen.item.updated_at] > max(1, len(items) // 2)
            decided[index] = _recognised(seen, *found, ignore_stamp=shared_stamp)
        elif not (seen.guid or seen.url or seen.title or _has_words(seen.item)):
            decided[index] = _decision(
                seen, _unique(seen, memory, fresh), "withheld", "It has no title, no link and no text."
            )
        elif (twin := fresh.find(seen)) is not None:
            decided[index] = _decision(
                seen, twin[0].identity, "known", "It is in the feed twice.", known=twin[0].identity
            )
        else:
            identity = _unique(seen, memory, fresh)
            decision = _decision(seen, identity, "new", "It was not in the feed before.")
            fresh.add(decision.known(now))
            decided[index] = decision
            strangers.append((index, seen))
    judge = _first_poll if first_poll else _later_poll
    limits = _Limits(now, first_poll_limit, max_age, memory.newest, len(items))
    for index, verdict, reason, twin_identity in judge(strangers, memory, limits):
        decided[index] = replace(decided[index], verdict=verdict, reason=reason, known_identity=twin_identity)
    return tuple(decided[index] for index in sorted(decided))


@dataclass(frozen=True, slots=True)
class _Limits:
    now: datetime
    few: int
    max_age: timedelta
    newest_known: datetime | None
    poll_size: int


_Judged = list[tuple[int, Verdict, str, str | None]]


def _first_poll(strangers: list[tuple[int, _Seen]], _: _Memory, limits: _Limits) -> _Judged:
    judged: _Judged = []
    for rank, (index, seen) in enumerate(_newest_first(strangers)):
        if limits.now - seen.at > limits.max_age:
            judged.append(
                (index, "backlog", f"It was older than {limits.max_age.days} days when the feed was added.", None)
            )
        elif rank < limits.few:
            judged.append((index, "new", "It is one of the newest items of a feed that was just added.", None))
        else:
            judged.append((index, "backlog", "It was in the feed before the feed was added.", None))
    return judged


def _later_poll(strangers: list[tuple[int, _Seen]], memory: _Memory, limits: _Limits) -> _Judged:
    relabelled = {index: memory.titles[seen.title][-1] for index, seen in strangers if seen.title in memory.titles}
    many = len(relabelled) >= RELABELLED or (len(relabelled) > 1 and len(relabelled) * 2 >= limits.poll_size)
    flood = len(strangers) >= FLOOD_SIZE and len(strangers) * 2 > limits.poll_size and bool(memory.identities)
    judged: _Judged = []
    undated_left = limits.few
    for index, seen in _newest_first(strangers):
        twin = relabelled.get(index)
        if twin is not None and many:
            reason = f"Its title is known: the feed gave new ids or links to {len(relabelled)} known items at once."
            judged.append((index, "withheld", reason, twin.identity))
        elif limits.now - seen.at > limits.max_age:
            judged.append(
                (index, "withheld", f"It was older than {limits.max_age.days} days when it first appeared.", None)
            )
        elif flood and seen.dated and limits.newest_known is not None and seen.at < limits.newest_known - FLOOD_SLACK:
            judged.append(
                (
                    index,
                    "withheld",
                    f"It came in a flood of {len(strangers)} items and is older than what is known.",
                    None,
                )
            )
        elif flood and not seen.dated:
            undated_left -= 1
            if undated_left < 0:
                judged.append((index, "backlog", f"It came without a date in a flood of {len(strangers)} items.", None))
    return judged


def _newest_first(strangers: list[tuple[int, _Seen]]) -> list[tuple[int, _Seen]]:
    """By date, and within a date in the feed's own order; undated items keep their place before the dated ones."""
    return sorted(strangers, key=lambda pair: (-(pair[1].at - _OLDEST).total_seconds(), pair[0]))


def _look(items: Sequence[ParsedItem], now: datetime) -> list[_Seen]:
    """Make the keys of a poll's items, without those that the poll itself shows to be worthless."""
    raw = [(guid_key(item.guid), url_key(item.url), title_key(item.title)) for item in items]
    by_guid: dict[str, set[tuple[str | None, str]]] = defaultdict(set)
    by_url: dict[str, set[tuple[str | None, str]]] = defaultdict(set)
    for guid, url, title in raw:
        if guid is not None:
            by_guid[guid].add((url, title))
        if url is not None:
            by_url[url].add((guid, title))
    looked = []
    for item, (guid, url, title) in zip(items, raw, strict=True):
        date = item.published_at or item.updated_at
        looked.append(
            _Seen(
                item=item,
                guid=None if guid is None or _is_shared(by_guid[guid]) else guid,
                url=None if url is None or _is_shared(by_url[url]) else url,
                title=title,
                hash=item.content_hash or content_hash(item),
                at=now if date is None else min(date, now),
                dated=date is not None,
            )
        )
    return looked


def _is_shared(bearers: set[tuple[str | None, str]]) -> bool:
    """Whether one guid (or link) is borne by items that differ in both link (or guid) and title."""
    return len({other for other, _ in bearers}) > 1 and len({title for _, title in bearers}) > 1


def _has_words(item: ParsedItem) -> bool:
    return bool(item.summary_html.strip() or item.content_html.strip())


def _unique(seen: _Seen, memory: _Memory, fresh: _Memory) -> str:
    """A key for a new item, made of its best witness, that no other item has."""
    if seen.guid is not None:
        identity = f"guid:{seen.item.guid}"
    elif seen.url is not None:
        identity = f"url:{seen.url}"
    else:
        date = seen.item.published_at.date().isoformat() if seen.item.published_at is not None else ""
        identity = f"text:{short(f'{seen.title}|{date}' if seen.title else seen.hash)}"
    if len(identity) > _LONGEST_IDENTITY:
        identity = f"{identity[:100]}…{short(identity)}"
    taken = memory.identities | fresh.identities
    if identity not in taken:
        return identity
    base = f"{identity[:150]}~{short(f'{url_key(seen.item.url)}|{seen.title}|{seen.hash}')}"
    return next(name for name in (base, *(f"{base}.{number}" for number in range(len(taken) + 1))) if name not in taken)


def _recognised(seen: _Seen, one: Known, witness: str, *, ignore_stamp: bool) -> Decision:
    """An item that is known: has it been edited?"""
    changed = []
    if one.title_key != seen.title:
        changed.append("title")
    if one.content_hash != seen.hash:
        changed.append("content")
    stamp = seen.item.updated_at
    if stamp is not None and one.updated_at is not None and stamp > one.updated_at and not ignore_stamp:
        changed.append("updated")
    verdict: Verdict = "edited" if changed else "known"
    if guid_key(one.guid) != guid_key(seen.item.guid):
        changed.append("guid")
    if one.url != url_key(seen.item.url):
        changed.append("url")
    reason = f"It is known by its {witness}"
    reason += f", and its {_listed(changed)} changed." if verdict == "edited" else "."
    decision = _decision(seen, one.identity, verdict, reason, known=one.identity, changed=tuple(changed))
    return replace(decision, published_at=one.published_at or one.first_seen_at)


def _listed(names: list[str]) -> str:
    words = [
        "stamp" if name == "updated" else "id" if name == "guid" else "link" if name == "url" else name
        for name in names
    ]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _decision(
    seen: _Seen,
    identity: str,
    verdict: Verdict,
    reason: str,
    *,
    known: str | None = None,
    changed: tuple[str, ...] = (),
) -> Decision:
    return Decision(
        item=seen.item,
        identity=identity,
        verdict=verdict,
        reason=reason,
        changed=changed,
        known_identity=known,
        published_at=seen.at,
        content_hash=seen.hash,
    )
