from __future__ import annotations

import pytest

from bot.newsroom.importing import MOST_TOLD, first_limit


@pytest.mark.parametrize(("feeds", "limit"), [(1, 5), (5, 5), (10, 2), (25, 1), (26, 0), (6000, 0)])
def test_a_list_tells_about_as_much_however_long_it_is(feeds: int, limit: int) -> None:
    """A short list starts like any new feed, a long one brings only what is new from then on."""
    assert first_limit(feeds, 5) == limit
    assert first_limit(feeds, 5) * feeds <= MOST_TOLD
