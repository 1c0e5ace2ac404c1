from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.shelf.catalog import Catalog, CatalogError, load_catalog, parse_offset

PUBLISHERS = """
[paper]
name = "A Paper"
tagline = "Of record"
prefix = "paper"
feed = "rss.xml"
format = "rss2"
id = "paper:{slug}"
content = "full"
layout = "paper"
colour = "#123456"
sections = ["News"]
"""
FIRST = '+++\noffset = "-1h"\ntitle = "First"\n+++\n\nThe lead.\n\nMore of it.\n'


def shelf_of(root: Path, **articles: str) -> Path:
    """A catalog's folder with one publisher and the given articles."""
    (root / "publishers.toml").write_text(PUBLISHERS, "utf-8")
    folder = root / "articles" / "paper"
    folder.mkdir(parents=True)
    for name, text in articles.items():
        (folder / f"{name.replace('__', '.').replace('_', '-')}.md").write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The catalog that ships."""
    return load_catalog()


def test_an_article_takes_its_lead_as_summary_and_the_first_section(tmp_path: Path) -> None:
    """What the front matter leaves out is filled in from the text and the publisher."""
    article = load_catalog(shelf_of(tmp_path, first=FIRST)).articles[0]
    assert article.id == "paper/first"
    assert article.path == "/paper/first"
    assert article.item_id == "paper:first"
    assert article.section == "News"
    assert article.editions[0].summary == "The lead."
    assert article.editions[0].offset == timedelta(hours=-1)


def test_an_update_is_the_same_article_with_another_edition(tmp_path: Path) -> None:
    """A file that revises an article adds an edition to it, and no second item."""
    update = '+++\nrevises = "paper/first"\noffset = "+24s"\ntitle = "Later"\nnote = "Why."\n+++\n\nNew words.\n'
    (article,) = load_catalog(shelf_of(tmp_path, first=FIRST, first__update_1=update)).articles
    assert [edition.title for edition in article.editions] == ["First", "Later"]
    assert article.editions[1].note == "Why."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("no front matter", r"paper/odd\.md: it must begin with front matter"),
        ('+++\ntitle = "x"\n+++\n\nBody.', "it needs an offset"),
        ('+++\noffset = "-1h"\n+++\n\nBody.', "it needs a title"),
        ('+++\noffset = "soon"\ntitle = "x"\n+++\n\nBody.', "'soon' is no offset"),
        ('+++\noffset = "-1h"\ntitle = "x"\ncolour = "red"\n+++\n\nBody.', "no field named colour"),
        ('+++\noffset = "-1h"\ntitle = "x"\n+++\n\nOn {{someday}}.', "is not a date"),
        ('+++\noffset = "-1h"\ntitle = "x"\n+++\n\nSee [it](article:paper/none).', "which is no article"),
        ('+++\noffset = "-2h"\ntitle = "x"\n+++\n\nSee [it](article:paper/first).', "isn't out by then"),
        ('+++\noffset = "-1h"\ntitle = "x"\nopen_blocks = 1\n+++\n\nBody.', "behind the wall"),
        ('+++\nrevises = "paper/none"\noffset = "-1h"\ntitle = "x"\n+++\n\nBody.', "which is no article"),
        ('+++\nrevises = "paper/first"\noffset = "-2h"\ntitle = "x"\n+++\n\nBody.', "before what it revises"),
        ("+++\noffset = \n+++\n\nBody.", r"paper/odd\.md"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    """Each fault that an author can make is told in words that say where it is."""
    with pytest.raises(CatalogError, match=complaint):
        load_catalog(shelf_of(tmp_path, first=FIRST, odd=text))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('format = "rss2"', 'format = "rss3"', "format must be one of"),
        ('layout = "paper"', 'layout = "poster"', "layout must be one of"),
        ('name = "A Paper"\n', "", "name"),
        ('colour = "#123456"', 'colour = "#123456"\nquirks = ["slow"]', "quirks has no slow"),
        ("[paper]", "[paper", "publishers.toml"),
    ],
)
def test_a_wrong_publisher_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """The publishers' table is checked as the articles are."""
    root = shelf_of(tmp_path, first=FIRST)
    (root / "publishers.toml").write_text(PUBLISHERS.replace(old, new), "utf-8")
    with pytest.raises(CatalogError, match=complaint):
        load_catalog(root)


def test_offsets_add_up() -> None:
    """Every unit counts, and the sign holds for all of them."""
    assert parse_offset("x", "-1d 2h 3m 4s") == -timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert parse_offset("x", "+24s") == timedelta(seconds=24)


def test_the_shipped_catalog_has_what_a_first_look_needs(catalog: Catalog) -> None:
    """Enough is out at the start, the rest follows about every 12 s, and every text is of a readable length."""
    assert len(catalog.publishers) >= 8
    assert {publisher.format for publisher in catalog.publishers} == {"rss2", "atom", "rdf", "json"}
    assert len(catalog.articles) >= 48
    offsets = sorted(edition.offset for article in catalog.articles for edition in article.editions)
    before = [offset for offset in offsets if timedelta(days=-2) < offset < timedelta(0)]
    after = [offset for offset in offsets if offset > timedelta(0)]
    assert 12 <= len(before) <= 16
    assert before[0] >= timedelta(hours=-20)
    assert after[0] <= timedelta(seconds=12)
    assert max(b - a for a, b in pairwise(after)) <= timedelta(seconds=12)
    for article in catalog.articles:
        words = sum(len(line.split()) for block in article.editions[0].body for line in block.lines)
        assert 100 <= words <= 400, article.id


def test_no_identity_or_address_depends_on_the_server(catalog: Catalog) -> None:
    """Ids are distinct and name no local address, so that another port changes nothing."""
    ids = [(article.publisher.key, article.item_id) for article in catalog.articles]
    assert len(set(ids)) == len(ids)
    assert not [name for _, name in ids if "127.0.0.1" in name or "localhost" in name]


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29)])
def test_every_text_can_be_dated_on_any_day(catalog: Catalog, day: date) -> None:
    """Leap days and the ends of years leave no placeholder behind."""
    for article in catalog.articles:
        for edition in article.editions:
            dated = edition.dated(day)
            lines = [line for block in dated.body for line in block.lines]
            assert "{{" not in " ".join((dated.title, dated.summary, dated.note or "", *lines))
