"""What is new in a feed? Decided from several witnesses, with a flood guard. Pure.

```
item ─► known by its id? link? title and date? ──yes──► known; edited when its words changed
  no └─► first poll: the newest few are new, the rest is backlog
     └─► says again what a known item says · is too old · is old and came in a flood ──► withheld
     └─► new
```

Feeds change all their ids at once (368 on one day, all with known titles), give one link to all their items, count
their items from 1 again, leave dates out and put them in the future. Replayed over real histories, ids alone would have
posted twice what distinct titles would. So no witness is believed when others contradict it, and every verdict says
why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.feeds.items import ParsedItem
from bot.feeds.recall import SAME_DAY, Known, Memory, Seen, look
from bot.feeds.retitled import rebranded, replaced
from bot.feeds.witness import guid_key, short, title_key, url_key

Verdict = Literal["new", "edited", "known", "backlog", "withheld"]

MAX_AGE = timedelta(days=30)  # an item that first appears when it is older is no news
FLOOD_SLACK = timedelta(days=2)  # in a flood, items this much older than the newest known one are not new
FLOOD_SIZE = 5  # so many unknown items at once may be a flood
FLOOD_OLD = 3  # late items come one or two at a time; so many old ones among them are a flood
RELABELLED = 3  # so many unknown items with known titles at once mean that the ids were changed
MOST_REPLACED = 10  # of more unknown items, none is looked at as another's replacement: they come for other reasons
MOST = "most of the title"
_LONGEST_IDENTITY = 200
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
_LABELS = {"updated": "stamp", "guid": "id", "url": "link"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one item.

    Attributes:
        identity: the key to store it under; for known and edited items the one it already has.
        verdict: `new` (may be posted), `edited` (update what is stored, post nothing), `known` (nothing, but write the
            witnesses back if `changed` isn't empty), `backlog` (store as read, post nothing), `withheld` (store with
            the reason, post nothing).
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
class _Limits:
    now: datetime
    few: int
    max_age: timedelta
    poll_size: int


@dataclass(slots=True)
class _Stranger:
    """An item that is not known, and the known item whose words it repeats, if there is one."""

    index: int
    seen: Seen
    twin: Known | None = None
    twin_in: str = ""


_Judged = dict[int, tuple[Verdict, str]]


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
        first_poll: the feed was never read before.
        first_poll_limit: how many items are new then, at most.
        max_age: unknown items older than this are not news.
    """
    memory = Memory(known)
    looked = look(items, now)
    decided: dict[int, Decision] = {}
    strangers = _recognise(looked, memory, now, decided)
    limits = _Limits(now, first_poll_limit, max_age, len(items))
    judge = _first_poll if first_poll else _later_poll
    judged = judge(strangers, memory, limits)
    for stranger in strangers:
        verdict, reason = judged.get(stranger.index, ("new", "It was not in the feed before."))
        twin = stranger.twin.identity if stranger.twin is not None else None
        decided[stranger.index] = replace(
            decided[stranger.index], verdict=verdict, reason=reason, known_identity=twin if verdict != "new" else None
        )
    return tuple(decided[index] for index in range(len(items)))


