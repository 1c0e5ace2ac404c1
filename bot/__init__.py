"""Tapeout: the AI-infrastructure news desk that lives in a team's Slack.

```
         (due)         (changed)        (new)            (same event?)        (relevant?)
feeds ──► fetch ──► parse ──► identify ──► read full text ──► join story ──► rank for each channel
  ▲          304: nothing more to do                              │                    │
  └─ cadence ◄── headers, errors                                  ▼                    ▼
                                              brief (once per story)  ──► delivery (once per channel)
question ──► find passages ──► write answer ──► check quotes ──► reply         │ claim ► send ► settle
```
Every arrow's left side is written down before its right side starts: a crash repeats work, never a post.
"""

__version__ = "0.1.0"
