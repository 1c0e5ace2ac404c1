"""Questions and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.models.briefs import Sentence, Source


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article that can be found and quoted."""

    id: int
    article_id: int
    story_id: int | None
    position: int  # 0 for the first of its article
    text: str
    title: str
    publisher: str
    url: str
    published_at: datetime
    score: float = 0.0  # the word index's score (BM25, higher is better), 0 if it was not asked


class AnswerState(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"  # not in what was read
    DECLINED = "declined"  # a prediction, an opinion, private data, another subject


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a timeline.

    Attributes:
        at: when its source was published.
        value: in `unit`, as `bot.stories.figures` has it; `shown` is how the source writes it.
        source: the number of its source.
    """

    at: datetime
    value: float
    unit: str
    shown: str
    source: int
    publisher: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose sentences have passed the grounding checker, or an honest "not in what I have read"."""

    state: AnswerState
    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    nearest: tuple[Source, ...] = ()
    message: str = ""  # ours, for UNKNOWN and DECLINED: what was searched, what to do
    searched: int = 0  # articles looked at
    writer: str = "extractive"
    note: str | None = None
    timeline: tuple[Point, ...] = ()  # for how something changed, where there are enough dated figures


class WatchState(StrEnum):
    """Where a question without an answer stands: is one looked for in what is read from now on?"""

    OFFERED = "offered"  # nobody has asked for it
    OPEN = "open"  # it is looked for
    TOLD = "told"  # it was found, and told in the thread


@dataclass(frozen=True, slots=True)
class Replied:
    """A question with the answer that it got, as its message shows them.

    Attributes:
        id: the question's.
        ts: the message's; None: it is not known to be there.
        asked: the question, where the message quotes it.
        asked_by: who asked.
        watch: what to say of looking for an answer; None: nothing.
    """

    id: int
    team_id: str
    channel_id: str
    ts: str | None
    answer: Answer
    asked: str | None
    asked_by: str
    watch: WatchState | None


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with what people said of it.

    Attributes:
        id: the question's.
        asked_at: when it came in; `voted_at`: when somebody last voted.
        up, down: how many people found it useful, and not.
        stands_alone: it can be asked again anywhere: it was asked in no story's thread, after nothing else, of no link.
    """

    id: int
    question: str
    answer: Answer
    asked_at: datetime
    voted_at: datetime
    up: int
    down: int
    stands_alone: bool


@dataclass(frozen=True, slots=True)
class IncomingQuestion:
    """A question as it came in, before anything is decided about it.

    Attributes:
        root_ts: the thread to answer in (the message's own ts where it starts one).
        surface: `thread`, `mention`, `dm`, `command`, `shortcut`, or `watch` for one that had no answer before.
        event_id: Slack's id of the event, so that a redelivery is not answered again.
        story_id: the story it is about, where the surface says so.
    """

    team_id: str
    channel_id: str
    user_id: str
    ts: str
    root_ts: str
    text: str
    surface: str
    event_id: str | None = None
    story_id: int | None = None
