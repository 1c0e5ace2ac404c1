"""What the sample articles are, for evaluation: their event, kind and facts. The server never reads this.

`labels.json` names each edition as `bot.shelf.timeline.edition_key` does: `<publisher>/<slug>`, and `…#2` for the
second edition. A fact's `what` is the same word in every article of an event, and its `value` a plain number and a
unit, so that two articles agree on a fact when the values are equal, and disagree when they aren't.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.shelf.catalog import HERE, Catalog, CatalogError
from bot.shelf.items import Edition
from bot.shelf.text import has_dates, plain
from bot.shelf.timeline import edition_key

KINDS = frozenset(
    {
        "news",
        "analysis",  # a writer's own measurement or estimate
        "correction",  # takes back an earlier article's figure
        "denial",  # somebody says that something is not so
        "advert",  # an advert or sponsored piece
        "promotion",  # of an event
        "hype",  # nothing in it can be checked
        "listicle",
        "offtopic",
        "injection",  # speaks to automated readers
    }
)


@dataclass(frozen=True, slots=True)
class FactLabel:
    """One checkable fact, with the words that carry it. The quote holds no relative date, so it reads so on any day."""

    what: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Label:
    """What one edition is.

    Attributes:
        event: the event it tells, a key of `Labels.events`.
        kind: one of `KINDS`.
        copy_of: the article whose text it carries, for a syndicated one: not an independent publisher.
        facts: what it states.
    """

    event: str
    kind: str
    facts: tuple[FactLabel, ...] = ()
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """Every label: events by key (a sentence each), and labels by edition key."""

    events: Mapping[str, str]
    editions: Mapping[str, Label]


def load_labels(catalog: Catalog, path: Path = HERE / "labels.json") -> Labels:
    """Read the labels and check them against the catalog.

    Raises:
        CatalogError: the file is malformed, an edition has no label or a label no edition, a kind or an event is
            unknown, or a quote isn't in what the article shows.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
        events = {str(key): str(title) for key, title in stored["events"].items()}
        editions = {str(key): _label(fields) for key, fields in stored["articles"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogError(f"{path.name}: {error!r}") from error
    labels = Labels(events, editions)
    _check(catalog, labels, path.name)
    return labels


def shown_text(catalog: Catalog, key: str) -> str:
    """What a reader without a subscription can see of an edition: title, summary and open blocks, a line each.

    Of a page that robots.txt disallows only the title and the summary count.

    Raises:
        KeyError: there is no such edition.
    """
    article_id, _, number = key.partition("#")
    article = catalog.article(article_id)
    edition = article.editions[int(number or 1) - 1]
    body = () if article.members else edition.body[: article.open_blocks]
    return _as_text(edition, [line for block in body for line in block.lines])


def _as_text(edition: Edition, lines: list[str]) -> str:
    return "\n".join(plain(line) for line in (edition.title, edition.summary, *lines))


def _label(fields: Mapping[str, Any]) -> Label:
    facts = tuple(FactLabel(str(f["what"]), str(f["value"]), str(f["quote"])) for f in fields["facts"])
    return Label(str(fields["event"]), str(fields["kind"]), facts, fields.get("copy_of"))


def _check(catalog: Catalog, labels: Labels, name: str) -> None:
    keys = {edition_key(article, i) for article in catalog.articles for i in range(len(article.editions))}
    if odd := keys ^ set(labels.editions):
        raise CatalogError(f"{name}: labels and editions differ in {', '.join(sorted(odd))}")
    for key, label in labels.editions.items():
        if label.kind not in KINDS:
            raise CatalogError(f"{name}: {key} is of the unknown kind {label.kind!r}")
        if label.event not in labels.events:
            raise CatalogError(f"{name}: {key} tells the unknown event {label.event!r}")
        if label.copy_of is not None and label.copy_of not in keys:
            raise CatalogError(f"{name}: {key} copies {label.copy_of!r}, which is no article")
        text = shown_text(catalog, key)
        for fact in label.facts:
            if has_dates(fact.quote) or fact.quote not in text:
                raise CatalogError(f"{name}: {key} doesn't say {fact.quote!r} in what it shows")
