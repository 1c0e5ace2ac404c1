"""What is out, and since when. Pure: it is given the catalog, the progress and the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.shelf.catalog import Catalog
from bot.shelf.items import Article, Edition
from bot.shelf.progress import Progress


@dataclass(frozen=True, slots=True)
class Start:
    """When the shelf was last started, and how far it had come by then. `pace` is shelf seconds a second."""

    at: datetime
    elapsed: timedelta
    pace: float

    def elapsed_at(self, now: datetime) -> timedelta:
        """Shelf time at `now`; it never runs backwards when the clock is set back."""
        return self.elapsed + max(timedelta(0), now - self.at) * self.pace

    def moment_of(self, offset: timedelta) -> datetime:
        """The clock's time at which shelf time reaches `offset` (the start itself if it was reached before)."""
        return self.at + max(timedelta(0), offset - self.elapsed) / self.pace


@dataclass(frozen=True, slots=True)
class Out:
    """An article that is out, in its newest edition, every relative date written out.

    Attributes:
        published: when it came out.
        updated: when its newest edition came out (equal to `published` for the first edition).
        stated: the date it prints, None where it prints none.
    """

    article: Article
    edition: Edition
    published: datetime
    updated: datetime
    stated: datetime | None

    @property
    def is_update(self) -> bool:
        """Whether it has been revised since it came out."""
        return self.edition.note is not None


def edition_key(article: Article, index: int) -> str:
    """How an edition is named in the progress: the article's id, and the edition's number from the second on."""
    return article.id if index == 0 else f"{article.id}#{index + 1}"


def advance(catalog: Catalog, progress: Progress, start: Start, now: datetime) -> Progress:
    """Stamp every edition that came out up to `now`. What was stamped before keeps its stamp."""
    elapsed = max(progress.elapsed, start.elapsed_at(now))
    first_time = not progress.released
    released = dict(progress.released)
    for offset, key in _schedule(catalog):
        if key in released or offset > elapsed:
            continue
        before_start = first_time and offset < timedelta(0)
        released[key] = start.at + offset if before_start else min(now, start.moment_of(offset))
    return Progress(elapsed, released)


def advance_to_end(catalog: Catalog, progress: Progress, now: datetime) -> Progress:
    """Stamp everything that is left, a second apart and ending at `now`, so that their order can be seen."""
    schedule = _schedule(catalog)
    left = [key for _, key in schedule if key not in progress.released]
    released = dict(progress.released)
    for behind, key in enumerate(reversed(left)):
        released[key] = now - timedelta(seconds=behind)
    return Progress(max(progress.elapsed, schedule[-1][0]), released)


def on_shelf(catalog: Catalog, progress: Progress) -> tuple[Out, ...]:
    """Every article that is out, newest first."""
    found = [_out(article, progress) for article in catalog.articles if article.id in progress.released]
    return tuple(sorted(found, key=lambda out: (out.published, out.article.id), reverse=True))


def next_due(catalog: Catalog, progress: Progress) -> timedelta | None:
    """How much shelf time passes until something comes out; None when everything is."""
    left = [offset for offset, key in _schedule(catalog) if key not in progress.released]
    return max(timedelta(0), left[0] - progress.elapsed) if left else None


def _schedule(catalog: Catalog) -> list[tuple[timedelta, str]]:
    return sorted(
        (edition.offset, edition_key(article, index))
        for article in catalog.articles
        for index, edition in enumerate(article.editions)
    )


def _out(article: Article, progress: Progress) -> Out:
    stamps = [
        (index, progress.released[key])
        for index in range(len(article.editions))
        if (key := edition_key(article, index)) in progress.released
    ]
    published, (index, updated) = stamps[0][1], stamps[-1]
    # A stamp may carry microseconds; feeds print seconds, so all of them agree on whole seconds.
    published, updated = published.replace(microsecond=0), updated.replace(microsecond=0)
    edition = article.editions[index].dated(published.date())
    stated = None if article.stated is None else published + article.stated
    return Out(article, edition, published, updated, stated)
