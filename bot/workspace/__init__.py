"""A small local stand-in for Slack: Web API, Socket Mode and a page, on loopback.

```
 people ──► page ──► deeds ─┐                                   ┌─► sockets ──► the app (Socket Mode)
                            ├─► core: state, journal ─► settle ─┤
 the app ──► api ───────────┘   (written down first)            └─► feed ──► pages, waiting tests
```
It knows Slack and nothing of the app but its manifest. The real slack_sdk and slack_bolt clients run against
it unchanged, with `base_url=workspace.api_url`.
"""

from bot.workspace.api.dispatch import RecordedCall
from bot.workspace.faults import Faults
from bot.workspace.interactions import Container
from bot.workspace.people import DEFAULT_PEOPLE, Person
from bot.workspace.server import Workspace
from bot.workspace.shapes import RefusedError
from bot.workspace.timing import Timing

__all__ = [
    "DEFAULT_PEOPLE",
    "Container",
    "Faults",
    "Person",
    "RecordedCall",
    "RefusedError",
    "Timing",
    "Workspace",
]