def _recognise(looked: Sequence[Seen], memory: Memory, now: datetime, decided: dict[int, Decision]) -> list[_Stranger]:
    """Decide about the items that are known, in the feed twice, or empty; return the others."""
    stamps = Counter(seen.item.updated_at for seen in looked)
    named = {index: found for index, seen in enumerate(looked) if (found := memory.by_name(seen)) is not None}
    beside = _beside(looked, named)
    for index in beside:
        del named[index]
    taken = {one.identity for one, _ in named.values()}
    fresh = Memory()  # what this very poll brought
    given = set(memory.identities)  # also those of items without words: no two rows have one key
    strangers = []
    for index, seen in enumerate(looked):
        found = named.get(index)
        if index not in beside:
            found = found or memory.by_looks(seen, taken) or memory.renamed(seen, taken)
        if found is not None:
            taken.add(found[0].identity)
            fresh.add(found[0])  # a second copy of it in the same poll is no stranger
            build_stamp = stamps[seen.item.updated_at] > max(1, len(looked) // 2)
            decided[index] = _recognised(seen, *found, ignore_stamp=build_stamp)
            continue
        identity = _unique(seen, given)
        given.add(identity)
        decision = decided[index] = _decision(seen, identity, "new", "It was not in the feed before.")
        if not (seen.item.url or seen.title or seen.item.written):
            decided[index] = replace(decision, verdict="withheld", reason="It has no title, no link and no text.")
        elif (again := fresh.by_name(seen) or fresh.by_looks(seen, ())) is not None:
            first = again[0].identity
            decided[index] = _decision(seen, first, "known", "It is in the feed twice.", known=first)
        else:
            stranger = _Stranger(index, seen)
            stranger.twin, stranger.twin_in = (
                beside.get(index) or memory.repeated(seen) or fresh.repeated(seen) or (None, "")
            )
            fresh.add(decision.known(now))
            strangers.append(stranger)
    if len(strangers) <= MOST_REPLACED:
        _find_replaced(strangers, looked, memory, taken)
    return strangers


def _beside(looked: Sequence[Seen], named: Mapping[int, tuple[Known, str]]) -> dict[int, tuple[Known, str]]:
    """Items that have a known one's link, and words of their own, while that one stands beside them under its own id.

    To take both for one would tell of an edit at every poll.
    """
    owned = {one.identity for one, witness in named.values() if witness == "id"}
    return {
        index: (one, witness)
        for index, (one, witness) in named.items()
        if witness != "id" and one.identity in owned and looked[index].guid and looked[index].hash != one.content_hash
    }


def _find_replaced(strangers: list[_Stranger], looked: Sequence[Seen], memory: Memory, taken: set[str]) -> None:
    """See which strangers came in the place of items that the feed should still hold: published again, mended."""
    dates = sorted(seen.at for seen in looked if seen.dated)
    if not dates:
        return
    # A feed's older part comes and goes, and some items are pinned below it.
    gone = memory.gone(taken, dates[len(dates) // 4])
    for stranger in strangers if gone else ():
        near = [one for one in gone if one.published_at and abs(stranger.seen.at - one.published_at) <= SAME_DAY]
        if near and stranger.twin is None and stranger.seen.dated:
            present = (seen.title for seen in looked if seen is not stranger.seen)
            stranger.twin = replaced(stranger.seen.title, near, present)
            stranger.twin_in = MOST


def _first_poll(strangers: list[_Stranger], _: Memory, limits: _Limits) -> _Judged:
    judged: _Judged = {}
    left = limits.few
    for stranger in _newest_first(strangers):
        if limits.now - stranger.seen.at > limits.max_age:
            judged[stranger.index] = (
                "backlog",
                f"It was older than {limits.max_age.days} days when the feed was added.",
            )
        elif left > 0 and stranger.twin is None:
            left -= 1
            judged[stranger.index] = ("new", "It is one of the newest items of a feed that was just added.")
        else:
            judged[stranger.index] = ("backlog", "It was in the feed before the feed was added.")
    return judged


def _later_poll(strangers: list[_Stranger], memory: Memory, limits: _Limits) -> _Judged:
    """Judge by the first reason that applies; what has none is new."""
    relabelled = _relabelled(strangers, memory)
    many = len(relabelled) >= RELABELLED or (len(relabelled) > 1 and len(relabelled) * 2 >= limits.poll_size)
    edge = _flood_edge(strangers, memory, limits)
    undated = _undated_flood(strangers, memory, limits)
    judged: _Judged = {}
    left = limits.few
    for stranger in _newest_first(strangers):
        seen = stranger.seen
        if many and stranger.index in relabelled:
            stranger.twin = relabelled[stranger.index][-1]
            reason = f"Its title is known: the feed gave new ids and links to {len(relabelled)} known items at once."
            judged[stranger.index] = ("withheld", reason)
        elif stranger.twin is not None:
            days = abs(seen.at - (stranger.twin.published_at or seen.at)).days
            when = "the same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart"
            other = "an item that is gone from this feed" if stranger.twin_in == MOST else "another item of this feed"
            what = stranger.twin_in if stranger.twin_in == MOST else f"the {stranger.twin_in}"
            reason = f"It repeats {what} of {other}, {when}."
            judged[stranger.index] = ("withheld", reason)
        elif limits.now - seen.at > limits.max_age:
            reason = f"It was older than {limits.max_age.days} days when it first appeared."
            judged[stranger.index] = ("withheld", reason)
        elif edge is not None and seen.dated and seen.at < edge:
            reason = f"It came with {len(strangers)} unknown items at once and is older than what was known."
            judged[stranger.index] = ("withheld", reason)
        elif undated and not seen.dated:
            left -= 1
            if left < 0:
                judged[stranger.index] = ("backlog", f"It came without a date among {len(strangers)} unknown items.")
    return judged


def _relabelled(strangers: list[_Stranger], memory: Memory) -> dict[int, list[Known]]:
    """Known items with the strangers' titles; where several got or lost the same ending at once, with these, too."""
    found = {stranger.index: ones for stranger in strangers if (ones := memory.titles.get(stranger.seen.title))}
    others = {stranger.index: stranger.seen.title for stranger in strangers if stranger.index not in found}
    if len(others) >= RELABELLED:
        before = rebranded(others.values(), memory.titles.keys())
        found |= {index: memory.titles[before[title]] for index, title in others.items() if title in before}
    return found


def _flood_edge(strangers: list[_Stranger], memory: Memory, limits: _Limits) -> datetime | None:
    """The date before which unknown items are not new, where they come as a flood; None where they don't."""
    if memory.newest is None:
        return None
    if limits.poll_size > 1 and len(strangers) == limits.poll_size:
        return memory.newest - SAME_DAY  # nothing in the feed is known any more
    edge = memory.newest - FLOOD_SLACK
    old = sum(1 for stranger in strangers if stranger.seen.dated and stranger.seen.at < edge)
    return edge if len(strangers) >= FLOOD_SIZE and old >= FLOOD_OLD else None


def _undated_flood(strangers: list[_Stranger], memory: Memory, limits: _Limits) -> bool:
    undated = sum(1 for stranger in strangers if not stranger.seen.dated)
    return bool(memory.identities) and undated >= FLOOD_SIZE and undated * 2 > limits.poll_size


def _newest_first(strangers: list[_Stranger]) -> list[_Stranger]:
    """By date, and within a date in the feed's own order; undated items count as of now."""
    return sorted(strangers, key=lambda stranger: (_OLDEST - stranger.seen.at, stranger.index))


def _unique(seen: Seen, taken: set[str]) -> str:
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
    if identity not in taken:
        return identity
    base = f"{identity[:150]}~{short(f'{url_key(seen.item.url)}|{seen.title}|{seen.hash}')}"
    number = 0
    while (name := f"{base}.{number}" if number else base) in taken:
        number += 1
    return name


def _recognised(seen: Seen, one: Known, witness: str, *, ignore_stamp: bool) -> Decision:
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
    reason = f"It is known by its {witness}"
    reason += f", and its {_listed(changed)} changed." if changed else "."
    if guid_key(one.guid) != guid_key(seen.item.guid):
        changed.append("guid")
    if one.url != url_key(seen.item.url):
        changed.append("url")
    decision = _decision(seen, one.identity, verdict, reason, known=one.identity, changed=tuple(changed))
    return replace(decision, published_at=one.published_at or one.first_seen_at)


def _listed(names: list[str]) -> str:
    words = [_LABELS.get(name, name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _decision(
    seen: Seen,
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


__all__ = ["Decision", "Known", "Verdict", "decide"]
