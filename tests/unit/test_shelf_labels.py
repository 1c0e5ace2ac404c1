import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.shelf.catalog import HERE, Catalog, CatalogError, load_catalog
from bot.shelf.labels import KINDS, Labels, load_labels

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def labels() -> Labels:
    """The labels that ship; loading them checks every quote against its article."""
    return load_labels(CATALOG)


def publishers_of(labels: Labels) -> dict[tuple[str, str], dict[str, set[str]]]:
    """For each event and fact: which independent publishers give which value."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, label in labels.editions.items():
        if label.copy_of is None:
            for fact in label.facts:
                found[label.event, fact.what][fact.value].add(key.split("/")[0])
    return found


def test_the_cases_that_matter_are_there(labels: Labels) -> None:
    """Each kind occurs, events are told by several outlets, and wire copies are marked."""
    assert {label.kind for label in labels.editions.values()} == KINDS
    told: dict[str, set[str]] = defaultdict(set)
    for key, label in labels.editions.items():
        if label.copy_of is None:
            told[label.event].add(key.split("/")[0])
    assert len([event for event, publishers in told.items() if len(publishers) >= 3]) >= 4
    assert len([label for label in labels.editions.values() if label.copy_of]) == 2
    assert set(told) == set(labels.events)


def test_a_figure_is_confirmed_by_three_and_figures_are_disputed(labels: Labels) -> None:
    """The investment has three independent publishers and a dissenter; the campus has 1.2 GW against 900 MW."""
    found = publishers_of(labels)
    investment = found["norrland-halden-stake", "investment"]
    assert {"norrland", "wire", "die-and-package"} <= investment["8000000000 USD"]
    assert investment["6500000000 USD"] == {"lumen"}
    campus = found["harrow-flats-campus", "capacity"]
    assert campus == {"1200 MW": {"rackpost", "wire"}, "900 MW": {"gridload"}}


def test_an_update_changes_a_figure(labels: Labels) -> None:
    """The second edition of the outage article states another number for the same thing."""
    values = [
        next(fact.value for fact in labels.editions[key].facts if fact.what == "gpus offline")
        for key in ("rackpost/port-ellery-outage", "rackpost/port-ellery-outage#2")
    ]
    assert values == ["9600 GPUs", "14200 GPUs"]


def test_a_wire_copy_is_nearly_its_original(labels: Labels) -> None:
    """Most lines of a copy are the original's, word for word."""
    copies = {key: label.copy_of for key, label in labels.editions.items() if label.copy_of}
    for key, original in copies.items():
        ours = {line for block in CATALOG.article(key).editions[0].body for line in block.lines}
        theirs = {line for block in CATALOG.article(str(original)).editions[0].body for line in block.lines}
        assert len(ours & theirs) >= 0.7 * len(ours)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("About 14,200 GPUs", "About 14,300 GPUs", "doesn't say 'About 14,300 GPUs'"),
        ('"kind": "hype"', '"kind": "hyped"', "unknown kind 'hyped'"),
        ('"event": "skarvik-heat"', '"event": "skarvik-cold"', "unknown event 'skarvik-cold'"),
        ('"copy_of": "wire/', '"copy_of": "wired/', "which is no article"),
        ('"norrland/skarvik-heat"', '"norrland/skarvik"', "labels and editions differ"),
        ('"events"', '"event"', "KeyError"),
    ],
)
def test_a_wrong_label_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """Labels that no longer fit their articles fail loudly instead of judging wrongly."""
    text = (HERE / "labels.json").read_text("utf-8")
    assert old in text
    path = tmp_path / "labels.json"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CatalogError, match=complaint):
        load_labels(CATALOG, path)


def test_behind_the_wall_and_members_only_do_not_count_as_shown() -> None:
    """A quote that only subscribers see cannot be asked of the bot."""
    text = json.loads((HERE / "labels.json").read_text("utf-8"))
    quotes = [fact["quote"] for fact in text["articles"]["ledger/brightwater-lease"]["facts"]]
    article = CATALOG.article("ledger/brightwater-lease")
    hidden = " ".join(line for block in article.editions[0].body[article.open_blocks :] for line in block.lines)
    assert "$7.8 billion" in hidden
    assert not [quote for quote in quotes if "$" in quote]


def test_the_catalog_never_reads_labels(tmp_path: Path) -> None:
    """A shelf without labels loads: they are for judging, not for serving."""
    copied = tmp_path / "shelf"
    (copied / "articles").parent.mkdir()
    (copied / "articles").symlink_to(HERE / "articles")
    (copied / "publishers.toml").symlink_to(HERE / "publishers.toml")
    assert isinstance(load_catalog(copied), Catalog)
