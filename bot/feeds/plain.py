"""Plain text out of feed HTML: paragraphs parted by a blank line, without what a browser would not show. Pure."""

from __future__ import annotations

import html
import re

from lxml import etree  # type: ignore[import-untyped]  # it has no types
from lxml import html as lxml_html

_PARSER = etree.HTMLParser()
_OWN_ROOT = re.compile(r"<(?:!doctype|/?html|/?body|/?head|frame)", re.IGNORECASE)
_MAX = 1_000_000  # characters read; an item that is longer is no article
_DROPPED = {
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title", "form", "button",
    "select", "textarea", "video", "audio", "canvas", "nav",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "aside", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul",
    "ol", "li", "dl", "dt", "dd", "table", "tr", "blockquote", "pre", "figure", "figcaption", "hr", "address",
    "details", "summary", "body",
}  # fmt: skip
_BEFORE = dict.fromkeys(_BLOCKS, "\n\n") | {"br": "\n", "td": " ", "th": " "}
# A tag as HTML has it: so that "Using <T> generics" keeps its T.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|link|mark|meta|object|ol"
    r"|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|time|tr|tt|u|ul|var|video|wbr)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<(script|style)\b[^<>]{0,2000}>.{0,20000}?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_DECLARATION = re.compile(r"<!--.{0,5000}?-->|<![^<>]{0,1000}>|<\?[^<>]{0,1000}>", re.DOTALL)
_STILL_ENCODED = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip);")
# Control characters, the byte order mark, invisible direction and joining marks, and tag characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|font-size\s*:\s*(?:0*\.?0+(?:px|pt|em|rem|%)?|0*[01](?:\.\d+)?p[xt])\s*(?:!|;|$)|opacity\s*:\s*0*\.?0+%?\s*(?:!|;|$)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\s*\d{4,}|clip\s*:\s*rect\(\s*0[^)]{0,20}\)"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:max-)?(?:height|width)\s*:\s*(?:0|[01]px)\s*;[^\"]*overflow\s*:\s*hidden"
    r"|color\s*:\s*transparent|mso-hide\s*:\s*all|(?:scale[xy3d]{0,2}\(\s*0*\.?0+\s*[,)]|zoom\s*:\s*0*\.?0+%?\s*(?:!|;|$))",
    re.IGNORECASE,
)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|d-none|is-hidden|hidden)(?:\s|$)", re.IGNORECASE
)


def clean(text: str) -> str:
    """Text without control and invisible characters and lone surrogates; white space is kept."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # nothing that goes is printable
        return text
    return _INVISIBLE.sub("", text).encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    """Clean text on one line."""
    return " ".join(clean(text).split())


def title_text(raw: str) -> str:
    """A title as people read it: no tags, no declarations, entities resolved, one line, at most 500 characters."""
    text = raw[:20_000]
    if "<" not in text and "&" not in text:
        return _shortened(one_line(text))
    for _ in range(2):  # titles are often escaped twice
        text = _DECLARATION.sub(" ", _UNSEEN.sub(" ", text))
        text = _TAG.sub(" " if _BREAKS.search(text) else "", text)
        if not _STILL_ENCODED.search(text):
            break
        text = html.unescape(text)
    text = _TAG.sub("", _DECLARATION.sub(" ", _UNSEEN.sub(" ", text)))
    return _shortened(one_line(text))


def _shortened(line: str) -> str:
    return line if len(line) <= 500 else line[:499].rstrip() + "…"  # noqa: PLR2004 - no headline is longer


_BREAKS = re.compile(r"<(?:br|p|div|li)\b", re.IGNORECASE)


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser would not show this element, by its own attributes."""
    attributes = element.attrib
    if not attributes:
        return bool(element.tag == "dialog")
    if "hidden" in attributes or str(attributes.get("aria-hidden", "")).strip().lower() == "true":
        return True
    if element.tag == "dialog" and "open" not in attributes:
        return True
    if element.tag == "font" and _is_white_on_white(f"color:{str(attributes.get('color', ''))[:40]}"):
        return True
    style = attributes.get("style")
    if style and _hides(str(style)[:2000]):
        return True
    css = attributes.get("class")
    return bool(css and _HIDING_CLASS.search(str(css)[:1000]))


_ESCAPE = re.compile(r"\\([0-9a-f]{1,5})\s?", re.IGNORECASE)


