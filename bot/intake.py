"""Where Slack's requests come in, from a socket or over HTTP: each within its own workspace, from the first line on."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import tenancy


class Intake(AsyncApp):
    """Bolt's app, whose listeners see the rows of the workspace that a request comes from, and no others."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a request to its listener; what goes on after the acknowledgement stays within the workspace, too."""
        with tenancy.within(req.context.team_id or req.context.enterprise_id):
            return await super().async_dispatch(req)
