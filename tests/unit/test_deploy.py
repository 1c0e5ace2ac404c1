"""What is shipped for operators names only what there is: metrics, roles, settings, files."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # used in these tests alone

from bot import metrics
from bot.cli import cli
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
ROLES = {"web", "worker", "release"}


def _text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _exported() -> set[str]:
    """The names under which Prometheus gets our metrics."""
    names = set()
    for family in metrics.registry.collect():
        endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}[family.type]
        names |= {family.name + ending for ending in endings}
    return names


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "alerts.yaml"])
def test_dashboard_and_alerts_ask_for_metrics_that_exist(name: str) -> None:
    """A renamed metric would leave a panel empty and an alert silent."""
    asked = set(re.findall(r"tapeout_[a-z_]+", _text(name)))
    assert len(asked) > 3
    assert asked <= _exported()


def test_every_metric_has_its_panel() -> None:
    """What is counted can be seen; loops' beats are read by /readyz."""
    shown = set(re.findall(r"tapeout_[a-z_]+", _text("grafana-dashboard.json")))
    families = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in _exported()}
    assert families - {re.sub(r"_(total|bucket)$", "", name) for name in shown} == {
        "tapeout_loop_beat_timestamp_seconds"
    }


def test_panels_do_not_overlap() -> None:
    """Grafana would move them about."""
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(_text("grafana-dashboard.json"))["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_alert_says_what_to_do() -> None:
    """Somebody who is woken wants to know both."""
    (group,) = yaml.safe_load(_text("alerts.yaml"))["groups"]
    for rule in group["rules"]:
        assert set(rule["annotations"]) == {"summary", "do"}, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_compose_and_procfile_start_the_same_roles() -> None:
    """Both know web, worker and release, and the container takes them as its command."""
    services: dict[str, Any] = yaml.safe_load(_text("compose.yaml"))["services"]
    assert {service["command"] for service in services.values() if "command" in service} == ROLES
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    assert {line.partition(":")[0] for line in procfile.splitlines()} == ROLES


def test_the_database_role_is_no_superuser() -> None:
    """POSTGRES_USER makes one, and superusers pass by row-level security."""
    composed = yaml.safe_load(_text("compose.yaml"))
    assert "POSTGRES_USER" not in composed["services"]["database"]["environment"]
    assert "CREATE ROLE tapeout LOGIN" in composed["configs"]["role"]["content"]
    assert composed["services"]["web"]["environment"]["DATABASE_URL"].startswith("postgres://tapeout:")


def test_every_setting_that_is_named_exists() -> None:
    """A misspelt TAPEOUT_ variable would stop the start."""
    known = {str(field.alias) for field in Settings.model_fields.values()}
    named = {name for path in DEPLOY.iterdir() for name in re.findall(r"\bTAPEOUT_[A-Z_]+", path.read_text("utf-8"))}
    assert named
    assert named <= known


def test_the_container_is_nobody_and_takes_what_is_there() -> None:
    """It does not run as root, its packages are checked by hash, and what it copies exists."""
    lines = _text("Dockerfile")
    assert re.findall(r"^USER (\S+)", lines, re.MULTILINE)[-1] not in {"root", "0"}
    assert "--require-hashes -r requirements.lock" in lines
    assert (ROOT / "requirements.lock").exists()
    assert (DEPLOY / "healthy.py").exists()


def test_what_containers_start_is_a_command() -> None:
    """The entry point is the package's own script; what follows it, in the image and in each role, is a command."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = _text("Dockerfile")
    (entry,) = re.findall(r'^ENTRYPOINT \["([^"]+)"\]', lines, re.MULTILINE)
    (command,) = re.findall(r'^CMD \["([^"]+)"\]', lines, re.MULTILINE)
    assert entry in project["project"]["scripts"]
    known = {info.name or info.callback.__name__ for info in cli.registered_commands if info.callback is not None}
    assert {command, *ROLES} <= known


def test_what_the_image_copies_and_checks_is_there() -> None:
    """Sources of COPY are in the build's context and not kept out of it; the health check's file is one of them."""
    ignored = {line for line in _text("Dockerfile.dockerignore").splitlines() if line and not line.startswith("#")}
    sources = [
        path
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", _text("Dockerfile"), re.MULTILINE)
        for path in line.split()
    ]
    (check,) = re.findall(r'^HEALTHCHECK .* CMD \["python", "([^"]+)"\]', _text("Dockerfile"), re.MULTILINE)
    assert sources
    for path in (*sources, check, "manifest.json", "pyproject.toml", "bot", "handlers"):
        assert (ROOT / path).exists(), path
        assert path not in ignored, path


def test_the_images_are_of_named_editions_and_the_python_is_a_supported_one() -> None:
    """`latest` would be another program tomorrow; the image's Python is one that the package allows."""
    images = re.findall(r"^FROM (\S+)", _text("Dockerfile"), re.MULTILINE)
    composed = yaml.safe_load(_text("compose.yaml"))["services"]
    images += [service["image"] for service in composed.values() if "build" not in service]
    assert all(":" in image and not image.endswith(":latest") for image in images), images
    (version,) = {match[1] for image in images if (match := re.match(r"python:(\d+\.\d+)", image))}
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert tuple(map(int, version.split("."))) >= tuple(map(int, required.removeprefix(">=").split(".")))
