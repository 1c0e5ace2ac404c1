from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.choices import Bars, ChannelChoices, Recent, TopicAdded, TopicChoice, Writing
from bot.models import (
    Actor,
    Added,
    Answer,
    AnswerState,
    Article,
    Brief,
    Channel,
    ChannelFeeds,
    ChannelTrail,
    DeliveryState,
    Evidence,
    FactLine,
    Feed,
    FeedDay,
    FeedState,
    HomeData,
    OpenWatch,
    Quote,
    Relevance,
    Sentence,
    Source,
    Standing,
    Subscription,
    Trail,
    WatchState,
)
from bot.slack import blocks
from bot.slack.blocks import Block, Message, View
from bot.slack.blocks.brief import SIGNS, fact_line
from bot.slack.blocks.home import pages_of, spark
from bot.workspace.blocks import blocks_error, check_blocks, check_view

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FEW = settings(max_examples=25, deadline=None)

# --- what any input may be ---------------------------------------------------------------------------------

words = st.one_of(
    st.text(alphabet=st.sampled_from("ab <>&*_`|!@#\n\u202e😀é1$"), max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "<!channel> is up",
            "AWS will invest $8 billion",
            "x" * 5_000,
            "&" * 2_000,
            "word " * 900,
            "https://evil.example/?q=secret",
            "```code",
        ]
    ),
)
urls = st.one_of(
    words, st.sampled_from(["https://a.example/x?y=1&z=<2>", "https://a.example/" + "p" * 2_500, "javascript:alert(1)"])
)
ids = st.integers(1, 9)


