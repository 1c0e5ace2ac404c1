"""The pages, from what the newsroom knows. Pure: Jinja escapes everything that is not ours to write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.models import (
    Actor,
    Brief,
    FactLine,
    FeedState,
    FeedView,
    Sentence,
    Standing,
    StoryArticle,
    StoryLine,
    StoryView,
)
from bot.slack.escape import address, line
from bot.viewing.charts import Bar, bars, timeline

_FOLDER = Path(__file__).parent
STYLE = (_FOLDER / "view.css").read_text(encoding="utf-8")
_HEALTH = {
    FeedState.FRESH: "good",
    FeedState.QUIET: "good",
    FeedState.MOVED: "good",
    FeedState.NEW: "idle",
    FeedState.SLOW: "warn",
}
_STANDING = {Standing.CONFIRMED: "good", Standing.SINGLE: "idle", Standing.DISPUTED: "bad"}


@dataclass(frozen=True, slots=True)
class _Member:
    """An article of a story, as its page shows it."""

    number: int
    title: str
    url: str | None
    publisher: str
    when: datetime
    note: str
    why: str


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed, as its row shows it."""

    title: str
    site: str | None
    state: str
    health: str
    error: str
    read_at: datetime | None
    channels: tuple[str, ...]
    bars: tuple[Bar, ...]
    new: int
    failed: int


def stories(actor: Actor, found: Sequence[StoryLine], *, q: str = "", older: str = "") -> str:
    """The last stories, or what a search found; `older` is the time before which the next page's are."""
    return _render("stories.html", actor=actor, here="stories", q=q, stories=found, older=older)


def story(actor: Actor, view: StoryView) -> str:
    """One story: its brief, who reported it when, and every source with why it belongs to the story."""
    brief = view.brief
    return _render(
        "story.html",
        actor=actor,
        here="story",
        q="",
        story=view.story,
        brief=brief,
        headline=brief.headline if brief else view.story.title,
        reported_by=brief.reported_by if brief else 1,
        members=_members(view),
        line=timeline(view.story.articles),
    )


def feeds(actor: Actor, found: Sequence[FeedView]) -> str:
    """Every feed that one may see, with its health and its last days."""
    rows = tuple(
        _Feed(
            title=line(one.feed.title) or one.feed.url,
            site=_web(one.feed.site_url or ""),
            state=one.feed.state.value,
            health=_HEALTH.get(one.feed.state, "bad"),
            error=one.feed.last_error or "",
            read_at=one.feed.last_success_at,
            channels=one.channels,
            bars=bars(one.days),
            new=sum(day.new for day in one.days),
            failed=sum(day.failed for day in one.days),
        )
        for one in found
    )
    return _render("feeds.html", actor=actor, here="feeds", q="", feeds=rows)


def notice(title: str, words: str) -> str:
    """A page with one thing to say, to whoever came."""
    return _render("notice.html", actor=None, here="", q="", title=title, words=words)


def _members(view: StoryView) -> tuple[_Member, ...]:
    """The brief's sources under their numbers, then the articles that it does not cite."""
    known = {source.article_id: source.number for source in view.brief.sources} if view.brief else {}
    rest = iter(range(max(known.values(), default=0) + 1, len(known) + len(view.story.articles) + 1))
    numbers = {one.article.id: known.get(one.article.id) or next(rest) for one in view.story.articles}
    made = (_member(one, numbers) for one in view.story.articles)
    return tuple(sorted(made, key=lambda member: member.number))


def _member(one: StoryArticle, numbers: dict[int, int]) -> _Member:
    notes = [one.article.text_note or ""]
    if one.wire_of is not None:
        number = numbers.get(one.wire_of)
        notes.append(f"the same wire text as [{number}]" if number else "a wire text")
    return _Member(
        number=numbers[one.article.id],
        title=line(one.article.title) or "Untitled",
        url=_web(one.article.url),
        publisher=one.article.publisher,
        when=one.article.when,
        note="; ".join(note for note in notes if note),
        why="; ".join(one.reasons),
    )


def _web(url: str) -> str | None:
    """An address that may be linked: an article's own, http or https, without a name or password in it."""
    return url.strip() if address(url) is not None else None


def _numbers(sentence: Sentence, brief: Brief) -> list[int]:
    """The numbers of the sources that a sentence quotes."""
    cited = {quote.article_id for quote in sentence.quotes}
    return [source.number for source in brief.sources if source.article_id in cited]


def _standing(fact: FactLine) -> str:
    if fact.standing is Standing.CONFIRMED:
        return f"✓ confirmed by {fact.publishers} {'publisher' if fact.publishers == 1 else 'publishers'}"
    return "⚠ disputed" if fact.standing is Standing.DISPUTED else "○ single source"


def _marked(text: str, q: str) -> Markup:
    """A text with the words that were searched for marked."""
    words = re.findall(r"\w+", q)
    if not words:
        return escape(text)
    pattern = re.compile(rf"\b({'|'.join(re.escape(word) for word in words)})", re.IGNORECASE)
    parts = pattern.split(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %b %Y, %H:%M} UTC"


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _render(name: str, **values: object) -> str:
    return _ENVIRONMENT.get_template(name).render(**values)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(
    clipped=_clipped,
    marked=_marked,
    moment=_moment,
    numbers=_numbers,
    standing=_standing,
    standing_class=lambda standing: _STANDING[standing],
)
