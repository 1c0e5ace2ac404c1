"""Configuration as code: what channels should follow, as a file, and what it takes to get there. Pure.

```
tapeout.toml ─read─► wanted ─┐
                             ├─compare─► steps, each a sentence ─► shown, then done by the newsroom
store ──────────────► as is ─┘ ─write─► tapeout.toml
```
"""

from bot.plans.compare import Step, steps
from bot.plans.toml import read
from bot.plans.wanted import WantedChannel, WantedFeed
from bot.plans.writing import write

__all__ = ["Step", "WantedChannel", "WantedFeed", "read", "steps", "write"]
