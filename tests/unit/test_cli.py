from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot import cli as cli_module
from bot.errors import FetchError, SettingsError, UserError


def _main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["tapeout", *arguments])
    with pytest.raises(SystemExit) as left:
        cli_module.main()
    assert isinstance(left.value.code, int)
    return left.value.code


def test_a_command_that_does_its_work_leaves_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tapeout version` prints the version and nothing else."""
    assert _main(monkeypatch, "version") == 0
    assert capsys.readouterr().out.strip().count(".") == 2


def test_an_unknown_command_is_a_sentence_and_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Click's own word for it, no traceback."""
    assert _main(monkeypatch, "runn") == 2
    assert "No such command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("PORT: not a number"), 2),
        (UserError("There is no such feed."), 1),
        (FetchError("It does not answer.", kind="timeout"), 1),
        (typer.Exit(3), 3),
        (typer.Abort(), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    """Errors of ours never show a traceback."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(cli_module, "cli", typer.Typer())
    cli_module.cli.command("one")(fail)
    cli_module.cli.command("two")(fail)
    assert _main(monkeypatch, "one") == code
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    if code in {1, 2}:
        assert str(error) in " ".join(shown.split())


def test_a_secret_in_an_error_is_not_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever put it there."""

    def fail() -> None:
        raise UserError("Slack refused xoxb-123456789-abcdef.")

    monkeypatch.setattr(cli_module, "cli", typer.Typer())
    cli_module.cli.command("one")(fail)
    cli_module.cli.command("two")(fail)
    _main(monkeypatch, "one")
    assert "xoxb-123456789" not in capsys.readouterr().err


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its whole name."""
    inner = getattr(command, "commands", {})
    for word, each in inner.items():
        yield from leaves(each, f"{name} {word}")
    if not inner:
        yield name, command


COMMANDS = dict(leaves(typer.main.get_command(cli_module.cli), "tapeout"))


def test_the_help_of_what_takes_words_shows_an_example() -> None:
    """An operator need not read anything else; the example begins with the command itself."""
    wanting = {name for name, each in COMMANDS.items() if any(one.param_type_name == "argument" for one in each.params)}
    assert wanting
    assert {name for name in wanting if f"For example: {name} " not in (COMMANDS[name].help or "")} == set()


def test_every_list_can_be_had_as_json() -> None:
    """Tables are for people; scripts ask for data."""
    lists = {name for name in COMMANDS if name.endswith(" list")}
    lists |= {f"tapeout {verb}" for verb in ("health", "budget", "audit", "why", "digest", "style", "preview")}
    assert {name for name in lists if "--json" not in str([one.opts for one in COMMANDS[name].params])} == set()


def test_the_reference_has_every_command() -> None:
    """A command that nobody can read about is not there."""
    reference = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    lines = [line for line in reference.splitlines() if "`tapeout " in line]
    for name in COMMANDS:
        _, group, *verb = name.split()
        mine = [line for line in lines if re.search(rf"`tapeout {group}\b", line)]
        assert mine, name
        assert not verb or any(re.search(rf"\b{verb[0]}\b", line) for line in mine), name
