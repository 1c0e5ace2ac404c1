"""The tables. Each noun carries its own due time and lease: there is no general job queue.

Every table that belongs to a workspace has `team_id` first in its key; every query on it names the team.
"""

from bot.store.tables.base import UtcDateTime, metadata
from bot.store.tables.delivery import delivery, lane
from bot.store.tables.digests import digest, digest_copy, rhythm
from bot.store.tables.feeds import article, feed, poll
from bot.store.tables.installations import installation, intake, oauth_state
from bot.store.tables.questions import feedback, question, thread, watch
from bot.store.tables.stories import brief, passage, story, story_article
from bot.store.tables.teams import audit, budget, channel, feed_filter, manager, subscription, team, topic
from bot.store.tables.workers import memory, worker

__all__ = [
    "UtcDateTime",
    "article",
    "audit",
    "brief",
    "budget",
    "channel",
    "delivery",
    "digest",
    "digest_copy",
    "feed",
    "feed_filter",
    "feedback",
    "installation",
    "intake",
    "lane",
    "manager",
    "memory",
    "metadata",
    "oauth_state",
    "passage",
    "poll",
    "question",
    "rhythm",
    "story",
    "story_article",
    "subscription",
    "team",
    "thread",
    "topic",
    "watch",
    "worker",
]
