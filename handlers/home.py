"""App Home: what goes on, the channels and their feeds, with buttons for admins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotFoundError
from bot.models import Actor, Subscription
from bot.slack import blocks
from bot.slack.blocks import Message, View
from bot.slack.prompts import suggest
from handlers.errors import guarded
from handlers.presses import Press, pressed
from handlers.tools import Tools, team_of, whisper


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the tab and its buttons."""
    home = Home(tools)
    app.event("app_home_opened")(guarded(home.opened))
    app.action("home_add")(pressed(home.add))
    app.action("home_feed")(pressed(home.change))
    app.action("home_web")(pressed(home.web))
    app.action(re.compile(r"^home_page:\w+$"))(pressed(home.turn))
    app.action(re.compile(r"^home_open:\w+$"))(pressed(home.show))
    app.action("watch_end")(pressed(home.end_watch))


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

    async def publish(self, client: AsyncWebClient, actor: Actor, page: int = 0) -> None:
        """Draw the tab anew for one person."""
        data = await self._newsroom.home(actor, page)
        writing = await self._newsroom.writing(actor) if actor.is_admin else None
        await client.views_publish(user_id=actor.user_id, view=blocks.home(data, writing))

    async def add(self, press: Press) -> None:
        """Open the form for a new feed."""

        async def making() -> View:
            await self._tools.admin(press.client, press.context)
            return blocks.add_modal()

        await press.show("Add a feed", making())

    async def change(self, press: Press) -> None:
        """Pause, resume, or ask whether to remove one feed, from its menu."""
        verb, channel_id, number = press.value.split(":", 2)
        if verb == "remove":
            await press.show("Remove a feed", self._confirm(press, channel_id, int(number)))
            return
        actor = await self._tools.admin(press.client, press.context, channel_id)
        change = self._newsroom.pause if verb == "pause" else self._newsroom.resume
        await change(actor, channel_id, f"#{number}")
        await self.publish(press.client, actor)

    async def _confirm(self, press: Press, channel_id: str, number: int) -> View:
        actor = await self._tools.admin(press.client, press.context, channel_id)
        return blocks.remove_confirm(await self._subscription(actor, channel_id, number))

    async def turn(self, press: Press) -> None:
        """Show another page of channels."""
        await self.publish(press.client, await self._tools.actor(press.client, press.context), int(press.value))

    async def web(self, press: Press) -> None:
        """Show a fresh link into the web view: it is theirs, and good for minutes."""

        async def making() -> View:
            url, life = await self._newsroom.web_link(await self._tools.actor(press.client, press.context))
            return blocks.shown("In a browser", blocks.web_link(url, minutes=int(life.total_seconds() // 60)))

        await press.show("In a browser", making())

    async def show(self, press: Press) -> None:
        """Show what the command would answer in that channel, with its buttons, in a modal."""
        what, channel_id = str(press.action["action_id"]).partition(":")[2], press.value
        title = blocks.OPENS.get(what, "Readers' votes")

        async def making() -> View:
            actor = await self._tools.actor(press.client, press.context)
            if what == "feedback":
                return blocks.shown(title, blocks.votes(await self._newsroom.judged(actor)))
            await self._newsroom.require_visible(actor, channel_id)
            return blocks.shown(title, await self._of_channel(what, actor, channel_id, press.client))

        await press.show(title, making())

    async def _of_channel(self, what: str, actor: Actor, channel_id: str, client: AsyncWebClient) -> Message:
        newsroom, may = self._newsroom, actor.may(channel_id)
        match what:
            case "topics":
                return blocks.topics(await newsroom.topics(actor, channel_id), is_admin=may)
            case "filter":
                return blocks.filters(await newsroom.filters(actor, channel_id), is_admin=may)
            case "style":
                return blocks.style(await newsroom.style(actor, channel_id), is_admin=may)
            case "digest":
                zone = await self._tools.people.zone(client, actor.user_id)
                return blocks.rhythm(await newsroom.rhythm(actor, channel_id, zone=zone), is_admin=may)
            case _:
                changes = await newsroom.changes(actor, channel_id)
                return blocks.audit(changes, may_undo=may, in_channel=True)

    async def end_watch(self, press: Press) -> None:
        """End a watch from the tab or from the list of them, and show that anew."""
        actor = await self._tools.actor(press.client, press.context)
        ended = await self._newsroom.end_watch(actor, int(press.value))
        if (press.body.get("view") or {}).get("type") == "home":
            await self.publish(press.client, actor)
        elif press.context.respond is not None:
            left = await self._newsroom.open_watches(actor, ended.channel_id)
            await whisper(press.context.respond, blocks.watches(left), replace=True)

    async def _subscription(self, actor: Actor, channel_id: str, number: int) -> Subscription:
        for each in await self._newsroom.list_feeds(actor, channel_id):
            for subscription in each.subscriptions:
                if subscription.id == number:
                    return subscription
        raise NotFoundError("That feed is no longer in that channel. Open this tab again to see what is.")
