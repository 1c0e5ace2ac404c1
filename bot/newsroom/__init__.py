"""What the bot can do: the only door for handlers, the command line and the loops.

`watching` brings articles in, `joining` makes them stories, `telling` takes stories to channels, `asking` answers,
`managing` is for admins. `desk` holds what they share.
"""

from __future__ import annotations

from bot.newsroom.asking import Asking
from bot.newsroom.desk import Pace, Resources
from bot.newsroom.joining import Joining
from bot.newsroom.managing import Managing
from bot.newsroom.telling import Telling

__all__ = ["Newsroom", "Pace", "Resources"]


class Newsroom(Managing, Joining, Telling, Asking):
    """Everything the bot can do."""
