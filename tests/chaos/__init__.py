"""Kill -9 at random moments, under Slack's faults: what the ledger promises is in the channels, once.

```
 this process                                    children (real processes, killed with SIGKILL)
 ┌──────────────────────────────────┐            ┌──────────────────────────────┐
 │ workspace, with weather (faults) │ ◄────────► │ tapeout run    tapeout worker│
 │ press and shelf (feeds)          │ ◄────────► │            ×1     ×1, ×3     │
 │ people (questions)               │            └──────────────┬───────────────┘
 │ reaper (chooses moments, kills)  │                           ▼
 │ verdict (compares) ◄─────────────┼──────────── SQLite, or PostgreSQL
 └──────────────────────────────────┘
```
`python -m tests.chaos` is the long run; `test_chaos.py` a short one for every day.
"""
