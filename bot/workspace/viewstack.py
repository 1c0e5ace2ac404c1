"""The modals that are open, one stack for each user."""

from bot.workspace.shapes import ApiError, JsonObject

STACK_MOST = 3
"""Modals over each other (Slack's limit)."""


class ViewStacks:
    """Open modals by user, the visible one last. Views are Slack's view objects."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[JsonObject]] = {}

    def top(self, user_id: str) -> JsonObject | None:
        """The modal that a user sees."""
        stack = self._stacks.get(user_id)
        return stack[-1] if stack else None

    def find(self, view_id: str) -> tuple[str, JsonObject] | None:
        """The user and the view of an id, or of an external id."""
        for user_id, stack in self._stacks.items():
            for view in stack:
                if view_id in (view["id"], view["external_id"]):
                    return user_id, view
        return None

    def open(self, user_id: str, view: JsonObject) -> None:
        """A first modal; what was open for this user goes away."""
        self._stacks[user_id] = [view]

    def push(self, user_id: str, view: JsonObject) -> None:
        """A modal over the visible one.

        Raises:
            ApiError: `push_limit_reached`; `not_found` where no modal is open.
        """
        stack = self._stacks.get(user_id)
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= STACK_MOST:
            raise ApiError("push_limit_reached")
        view["root_view_id"] = stack[0]["id"]
        view["previous_view_id"] = stack[-1]["id"]
        stack.append(view)

    def replace(self, user_id: str, view: JsonObject) -> None:
        """A view's new form, in the old one's place."""
        stack = self._stacks[user_id]
        stack[[old["id"] for old in stack].index(view["id"])] = view

    def close(self, user_id: str, view_id: str) -> list[JsonObject]:
        """Closes a modal and those over it; gives what was closed, lowest first."""
        stack = self._stacks.get(user_id, [])
        ids = [view["id"] for view in stack]
        if view_id not in ids:
            return []
        start = ids.index(view_id)
        closed = stack[start:]
        self._stacks[user_id] = stack[:start]
        return closed

    def clear(self, user_id: str) -> list[JsonObject]:
        """Closes all of a user's modals; gives them, lowest first."""
        return self._stacks.pop(user_id, [])
