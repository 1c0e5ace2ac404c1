"""What the bot can do: the only door for handlers, the command line and the loops.

- `watching` brings articles in (`settling` writes polls down), `joining` makes them stories, `telling` takes stories
  to channels, `retelling` those that pass after a change of mind, `pacing` says whether they go at once or wait for the
  digest that `digests` makes; `ranking` judges stories for a channel by what it has chosen with `topics`, `filtering`
  asks which of a feed's articles count there,
  `styling` says how they are written.
- `composing` answers, `linking` reads what is behind shared links, `asking` brings answers into threads, `awaiting`
  watches for what is not known yet, `hearing` keeps what people say of answers.
- `managing`, `importing` and `previewing` are for admins; `appointing` says who may, `auditing` who changed what and
  takes it back, `privacy` who sees what; `notices` tell them what is wrong with a feed, `explaining` why something was
  not posted.
- `browsing` is what the web view reads, `homing` what App Home shows.
- `applying` brings channels to what a file wants.
- `leaving` ends what has to end: workspaces that went, what is kept for a time alone.
- `desk` holds what they share.
"""

from __future__ import annotations

from bot.newsroom.applying import Applying
from bot.newsroom.appointing import Appointing
from bot.newsroom.auditing import Auditing
from bot.newsroom.awaiting import Awaiting
from bot.newsroom.browsing import Browsing
from bot.newsroom.desk import Pace, Resources
from bot.newsroom.digests import Digests
from bot.newsroom.explaining import Explaining
from bot.newsroom.hearing import Hearing
from bot.newsroom.homing import Homing
from bot.newsroom.joining import Joining
from bot.newsroom.leaving import Leaving
from bot.newsroom.previewing import Previewing
from bot.newsroom.retelling import Retelling
from bot.newsroom.styling import Styling
from bot.newsroom.topics import Topics

__all__ = ["Newsroom", "Pace", "Resources"]


class Newsroom(
    Previewing,
    Auditing,
    Homing,
    Awaiting,
    Browsing,
    Applying,
    Joining,
    Retelling,
    Topics,
    Styling,
    Appointing,
    Hearing,
    Explaining,
    Digests,
    Leaving,
):
    """Everything the bot can do."""
