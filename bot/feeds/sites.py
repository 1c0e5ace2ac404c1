"""Where well-known sites keep their feeds. Pure: an address as people paste it, to the addresses worth trying."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

WELL_KNOWN = (
    "/feed",
    "/rss",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/blog/feed",
    "/blog/rss.xml",
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: host without `www.`, path pieces, query."""

    url: str
    host: str
    path: tuple[str, ...]
    query: dict[str, str]


def with_scheme(address: str) -> str:
    """What people paste, as an address: `<…>` of Slack's links and `feed:` go, `https://` is added where nothing is."""
    text = address.strip().strip("<>").partition("|")[0].strip()
    text = re.sub(r"^feed:(?=https?:)", "", re.sub(r"^feed://", "https://", text))
    if re.match(r"^[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
        return text
    if text.startswith("//"):
        return f"https:{text}"
    if re.match(r"/?(?:r|u|user)/\w+/?$", text):  # as people write a subreddit
        return f"https://www.reddit.com/{text.lstrip('/')}"
    return f"https://{text}"


def feeds_of(url: str) -> tuple[str, ...]:
    """The feeds that an address of a well-known site stands for, best first; empty for any other site."""
    place = _place(url)
    if place is None:
        return ()
    for is_here, rule in _RULES:
        if is_here(place.host):
            return rule(place)
    return ()


def well_known(url: str) -> tuple[str, ...]:
    """Paths at which many sites keep their feed, for an address whose page names none."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    below = parts.path.rstrip("/")
    own = [f"{origin}{below}{path}" for path in ("/feed", "/rss.xml", "/feed.xml", "/atom.xml")] if below else []
    return tuple(dict.fromkeys([*own, *(origin + path for path in WELL_KNOWN)]))


def _place(url: str) -> Place | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Place(url, host, tuple(piece for piece in parts.path.split("/") if piece), query)


def _youtube(place: Place) -> tuple[str, ...]:
    feed = "https://www.youtube.com/feeds/videos.xml"
    if len(place.path) > 1 and place.path[0] == "channel":
        return (f"{feed}?channel_id={place.path[1]}",)
    if "list" in place.query:
        return (f"{feed}?playlist_id={quote(place.query['list'])}",)
    if len(place.path) > 1 and place.path[0] == "user":
        return (f"{feed}?user={quote(place.path[1])}",)
    return ()  # @name and /c/name: the page names its feed


def _github(place: Place) -> tuple[str, ...]:
    path = place.path[1:2] if place.path[:1] in {("orgs",), ("users",)} else place.path
    if len(path) == 1 and not path[0].endswith(".atom"):
        return (f"https://github.com/{path[0]}.atom",)
    if len(path) < 2 or path[-1].endswith(".atom"):  # noqa: PLR2004 - owner and repository
        return ()
    base = f"https://github.com/{path[0]}/{path[1].removesuffix('.git')}"
    releases, tags, commits = f"{base}/releases.atom", f"{base}/tags.atom", f"{base}/commits.atom"
    part = path[2] if len(path) > 2 else "releases"  # noqa: PLR2004 - after owner and repository
    if part == "tags":
        return (tags, releases)
    if part == "commits":
        branch = "/".join(path[3:])
        return (f"{base}/commits/{branch}.atom" if branch else commits,)
    return (releases, tags)


def _gitlab(place: Place) -> tuple[str, ...]:
    if len(place.path) < 2 or "-" in place.path:  # noqa: PLR2004 - group and project
        return ()
    base = "https://gitlab.com/" + "/".join(place.path)
    return (f"{base}/-/releases.atom", f"{base}/-/tags?format=atom")


def _reddit(place: Place) -> tuple[str, ...]:
    if len(place.path) < 2 or place.path[0] not in {"r", "user", "u"} or place.path[-1].endswith(".rss"):  # noqa: PLR2004
        return ()
    kind = "user" if place.path[0] in {"user", "u"} else "r"
    order = f"/{place.path[2]}" if len(place.path) == 3 and place.path[2] in {"new", "top", "hot", "rising"} else ""  # noqa: PLR2004
    return (f"https://www.reddit.com/{kind}/{place.path[1]}{order}/.rss",)


def _arxiv(place: Place) -> tuple[str, ...]:
    if len(place.path) > 1 and place.path[0] in {"list", "archive", "rss", "atom"}:
        return (f"https://rss.arxiv.org/rss/{place.path[1]}",)
    query = place.query.get("search_query") or place.query.get("query")
    if query and place.path[:1] == ("search",):
        options = urlencode({"search_query": f'all:"{query}"', "sortBy": "submittedDate", "sortOrder": "descending"})
        return (f"https://export.arxiv.org/api/query?{options}",)
    return ()


def _hacker_news(place: Place) -> tuple[str, ...]:
    if place.host == "hn.algolia.com":
        query = place.query.get("q") or place.query.get("query") or ""
        return (f"https://hnrss.org/newest?{urlencode({'q': query})}",) if query else ()
    page = place.path[0] if place.path else "news"
    if page == "user" and "id" in place.query:
        return (f"https://hnrss.org/user?{urlencode({'id': place.query['id']})}",)
    if page == "item" and "id" in place.query:
        return (f"https://hnrss.org/item?{urlencode({'id': place.query['id']})}",)
    named = {"news": "frontpage", "newest": "newest", "ask": "ask", "show": "show", "jobs": "jobs", "best": "best"}
    first = f"https://hnrss.org/{named.get(page, 'frontpage')}"
    return (first, "https://news.ycombinator.com/rss") if page == "news" else (first,)


def _substack(place: Place) -> tuple[str, ...]:
    if place.host == "substack.com":
        if place.path and place.path[0].startswith("@"):
            return (f"https://{place.path[0][1:]}.substack.com/feed",)
        return ()
    if place.host == "open.substack.com":
        return (f"https://{place.path[1]}.substack.com/feed",) if place.path[:1] == ("pub",) and place.path[1:] else ()
    return (f"https://{place.host}/feed",)


def _medium(place: Place) -> tuple[str, ...]:
    if place.host != "medium.com":
        return (f"https://{place.host}/feed",)
    if place.path[:1] == ("feed",) or not place.path:
        return ()
    if place.path[0] in {"tag", "topic"}:
        return (f"https://medium.com/feed/tag/{place.path[1]}",) if len(place.path) > 1 else ()
    if len(place.path) > 2 and place.path[1] == "tagged":  # noqa: PLR2004 - publication, "tagged", tag
        return (f"https://medium.com/feed/{place.path[0]}/tagged/{place.path[2]}",)
    return (f"https://medium.com/feed/{place.path[0]}",)


def _under(*domains: str) -> Callable[[str], bool]:
    return lambda host: any(host == domain or host.endswith("." + domain) for domain in domains)


_RULES: tuple[tuple[Callable[[str], bool], Callable[[Place], tuple[str, ...]]], ...] = (
    (_under("youtube.com"), _youtube),
    (lambda host: host == "github.com", _github),
    (lambda host: host == "gitlab.com", _gitlab),
    (_under("reddit.com"), _reddit),
    (_under("arxiv.org"), _arxiv),
    (lambda host: host in {"news.ycombinator.com", "hn.algolia.com"}, _hacker_news),
    (_under("substack.com"), _substack),
    (_under("medium.com"), _medium),
)
