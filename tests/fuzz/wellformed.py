"""Well-formed feeds put together at random: every element that feeds hold, in odd orders and with odd attributes.

Breaking feeds mostly makes them malformed, which tests the fast path little: it declines them. These it reads.
"""

from __future__ import annotations

import random

_TEXTS = (
    "", " ", "Plain words", "  spread \n over\tlines ", "AT&amp;T &amp; co", "Ada", "(Ada)", "1", "true", "&#8217;",
    "e\u0301", "&lt;b&gt;Bold&lt;/b&gt; and &amp;nbsp; more",
    "<![CDATA[<p>One <a href='https://a.example/?a=1&b=2'>link</a></p>]]>",
    "<![CDATA[Q&A]]> then <!-- no --> this", "Zürich – 日本語", "Zã¼rich", "Ã¼ber", "\u0093quoted\u0094",
    "zero\u200bwidth", "a@b.example (Ada)", "&amp;amp;", "&amp;foo; bar", "<?pi here?>after", "chips, memory , ,power",
    "\u00a0nbsp\u00a0",
)  # fmt: skip
_ADDRESSES = (
    "https://a.example/1", "/relative", "one.html", "//b.example/x", "javascript:alert(1)", "https:////c.example/y", "",
    "https://a.example/?a=1&amp;b=2&amp;copy;", " https://a.example/s p ", "tag:a.example,2026:1", "1", "http://[::1",
    "mailto:x@y.example", "HTTPS://A.example/UP", "data:text/html,x", "https://a.example/ü",
)  # fmt: skip
_DATES = (
    "Sun, 22 Nov 2026 09:30:00 GMT", "2026-11-20T10:00:00+02:00", "dim., 22 nov. 2026 10:30:00 +0100", "11/22/2026", "",
    "2/3/2026", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "2026-11-20", "Sat, 21 Nov 2026 08:00:00 EST", "20261120",
    "2026-324",
)  # fmt: skip
_TYPES = ("text", "html", "xhtml", "text/plain", "text/html", "HTML", "image/png", "application/octet-stream", "")
_LANGUAGES = ("en", "fr", "de_AT", "", "x")
_SPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "x": "https://x.example/own",
    "georss": "http://www.georss.org/georss",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "atom": "http://www.w3.org/2005/Atom",
}
_ODD_SPACES = (
    ("dc", "http://search.yahoo.com/mrss/"), ("media", "https://x.example/no"), ("m", "http://search.yahoo.com/mrss"),
    ("r", "http://purl.org/rss/1.0/"), ("Media", "http://search.yahoo.com/mrss/"), ("title", "https://x.example/t"),
    ("u", "http://backend.userland.com/rss"), ("c", "http://purl.org/dc/elements/1.1/"),
)  # fmt: skip
_TEXTUAL_WORDS = (
    "title description summary content subtitle rights copyright author name category comments source keywords "
    "dc:creator dc:title dc:subject dc:description dc:publisher dc:rights dc:language dc:type dc:contributor "
    "content:encoded itunes:author itunes:summary itunes:subtitle itunes:title itunes:keywords itunes:duration "
    "itunes:explicit media:title media:description media:keywords media:credit media:category media:rating "
    "media:text slash:comments wfw:commentRss thr:total x:own x:title feedburner:origLink sy:updatePeriod language "
    "webMaster managingEditor generator ttl body info contributor atom:author georss:point itunes:name item_ image"
)
_TEXTUAL = _TEXTUAL_WORDS.split()
_DATED = (
    "pubDate published updated issued modified created dc:date dcterms:created dcterms:issued dcterms:modified date"
)
_LINKED = ("link", "id", "guid", "atom:link", "url", "docs", "icon", "logo")
_USUAL = (
    "title",
    "link",
    "guid",
    "pubDate",
    "description",
    "content:encoded",
    "category",
    "dc:creator",
    "media:thumbnail",
)


