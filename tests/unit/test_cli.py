from __future__ import annotations

import sys

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
