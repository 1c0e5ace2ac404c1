"""Addresses: resolved, and brought to one form so that the same page is known again. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit

# Parameters that say where a reader came from and never which page they get.
_TRACKING = re.compile(
    r"^(?:utm_\w+|utm|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs\w+|vero_id|oly_enc_id|oly_anon_id|rb_clickid|s_cid|sr_share|icid"
    r"|ncid|cmpid|cmp|ocid|smid|partner|wt_mc|wt\.mc_id|at_medium|at_campaign|at_custom\d|xtor|ito|ftag|guccounter"
    r"|guce_referrer\w*|fb_action_\w+|fb_ref|fb_source|_ga|_gl|spm|share_id|shareid|taid|ref_src|ref_url|ref|source|src"
    r"|rss|feature|trk|trkcampaign|cid|assetid|campaign_id|embedded-checkout|sh|sk)$",
    re.IGNORECASE,
)
# Short names that can also name a page. They are dropped only with values that speak of feeds and sharing.
_MAYBE = {"ref", "source", "src", "feature", "partner", "cmp", "cid", "sh", "sk", "rss", "trk", "assetid"}
_MAYBE_VALUES = re.compile(
    r"^(?:rss\w*|feed\w*|twitter|facebook|linkedin|email|newsletter|share\w*|social\w*|home\w*|atom|webfeeds|public_rss"
    r"|syndication|hn|hackernews|youtu\.be|emb_\w+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}|)(?:[-_.]+.*)?$",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
# Most addresses need none of what follows: a host in lower case, plain segments, no query, nothing to take off.
_PLAIN = re.compile(
    r"https?://(?:www\.(?=[a-z0-9-]+\.))?+(?!amp\.)((?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[\w~-][\w~.-]*)*)", re.ASCII
)
_ODD_END = re.compile(r"/(?:amp|(?:index|default)\.\w+)$", re.IGNORECASE)
_UNRESERVED = "!$&'()*+,;=:@/~-._%"
_PORTS = {"http": 80, "https": 443}


def resolve(base: str | None, href: str | None) -> str | None:
    """The absolute http(s) address that `href` means on the page `base`; None for anything else (`javascript:` …)."""
    if not href:
        return None
    text = re.sub(r"[\t\r\n\x00]", "", href).strip()
    if _PLAIN.fullmatch(text):
        return text
    try:
        joined = urljoin(base or "", text)
        parts = urlsplit(joined)
        usable = parts.scheme.lower() in _PORTS and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        return None
    return joined.replace(" ", "%20") if usable and len(joined) <= 4000 else None  # noqa: PLR2004 - longer is an attack


@lru_cache(maxsize=2048)  # each item's is asked for several times while its feed is decided about
def canonical_url(url: str) -> str:
    """One form for all addresses of the same page; it is a key, not an address to fetch.

    The scheme becomes https, `www.` and default ports go, as do tracking parameters, fragments (except `#!`), a
    trailing slash and index pages; the remaining parameters are sorted. An address that can't be read is returned as
    it is.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and not _ODD_END.search(url):
        return f"https://{plain[1]}"
    try:
        parts = urlsplit(url.strip())
        host = _host(parts)
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in _PORTS or not host:
        return url.strip()
    path = quote(parts.path, safe=_UNRESERVED)
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda match: match.group().upper(), path)
    path = _INDEX.sub("/", path)
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    path = re.sub(r"/amp$", "", path)
    query = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(name, value)
    )
    tail = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" if value else quote(name, safe="") for name, value in query
    )
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    return f"https://{host}{path}{'?' + tail if tail else ''}{fragment}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower().rstrip(".")
    for prefix in ("www.", "amp."):
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
    if parts.port is not None and parts.port not in _PORTS.values():
        host = f"{host}:{parts.port}"
    return host


def _is_tracking(name: str, value: str) -> bool:
    if not _TRACKING.match(name):
        return False
    return name.lower() not in _MAYBE or bool(_MAYBE_VALUES.match(value))


def host_of(url: str) -> str:
    """The host of an address, lower case, without `www.`; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