def make(number: int) -> tuple[str, bytes]:
    """(content type, body) of well-formed feed `number`."""
    draw = random.Random(f"well-formed {number}")
    kind = draw.choice(("rss", "rss", "rss", "atom", "atom", "rdf"))
    spaces = {name: _SPACES[name] for name in _SPACES if draw.random() < 0.9 or name == "rdf"}
    if draw.random() < 0.1:
        prefix, uri = draw.choice(_ODD_SPACES)
        spaces[prefix] = uri
    if kind == "rdf" or draw.random() < 0.1:
        spaces.pop("atom", None)
    return _encoded(draw, _written(draw, kind, spaces))


def _written(draw: random.Random, kind: str, spaces: dict[str, str]) -> str:
    head = "".join(_element(draw, kind, spaces, top=True) for _ in range(draw.randint(0, 6)))
    tag = "entry" if kind == "atom" else "item"
    items = ""
    for _ in range(draw.choice((0, 1, 1, 2, 5))):
        parts = [_element(draw, kind, spaces) for _ in range(draw.randint(0, 7))]
        about = ' rdf:about="https://a.example/r"' if kind == "rdf" and draw.random() < 0.8 else ""
        items += f"<{tag}{about}{_language(draw)}>{''.join(parts)}</{tag}>" + draw.choice(("", "\n", " text "))
    tail = "".join(_element(draw, kind, spaces, top=True) for _ in range(draw.choice((0, 0, 0, 2))))
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items()) + _language(draw)
    if kind == "rss":
        version = draw.choice(("2.0", "2.0", "0.91", "0.92", "2.1", "1", ""))
        return f'<rss version="{version}"{declared}><channel{_language(draw)}>{head}{items}{tail}</channel></rss>'
    if kind == "atom":
        return f'<feed xmlns="http://www.w3.org/2005/Atom"{declared}>{head}{items}{tail}</feed>'
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/"{declared}><channel rdf:about="x">{head}</channel>{items}</rdf:RDF>'
    )


def _element(draw: random.Random, kind: str, spaces: dict[str, str], *, top: bool = False) -> str:
    shape = draw.random()
    if shape < 0.35:
        name = draw.choice(_USUAL)
    elif shape < 0.6:
        name = draw.choice(_TEXTUAL)
    elif shape < 0.7:
        name = draw.choice(_DATED)
    elif shape < 0.8:
        name = draw.choice(_LINKED)
    else:
        return _special(draw, spaces, top=top)
    return _simple(draw, name, spaces, is_atom=kind == "atom")


def _simple(draw: random.Random, name: str, spaces: dict[str, str], *, is_atom: bool) -> str:
    prefix = name.partition(":")[0] if ":" in name else ""
    if prefix and prefix not in spaces:
        return ""
    text, given = draw.choice(_TEXTS), ""
    if name in _DATED:
        text = draw.choice(_DATES)
    elif name in _LINKED:
        text = draw.choice(_ADDRESSES)
        if name.endswith("link") and (is_atom or ":" in name or draw.random() < 0.2):
            rel = draw.choice(
                ("", ' rel="alternate"', ' rel="self"', ' rel="via"', ' rel="Related"', ' rel="enclosure"')
            )
            kind = draw.choice(("", "", ' type="text/html"', ' type="image/png"', ' type="application/json"'))
            return f'<{name}{rel}{kind} href="{draw.choice(_ADDRESSES)}"/>'
        given = draw.choice(("", ' isPermaLink="false"', ' isPermaLink="true"')) if name == "guid" else ""
    elif draw.random() < 0.15:
        given = f' type="{draw.choice(_TYPES)}"'
    elif name == "category" and draw.random() < 0.6:
        given = draw.choice(
            (' term="chips"', ' domain="d"', ' term="t" label="Label"', ' scheme="s" label=""', ' term=""')
        )
    if draw.random() < 0.02:
        given += draw.choice(
            (' xml:base="https://b.example/"', ' x:type="odd"', ' lang="fr"', ' mode="base64"', ' src="s"')
        )
    return f"<{name}{given}{_language(draw)}>{text}</{name}>"


