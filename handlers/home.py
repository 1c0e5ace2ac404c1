"""App Home: what goes on, the channels and their feeds, with buttons for admins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotFoundError
from bot.models import Actor, Subscription
from bot.slack import blocks
from bot.slack.prompts import suggest
from handlers.errors import guarded
from handlers.tools import Tools, team_of


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the tab and its buttons."""
    home = Home(tools)
    app.event("app_home_opened")(guarded(home.opened))
    app.action("home_add")(guarded(home.add))
    app.action("home_feed")(guarded(home.change))


class Home:
    """The tab, for whoever looks at it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def opened(self, event: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Show the tab, or suggest questions where the messages are looked at."""
        if event.get("tab") == "messages":
            await suggest(client, str(event["channel"]), await self._newsroom.suggestions(team_of(context)))
            return
        await self.publish(client, await self._tools.actor(client, context))

    async def publish(self, client: AsyncWebClient, actor: Actor) -> None:
        """Draw the tab anew for one person."""
        data = await self._newsroom.home(actor)
        writing = await self._newsroom.writing(actor) if actor.is_admin else None
        await client.views_publish(user_id=actor.user_id, view=blocks.home(data, writing))

    async def add(
        self, ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Open the form for a new feed."""
        await ack()
        await self._tools.admin(client, context)
        await client.views_open(trigger_id=str(body["trigger_id"]), view=blocks.add_modal())

    async def change(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """Pause, resume, or ask whether to remove one feed, from its menu."""
        await ack()
        verb, channel_id, number = str(action["selected_option"]["value"]).split(":", 2)
        actor = await self._tools.admin(client, context, channel_id)
        if verb == "remove":
            view = blocks.remove_confirm(await self._subscription(actor, channel_id, int(number)))
            await client.views_open(trigger_id=str(body["trigger_id"]), view=view)
            return
        change = self._newsroom.pause if verb == "pause" else self._newsroom.resume
        await change(actor, channel_id, f"#{number}")
        await self.publish(client, actor)

    async def _subscription(self, actor: Actor, channel_id: str, number: int) -> Subscription:
        for each in await self._newsroom.list_feeds(actor, channel_id):
            for subscription in each.subscriptions:
                if subscription.id == number:
                    return subscription
        raise NotFoundError("That feed is no longer in that channel. Open this tab again to see what is.")
