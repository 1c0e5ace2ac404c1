"""Watching feeds: fetch politely, parse safely, decide what is new, read the article's page.

```
address ─► discover ─► Fetcher.get ─► fingerprint ─► ParserPool.parse ─► identity.decide ─► page.read
             sites       guard          (same: stop)   parse, jsonfeed      urls              robots, extract
                         hosts, body
after each poll:  cadence.schedule (when next?)   health.judge (how is it?)   moves.judge (is it elsewhere?)
```

Nothing here stores anything. `guard` (its checks), `urls`, `headers`, `fingerprint`, `parse`, `dates`, `plain`,
`identity`, `cadence`, `health`, `moves`, `sites`, `opml` are pure. What reads strangers' bytes with a heavy parser
(`parse`, `extract`) runs in a process of its own that is killed when it breaks a limit.
"""
