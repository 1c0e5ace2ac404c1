"""Compares what is in the channels with what should be there. Pure: data in, sentences out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

QUIET = frozenset({"sent", "withheld"})


@dataclass(frozen=True, slots=True)
class Message:
    """One of the bot's messages; `key` None: it carries none."""

    channel_id: str
    ts: str
    root_ts: str | None
    key: str | None
    text: str

    @property
    def headline(self) -> str:
        """The first line."""
        return self.text.strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger; `text` is what its message should say now, where it can change."""

    id: int
    channel_id: str
    key: str
    state: str
    ts: str | None
    story_id: int | None
    is_due: bool
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question that was written down."""

    id: int
    channel_id: str
    ts: str
    root_ts: str
    state: str
    reply_ts: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One digest as it is kept: the `key` of its delivery, and the stories that it told for the first time."""

    channel_id: str
    key: str
    stories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody wants to hear of something; `is_out`: an article that was read since then is about it."""

    id: int
    channel_id: str
    root_ts: str
    state: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a verdict is made of.

    Attributes:
        messages: the bot's, in all channels and threads.
        printed: addresses of the articles that the papers have out.
        stories: the story of each article, by the article's address; None: it is in none, for a reason.
        channels: ids of the channels, all of which follow all feeds.
        asked: (channel, ts) of each question asked.
        given_up: (channel, ts) of those that Slack gave up to deliver.
        unfinished: what the store still had to do when patience ended.
        digests: all that were made.
        watches: all that were begun.
    """

    messages: tuple[Message, ...]
    rows: tuple[Row, ...]
    questions: tuple[Question, ...]
    printed: frozenset[str]
    stories: Mapping[str, int | None]
    channels: frozenset[str]
    asked: frozenset[tuple[str, str]]
    given_up: frozenset[tuple[str, str]] = frozenset()
    unfinished: tuple[str, ...] = ()
    digests: tuple[Told, ...] = ()
    watches: tuple[Watch, ...] = ()


@dataclass(slots=True)
class Verdict:
    """What was found.

    Attributes:
        lost: what should be there and is not, a sentence each.
        doubled: what is there more than once, or should not be there at all.
    """

    posts: int = 0
    withheld: int = 0
    digests: int = 0
    in_digests: int = 0
    lines: int = 0
    answers: int = 0
    apologies: int = 0
    watches: int = 0
    told: int = 0
    given_up: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing came twice."""
        return not self.lost and not self.doubled


def judge(facts: Facts) -> Verdict:
    """Compare the channels with the ledger, and the ledger with the papers and the people."""
    verdict = Verdict(lost=[f"unfinished: {what}" for what in facts.unfinished], given_up=len(facts.given_up))
    by_key: defaultdict[str, list[Message]] = defaultdict(list)
    for message in facts.messages:
        if message.key is None:
            verdict.doubled.append(f"a message without a key: {_where(message)}")
        else:
            by_key[message.key].append(message)
    known = _deliveries(facts.rows, by_key, verdict) | _questions(facts, by_key, verdict)
    for key in by_key.keys() - known:
        verdict.doubled.append(f"nobody knows of {key}: {_where(by_key[key][0])}")
    _digests(facts, verdict)
    _watches(facts, verdict)
    _same_words(facts.messages, verdict)
    _articles(facts, verdict)
    return verdict


def _deliveries(rows: Iterable[Row], by_key: Mapping[str, list[Message]], verdict: Verdict) -> set[str]:
    """Each row that is sent is one message, at its place; each that is not withheld is sent."""
    roots = {(row.channel_id, row.story_id): row.ts for row in rows if row.key.startswith("story:")}
    known = set()
    for row in rows:
        key = f"{row.id}/{row.key}"
        known.add(key)
        found = by_key.get(key, [])
        name = f"{key} in {row.channel_id}"
        if row.state in {"withheld", "in digest"}:
            verdict.withheld += row.state == "withheld"
            verdict.doubled += [f"{name} is {row.state}, and there: {_where(message)}" for message in found]
            continue
        if row.state not in QUIET or row.is_due:
            verdict.lost.append(f"{name} is {row.state}: {row.reason or 'still due'}")
        if not found:
            verdict.lost.append(f"{name} is {row.state}, and not there")
            continue
        verdict.doubled += [f"{name} is there {len(found)} times"] * (len(found) - 1)
        message = found[0]
        if row.text is not None and message.text != row.text:
            verdict.lost.append(f"{name} shows an old version: {message.headline[:60]} for {row.text[:60]}")
        is_line = row.key.startswith("line:")
        root = roots.get((row.channel_id, row.story_id)) if is_line else None
        if (message.channel_id, message.ts) != (row.channel_id, row.ts) or (is_line and message.root_ts != root):
            verdict.lost.append(f"{name} is not where the ledger has it: {_where(message)}")
        verdict.lines += is_line
        verdict.posts += row.key.startswith("story:")
        verdict.digests += row.key.startswith("digest:")
    return known


