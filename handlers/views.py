"""Forms that were sent: a feed to add, one of several, one to remove, a question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import Added, IncomingQuestion, Preview
from bot.slack import blocks
from bot.slack.blocks.modals import ADD_FEED, ASK_STORY, CHOOSE_FEED, REMOVE_FEED
from bot.slack.blocks.previews import CONFIRM_FEED
from bot.slack.channels import name_of, refuse_shared
from handlers.errors import guarded
from handlers.forms import FORM, Form, at_leisure, patiently, show
from handlers.home import Home
from handlers.parsing import address_problem
from handlers.tools import Tools, team_of


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the forms."""
    views = Views(tools)
    app.view(ADD_FEED)(guarded(views.add))
    app.view(CHOOSE_FEED)(guarded(views.choose))
    app.view(CONFIRM_FEED)(guarded(views.confirm))
    app.view(REMOVE_FEED)(guarded(views.remove))
    app.view(ASK_STORY)(guarded(views.ask))


class Views:
    """What becomes of each form."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom
        self._home = Home(tools)

    async def add(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Look at the feed behind an address, and show what it would have brought; problems come to the field."""
        values = view["state"]["values"]
        address = str(values["address"]["address"].get("value") or "").strip()
        channel_id = str(values["channel"]["channel"].get("selected_conversation") or "")
        problem = address_problem(address)
        if problem or not channel_id:
            errors = {"address": problem} if problem else {"channel": "Choose a channel."}
            await ack(response_action="errors", errors=errors)
            return
        await self._preview(address, channel_id, field="address", client=client, context=context, view=view)

    async def choose(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Look at the one that was chosen of several feeds."""
        metadata = json.loads(view["private_metadata"])
        chosen = view["state"]["values"]["choice"]["choice"].get("selected_option")
        if chosen is None:
            await ack(response_action="errors", errors={"choice": "Choose one."})
            return
        address = metadata[str(chosen["value"])]
        await self._preview(address, metadata["channel"], field="choice", client=client, context=context, view=view)

    async def _preview(
        self,
        address: str,
        channel_id: str,
        *,
        field: str,
        view: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        context[FORM] = Form(
            view_id=str(view["id"]),
            field=field,
            again=lambda problem: blocks.add_modal(address=address, channel_id=channel_id, problem=problem),
        )
        seen = await patiently(
            self._look(address, channel_id, client, context), context, meanwhile=blocks.busy(address)
        )
        if seen.choices:
            result = blocks.added(Added(None, choices=seen.choices), channel_id)
        else:
            result = blocks.preview_view(seen, channel_id)
        await show(result, view, client, context)

    async def confirm(self, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Add the feed that was looked at."""
        metadata = json.loads(view["private_metadata"])
        address, channel_id = str(metadata["address"]), str(metadata["channel"])
        context[FORM] = Form(
            view_id=str(view["id"]),
            field="address",
            again=lambda problem: blocks.add_modal(address=address, channel_id=channel_id, problem=problem),
        )
        work = self._subscribe(address, channel_id, client, context)
        added = await at_leisure(work, context, meanwhile=blocks.busy(address))
        await client.views_update(view_id=str(view["id"]), view=blocks.added(added, channel_id))

    async def _look(self, address: str, channel_id: str, client: AsyncWebClient, context: AsyncBoltContext) -> Preview:
        actor = await self._tools.actor(client, context)
        await refuse_shared(client, channel_id)
        return await self._newsroom.preview(actor, channel_id, await name_of(client, channel_id), address)

    async def _subscribe(
        self, address: str, channel_id: str, client: AsyncWebClient, context: AsyncBoltContext
    ) -> Added:
        actor = await self._tools.actor(client, context)
        await refuse_shared(client, channel_id)
        return await self._newsroom.add_feed(actor, channel_id, await name_of(client, channel_id), address)

    async def remove(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Stop following a feed, and draw App Home anew."""
        await ack()
        metadata = json.loads(view["private_metadata"])
        actor = await self._tools.actor(client, context)
        await self._newsroom.remove_feed(actor, metadata["channel"], f"#{metadata['subscription']}")
        await self._home.publish(client, actor)

    async def ask(self, ack: AsyncAck, view: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Write the question down; its answer comes in the story's thread."""
        text = str(view["state"]["values"]["question"]["question"].get("value") or "").strip()
        if not text:
            await ack(response_action="errors", errors={"question": "Type a question."})
            return
        metadata = json.loads(view["private_metadata"])
        story = metadata.get("story")
        await self._newsroom.ask(
            IncomingQuestion(
                team_id=team_of(context),
                channel_id=metadata["channel"],
                user_id=str(context.user_id),
                ts=metadata["click"],
                root_ts=metadata["root"],
                text=f"{text} {link}" if (link := metadata.get("link")) else text,
                surface="shortcut",
                event_id=str(view["id"]),
                story_id=int(story) if story else None,
            )
        )
        await ack()
