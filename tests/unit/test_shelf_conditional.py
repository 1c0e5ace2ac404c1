from datetime import UTC, datetime, timedelta

import pytest

from bot.shelf.conditional import http_date, make_etag, not_modified

STAMP = datetime(2026, 11, 22, 10, tzinfo=UTC)
TAG = '"abc"'


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, False),
        ({"If-None-Match": TAG}, True),
        ({"If-None-Match": f"W/{TAG}"}, True),
        ({"If-None-Match": f'"x", {TAG}'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": "abc"}, False),
        ({"If-Modified-Since": http_date(STAMP)}, True),
        ({"If-Modified-Since": http_date(STAMP - timedelta(seconds=1))}, False),
        ({"If-Modified-Since": "yesterday"}, False),
        ({"If-None-Match": '"old"', "If-Modified-Since": http_date(STAMP)}, False),
    ],
)
def test_a_client_is_told_that_its_copy_is_current(headers: dict[str, str], answer: bool) -> None:  # noqa: FBT001  a table's column
    """Tags are compared weakly and as opaque strings; a tag that differs wins over a date that doesn't."""
    assert not_modified(headers, TAG, STAMP) is answer


def test_what_the_server_does_not_offer_never_matches() -> None:
    """A feed without validators always answers in full."""
    assert not not_modified({"If-None-Match": TAG}, None, None)
    assert not not_modified({"If-Modified-Since": http_date(STAMP)}, None, None)


def test_tags_tell_bodies_and_encodings_apart() -> None:
    """Another body or another encoding has another tag."""
    assert make_etag(b"a") != make_etag(b"b")
    assert make_etag(b"a", suffix="-gzip").endswith('-gzip"')
    assert make_etag(b"a", weak=True) == f"W/{make_etag(b'a')}"
