"""files.getUploadURLExternal, files.completeUploadExternal: pictures that an app shows in its own messages.

What is uploaded is held in memory: after a restart a picture is shown by its words.
"""

from aiohttp import web

from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family
from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments

FAMILY = Family()
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
FILES_MOST = 500
"""The oldest go first."""


@FAMILY.method("files.getUploadURLExternal", "files:write")
async def get_upload_url(core: Core, args: Args) -> JsonObject:
    """An address that takes one file's bytes."""
    args.need("filename")
    if args.number("length", 0, least=1, most=1_000_000_000) == 0:
        raise invalid_arguments("missing required field: length")
    file_id = core.new_id("F")
    core.files[file_id] = b""
    while len(core.files) > FILES_MOST:
        core.files.pop(next(iter(core.files)))
    return {"upload_url": f"{core.url}/upload/{file_id}", "file_id": file_id}


@FAMILY.method("files.completeUploadExternal", "files:write")
async def complete_upload(core: Core, args: Args) -> JsonObject:
    """Ends an upload; sharing it into a channel is not part of this stand-in."""
    files = args.parsed("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise invalid_arguments("missing required field: files")
    if args.text("channel_id") or args.text("channels"):
        raise ApiError("not_supported_here")
    known = []
    for entry in files:
        file_id = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(file_id, str) or not core.files.get(file_id):
            raise ApiError("file_not_found")
        known.append({"id": file_id, "title": entry.get("title") or ""})
    return {"files": known}


class FileServer:
    """Takes the bytes, and shows pictures to the page.

    Args:
        core: The workspace.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """Where bytes go in and out."""
        return [web.post("/upload/{file}", self.take), web.get("/files/{file}", self.show)]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file whose upload was begun."""
        file_id = request.match_info["file"]
        if self._core.files.get(file_id) != b"":
            raise web.HTTPNotFound
        self._core.files[file_id] = await request.read()
        return web.Response(text=f"OK - {len(self._core.files[file_id])}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A picture, and nothing else."""
        content = self._core.files.get(request.match_info["file"], b"")
        kind = next((kind for start, kind in _PICTURES.items() if content.startswith(start)), None)
        if kind is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})
