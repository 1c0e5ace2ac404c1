"""The few shapes that everything here shares: Slack's JSON and the two kinds of refusal."""

from typing import Any

JsonObject = dict[str, Any]
"""A JSON object in Slack's own form (a message, a block, a view, a payload)."""


class ApiError(Exception):
    """A Web API call that Slack answers with `ok: false`.

    Args:
        error: Slack's name for it, such as `channel_not_found`.
        extra: What else the answer carries, such as `needed` and `provided`.
    """

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    @property
    def reasons(self) -> list[str]:
        """The error's name, and Slack's list of what is wrong, if there is one."""
        metadata = self.extra.get("response_metadata")
        messages = metadata.get("messages") if isinstance(metadata, dict) else None
        return [self.error, *(messages or ())]

    def body(self) -> JsonObject:
        """The JSON that the client receives."""
        return {"ok": False, "error": self.error, **self.extra}


def invalid_arguments(*messages: str) -> ApiError:
    """The error for arguments that are missing or of the wrong form, with Slack's list of reasons."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


class RefusedError(Exception):
    """Something a person asked for that can't be done; the text is a sentence to show to that person.

    Args:
        sentence: What to tell the person.
        errors: For a modal, what is wrong with each block, by its block_id.
    """

    def __init__(self, sentence: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.errors = errors or {}
