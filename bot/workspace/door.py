"""The workspace's door for tests: act as a person, as the page would."""

from collections.abc import Sequence

from bot.workspace import dialogs, interactions, membership
from bot.workspace.blocks import action_element
from bot.workspace.files import hand_over
from bot.workspace.inputs import Values, options_of
from bot.workspace.interactions import Container
from bot.workspace.links import DisconnectReason
from bot.workspace.mrkdwn import rich_text, typed
from bot.workspace.people import UserGroup
from bot.workspace.posting import change, person_says, react, remove
from bot.workspace.shapes import JsonObject, RefusedError
from bot.workspace.watch import Watch


class Door(Watch):
    """People's deeds. Users and channels can be named by id or by name.

    Deeds raise `RefusedError` with the sentence that Slack's client would show.

    Args:
        core: The workspace.
    """

    # --- deeds ---------------------------------------------------------------------------------------------

    async def send(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, files: Sequence[JsonObject] = ()
    ) -> str:
        """A person posts a message, perhaps with files; gives its ts. Mentions are typed `<@U…>`."""
        person = self.core.person(user)
        body = person_says(self.core, self.core.channel(channel), person, text, thread_ts=thread_ts, files=files)
        await self.core.settle()
        return str(body["ts"])

    def upload(self, user: str, name: str, content: bytes) -> JsonObject:
        """A person chooses a file, for a message (`send`) or a form (`submit_view`); gives Slack's file object."""
        return hand_over(self.core, self.core.person(user).id, name, content)

    async def mention(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """A person posts a message that begins with a mention of the bot; gives its ts."""
        return await self.send(user, channel, f"<@{self.bot_user_id}> {text}", thread_ts)

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """A person changes a message."""
        found = self.core.channel(channel)
        changes = {"text": typed(text), "blocks": [rich_text(text, self.core.block_id())]}
        change(self.core, found, ts, changes, editor=self.core.person(user).id)
        await self.core.settle()

    async def delete(self, channel: str, ts: str) -> None:
        """Someone deletes a message."""
        remove(self.core, self.core.channel(channel), ts)
        await self.core.settle()

    async def react(self, user: str, channel: str, ts: str, name: str, *, add: bool = True) -> None:
        """A person reacts to a message, or takes it back."""
        react(self.core, self.core.channel(channel), ts, self.core.person(user).id, name, add=add)
        await self.core.settle()

    async def command(self, user: str, channel: str, text: str) -> None:
        """A person types a slash command; returns once the app has acknowledged it."""
        await interactions.run_command(self.core, self.core.person(user), self.core.channel(channel), text)

    async def click(
        self,
        user: str,
        action_id: str,
        *,
        channel: str = "",
        ts: str = "",
        view_id: str = "",
        ephemeral: bool = False,
        block_id: str = "",
        choose: object = None,
        values: Values | None = None,
    ) -> None:
        """A person uses a button, a menu or a picker; returns once the app has acknowledged it.

        Args:
            user: Who.
            action_id: Of the element.
            channel: Of the message that holds it.
            ts: Of that message.
            view_id: Of the view, where it is no message; `home` is the user's Home tab.
            ephemeral: Whether only this user sees the message.
            block_id: Where several elements share the action_id.
            choose: What is chosen: an option's value, a date, a user's id, or a list of them.
            values: What else is filled in there.
        """
        person = self.core.person(user)
        container = Container(
            channel_id=self.core.channel(channel).id if channel else "",
            ts=ts,
            ephemeral=ephemeral,
            view_id=(self.home(user) or {}).get("id", "") if view_id == "home" else view_id,
        )
        given: JsonObject = {"action_id": action_id, "block_id": block_id or None}
        found = action_element(self._blocks(person.id, container), action_id, block_id or None)
        if found is not None and choose is not None:
            given |= _chosen(found[1], choose)
        await interactions.act(self.core, person, container, given, values)

    async def submit_view(self, user: str, values: Values | None = None) -> JsonObject:
        """A person submits the modal they see.

        Args:
            user: Who.
            values: By block_id and action_id, in Slack's form or as a bare value (for a select: the option's value).

        Returns:
            The app's acknowledgement, with its `response_action` if it had one.

        Raises:
            RefusedError: With `errors` by block_id where fields are wrong.
        """
        view = self.core.views.top(self.core.person(user).id)
        if view is None:
            raise RefusedError("No dialog is open.")
        return await dialogs.submit(self.core, self.core.person(user), view["id"], values or {})

    async def close_view(self, user: str) -> None:
        """A person closes the modal they see."""
        view = self.core.views.top(self.core.person(user).id)
        if view is None:
            raise RefusedError("No dialog is open.")
        await dialogs.close(self.core, self.core.person(user), view["id"])

    async def shortcut(self, user: str, callback_id: str, channel: str = "", ts: str = "") -> None:
        """A person uses a shortcut: with channel and ts one on that message, else a global one."""
        found = self.core.channel(channel) if channel else None
        await interactions.use_shortcut(self.core, self.core.person(user), callback_id, channel=found, ts=ts)

    async def suggest(self, user: str, container: Container, action_id: str, value: str) -> JsonObject:
        """A person types into an external select; gives the app's `options` or `option_groups`."""
        person = self.core.person(user)
        return await interactions.suggest(self.core, person, container, action_id=action_id, block_id="", value=value)

    async def open_home(self, user: str) -> None:
        """A person opens the app's Home tab."""
        await interactions.open_app(self.core, self.core.person(user), "home")

    async def open_messages(self, user: str) -> None:
        """A person opens the app's Messages tab."""
        await interactions.open_app(self.core, self.core.person(user), "messages")

    async def look_at(self, user: str, channel: str) -> None:
        """A person looks at a channel, with the app open beside it."""
        await interactions.look_at(self.core, self.core.person(user), self.core.channel(channel))

    async def stop_answer(self, user: str, channel: str, thread_ts: str) -> None:
        """A person presses Stop in a thread where the app is at work."""
        await interactions.stop(self.core, self.core.person(user), self.core.channel(channel), thread_ts)

    # --- channels ------------------------------------------------------------------------------------------

    async def create_channel(self, user: str, name: str, *, private: bool = False) -> str:
        """A person makes a channel; gives its id."""
        channel = membership.create(self.core, name, self.core.person(user).id, private=private)
        await self.core.settle()
        return channel.id

    def make_group(self, handle: str, *users: str) -> str:
        """An admin makes a user group of these people, or gives it others; gives its id."""
        group = UserGroup(handle, tuple(self.core.person(user).id for user in users))
        self.core.user_groups[group.id] = group
        return group.id

    async def add_person(self, user: str, channel: str) -> None:
        """A person comes into a channel."""
        membership.join(self.core, self.core.channel(channel), self.core.person(user).id)
        await self.core.settle()

    async def invite_bot(self, user: str, channel: str) -> None:
        """A person adds the app to a channel."""
        inviter = self.core.person(user).id
        membership.join(self.core, self.core.channel(channel), self.bot_user_id, inviter=inviter)
        await self.core.settle()

    async def remove_bot(self, channel: str) -> None:
        """Someone takes the app out of a channel."""
        membership.leave(self.core, self.core.channel(channel), self.bot_user_id)
        await self.core.settle()

    async def archive(self, user: str, channel: str, *, archived: bool = True) -> None:
        """A person archives a channel, or brings it back."""
        found = self.core.channel(channel)
        membership.archive(self.core, found, self.core.person(user).id, archived=archived)
        await self.core.settle()

    async def rename(self, channel: str, name: str) -> None:
        """Someone gives a channel another name."""
        membership.rename(self.core, self.core.channel(channel), name)
        await self.core.settle()

    async def share(self, channel: str, *, external: bool = True) -> None:
        """A channel is shared with another organisation (`is_ext_shared`), or no longer."""
        found = self.core.channel(channel)
        membership.share(self.core, found, external=external)
        await self.core.settle()

    async def uninstall(self) -> None:
        """An admin removes the app: its tokens stop working, and it is told."""
        self.core.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user_id]}})
        self.core.emit({"type": "app_uninstalled"})
        self.core.revoked = True
        await self.core.settle()

    # --- sockets -------------------------------------------------------------------------------------------

    def refresh_sockets(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Slack asks the app to open new sockets, as it does every few hours."""
        self.core.hub.links.refresh(reason)

    def drop_sockets(self) -> None:
        """Every socket of the app dies at once."""
        self.core.hub.links.kill_all()

    def _blocks(self, user_id: str, container: Container) -> list[JsonObject]:
        if container.view_id:
            found = self.core.views.find(container.view_id)
            view = found[1] if found else self.core.state.homes.get(user_id)
            return list(view["blocks"]) if view else []
        if container.ephemeral:
            kept = self.core.ephemerals.get((user_id, container.ts))
            return list(kept["message"].get("blocks") or ()) if kept else []
        body = self.core.channel(container.channel_id).messages.get(container.ts)
        return list((body or {}).get("blocks") or ())


def _chosen(element: JsonObject, choose: object) -> JsonObject:
    """What the page would send for a choice."""
    kind = element["type"]
    options = {option["value"]: option for option in options_of(element)}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select") and isinstance(choose, list):
        return {"selected_options": [options.get(value, value) for value in choose]}
    if kind in ("static_select", "external_select", "radio_buttons", "overflow"):
        return {"selected_option": options.get(choose, choose) if isinstance(choose, str) else choose}
    single = {
        "users_select": "selected_user",
        "conversations_select": "selected_conversation",
        "channels_select": "selected_channel",
        "multi_users_select": "selected_users",
        "multi_conversations_select": "selected_conversations",
        "multi_channels_select": "selected_channels",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
    }
    return {single.get(kind, "value"): choose}
