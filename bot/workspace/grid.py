"""Several workspaces behind one address, as slack.com is: an app is installed in each, or in all of an organisation.

It asks "Allow?", hands out tokens for codes and for refresh tokens, and passes Web API calls on to the workspace that
the token belongs to. Each workspace delivers its events by itself.
"""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.workspace.server import Workspace
from bot.workspace.shapes import JsonObject

TOKEN_LIFE = timedelta(hours=12)
"""How long a rotating token is good (Slack's token rotation guide)."""


@dataclass(slots=True)
class _Grant:
    """What a code or a token is good for."""

    teams: tuple[Workspace, ...]
    expires: datetime | None = None
    revoked: bool = False


@dataclass(slots=True)
class Grid:
    """The front of several workspaces.

    Args:
        workspaces: they must be started already.
        client_id: the app's own.
        client_secret: the app's own.
        rotates: whether tokens run out after twelve hours and come with a refresh token.
        organisation: the id of the organisation that all of them are in; empty: there is none.
        clock: gives the present as an aware datetime.
    """

    workspaces: Sequence[Workspace]
    client_id: str
    client_secret: str
    rotates: bool = False
    organisation: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    url: str = ""
    exchanges: int = 0
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _tokens: dict[str, _Grant] = field(default_factory=dict)
    _refresh: dict[str, _Grant] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The base of the Web API."""
        return f"{self.url}/api/"

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/oauth/v2/authorize", self._authorize),
                web.post("/api/oauth.v2.access", self._access),
                web.post("/api/{method}", self._call),
                web.get("/api/{method}", self._call),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def revoke(self, workspace: Workspace) -> None:
        """An admin takes the app's tokens for a workspace back; nobody tells the app."""
        for grant in (*self._tokens.values(), *self._refresh.values()):
            grant.revoked = grant.revoked or workspace in grant.teams

    async def _authorize(self, request: web.Request) -> web.Response:
        """Somebody allows the app at once: in the workspace `team`, or with `team` empty in the whole organisation."""
        query = request.query
        if query.get("client_id") != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        if query.get("deny"):
            answer = {"error": "access_denied", "state": query.get("state", "")}
        else:
            wanted = query.get("team", "")
            teams = tuple(one for one in self.workspaces if not wanted or one.team_id == wanted)
            code = secrets.token_hex(12)
            self._codes[code] = _Grant(teams)
            answer = {"code": code, "state": query.get("state", "")}
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(answer)}")

    async def _access(self, request: web.Request) -> web.Response:
        form = dict(parse_qsl(await request.text()))
        given = request.headers.get("Authorization", "")
        basic = "Basic " + base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        secret = (form.get("client_id"), form.get("client_secret"))
        if given != basic and secret != (self.client_id, self.client_secret):
            return _refused("bad_client_secret")
        if form.get("grant_type") == "refresh_token":
            grant = self._refresh.pop(form.get("refresh_token", ""), None)
            if grant is None or grant.revoked:
                return _refused("invalid_refresh_token")
            self.exchanges += 1
        else:
            grant = self._codes.pop(form.get("code", ""), None)
            if grant is None:
                return _refused("invalid_code")
        return web.json_response({"ok": True, **self._handed_out(grant.teams)})

    def _handed_out(self, teams: tuple[Workspace, ...]) -> JsonObject:
        first, is_org = teams[0], bool(self.organisation) and len(teams) > 1
        token = f"xoxe.xoxb-1-{secrets.token_hex(20)}" if self.rotates else f"xoxb-{secrets.token_hex(20)}"
        self._tokens[token] = _Grant(teams, self.clock() + TOKEN_LIFE if self.rotates else None)
        for one in teams:
            one.core.more_tokens.add(token)
            one.core.revoked = False
        answer: JsonObject = {
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(sorted(first.core.app.scopes)),
            "bot_user_id": first.bot_user_id,
            "app_id": first.core.app.app_id,
            "team": None if is_org else {"id": first.team_id, "name": first.core.team.name},
            "enterprise": {"id": self.organisation, "name": "Organisation"} if self.organisation else None,
            "is_enterprise_install": is_org,
            "authed_user": {"id": first.user_id("ada")},
        }
        if self.rotates:
            refresh = f"xoxe-1-{secrets.token_hex(20)}"
            self._refresh[refresh] = _Grant(teams)
            answer |= {"refresh_token": refresh, "expires_in": int(TOKEN_LIFE.total_seconds())}
        return answer

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self._tokens.get(token)
        if grant is None:
            return _refused("invalid_auth" if token else "not_authed")
        if grant.revoked:
            return _refused("token_revoked")
        if grant.expires is not None and grant.expires <= self.clock():
            return _refused("token_expired")
        if request.match_info["method"] == "auth.revoke":
            grant.revoked = True
            return web.json_response({"ok": True, "revoked": True})
        text = await request.text()
        return await self._meant(grant, text).dispatcher.handle(request)

    def _meant(self, grant: _Grant, text: str) -> Workspace:
        """Of an organisation's workspaces the one that is named, or whose channel is."""
        named = (one for one in grant.teams if one.team_id in text or any(c in text for c in one.core.state.channels))
        return next(named, grant.teams[0])


def _refused(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})
