"""Pages that people share: looked up in the archive, else read through the guard, for this conversation alone.

What is read so never becomes part of the archive: the archive answers every workspace, and a link may be meant for
one (docs/adr/010-shared-links.md).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import FetchError, ParseError, UserError
from bot.feeds import page
from bot.feeds.pages import PageText
from bot.feeds.paywall import THIN
from bot.feeds.urls import canonical_url, host_of
from bot.models import Article, Passage, Story, StoryArticle
from bot.newsroom import links
from bot.newsroom.desk import Desk, Resources
from bot.store import articles, passages, stories
from bot.writing.pieces import cut

log = structlog.get_logger(__name__)

#: A conversation about a page goes on for a while; later it is read again.
KEEP = timedelta(minutes=20)
MOST_KEPT = 64
#: The number of a page that is not in the archive, as an article, a story and the first of its passages.
BORROWED = -1


@dataclass(frozen=True, slots=True)
class Linked:
    """What is behind a link.

    Attributes:
        story: the article, with those that tell the same event if it is in the archive.
        passages: its text in pieces.
        note: why this may not be the whole article; None: it looks whole.
    """

    story: Story
    passages: tuple[Passage, ...]
    note: str | None


class Linking(Desk):
    """Reads what is behind links."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._read_pages: OrderedDict[str, tuple[datetime, Linked]] = OrderedDict()

    async def linked(self, url: str, team_id: str) -> Linked:
        """What is behind a link, from the archive if it is there for this workspace.

        Raises:
            UserError: it can't be read, with the reason.
        """
        if links.is_slacks(url):
            raise UserError(links.SLACKS)
        return await self._in_archive(url, team_id) or await self._borrowed(url)

    async def _in_archive(self, url: str, team_id: str) -> Linked | None:
        async with self._db.read() as connection:
            found = await articles.read_at(connection, team_id, url=url, canonical_url=canonical_url(url))
            if found is None:
                return None
            story_id = await stories.story_of_article(connection, found.id)
            story = await stories.get(connection, story_id) if story_id is not None else None
            own = await passages.of_articles(connection, (found.id,))
        if story is None:  # what is older than its feed's first poll is kept, but tells no story
            story = _story(found, BORROWED)
            own = tuple(replace(one, story_id=BORROWED) for one in own)
        return Linked(story, own, found.text_note)

    async def _borrowed(self, url: str) -> Linked:
        """Read the page, or remember it."""
        now, key = self._clock(), canonical_url(url)
        kept = self._read_pages.get(key)
        if kept is not None and now - kept[0] < KEEP:
            return kept[1]
        try:
            read = await page.load(self._r.fetcher, self._r.pool, url)
        except (FetchError, ParseError) as error:
            log.info("a shared link was not read", kind=error.kind, host=host_of(url), reason=str(error))
            raise UserError(links.refusal(error.kind)) from error
        if len(read.text) < THIN:
            raise UserError(links.too_thin(read.note))
        found = _as_linked(read, url, now)
        self._read_pages[key] = (now, found)
        while len(self._read_pages) > MOST_KEPT:
            self._read_pages.popitem(last=False)
        return found


def _as_linked(read: PageText, url: str, now: datetime) -> Linked:
    host = host_of(url).removeprefix("www.")
    article = Article(
        id=BORROWED,
        feed_id=BORROWED,
        identity=url,
        url=url,
        title=read.title or host,
        publisher=host,
        text=read.text,
        text_source=read.source,
        text_note=read.note,
        authors=read.authors,
        language=read.language,
        published_at=read.published_at,
        first_seen_at=now,
    )
    pieces = tuple(
        Passage(
            id=BORROWED - draft.position,
            article_id=article.id,
            story_id=BORROWED,
            position=draft.position,
            text=draft.text,
            title=article.title,
            publisher=article.publisher,
            url=url,
            published_at=article.when,
        )
        for draft in cut(article)
    )
    return Linked(_story(article, BORROWED), pieces, read.note)


def _story(article: Article, number: int) -> Story:
    """A story of one article."""
    return Story(
        id=number,
        title=article.title,
        articles=(StoryArticle(article, 1.0, (), article.when),),
        created_at=article.when,
        updated_at=article.when,
    )
