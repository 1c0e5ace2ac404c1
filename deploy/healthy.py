"""Leaves with 0 when the process answers /healthz; for containers, which have no curl."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

PATIENCE_S = 4.0


def main() -> int:
    """Ask the process beside us, past any proxy."""
    port = os.environ.get("PORT", "8081")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_S) as answer:
            return 0 if answer.status == 200 else 1  # noqa: PLR2004  # HTTP's own word for "fine"
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