def _hides(style: str) -> bool:
    """Whether what has this style is not seen; letters written as escapes are read."""
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), style) if "\\" in style else style
    return _HIDING_STYLE.search(plain) is not None or _is_white_on_white(plain)


_COLOUR = r"(?:#(?P<hex>[0-9a-f]{3,8})|rgba?\((?P<rgb>[^)]{1,40})\)|(?P<name>[a-z]+))"
_LETTERS = re.compile(rf"(?<![\w-])color\s*:\s*{_COLOUR}", re.IGNORECASE)
_GROUND = re.compile(rf"(?<![\w-])background(?:-color)?\s*:\s*{_COLOUR}", re.IGNORECASE)
_WHITES = frozenset({"white", "snow", "ivory", "ghostwhite", "whitesmoke", "floralwhite", "mintcream", "azure"})
_LIGHT = 0xF0
"""From here on, of 255, a colour is not seen on white, which is what articles are read on."""


def _is_white_on_white(style: str) -> bool:
    """Whether letters are as good as white, and their own ground is not darker; or just as their ground."""
    letters = _LETTERS.search(style)
    ground = _GROUND.search(style)
    if letters is not None and ground is not None and letters.groups() == ground.groups():
        return True
    return letters is not None and _is_white(letters) and (ground is None or _is_white(ground))


def _is_white(colour: re.Match[str]) -> bool:
    if colour["name"]:
        return colour["name"].lower() in _WHITES
    if colour["hex"]:
        digits = colour["hex"]
        parts = [digit * 2 for digit in digits[:3]] if len(digits) < 6 else [digits[at : at + 2] for at in (0, 2, 4)]  # noqa: PLR2004 - #fff and #ffffff
        return all(int(part, 16) >= _LIGHT for part in parts)
    found = re.findall(r"\d+", colour["rgb"])[:3]
    return len(found) == 3 and all(int(part) >= _LIGHT for part in found)  # noqa: PLR2004 - red, green, blue


_GAP = re.compile(r"\n{3,}")
_UNRENDERED = {"template", "noscript"}


def drop_hidden(root: etree._Element) -> int:
    """Take what a browser would not show out of a tree, keeping the text that follows it; returns how many went."""
    gone = [
        element
        for element in root.iter(etree.Element)
        if element is not root and (element.tag in _UNRENDERED or is_hidden(element))
    ]
    for element in gone:
        _remove(element)
    return len(gone)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def html_text(source: str) -> str:
    """The text of a piece of HTML: paragraphs parted by a blank line, list items and table rows on lines of their own.

    Scripts, forms, and what is hidden (`hidden`, `aria-hidden`, `display:none`, no font size …) are left out. Plain
    text without tags keeps its blank lines. At most the first million characters are read.
    """
    text = clean(source[:_MAX])
    if "<" not in text:
        return _tidy(html.unescape(text))
    root = _tree(text)
    if root is None:
        return _tidy(html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", text)))
    parts: list[str] = []
    _collect(root, parts)
    return _tidy("".join(parts))


def _tree(text: str) -> etree._Element | None:
    """The element around a piece of HTML; None: it can't be read."""
    try:
        if _OWN_ROOT.search(text) is None:
            # What lxml.html does for a fragment, without its own classes for elements, which take half of its time.
            body = etree.fromstring(f"<html><body>{text}</body></html>", _PARSER).find("body")
            if body is not None:
                return body
        return lxml_html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _collect(root: etree._Element, parts: list[str]) -> None:
    """Walk without recursion: hostile HTML is deep."""
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skipping is not None:
            if element is skipping and event == "end":
                skipping = None
                parts.append(_flat(element.tail))
        elif event == "start":
            tag = element.tag
            if element is not root and (tag in _DROPPED or is_hidden(element)):
                skipping = element
                continue
            parts.append(_BEFORE.get(tag, ""))
            parts.append(element.text or "" if tag == "pre" else _flat(element.text))
        else:
            if event == "end" and element.tag in _BLOCKS:
                parts.append("\n\n")
            if element is not root:
                parts.append(_flat(element.tail))


def _flat(text: str | None) -> str:
    """White space as a browser shows it; runs of spaces are left for `_tidy`."""
    if not text or text.isprintable():
        return text or ""
    return re.sub(r"\s+", " ", text)


def _tidy(text: str) -> str:
    text = clean(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [" ".join(line.split()) if line else "" for line in text.split("\n")]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()