def many(items: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to `most` items made of a few, which is much quicker than as many different ones."""
    return st.builds(lambda few, times: tuple(few * times)[:most], st.lists(items, max_size=3), st.integers(1, most))


numbers = st.lists(st.integers(-1, 60), max_size=9).map(tuple)
sentences = st.builds(
    Sentence, text=words, quotes=st.lists(st.builds(Quote, article_id=ids, text=words), max_size=6).map(tuple)
)
sources = st.builds(
    Source,
    number=st.integers(1, 60),
    article_id=ids,
    publisher=words,
    title=words,
    url=urls,
    published_at=st.sampled_from([None, NOW]),
    note=st.one_of(st.none(), words),
)
facts = st.builds(
    FactLine,
    sentence=sentences,
    shown=words,
    sources=numbers,
    standing=st.sampled_from(Standing),
    publishers=st.integers(0, 2_000),
    others=st.lists(st.tuples(words, numbers), max_size=6).map(tuple),
)
briefs = st.builds(
    Brief,
    headline=words,
    headline_quotes=st.just(()),
    what=many(sentences, 6),
    why=st.one_of(st.none(), sentences),
    facts=many(facts, 8),
    unknown=st.lists(words, max_size=8).map(tuple),
    sources=many(sources, 60),
    reported_by=st.integers(0, 5_000),
    writer=st.one_of(st.just("extractive"), words),
    style=st.sampled_from(["standard", "one line", "deep"]),
    note=st.one_of(st.none(), words),
)
relevances = st.one_of(
    st.none(),
    st.builds(
        Relevance,
        score=st.floats(0, 1),
        substance=st.floats(0, 1),
        topics=st.just(()),
        reasons=st.lists(words, max_size=5).map(tuple),
    ),
)
answers = st.builds(
    Answer,
    state=st.sampled_from(AnswerState),
    sentences=many(sentences, 8),
    sources=many(sources, 30),
    nearest=many(sources, 30),
    message=words,
    searched=st.integers(0, 10**9),
    writer=words,
    note=st.one_of(st.none(), words),
)
moments = st.sampled_from([None, NOW])
feeds = st.builds(
    Feed,
    id=ids,
    url=urls,
    title=words,
    publisher=words,
    site_url=st.one_of(st.none(), urls),
    state=st.sampled_from(FeedState),
    last_new_at=moments,
    failing_since=moments,
    last_error=st.one_of(st.none(), words),
)
channels = st.builds(
    Channel,
    team_id=st.just("T1"),
    channel_id=st.sampled_from(["C1", "D1", "<!here>"]),
    name=words,
    paused_at=moments,
    state=st.sampled_from(["active", "archived", "not a member", "gone", "odd <!channel>"]),
)
subscriptions = st.builds(
    Subscription,
    id=ids,
    channel=channels,
    feed=feeds,
    created_by=st.sampled_from(["U1", "<!channel>"]),
    created_at=st.just(NOW),
    paused_at=moments,
)
channel_feeds = st.builds(
    ChannelFeeds,
    channel=channels,
    subscriptions=many(subscriptions, 130),
    posted_today=st.integers(0, 10**6),
    waiting=st.integers(0, 10**6),
)
open_watches = st.builds(
    OpenWatch,
    id=ids,
    channel_id=st.sampled_from(["C1", "D1", "<!here>"]),
    user_id=st.just("U1"),
    text=words,
    until=st.just(NOW),
    may_end=st.booleans(),
)
homes = st.builds(
    HomeData,
    actor=st.builds(Actor, team_id=st.just("T1"), user_id=st.just("U1"), is_admin=st.booleans()),
    channels=many(channel_feeds, 3),
    stories_today=st.integers(0, 10**6),
    articles_today=st.integers(0, 10**6),
    writer=words,
    problems=st.lists(words, max_size=20).map(tuple),
    page=st.integers(0, 9),
    days=st.just(dict.fromkeys(range(1, 10), (FeedDay(NOW.date(), 3, 1, 40),) * 30)),
    rhythms=st.dictionaries(st.sampled_from(["C1", "D1"]), words, max_size=2),
    failed_copies=st.dictionaries(st.just("C1"), st.lists(words, max_size=9).map(tuple), max_size=1),
    watches=many(open_watches, 40),
    has_web=st.booleans(),
)
choices = st.lists(st.tuples(urls, words, st.lists(words, max_size=3).map(tuple)), max_size=14).map(tuple)
added = st.builds(
    Added,
    subscription=st.one_of(st.none(), subscriptions),
    existed=st.booleans(),
    latest=st.lists(words, max_size=8).map(tuple),
    choices=choices,
)

topic_choices = st.builds(
    TopicChoice,
    name=words.map(lambda text: text[:80]),
    text=st.one_of(st.none(), words),
    is_followed=st.booleans(),
    muted_until=st.sampled_from([None, NOW, NOW + timedelta(days=9)]),
)
chosen = st.builds(
    ChannelChoices,
    channel=channels,
    topics=many(topic_choices, 28).filter(bool),
    up=st.integers(0, 10**6),
    down=st.integers(0, 10**6),
    weight=st.floats(0, 0.99),
    recent=st.just(Recent(())),
    as_of=st.just(NOW),
)
trails = st.builds(
    Trail,
    article=st.builds(
        Article, id=ids, feed_id=ids, identity=words, url=urls, title=words, publisher=words, first_seen_at=moments
    ),
    feed_title=words,
    feed_url=urls,
    verdict=words,
    verdict_reason=words,
    stage=words,
    story_title=st.one_of(st.none(), words),
    join_reasons=st.lists(words, max_size=4).map(tuple),
    wire_of=st.one_of(st.none(), ids),
    channels=st.lists(
        st.builds(
            ChannelTrail,
            channel=channels,
            state=st.sampled_from([None, *DeliveryState]),
            reason=words,
            threshold=st.floats(0, 1),
            relevance=relevances,
            sent_at=moments,
        ),
        max_size=3,
    ).map(tuple),
)

# --- what must hold ----------------------------------------------------------------------------------------

TOKEN = re.compile(r"<(https?://[^<>|\s]+\|[^<>|]*|https?://[^<>|\s]+|#[CG]\w+|@[UW]\w+|!date\^\d+\^[^<>|]*\|[^<>|]*)>")
"""What may stand in angle brackets: links, our own channels and people, and dates; never `<!channel>`."""
STRAY = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")


def texts(part: Any) -> list[str]:
    """Every text of ready-made mrkdwn or plain_text in a block, view or list of them."""
    if isinstance(part, dict):
        own = [str(part["text"])] if part.get("type") in {"mrkdwn", "plain_text"} else []
        return own + [text for value in part.values() for text in texts(value)]
    if isinstance(part, list | tuple):
        return [text for value in part for text in texts(value)]
    return []


def assert_inert(text: str) -> None:
    """Outside the forms that we write ourselves there is no control character."""
    quoteless = "\n".join(part.removeprefix(">") for part in text.split("\n"))
    assert not STRAY.search(TOKEN.sub("", quoteless)), text[:300]


def assert_postable(message: Message) -> None:
    """Slack takes it, nobody is called by it, and it says something without its blocks."""
    assert check_blocks(list(message.blocks)) == []
    assert blocks_error(list(message.blocks)) is None
    assert 0 < len(message.text) <= 4_000
    assert message.text.strip()
    assert_inert(message.text)
    for text in texts(message.blocks):
        assert_inert(text)
    json.dumps(message.blocks)


def assert_no_stray_address(message: Message) -> None:
    """No address is in the running text, where a client would make a link of it."""
    for block in message.blocks:
        for text in texts(block) if block["type"] != "header" else ():
            assert "://" not in TOKEN.sub("", text), text[:300]


def assert_view(view: View, surface: str = "modal") -> None:
    """Slack takes it, and nobody is called by it."""
    assert not check_view(view, surface=surface), check_view(view, surface=surface)
    for text in texts(view):
        assert_inert(text)


@FEW
@given(brief=briefs, relevance=relevances, hint=st.booleans())
def test_any_brief_can_be_posted(brief: Brief, relevance: Relevance | None, *, hint: bool) -> None:
    """Whatever is in a brief, its post is within Slack's limits and inert."""
    message = blocks.brief(brief, relevance, story_id=12, ask_hint=hint)
    assert_postable(message)
    assert_no_stray_address(message)


@FEW
@given(answers, st.one_of(st.none(), words))
def test_any_answer_can_be_posted(answer: Answer, asked: str | None) -> None:
    """The same for an answer, whole or as what goes below a stream."""
    message = blocks.answer(answer, 7, asked=asked, asked_by="U1")
    assert_postable(message)
    assert_no_stray_address(message)
    assert blocks_error(list(message.below)) is None, vars(blocks_error(list(message.below)))


@FEW
@given(homes)
def test_any_home_can_be_published(data: HomeData) -> None:
    """However many feeds there are, App Home stays within 100 blocks."""
    assert_view(blocks.home(data), "home")


@FEW
@given(feeds_of=many(channel_feeds, 3), admin=st.booleans())
def test_any_list_can_be_shown(feeds_of: tuple[ChannelFeeds, ...], *, admin: bool) -> None:
    """The list of feeds fits a message."""
    assert_postable(blocks.subscriptions(feeds_of, is_admin=admin))


@FEW
@given(added, briefs, subscriptions, words)
def test_any_form_can_be_opened(result: Added, brief: Brief, subscription: Subscription, text: str) -> None:
    """Every modal stays within a view's limits."""
    assert_view(blocks.added(result, "C1"))
    assert_view(blocks.sources_modal(Evidence(brief, {source.article_id: (text,) for source in brief.sources})))
    assert_view(blocks.remove_confirm(subscription))
    assert_view(blocks.add_modal(address=text.strip()[:2_000], channel_id="C1", problem=text or None))
    assert_view(blocks.busy(text))
    assert_view(blocks.notice("Tapeout", text or "x"))


def test_how_a_topic_was_understood_is_said() -> None:
    """Two words may be a name, and what a sentence leaves out is told back."""
    name = TopicAdded(TopicChoice("Together AI", "Together AI"), "Together AND AI", (), 0)
    assert '`"Together AI"`' in blocks.topic_added(name, "C1").text
    without = TopicAdded(TopicChoice("x", "HBM not gaming"), None, (), 0, without=("gaming", "phones"))
    assert "none that open with gaming or phones" in blocks.topic_added(without, "C1").text


@FEW
@given(added, subscriptions, words)
def test_any_notice_can_be_posted(result: Added, subscription: Subscription, text: str) -> None:
    """Every short message stays within a message's limits."""
    assert_postable(blocks.added_message(result, "C1", "general"))
    assert_postable(blocks.removed(subscription))
    assert_postable(blocks.intro(subscription))
    assert_postable(blocks.paused((subscription,) * 12, resumed=False))
    assert_postable(blocks.sentence(text))


@FEW
@given(chosen, words, st.booleans())
def test_any_channels_choices_can_be_shown(made: ChannelChoices, text: str, is_admin: bool) -> None:  # noqa: FBT001  # given by hypothesis
    """The list of topics, with as many as a channel may have, and what each change answers."""
    assert_postable(blocks.topics(made, is_admin=is_admin))
    for choice in made.topics[:3]:
        assert_postable(blocks.topic_removed(choice, "C1"))
        assert_postable(blocks.topic_unmuted(choice, "C1"))
        added = TopicAdded(choice, text or None, (text,) * 5, 9)
        assert_postable(blocks.topic_added(added, "C1"))
        assert_postable(blocks.topic_added(replace(added, understood=None, without=(text,) * 9), "C1"))
        assert_view(blocks.topic_added_view(added, "C1"))
        assert_postable(blocks.topic_muted(replace(choice, muted_until=NOW), "C1"))
    assert_postable(blocks.bars(Bars(made.channel, 1, 2, 3)))
    assert_postable(blocks.style(made.channel, is_admin=is_admin))
    assert_view(blocks.add_topic_modal(channel_id="C1", text=text.strip()[:400], problem=text or None))


@FEW
@given(many(channel_feeds, 2), st.lists(trails, min_size=1, max_size=2).map(tuple))
def test_any_health_and_trail_can_be_shown(listed: tuple[ChannelFeeds, ...], found: tuple[Trail, ...]) -> None:
    """However many feeds there are, and whatever became of an article."""
    assert_postable(blocks.health(listed))
    assert_postable(blocks.why(found, "C1"))


# --- what a reader sees ------------------------------------------------------------------------------------


def brief_of_two() -> Brief:
    """A brief with a confirmed, a single and a disputed figure."""
    sources = (
        Source(1, 101, "The Register", "AWS spends", "https://reg.example/a", NOW - timedelta(hours=2)),
        Source(2, 102, "DCD", "Amazon builds", "https://dcd.example/b", NOW - timedelta(hours=1), "paywalled"),
    )
    first, second = Quote(101, "AWS will invest $8 billion"), Quote(102, "a sum of $8 billion")
    return Brief(
        headline="AWS & Anthropic build in Ohio",
        headline_quotes=(first,),
        what=(Sentence("AWS will invest $8 billion in Ohio.", (first, second)),),
        why=Sentence("It adds capacity next year.", (second,)),
        facts=(
            FactLine(
                Sentence("It will spend $8 billion.", (first, second)), "$8 billion", (1, 2), Standing.CONFIRMED, 2
            ),
            FactLine(Sentence("The site takes 40 acres.", (first,)), "40 acres", (1,), Standing.SINGLE),
            FactLine(Sentence("It draws 1.2 GW.", (first,)), "1.2 GW", (1,), Standing.DISPUTED, 1, (("1.4 GW", (2,)),)),
        ),
        unknown=("When it opens.",),
        sources=sources,
        reported_by=2,
    )


def body(message: Message) -> str:
    """All that a message shows."""
    return "\n".join(texts(message.blocks))


def test_a_brief_says_what_why_how_sure_and_who() -> None:
    """A reader finds headline, event, reason, figures with their standing, gaps and linked sources, in this order."""
    shown = body(blocks.brief(brief_of_two(), None, story_id=12))
    parts = [
        "AWS &amp; Anthropic build in Ohio",
        "AWS will invest $8 billion in Ohio. <https://reg.example/a|[1]> <https://dcd.example/b|[2]>",
        "*Why it matters*",
        "✓ It will spend *$8 billion*. ",
        "_confirmed by 2 publishers_",
        "○ The site takes *40 acres*. ",
        "— _single source_",
        "⚠ It draws *1.2 GW*. ",
        "_disputed:_ The Register says *1.2 GW* [1], DCD says *1.4 GW* [2]",
        "*Not known yet*\n• When it opens.",
        "*Reported by 2 independent publishers*\n[1] <https://reg.example/a|The Register>",
        " · [2] <https://dcd.example/b|DCD> (_paywalled_)",
        "In the articles' own words",
        "Reply in the thread",
    ]
    at = [shown.find(part) for part in parts]
    assert -1 not in at, parts[at.index(-1)]
    assert at == sorted(at)


def test_a_brief_read_aloud_is_complete() -> None:
    """The text for screen readers and notifications holds every sentence and the publishers' names."""
    text = blocks.brief(brief_of_two(), None, story_id=12).text
    for part in (
        "AWS will invest $8 billion in Ohio. [1] [2]",
        "Why it matters: It adds capacity next year.",
        "Confirmed by 2 publishers: It will spend",
        "Single source: The site",
        "Disputed: It draws 1.2 GW. [1] The Register says 1.2 GW, DCD says 1.4 GW.",
        "Not known: When it opens.",
        "Reported by 2 independent publishers: The Register and DCD.",
    ):
        assert part in text


def test_a_brief_has_only_buttons_that_do_something() -> None:
    """Ask, 👍, 👎, Sources and Mute carry the story's number, and say aloud what they are."""
    row = next(block for block in blocks.brief(brief_of_two(), None, story_id=12).blocks if block["type"] == "actions")
    assert [(item["action_id"], item["value"]) for item in row["elements"]] == [
        ("story_ask", "12"),
        ("feedback_up", "story:12"),
        ("feedback_down", "story:12"),
        ("story_sources", "12"),
        ("story_mute", "12"),
    ]
    assert all(item["accessibility_label"] for item in row["elements"])


def test_an_ai_is_named_as_the_writer() -> None:
    """A brief that a model wrote says so, with what went wrong if anything did."""
    by_model = replace(brief_of_two(), writer="gpt-4.1-mini", note="The second draft was used.")
    shown = body(blocks.brief(by_model, None, story_id=1))
    assert "Written by AI (gpt-4.1-mini), each sentence checked against a quote. The second draft was used." in shown


def test_a_channel_learns_why_it_got_the_story() -> None:
    """The footer has the first reasons and the substance in a word."""
    relevance = Relevance(0.8, 0.7, ("chips",), ("chips", "capacity", "third"))
    shown = body(blocks.brief(brief_of_two(), relevance, story_id=1))
    assert "Why here: chips and capacity · Substance: high" in shown


def test_a_long_headline_is_shown_whole() -> None:
    """A headline beyond a header's 150 characters becomes bold text rather than losing its end."""
    long = replace(brief_of_two(), headline="Very long headline " * 12)
    first = blocks.brief(long, None, story_id=1).blocks[0]
    assert first["type"] == "section"
    assert first["text"]["text"].endswith("headline*")


@pytest.mark.parametrize(
    ("sentence", "shown", "expected"),
    [
        ("They paid $8 billion (about half).", "$8 billion", "They paid *$8 billion* (about half)."),
        ("They paid US$8 billion.", "$8 billion", "They paid US$8 billion."),
        ("AT&T pays.", "amp", "*amp*: AT&amp;T pays."),
        ("Capacity doubles.", "2x", "*2x*: Capacity doubles."),
    ],
)
def test_a_figure_is_bold_only_where_slack_shows_it(sentence: str, shown: str, expected: str) -> None:
    """Asterisks inside a word or an entity would be shown as asterisks, or break the text."""
    line = fact_line(FactLine(Sentence(sentence, ()), shown, (), Standing.SINGLE), ())
    if shown == "amp":
        assert "&*" not in line
    else:
        assert line == f"○ {expected}  — _single source_"


def test_each_standing_has_its_own_sign() -> None:
    """Confirmed, single and disputed are told apart without colour."""
    assert len(set(SIGNS.values())) == len(Standing)


def test_an_answer_has_numbered_linked_sources() -> None:
    """Sentences carry numbers, the numbers are listed with links and dates below, and the writer is named."""
    source = Source(1, 101, "DCD", "Amazon builds", "https://dcd.example/b", NOW)
    told = Answer(
        AnswerState.ANSWERED,
        (Sentence("It draws 1.2 GW.", (Quote(101, "draws 1.2 GW"),)),),
        (source,),
        searched=14,
        writer="gpt",
    )
    message = blocks.answer(told, 7)
    shown = body(message)
    assert "It draws 1.2 GW. <https://dcd.example/b|[1]>" in shown
    assert "[1] <https://dcd.example/b|DCD: Amazon builds> · <!date^" in shown
    assert "Looked at 14 articles. Written by AI (gpt)" in shown
    assert message.markdown == "It draws 1.2 GW. [1]"
    assert "[1] DCD: Amazon builds" in message.text


def test_not_knowing_is_said_with_the_nearest_story() -> None:
    """An unknown answer says so, shows the nearest thing as such, and never calls it a source."""
    near = Source(1, 101, "DCD", "Amazon builds", "https://dcd.example/b", NOW)
    shown = body(blocks.answer(Answer(AnswerState.UNKNOWN, (), (), (near,), searched=3), 7))
    assert "That is not in what I have read." in shown
    assert "*The nearest I have*\n[1] <https://dcd.example/b|DCD: Amazon builds>" in shown
    assert "*Sources*" not in shown


def test_what_is_unknown_can_be_watched_for() -> None:
    """Offered, watched for and told look different: a button to begin, one to stop, none."""
    unknown = Answer(AnswerState.UNKNOWN, (), (), message="That is not in what I have read.")
    plain, offered, watched, told = (
        blocks.answer(unknown, 7, watch=state) for state in (None, WatchState.OFFERED, WatchState.OPEN, WatchState.TOLD)
    )
    assert "atch" not in body(plain)
    assert "answer_watch" in str(offered.below)
    assert "press the button" in offered.text
    assert "answer_unwatch" in str(watched.below)
    assert "watching for it, for 30 days" in watched.text
    assert "_watch" not in str(told.below)
    assert "told it in this thread" in told.text


def test_a_question_from_a_form_is_quoted_above_its_answer() -> None:
    """Where the thread does not show the question, the answer does, and such an answer is not streamed."""
    message = blocks.answer(Answer(AnswerState.UNKNOWN, (), ()), 7, asked="How <!channel> big?", asked_by="U1")
    assert "<@U1> asked: How &lt;!channel&gt; big?" in body(message)
    assert message.markdown == ""


def subscription_of(feed: Feed, **changes: Any) -> Subscription:
    """A feed in #general."""
    return replace(Subscription(5, Channel("T1", "C1", "general"), feed, "U1", NOW), **changes)


def test_a_broken_feed_says_since_when_and_why() -> None:
    """An admin sees at a glance which feed is in trouble."""
    feed = Feed(3, "https://a.example/f", "A", "A", state=FeedState.FAILING, failing_since=NOW, last_error="HTTP 500")
    shown = body(
        blocks.subscriptions((ChannelFeeds(Channel("T1", "C1", "g"), (subscription_of(feed),)),), is_admin=True)
    )
    assert "⚠ cannot be read · since <!date^1795339800^" in shown
    assert "HTTP 500" in shown


def test_home_offers_changes_to_admins_alone() -> None:
    """Menus and the add button are for those who may use them; a paused feed offers Resume."""
    feed = subscription_of(Feed(3, "https://a.example/f", "A", "A"), paused_at=NOW)
    data = HomeData(Actor("T1", "U1", is_admin=True), (ChannelFeeds(feed.channel, (feed,)),), 2, 5, "extractive")
    as_admin = json.dumps(blocks.home(data))
    assert "resume:C1:5" in as_admin
    assert "remove:C1:5" in as_admin
    assert "home_add" in as_admin
    plain = json.dumps(blocks.home(replace(data, actor=Actor("T1", "U2", is_admin=False))))
    assert "home_feed" not in plain
    assert "home_add" not in plain


def test_a_channel_is_introduced_by_whom_and_how_to_change_it() -> None:
    """The first message in a channel names who set it up and the commands that change it."""
    shown = body(blocks.intro(subscription_of(Feed(3, "https://a.example/f", "A feed", "A"))))
    assert shown.startswith("<@U1> set me up here to follow *A feed*.")
    assert "`/tapeout pause`" in shown


def test_choices_travel_whole() -> None:
    """Several feeds become buttons and options that lead back to the very addresses."""
    result = Added(None, choices=(("https://a.example/1", "One", ("x",)), ("https://a.example/2", "", ())))
    buttons: list[Block] = [b["accessory"] for b in blocks.added_message(result, "C1", "g").blocks if "accessory" in b]
    assert [json.loads(item["value"])["address"] for item in buttons] == ["https://a.example/1", "https://a.example/2"]
    view = blocks.added(result, "C1")
    assert json.loads(view["private_metadata"]) == {
        "channel": "C1",
        "0": "https://a.example/1",
        "1": "https://a.example/2",
    }


def test_help_lists_every_command() -> None:
    """Each verb is in the help, with the command's own name."""
    shown = body(blocks.help_message(command="/tapeout", bot_id="U9"))
    assert all(f"`/tapeout {verb}" in shown for verb, _, _ in blocks.COMMANDS)
    assert "<@U9>" in shown


def test_a_feeds_days_are_a_line_of_characters() -> None:
    """One for each day: height by the square root of what came; quiet, failed and unasked days look different."""
    quiet, none = FeedDay(NOW.date(), 4, 0, 0), FeedDay(NOW.date(), 0, 0, 0)
    failed, mixed = FeedDay(NOW.date(), 0, 4, 0), FeedDay(NOW.date(), 1, 3, 0)
    one, many_ = FeedDay(NOW.date(), 4, 0, 1), FeedDay(NOW.date(), 4, 0, 49)
    assert spark((none, quiet, failed, mixed, one, many_)) == "·▁×▁▂█"
    assert spark(()) == ""


def test_every_feed_is_on_one_page_of_home_and_no_page_is_too_long() -> None:
    """However many channels and feeds: all pages fit, together they show each feed once, and lead to each other."""
    watched = (OpenWatch(1, "C1", "U1", "Who?", NOW, may_end=True),) * 9
    feed = Subscription(1, Channel("T1", "C1", "ai"), Feed(1, "https://a.example/f", "Feed", "F"), "U1", NOW)
    listed = tuple(
        ChannelFeeds(
            replace(feed.channel, channel_id=f"C{number}"),
            tuple(replace(feed, id=number * 1_000 + each) for each in range(many_)),
        )
        for number, many_ in enumerate((0, 1, 200, 3, 71, 70, 0, 69))
    )
    shown: list[int] = []
    pages = pages_of(listed)
    for page in range(len(pages)):
        data = HomeData(Actor("T1", "U1", is_admin=True), listed, 1, 1, "extractive", page=page, watches=watched)
        view = blocks.home(data, Writing("gpt", 1, 2, 3, 1))
        assert_view(view, "home")
        assert len(view["blocks"]) < 100
        assert ("home_page:before" in str(view)) == (page > 0)
        assert ("home_page:after" in str(view)) == (page + 1 < len(pages))
        shown += [each.id for entry, _ in pages[page] for each in entry.subscriptions]
    assert shown == [each.id for entry in listed for each in entry.subscriptions]


@FEW
@given(many(open_watches, 60))
def test_any_list_of_watches_can_be_posted(found: tuple[OpenWatch, ...]) -> None:
    """However many there are and whatever was asked."""
    assert_postable(blocks.watches(found))


def test_home_tells_admins_what_the_model_used() -> None:
    """A bar and the numbers; what happens where a limit holds no further call; without a model, that nothing is spent.

    The bar follows the limit that is nearer.
    """
    home = HomeData(Actor("T1", "U1", is_admin=True), (), 1, 1, "gpt")
    half = str(blocks.home(home, Writing("gpt", 250_000, 500_000, 3, 1)))
    assert "■■■■■□□□□□ 250,000 of 500,000 tokens (50%)" in half
    assert "3 👍 and 1 👎" in half
    assert "until midnight UTC" in str(blocks.home(home, Writing("gpt", 500_001, 500_000, 0, 0)))
    assert "until midnight UTC" in str(blocks.home(home, Writing("gpt", 0, 0, 0, 0)))
    dear = Writing("gpt", 250_000, 500_000, 0, 0, dollars=1.5, most_dollars=2.0)
    told = str(blocks.home(home, dear))
    assert "250,000 of 500,000 tokens, $1.50 of $2.00 (75%)" in told
    assert "until midnight UTC" not in told
    assert "until midnight UTC" in str(blocks.home(home, replace(dear, stopped_at=NOW)))
    assert "nothing is spent" in str(blocks.home(home, Writing("extractive", 0, 0, 0, 0)))
    assert "tokens" not in str(blocks.home(home))


def test_one_line_is_one_paragraph() -> None:
    """The headline, a sentence and the sources; figures and gaps are left to Sources."""
    short = blocks.brief(replace(brief_of_two(), style="one line"), None, story_id=12)
    assert [block["type"] for block in short.blocks] == ["section", "context", "actions"]
    assert "Figures" not in str(short.blocks)


def test_a_list_shows_every_number_as_long_as_there_is_room() -> None:
    """Sixty feeds take several sections; six hundred end with where the rest is, and the hints stay."""

    def listed(many: int) -> Message:
        entries = tuple(
            Subscription(n, Channel("T1", "C1", "ai"), Feed(n, f"https://a.example/{n}", f"Feed {n}", "P"), "U1", NOW)
            for n in range(many)
        )
        return blocks.subscriptions((ChannelFeeds(entries[0].channel, entries),), is_admin=True)

    assert "60. <https://a.example/59|Feed 59>" in str(listed(60).blocks)
    most = listed(600)
    assert_postable(most)
    assert "There are more" in str(most.blocks)
    assert "removes number 2" in str(most.blocks[-1])


def test_a_figure_that_changed_says_what_it_was() -> None:
    """A reader of the first post sees the new figure with the old one, in the blocks and in the words."""
    quote = Quote(1, "About 14,200 GPUs are offline.")
    fact = FactLine(Sentence(quote.text, (quote,)), "14,200 GPUs", (1,), Standing.SINGLE, was=(("9,600 <GPUs>", (1,)),))
    message = blocks.brief(
        Brief(
            headline="Ostara loses GPUs",
            headline_quotes=(quote,),
            what=(fact.sentence,),
            why=None,
            facts=(fact,),
            unknown=(),
            sources=(Source(1, 1, "Rackpost", "Ostara loses GPUs", "https://rackpost.example/1"),),
            reported_by=1,
        ),
        None,
        story_id=1,
    )
    assert "was 9,600 &lt;GPUs&gt;" in str(message.blocks)
    assert "It was 9,600 &lt;GPUs&gt;." in message.text


def test_a_sentence_told_above_is_not_read_twice() -> None:
    """A figure whose sentence stands among the first ones takes its standing alone, by eye and by ear."""
    told = brief_of_two()
    again = replace(told, facts=(replace(told.facts[0], sentence=told.what[0], shown="$8-billion"),))
    message = blocks.brief(again, None, story_id=12)
    assert repr(message.blocks).count("AWS will invest") == 1
    assert message.text.count("AWS will invest") == 1
    assert "$8-billion" in message.text


def test_a_copy_of_a_wire_text_is_said_to_be_one() -> None:
    """A reader who hears the post is not told that two papers report what one has written."""
    told = brief_of_two()
    copy = replace(told.sources[1], note="same wire text as 1")
    text = blocks.brief(replace(told, sources=(told.sources[0], copy), reported_by=1), None, story_id=12).text
    assert "Reported by 1 independent publisher: The Register; the same text in DCD." in text


def test_the_sources_show_who_confirms_who_disputes_and_why_they_are_of_one_event() -> None:
    """Behind a figure stand the words of all who give it; a sentence that is its own quote stands there once."""
    told = brief_of_two()
    ours, theirs = Quote(101, "It draws 1.2 GW."), Quote(102, "It will take 1.4 GW from the grid.")
    own = Sentence("It is in Ohio.", (Quote(101, "It is in  Ohio."),))
    found = replace(told, what=(own,), facts=(replace(told.facts[2], evidence=(ours, theirs)),))
    view = blocks.sources_modal(Evidence(found, {101: ("it came first",), 102: ("words 78% alike", "both name Ohio")}))
    assert_view(view)
    shown = "\n".join(texts(view["blocks"]))
    assert shown.count("It is in") == 1
    assert "⚠ *1.2 GW* — _disputed:_ The Register says *1.2 GW* [1], DCD says *1.4 GW* [2]" in shown
    assert ">“It will take 1.4 GW from the grid.” — <https://dcd.example/b|DCD> [2]" in shown
    assert ">In this story: words 78% alike; both name Ohio" in shown
    alone = blocks.sources_modal(Evidence(replace(found, sources=told.sources[:1]), {101: ("it came first",)}))
    assert "In this story" not in str(alone)


def test_two_topics_that_match_are_told_in_one_breath() -> None:
    """`matches A and B`: the word is not read twice."""
    ranked = Relevance(0.6, 0.7, ("Chips", "Power"), ("matches Chips (wafer)", "matches Power (grid)", "figures"))
    footer = repr(blocks.brief(brief_of_two(), ranked, story_id=12).blocks)
    assert "Why here: matches Chips (wafer) and Power (grid)" in footer
