"""App Home: what happened, what waits, and each channel with its feeds, a page of them at a time. Pure.

A feed's last 30 days are a line of block characters: of all that Block Kit has, that alone is small enough to stand
beside each of many feeds, needs no upload, and keeps its width on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.choices import Writing
from bot.models import ChannelFeeds, FeedDay, HomeData, Subscription
from bot.slack.blocks.lists import channel_line, feed_line, health, writing_lines
from bot.slack.blocks.message import (
    SECTION_MOST,
    VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    context,
    count,
    divider,
    header,
    option,
    section,
)
from bot.slack.blocks.watches import watch_rows
from bot.slack.escape import clip, fit, line, prose

#: Blocks of channels and feeds on a page: what stands above and below them takes at most 24 of Slack's 100.
PAGE_BLOCKS = 72
#: A channel's own blocks: its line and its buttons.
_CHANNEL_BLOCKS = 2
#: More open questions than these are listed by `/tapeout watch`.
WATCHES_SHOWN = 5
#: What a channel's buttons open; the listener knows the same words.
OPENS = {"topics": "Topics", "filter": "Filters", "style": "Style", "digest": "Rhythm", "audit": "Changes"}
_LEVELS = "▁▂▃▄▅▆▇█"
_FAILED, _IDLE = "×", "·"


def spark(days: Sequence[FeedDay]) -> str:
    """A character for each day: how many articles came (by the square root), `×` all polls failed, `·` none was."""
    most = max((day.new for day in days), default=0)
    return "".join(_level(day, most) for day in days)


def _level(day: FeedDay, most: int) -> str:
    if day.new:
        return _LEVELS[max(1, round((len(_LEVELS) - 1) * (day.new / most) ** 0.5))]
    if day.answered:
        return _LEVELS[0]
    return _FAILED if day.failed else _IDLE


def pages_of(channels: Sequence[ChannelFeeds]) -> tuple[tuple[tuple[ChannelFeeds, int], ...], ...]:
    """Channels on pages that fit: (channel with the feeds that are shown there, how many of its came before)."""
    pages: list[list[tuple[ChannelFeeds, int]]] = [[]]
    left = PAGE_BLOCKS
    for each in channels:
        begun = 0
        while True:
            if left <= _CHANNEL_BLOCKS:  # a channel's line with none of its feeds says nothing
                pages.append([])
                left = PAGE_BLOCKS
            shown = each.subscriptions[begun : begun + left - _CHANNEL_BLOCKS]
            pages[-1].append((replace(each, subscriptions=shown), begun))
            left -= _CHANNEL_BLOCKS + len(shown)
            begun += len(shown)
            if begun >= len(each.subscriptions):
                break
    return tuple(map(tuple, pages))


def home(data: HomeData, writing: Writing | None = None) -> View:
    """App Home for one person: what happened today, the channels they may see, their feeds, and what is wrong.

    Args:
        data: what everybody may see.
        writing: for admins: what the writing costs, and what readers say of it.
    """
    pages = pages_of(data.channels)
    page = min(max(data.page, 0), len(pages) - 1)
    blocks = list(_top(data, writing))
    totals = {each.channel.channel_id: each for each in data.channels}
    for at, (each, begun) in enumerate(pages[page]):
        blocks += _named(at, _channel(data, each, totals[each.channel.channel_id], begun))
    if not data.channels:
        blocks.append(section(_welcome(is_admin=data.actor.is_admin)))
    blocks += _paging(page, len(pages))
    return {"type": "home", "blocks": blocks[:VIEW_BLOCKS]}


def _top(data: HomeData, writing: Writing | None) -> Iterator[Block]:
    yield header("Tapeout: AI infrastructure, told once")
    writer = "in the articles' own words" if data.writer == "extractive" else f"by AI ({clip(line(data.writer), 60)})"
    stories = count(data.stories_today, "story", "stories")
    yield context(f"Today: {stories} from {count(data.articles_today, 'article')}. Briefs are written {writer}.")
    if writing is not None:
        yield section("\n".join(writing_lines(writing)))
    if data.problems:
        yield section(
            fit(["*Needs a look*", *(f"⚠ {prose(problem, 300)}" for problem in data.problems[:10])], SECTION_MOST)
        )
    buttons = []
    if data.actor.is_admin or data.actor.manages:
        buttons.append(button("Add a feed", "home_add", "add", style="primary"))
    if data.has_web:
        buttons.append(button("Open in a browser", "home_web", "/"))
    if data.actor.is_admin:
        buttons.append(button("Readers' votes", "home_open:feedback", data.actor.team_id))
    if buttons:
        yield actions(*buttons, block_id="home_top")
    yield from _watches(data)
    yield divider()


def _watches(data: HomeData) -> Iterator[Block]:
    if not data.watches:
        return
    yield section("*Open questions*: I answer each in its thread once I read it.")
    yield from watch_rows(data.watches[:WATCHES_SHOWN])
    if len(data.watches) > WATCHES_SHOWN:
        yield context(f"… and {len(data.watches) - WATCHES_SHOWN:,} more: `/tapeout watch` lists them.")


def _channel(data: HomeData, each: ChannelFeeds, whole: ChannelFeeds, begun: int) -> Iterator[Block]:
    channel_id = each.channel.channel_id
    may = data.actor.may(channel_id)
    lines = [channel_line(whole)]
    if begun:
        lines[0] += f" · from number {begun + 1}"
    lines.append(f"News comes {prose(data.rhythms.get(channel_id, 'as it happens'), 300)}.")
    lines += [f"⚠ A copy of the digest: {prose(reason, 200)}" for reason in data.failed_copies.get(channel_id, ())[:3]]
    if most := max((len(data.days.get(one.feed.id, ())) for one in each.subscriptions), default=0):
        lines.append(f"_Under each feed: what was new in {most} days._")
    yield section(fit(lines, SECTION_MOST))
    yield actions(*(button(text, f"home_open:{what}", channel_id) for what, text in OPENS.items()))
    for subscription in each.subscriptions:
        shown = [feed_line(subscription.feed), health(subscription)]
        if days := data.days.get(subscription.feed.id):
            shown.append(f"`{spark(days)}` {sum(day.new for day in days):,} new")
        yield section(fit(shown, SECTION_MOST), _feed_menu(subscription) if may else None)


def _named(at: int, blocks: Iterable[Block]) -> Iterator[Block]:
    """A channel's blocks with names: a press on a page that was published anew meanwhile still finds its button."""
    for number, block in enumerate(blocks):
        yield {**block, "block_id": f"channel:{at}.{number}"} if "block_id" not in block else block


def _paging(page: int, pages: int) -> Iterator[Block]:
    if pages == 1:
        return
    yield divider()
    buttons = []
    if page > 0:
        buttons.append(button("◀ Before", "home_page:before", str(page - 1), label="The page before"))
    if page + 1 < pages:
        buttons.append(button("More ▶", "home_page:after", str(page + 1), label="The next page"))
    yield actions(*buttons, block_id="home_page")
    yield context(f"Page {page + 1:,} of {pages:,}.")


def _welcome(*, is_admin: bool) -> str:
    if is_admin:
        return "No feeds yet. *Add a feed* takes any site's address and finds its feed."
    return "No feeds yet. A workspace admin can add one here or with `/tapeout add`."


def _feed_menu(subscription: Subscription) -> Block:
    rest = ("Resume", "resume") if subscription.paused_at else ("Pause", "pause")
    where = f"{subscription.channel.channel_id}:{subscription.id}"
    return {
        "type": "overflow",
        "action_id": "home_feed",
        "options": [
            option(rest[0], f"{rest[1]}:{where}"),
            option("Remove …", f"remove:{where}"),
        ],
    }
