"""Look the locked packages up among known vulnerabilities; where that list cannot be reached, say so and go on."""

from __future__ import annotations

import json
import subprocess
import sys

PATIENCE_S = 60
LOCK = "requirements.lock"
COMMAND = ("--require-hashes", "--disable-pip", "--progress-spinner=off", "--timeout=10", "--format=json", "-r", LOCK)


def main() -> int:
    """Leave with 1 where a locked package has a known vulnerability."""
    try:
        done = subprocess.run(  # noqa: S603  # our own environment's program, with fixed words
            [sys.executable, "-m", "pip_audit", *COMMAND],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        print("pip-audit: the list of known vulnerabilities cannot be reached; nothing was looked up.")
        return 0
    known = sum(1 for package in found if "skip_reason" not in package)
    bad = [(package, fault) for package in found for fault in package.get("vulns", ())]
    for package, fault in bad:
        mended = ", ".join(fault["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}")
    print(f"pip-audit: {known} of {len(found)} locked packages looked up, {len(bad)} vulnerabilities.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