def _special(draw: random.Random, spaces: dict[str, str], *, top: bool) -> str:
    address, text, date = draw.choice(_ADDRESSES), draw.choice(_TEXTS), draw.choice(_DATES)
    wanted = [
        f"<author><name>{text}</name></author>",
        f"<author><email>e@a.example</email><name>{text}</name><uri>{address}</uri></author>",
        f"<author><name>{text}</name><email>e@a.example</email></author>",
        f"<contributor><name>{text}</name></contributor>",
        f'<enclosure url="{address}" type="Image/png" length="1"/>',
        f'<source url="{address}">{text}</source>',
        f"<source><title>{text}</title><updated>{date}</updated></source>",
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text &amp; more</p></div></content>',
        f"<image><url>{address}</url><title>{text}</title><link>{address}</link></image>" if top else "",
        f"<textInput><title>{text}</title><name>q</name><link>{address}</link></textInput>" if top else "",
        "<skipHours><hour>3</hour><hour>4</hour></skipHours><skipDays><day>Sunday</day></skipDays>" if top else "",
        f"<title>{text}<title>nested</title></title>",
        f'<unknown a="b">{text}</unknown>',
    ]
    if "media" in spaces:
        inner = f"<media:title>{text}</media:title><media:description>{text}</media:description>"
        wanted += [
            f'<media:content url="{address}" medium="image" type="{draw.choice(("image/png", "video/mp4"))}"/>',
            f'<media:content url="{address}">{inner}</media:content>',
            f'<media:thumbnail url="{address}"/>',
            f'<media:group>{inner}<media:content url="{address}"/></media:group>',
            f"<media:credit role='author'>{text}</media:credit>",
        ]
    if "itunes" in spaces:
        wanted += [
            f'<itunes:image href="{address}"/>',
            "<itunes:owner><itunes:name>O</itunes:name><itunes:email>o@a.example</itunes:email></itunes:owner>",
            '<itunes:category text="A"><itunes:category text="B"/></itunes:category>',
        ]
    if "x" in spaces:
        wanted += [
            f'<x:own a="b">{text}</x:own>',
            f"<x:own><title>{text}</title></x:own>",
            f'<own xmlns="{_SPACES["x"]}"/>',
        ]
    return draw.choice(wanted)


def _language(draw: random.Random) -> str:
    return f' xml:lang="{draw.choice(_LANGUAGES)}"' if draw.random() < 0.04 else ""


def _encoded(draw: random.Random, text: str) -> tuple[str, bytes]:
    """The bytes and the header; mostly they agree with each other."""
    if draw.random() < 0.75:
        kind = draw.choice(("application/rss+xml", "text/xml; charset=utf-8", "application/atom+xml;charset=UTF-8"))
        return kind, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
    name = draw.choice(("utf-8", "utf-8", "utf-8", "utf-8", "iso-8859-1", "windows-1252", "utf-16", "us-ascii"))
    declared = draw.choice((name, name, name, "", "utf-8"))
    declaration = (
        f"<?xml version='1.0' encoding='{declared}'?>" if declared else draw.choice(("", '<?xml version="1.0"?>'))
    )
    charset = draw.choice(("", "", f"; charset={name}", "; charset=UTF-8", "; charset=x-odd"))
    kind = draw.choice(
        ("application/rss+xml", "application/xml", "text/xml", "text/xml", "text/html", "application/octet-stream")
    )
    declaration += draw.choice(
        ("", "\n", "<!-- made up -->", '<?xml-stylesheet href="s.xsl" encoding="x"?>', "<!DOCTYPE rss>")
    )
    body = (declaration + text).encode(name, "xmlcharrefreplace")
    return kind + charset, draw.choice((b"", b"", b"", b"\xef\xbb\xbf", b"\n")) + body