def _questions(facts: Facts, by_key: Mapping[str, list[Message]], verdict: Verdict) -> set[str]:
    """Each question that came in is written down once and has one answer in its thread."""
    written = Counter((question.channel_id, question.ts) for question in facts.questions)
    verdict.lost += [f"a question was lost: {where}" for where in facts.asked - written.keys() - facts.given_up]
    verdict.doubled += [f"a question was written down twice: {where}" for where, many in written.items() if many > 1]
    known = set()
    for question in facts.questions:
        key = f"question:{question.id}"
        known.add(key)
        found = by_key.get(key, [])
        if question.state == "waiting" and (question.channel_id, question.root_ts) in facts.given_up:
            verdict.given_up += 1  # the bot never heard of the message that it belongs to
            continue
        if question.ts.startswith("watch:") and question.state not in {"answered", "pending"} and not found:
            continue  # what was read answers it after all not: its watch goes on, and is looked at by itself
        if question.state in {"pending", "waiting"} or not found:
            verdict.lost.append(f"{key} is {question.state}, with {len(found)} answers")
            continue
        verdict.doubled += [f"{key} has {len(found)} answers"] * (len(found) - 1)
        if found[0].root_ts != question.root_ts:
            verdict.lost.append(f"{key} was answered in another thread: {_where(found[0])}")
        if question.state == "failed":
            verdict.apologies += 1
        else:
            verdict.answers += 1
    return known


def _digests(facts: Facts, verdict: Verdict) -> None:
    """Each digest has its delivery, and each story that waited for one was told in one."""
    rows = {(row.channel_id, row.key): row for row in facts.rows}
    for digest in facts.digests:
        if (digest.channel_id, digest.key) not in rows:
            verdict.lost.append(f"{digest.key} in {digest.channel_id} has no delivery")
    told = Counter((digest.channel_id, story) for digest in facts.digests for story in digest.stories)
    verdict.in_digests = len(told)
    for (channel_id, story), many in told.items():
        verdict.doubled += [f"story {story} is in {many} digests of {channel_id}"] * (many - 1)
    for row in facts.rows:
        if row.state == "in digest" and row.key.startswith("story:") and not told[row.channel_id, row.story_id or 0]:
            verdict.lost.append(f"{row.key} in {row.channel_id} is said to be in a digest, and is in none")


def _watches(facts: Facts, verdict: Verdict) -> None:
    """Who wanted to hear of something that was read since then was told, once."""
    answered = Counter(q.ts.split(":")[1] for q in facts.questions if q.ts.startswith("watch:") and q.reply_ts)
    for watch in facts.watches:
        many = answered[str(watch.id)]
        verdict.watches += 1
        verdict.told += watch.state == "told" and many > 0
        if (watch.is_out and watch.state != "told") or (watch.state == "told" and not many):
            verdict.lost.append(f"watch {watch.id} in {watch.channel_id} {watch.root_ts} is {watch.state}, untold")
        verdict.doubled += [f"watch {watch.id} was told {many} times"] * (many - 1)


def _same_words(messages: Iterable[Message], verdict: Verdict) -> None:
    """No channel has two posts with one headline, no thread two lines with the same words."""
    said = Counter(
        (message.channel_id, message.root_ts, message.headline)
        for message in messages
        if message.key is not None and ("/story:" in message.key or "/line:" in message.key)
    )
    for (channel_id, root_ts, headline), many in said.items():
        if many > 1:
            verdict.doubled.append(f"said {many} times in {channel_id} {root_ts or ''}: {headline}")


def _articles(facts: Facts, verdict: Verdict) -> None:
    """Each article that was printed is in a story, and each story has its row in each channel."""
    told = {(row.channel_id, row.story_id) for row in facts.rows if row.key.startswith("story:")}
    for address in sorted(facts.printed):
        if facts.stories.get(address) is None:
            verdict.lost.append(f"an article is in no story: {address}")
    for story_id in sorted({story for story in facts.stories.values() if story is not None}):
        missing = [channel for channel in facts.channels if (channel, story_id) not in told]
        verdict.lost += [f"story {story_id} has no row in {channel}" for channel in missing]


def _where(message: Message) -> str:
    return f"{message.channel_id} {message.ts} ({message.key}): {message.headline[:80]}"
