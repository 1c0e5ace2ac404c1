"""Slack listeners: acknowledge, read, one call into the newsroom, render, reply.

A file for each surface. Errors are turned into words in `errors` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp

from bot.slack.people import People
from handlers import (
    actions,
    audits,
    commands,
    digests,
    errors,
    events,
    filters,
    home,
    imports,
    lists,
    shortcuts,
    styles,
    topics,
    views,
)
from handlers.tools import Tools
from handlers.within import answer_in_modals

if TYPE_CHECKING:
    from bot.newsroom import Newsroom

__all__ = ["register"]


def register(app: AsyncApp, newsroom: Newsroom, people: People) -> None:
    """Make the app listen to everything that the manifest declares.

    Args:
        app: Bolt's, with a client from `bot.slack.client`.
        newsroom: what the bot can do.
        people: who may configure it.
    """
    tools = Tools(newsroom, people)
    app.use(answer_in_modals)
    for part in (
        commands,
        events,
        actions,
        topics,
        filters,
        lists,
        imports,
        audits,
        styles,
        digests,
        views,
        home,
        shortcuts,
    ):
        part.register(app, tools)
    errors.register(app)
