"""Messages and blocks: every type is drawn, hostile text stays text, colours can be read, phones fit."""

from __future__ import annotations

from typing import Any

import pytest

from . import page_blocks as blocks
from . import page_samples as samples
from .conftest import Opener
from .page_fake import PageFake

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = colour => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data]; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = node => { for (let n = node; n; n = n.parentElement) {
    const colour = rgb(getComputedStyle(n).backgroundColor);
    if (colour[3] > 250) return colour; } return [255, 255, 255, 255]; };
  const poor = [];
  for (const node of document.querySelectorAll('#app *, dialog *')) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || node.disabled) continue;
    if (node.closest('.emoji, .reaction-picture, :disabled, svg')) continue;
    const style = getComputedStyle(node);
    const [light, dark] = [luminance(rgb(style.color)), luminance(behind(node))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const name = `${node.className || node.tagName}: ${node.textContent.slice(0, 30)}`;
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${name}`);
  }
  return [...new Set(poor)];
}"""


async def test_every_block_type_is_drawn(visit: Opener) -> None:
    """Each block type of the gallery appears under its own class, and only the invented one is a placeholder."""
    page = await visit("#/channel/C0CHIPS", height=2600)
    await page.wait_for_selector(".block-hologram")
    kinds = {block["type"] for block in blocks.GALLERY}
    drawn = {kind for kind in kinds if await page.locator(f".block-{kind}").count()}
    assert drawn == kinds
    placeholders = await page.locator(".unknown").all_inner_texts()
    assert placeholders == ["A block of type “hologram” can't be shown here."]


async def test_a_brief_shows_its_parts(visit: Opener) -> None:
    """A brief's header, fields, link, buttons and feedback are all reachable by role and name."""
    page = await visit("#/channel/C0NEWS")
    brief = page.get_by_role("listitem").filter(has_text="Norrland Grid signs")
    assert await brief.get_by_role("heading", name="Norrland Grid signs 1.2 GW").count() == 1
    announcement = brief.get_by_role("link", name="Read the announcement")
    assert await announcement.get_attribute("rel") == "noopener noreferrer nofollow"
    assert await announcement.get_attribute("target") == "_blank"
    assert await brief.locator(".field").count() == 4
    for name in ("Ask about this", "Mute the source", "This was useful", "Not useful", "Remove", "3 replies"):
        assert await brief.get_by_role("button", name=name).count() == 1, name


async def test_markdown_and_rich_text_become_elements(visit: Opener) -> None:
    """Markdown's lists, table, quote and code, and rich_text's runs, are real elements."""
    page = await visit("#/channel/C0CHIPS", height=2600)
    markdown = page.locator(".block-markdown")
    await markdown.wait_for()
    assert await markdown.locator("ol > li").count() == 2
    assert await markdown.locator("ol ul > li").all_inner_texts() == ["Luleå, 700 MW", "Boden, 500 MW"]
    assert await markdown.locator("table tbody tr").count() == 2
    assert await markdown.locator("blockquote").count() == 1
    assert await markdown.locator("pre").inner_text() == 'print("1.2 GW")'
    rich = page.locator(".block-rich_text").first
    assert await rich.locator("strong").inner_text() == "Bold "
    assert await rich.locator(".mention").all_inner_texts() == ["@Ana Ruiz", "#infra-news", "@here"]
    assert "22 Nov 2026" in await rich.locator("time").inner_text()


async def test_hostile_text_stays_text(visit: Opener) -> None:
    """Tags are shown as typed; no script runs, no handler exists, no javascript: or data: address is a link."""
    page = await visit("#/channel/C0SECRET")
    await page.wait_for_selector(".block-actions")
    found: dict[str, Any] = await page.evaluate(
        """() => ({
          hurt: window.hurt ?? null,
          scripts: document.querySelectorAll('#app script').length,
          images: [...document.querySelectorAll('#app img')].map(i => i.getAttribute('src')),
          handlers: [...document.querySelectorAll('#app *')]
            .filter(n => n.getAttributeNames().some(a => a.startsWith('on'))).length,
          links: [...document.querySelectorAll('.messages a')].map(a => a.protocol),
          bold: document.querySelectorAll('.messages b, .messages i, .messages u').length,
        })""",
    )
    assert found == {"hurt": None, "scripts": 0, "images": [], "handlers": 0, "links": [], "bold": 0}
    text = await page.locator(".messages").inner_text()
    assert "<script>window.hurt = 1</script>" in text
    assert '<img src=x onerror="window.hurt = 1">' in text


MRKDWN = [
    ("*bold* _it_ ~no~ `co*de*`", "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>co*de*</code></p>"),
    ("snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"),
    ("*<https://a.example|in> bold*", None),
    ("a &amp;lt; b &lt;tag&gt;", "<p>a &amp;lt; b &lt;tag&gt;</p>"),
    ("<!here> hi", '<p><span class="mention mention-me">@here</span> hi</p>'),
    ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
    ("&gt; said\nthen", "<blockquote>said</blockquote><p>then</p>"),
    ("```x <https://a.example|y>\n*z*```", '<pre class="code" tabindex="0"><code>x y\n*z*</code></pre>'),
    ("<@U0ANA>", '<p><span class="mention mention-me">@Ana</span></p>'),
    ("<!date^1795305600^{date_num}|then>", None),
    (":unknown_name: 10:30:45", "<p>:unknown_name: 10:30:45</p>"),
]


