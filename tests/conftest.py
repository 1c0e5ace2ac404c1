"""What all tests share: components that may be missing on a newcomer's machine, and must not be in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def missing(component: str, remedy: str) -> NoReturn:
    """Skip with the reason on a newcomer's machine; fail in CI, where everything is installed."""
    reason = f"{component} is missing: {remedy}"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


# No test is timed: a busy machine takes longer for an example than hypothesis would allow by itself.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
