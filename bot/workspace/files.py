"""Files: what people and the app have handed over, and how Slack describes it.

Their contents are held in memory: after a restart a picture is shown by its words, and a file can't be fetched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject, RefusedError
from bot.workspace.stored import StoredFile

FILE_MOST = 10_000_000
"""Bytes that Slack's file input takes."""
FILES_MOST = 500
"""The oldest go first."""
PRIVATE = "/files-pri/"
"""How the path of a file begins that is given to who has a token and `files:read`."""


@dataclass(frozen=True, slots=True)
class _Kind:
    mimetype: str
    pretty: str


_KINDS = {
    "opml": _Kind("text/x-opml", "OPML"),
    "xml": _Kind("application/xml", "XML"),
    "toml": _Kind("application/toml", "TOML"),
    "txt": _Kind("text/plain", "Plain Text"),
    "png": _Kind("image/png", "PNG"),
    "jpg": _Kind("image/jpeg", "JPEG"),
    "gif": _Kind("image/gif", "GIF"),
}
_OTHER = _Kind("application/octet-stream", "Binary")


def begin(core: Core, name: str, user_id: str) -> StoredFile:
    """A new file, still without its bytes."""
    stored = StoredFile(core.new_id("F"), PurePath(name).name or "file", user_id, int(core.now().timestamp()))
    core.files[stored.id] = stored
    while len(core.files) > FILES_MOST:
        core.files.pop(next(iter(core.files)))
    return stored


def hand_over(core: Core, user_id: str, name: str, content: bytes) -> JsonObject:
    """A person chooses a file in the composer or a form; gives it as Slack describes it.

    Raises:
        RefusedError: It is empty or too large.
    """
    if not content:
        raise RefusedError("This file is empty.")
    if len(content) > FILE_MOST:
        raise RefusedError(f"A file holds at most {FILE_MOST // 1_000_000} MB here.")
    stored = begin(core, name, user_id)
    stored.content = content
    return described(core, stored)


def chosen(core: Core, ids: Sequence[str]) -> list[JsonObject]:
    """Files that a person attaches to what they write, as Slack describes them.

    Raises:
        RefusedError: One is gone.
    """
    try:
        return [described(core, found(core, file_id)) for file_id in ids]
    except ApiError:
        raise RefusedError("A file is gone. Choose it again.") from None


def found(core: Core, file_id: str) -> StoredFile:
    """A file whose bytes are there.

    Raises:
        ApiError: `file_not_found`.
    """
    stored = core.files.get(file_id)
    if stored is None or not stored.content:
        raise ApiError("file_not_found")
    return stored


def described(core: Core, stored: StoredFile) -> JsonObject:
    """The file object of messages, views and `files.info`."""
    extension = PurePath(stored.name).suffix.lower().removeprefix(".")
    kind = _KINDS.get(extension, _OTHER)
    private = f"{core.url}{PRIVATE}{core.team.id}-{stored.id}"
    return {
        "id": stored.id,
        "created": stored.created,
        "timestamp": stored.created,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": kind.mimetype,
        "filetype": extension or "binary",
        "pretty_type": kind.pretty,
        "user": stored.user,
        "user_team": core.team.id,
        "editable": False,
        "size": len(stored.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
        "url_private": f"{private}/{stored.name}",
        "url_private_download": f"{private}/download/{stored.name}",
        "permalink": f"{core.url}/files/{stored.id}",
    }