async def test_mrkdwn(visit: Opener) -> None:
    """Slack's mrkdwn becomes these elements."""
    page = await visit("#/channel/C0EMPTY")
    drawn: list[str] = await page.evaluate(
        """async texts => { const { drawMrkdwn } = await import('/static/js/text/mrkdwn.js');
          const names = { me: 'U0ANA', user: id => id === 'U0ANA' ? 'Ana' : null, channel: () => null };
          return texts.map(text => { const box = document.createElement('div');
            box.append(drawMrkdwn(text, names)); return box.innerHTML; }); }""",
        [text for text, _ in MRKDWN],
    )
    by_text = dict(zip([text for text, _ in MRKDWN], drawn, strict=True))
    wrong = {text: by_text[text] for text, html in MRKDWN if html is not None and by_text[text] != html}
    assert wrong == {}
    assert "22/11/2026</time>" in by_text["<!date^1795305600^{date_num}|then>"]
    assert by_text["*<https://a.example|in> bold*"].startswith('<p><strong><a class="link" href="https://a.example/"')


async def test_markdown_that_is_still_arriving(visit: Opener) -> None:
    """Every beginning of a Markdown text can be drawn, loses no word, and makes no element of a tag in it."""
    page = await visit("#/channel/C0EMPTY")
    poor: list[str] = await page.evaluate(
        """async text => { const { drawMarkdown } = await import('/static/js/text/markdown.js');
          const names = { me: '', user: () => null, channel: () => null }; const poor = [];
          for (let end = 1; end <= text.length; end += 1) {
            const box = document.createElement('div'); box.append(drawMarkdown(text.slice(0, end), names));
            const words = text.slice(0, end).match(/[a-z]{6,}(?=[^a-z])/g) ?? [];
            const own = ['python', 'example', 'filing'];  // a fence's language and an address are not shown
            const lost = words.filter(word => !box.textContent.includes(word) && !own.includes(word));
            if (lost.length || box.querySelector('script, img')) poor.push(text.slice(0, end).slice(-20) + lost);
          }
          return poor; }""",
        blocks.MARKDOWN + "<script>hurting</script> ",
    )
    assert poor == []


async def test_typed_text_is_sent_as_slack_sends_it(visit: Opener) -> None:
    """Typed names become ids, code keeps its names, and nothing else changes."""
    page = await visit("#/channel/C0EMPTY")
    sent = await page.evaluate(
        """async text => { const { outgoing } = await import('/static/js/text/outgoing.js');
          return outgoing(text, [{ id: 'U1', name: 'ana' }], [{ id: 'C1', name: 'infra-news' }]); }""",
        "@ana: is 1 < 2 & #infra-news? @here, not a@ana.example nor `@ana`",
    )
    assert sent == "<@U1>: is 1 < 2 & <#C1>? <!here>, not a@ana.example nor `@ana`"


READY = {
    "#/channel/C0CHIPS": ".block-hologram",
    "#/channel/C0NEWS": ".summary",
    "#/app/A0TAPEOUT/home": ".home-body .block",
    "#/channel/C0SECRET": ".messages .block-actions :disabled",
}
PLACES = list(READY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_can_be_read(visit: Opener, scheme: str) -> None:
    """Each visible text has a contrast of at least 4.5:1 with what is behind it (WCAG AA), in both themes."""
    page = await visit(PLACES[0], scheme=scheme, height=2600)
    poor = {}
    for place in PLACES:
        await page.evaluate("place => { location.hash = place; }", place)
        await page.wait_for_selector(READY[place])
        if found := await page.evaluate(CONTRAST):
            poor[place] = found
    assert poor == {}


async def test_phone_needs_no_sideways_scroll(visit: Opener) -> None:
    """At 390 pixels nothing reaches past the screen, whatever the blocks."""
    page = await visit(PLACES[0], width=390, height=844, phone=True)
    wide = {}
    for place in PLACES:
        await page.evaluate("place => { location.hash = place; }", place)
        await page.wait_for_selector(READY[place])
        found = await page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll('.messages, .home-scroll, .pane')]
              .filter(n => n.scrollWidth > n.clientWidth + 1).map(n => `${n.className} ${n.scrollWidth}`)""",
        )
        if found:
            wide[place] = found
    assert wide == {}


async def test_streaming_text_appears_and_settles(visit: Opener, fake: PageFake) -> None:
    """A streaming message grows under a caret and ends as its final text and blocks."""
    root = next(m for m in fake.timelines[blocks.NEWS] if m.get("reply_count"))["ts"]
    page = await visit(f"#/channel/C0NEWS/thread/{root}")
    await page.wait_for_selector(".thread .message >> nth=3")
    await fake.emit({"type": "status", "channel": blocks.NEWS, "thread_ts": root, "status": "is reading 14 articles…"})
    await page.get_by_text("Tapeout is reading 14 articles…").first.wait_for()
    message = await fake.say(blocks.NEWS, samples.BOT, "", thread_ts=root, bot_id="B0", streaming=True)
    node = page.locator(f".thread [data-ts='{message['ts']}']")
    for delta in ("The filing says ", "**1.15", " GW**."):
        await fake.emit(
            {"type": "stream", "channel": blocks.NEWS, "ts": message["ts"], "thread_ts": root, "delta": delta}
        )
    await node.locator("strong", has_text="1.15 GW").wait_for()
    assert await node.locator(".caret").count() == 1
    await page.get_by_role("button", name="Stop").click()
    assert (await fake.post_of("/page/stop"))["thread_ts"] == root
    settled = [{"type": "markdown", "block_id": "m", "text": "The filing says **1.15 GW**."}, blocks.BRIEF[-1]]
    final = {key: value for key, value in {**message, "blocks": settled}.items() if key != "streaming"}
    await fake.emit({"type": "message_changed", "channel": blocks.NEWS, "message": final})
    await node.get_by_role("button", name="This was useful").wait_for()
    assert await node.locator(".caret").count() == 0
    assert await page.get_by_role("button", name="Stop").count() == 0
