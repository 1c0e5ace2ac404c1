"""files.getUploadURLExternal, files.completeUploadExternal, files.info; and the addresses where bytes go in and out."""

from urllib.parse import quote

from aiohttp import web

from bot.workspace import files
from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family, writable_channel
from bot.workspace.core import Core
from bot.workspace.posting import Draft, new_bot_body, publish
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments

FAMILY = Family()
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@FAMILY.method("files.getUploadURLExternal", "files:write")
async def get_upload_url(core: Core, args: Args) -> JsonObject:
    """An address that takes one file's bytes."""
    name = args.need("filename")
    if args.number("length", 0, least=1, most=1_000_000_000) == 0:
        raise invalid_arguments("missing required field: length")
    stored = files.begin(core, name, core.app.bot_user_id)
    return {"upload_url": f"{core.url}/upload/{stored.id}", "file_id": stored.id}


@FAMILY.method("files.completeUploadExternal", "files:write")
async def complete_upload(core: Core, args: Args) -> JsonObject:
    """Ends an upload; with a channel, the files are posted there in one message."""
    entries = args.parsed("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("missing required field: files")
    known = []
    for entry in entries:
        file_id = entry.get("id") if isinstance(entry, dict) else None
        stored = files.found(core, file_id if isinstance(file_id, str) else "")
        stored.title = str(entry.get("title") or "")
        known.append(stored)
    if target := args.text("channel_id"):
        channel = writable_channel(core, target)
        draft = Draft(text=args.text("initial_comment"), thread_ts=args.text("thread_ts") or None)
        body = new_bot_body(core, channel, draft)
        publish(core, channel, {**body, "files": [files.described(core, stored) for stored in known]})
    return {"files": [{"id": stored.id, "title": stored.title} for stored in known]}


@FAMILY.method("files.info", "files:read")
async def files_info(core: Core, args: Args) -> JsonObject:
    """What is known of one file."""
    return {"file": files.described(core, files.found(core, args.need("file")))}


class FileServer:
    """Takes the bytes, gives them to the app, and shows them to the page.

    Args:
        core: The workspace.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """Where bytes go in and out."""
        return [
            web.post("/upload/{file}", self.take),
            web.get("/files/{file}", self.show),
            web.get(files.PRIVATE + "{team}-{file}/download/{name}", self.give),
        ]

    async def take(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file whose upload was begun."""
        stored = self._core.files.get(request.match_info["file"])
        if stored is None or stored.content:
            raise web.HTTPNotFound
        stored.content = await request.read()
        return web.Response(text=f"OK - {len(stored.content)}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """To the page: a picture as it is, all else to be saved, never to be run."""
        stored = self._core.files.get(request.match_info["file"])
        if stored is None or not stored.content:
            raise web.HTTPNotFound
        kind = next((kind for start, kind in _PICTURES.items() if stored.content.startswith(start)), None)
        headers = {"X-Content-Type-Options": "nosniff"}
        if kind is None:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name)}"
        return web.Response(body=stored.content, content_type=kind or "application/octet-stream", headers=headers)

    async def give(self, request: web.Request) -> web.StreamResponse:
        """To the app, by its token; without one Slack shows its sign-in page."""
        core = self._core
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (core.bot_token, *core.more_tokens) or "files:read" not in core.app.scopes or core.revoked:
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        try:
            stored = files.found(core, request.match_info["file"])
        except ApiError:
            raise web.HTTPNotFound from None
        return web.Response(body=stored.content, content_type=files.described(core, stored)["mimetype"])
