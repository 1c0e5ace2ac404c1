from datetime import UTC, datetime, timedelta

import pytest

from bot.shelf.catalog import Catalog, load_catalog
from bot.shelf.progress import Progress
from bot.shelf.timeline import Start, advance, advance_to_end, next_due, on_shelf

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTAGE = "rackpost/port-ellery-outage"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The catalog that ships."""
    return load_catalog()


def after(catalog: Catalog, seconds: float, *, pace: float = 1.0) -> Progress:
    """The progress some seconds after a first start at noon."""
    start = Start(NOON, timedelta(0), pace)
    return advance(catalog, advance(catalog, Progress(), start, NOON), start, NOON + timedelta(seconds=seconds))


def test_a_first_start_has_the_last_hours_on_the_shelf(catalog: Catalog) -> None:
    """Articles of before the start are dated before it, newest first, and nothing later is out."""
    outs = on_shelf(catalog, after(catalog, 0))
    assert len(outs) == sum(a.editions[0].offset < timedelta(0) for a in catalog.articles)
    assert [out.published for out in outs] == sorted((out.published for out in outs), reverse=True)
    assert all(out.published < NOON for out in outs)
    # The rest are months of an index, for questions how a price has changed.
    assert sum(NOON - timedelta(hours=20) <= out.published for out in outs) == len(outs) - 4


def test_articles_come_out_as_time_passes(catalog: Catalog) -> None:
    """After 12 s there is one more, dated by its own moment and not by when somebody looked."""
    before, later = on_shelf(catalog, after(catalog, 0)), on_shelf(catalog, after(catalog, 13))
    new = [out for out in later if out.article.id not in {o.article.id for o in before}]
    assert [out.published for out in new] == [NOON + timedelta(seconds=12)]


def test_pace_quickens_time(catalog: Catalog) -> None:
    """At a pace of 6 the first minute of shelf time takes ten seconds."""
    assert set(after(catalog, 10, pace=6).released) == set(after(catalog, 60).released)


def test_an_update_keeps_the_published_date(catalog: Catalog) -> None:
    """The second edition changes the words and `updated`; `published` stays."""
    first = next(o for o in on_shelf(catalog, after(catalog, 80)) if o.article.id == OUTAGE)
    second = next(o for o in on_shelf(catalog, after(catalog, 100)) if o.article.id == OUTAGE)
    assert "9,600" in first.edition.title
    assert "14,200" in second.edition.title
    assert not first.is_update
    assert second.is_update
    assert second.published == first.published == NOON + timedelta(seconds=72)
    assert second.updated == NOON + timedelta(seconds=96)


def test_a_second_start_goes_on_where_the_first_stopped(catalog: Catalog) -> None:
    """Time stood still while the shelf was down: what was out keeps its dates, and what follows is dated today."""
    stopped = after(catalog, 30)
    tomorrow = NOON + timedelta(days=1)
    start = Start(tomorrow, stopped.elapsed, 1.0)
    again = advance(catalog, stopped, start, tomorrow)
    assert again.released == stopped.released
    later = advance(catalog, again, start, tomorrow + timedelta(seconds=7))
    new = set(later.released) - set(stopped.released)
    assert [later.released[key] for key in new] == [tomorrow + timedelta(seconds=6)]


def test_a_clock_set_back_takes_nothing_off_the_shelf(catalog: Catalog) -> None:
    """Progress never runs backwards."""
    progress = after(catalog, 60)
    start = Start(NOON, timedelta(0), 1.0)
    assert advance(catalog, progress, start, NOON - timedelta(hours=1)) == progress


def test_everything_can_come_out_at_once(catalog: Catalog) -> None:
    """Releasing the rest dates none of it in the future and keeps the order in which it would have come."""
    now = NOON + timedelta(minutes=1)
    progress = advance_to_end(catalog, after(catalog, 60), now)
    assert next_due(catalog, progress) is None
    outs = on_shelf(catalog, progress)
    assert len(outs) == len(catalog.articles)
    rest = sorted((o for o in outs if o.article.editions[0].offset > timedelta(minutes=1)), key=lambda o: o.published)
    assert [o.article.editions[0].offset for o in rest] == sorted(o.article.editions[0].offset for o in rest)
    assert max(o.updated for o in outs) == now


def test_printed_dates_may_be_absent_or_ahead(catalog: Catalog) -> None:
    """One article prints no date and one a date to come, as feeds do."""
    outs = on_shelf(catalog, advance_to_end(catalog, after(catalog, 0), NOON))
    assert [o.article.id for o in outs if o.stated is None] == ["norrland/tri-lakes-capacity"]
    ahead = [o for o in outs if o.stated is not None and o.stated > NOON]
    assert [o.article.id for o in ahead] == ["presslane/meshgrove-release"]


def test_the_next_release_is_known(catalog: Catalog) -> None:
    """The index can say when something comes."""
    assert next_due(catalog, after(catalog, 5)) == timedelta(seconds=7)
