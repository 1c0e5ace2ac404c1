"""The nouns that cross module borders. All frozen; all times are aware UTC datetimes.

**feed**, **article** (one item of one feed), **story** (the articles that tell one event), **brief** (what we write
about a story), **subscription** (a feed in a channel), **delivery** (a brief on its way to one channel),
**digest**, **question**, **answer**.
"""

from bot.models.answers import Answer, AnswerState, IncomingQuestion, Judged, Passage, Point, Replied, WatchState
from bot.models.briefs import SAME_TEXT, Brief, Evidence, Fact, FactLine, Quote, Sentence, Source, Standing
from bot.models.channels import Channel, Delivery, DeliveryState, Subscription
from bot.models.digests import ChannelRhythm, Digest, DigestChange, DigestFigure, DigestItem, Rhythm, Slot
from bot.models.feeds import Article, Feed, FeedState, Validators
from bot.models.home import HomeData, OpenWatch
from bot.models.managing import (
    UNDOABLE,
    Actor,
    Added,
    Change,
    ChannelFeeds,
    ChannelTrail,
    FoundFeed,
    Imported,
    Manager,
    Preview,
    PreviewItem,
    Refreshed,
    Trail,
)
from bot.models.stories import Relevance, Story, StoryArticle
from bot.models.viewing import FeedDay, FeedView, Pass, StoryLine, StoryView

__all__ = [
    "SAME_TEXT",
    "UNDOABLE",
    "Actor",
    "Added",
    "Answer",
    "AnswerState",
    "Article",
    "Brief",
    "Change",
    "Channel",
    "ChannelFeeds",
    "ChannelRhythm",
    "ChannelTrail",
    "Delivery",
    "DeliveryState",
    "Digest",
    "DigestChange",
    "DigestFigure",
    "DigestItem",
    "Evidence",
    "Fact",
    "FactLine",
    "Feed",
    "FeedDay",
    "FeedState",
    "FeedView",
    "FoundFeed",
    "HomeData",
    "Imported",
    "IncomingQuestion",
    "Judged",
    "Manager",
    "OpenWatch",
    "Pass",
    "Passage",
    "Point",
    "Preview",
    "PreviewItem",
    "Quote",
    "Refreshed",
    "Relevance",
    "Replied",
    "Rhythm",
    "Sentence",
    "Slot",
    "Source",
    "Standing",
    "Story",
    "StoryArticle",
    "StoryLine",
    "StoryView",
    "Subscription",
    "Trail",
    "Validators",
    "WatchState",
]
