"""Who stands behind an article: "CNBC Top News" and "CNBC Technology" are one house. Pure.

Many publishers have a feed for each of their desks, and each has a name of its own. What confirms a figure is another
house, not another desk: the words of a publisher's name that its address says, too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from bot.models import Article
from bot.stories.lexicon import word_set

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: So many letters of a name must stand in the address: "AI" may stand in any.
_LEAST = 3
_ANYBODYS = word_set("www news blog blogs feed feeds rss com org net edu gov info media online tech world business")


def house(article: Article) -> str:
    """The house behind an article, in lower case: what its publisher's name and its address share, or else the name."""
    return _house(article.publisher, article.url)


@lru_cache(maxsize=4096)
def _house(publisher: str, url: str) -> str:
    name = publisher.casefold()
    host = urlsplit(url).hostname or ""
    labels = {label.replace("-", "") for label in host.casefold().split(".")} - _ANYBODYS
    words = [re.sub(r"\W", "", word) for word in _WORD.findall(name)]
    runs = ("".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
    return next((run for run in runs if len(run) >= _LEAST and run in labels), name)
