from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load

ROOT = Path(__file__).parents[2]
SECRET = "xoxb-1234567890-not-for-logs"


def _names() -> set[str]:
    return {str(field.alias) for field in Settings.model_fields.values()}


def test_every_setting_is_in_the_example_file_and_nothing_else_is() -> None:
    """An undocumented setting, or a documented one that is gone, fails here."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) == _names()


def test_every_setting_is_in_the_readme() -> None:
    """The README's table of settings is complete."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in _names() if f"`{name}`" not in text} == set()


def test_nothing_needs_to_be_set() -> None:
    """With an empty environment the bot runs locally, with the extractive writer and SQLite."""
    settings = load({})
    assert not settings.has_slack
    assert not settings.has_model
    assert settings.sqlalchemy_url.startswith("sqlite")


def test_an_unknown_setting_is_named_with_the_nearest_one() -> None:
    """A mistyped variable stops the start instead of being ignored."""
    with pytest.raises(SettingsError, match=r"TAPEOUT_MODLE.*TAPEOUT_MODEL"):
        load({"TAPEOUT_MODLE": "x"})


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT: .*integer"),
        ({"PORT": "70000"}, "PORT: .*65535"),
        ({"TAPEOUT_LOG_LEVEL": "loud"}, "TAPEOUT_LOG_LEVEL"),
        ({"TAPEOUT_POLL_FLOOR_S": "0"}, "TAPEOUT_POLL_FLOOR_S: .*greater than 0"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN: a bot token starts with xoxb-"),
        ({"SLACK_BOT_TOKEN": SECRET}, "neither SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_BOT_TOKEN": SECRET, "SLACK_APP_TOKEN": "xapp-1"}, "leave one of them out"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is not"),
        (
            {
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "s",
                "SLACK_SIGNING_SECRET": "s",
                "TAPEOUT_PUBLIC_URL": "https://t.example",
            },
            "tapeout keys new",
        ),
        ({"TAPEOUT_ENCRYPTION_KEYS": "not-a-key"}, "TAPEOUT_ENCRYPTION_KEYS.*tapeout keys new"),
        ({"DATABASE_URL": "mysql://user:hunter22@host/x"}, "DATABASE_URL: a database address starts with postgres://"),
    ],
)
def test_a_malformed_setting_is_named_with_what_is_wrong(environ: dict[str, str], sentence: str) -> None:
    """Each malformed value gives one sentence that names the variable, and never shows a secret value."""
    with pytest.raises(SettingsError, match=sentence) as caught:
        load(environ)
    assert SECRET not in str(caught.value)
    assert "hunter22" not in str(caught.value)


def test_lists_are_given_by_commas() -> None:
    """Admins and allowed hosts are comma-separated; spaces and empty parts do not matter."""
    settings = load({"TAPEOUT_ADMINS": "U1, U2,", "TAPEOUT_ALLOWED_HOSTS": "a.example:81"})
    assert settings.admins == ("U1", "U2")
    assert settings.allowed_hosts == ("a.example:81",)


def test_platforms_spell_postgres_addresses_in_their_own_way() -> None:
    """`postgres://` and `postgresql://` both become the driver's address."""
    for scheme in ("postgres", "postgresql"):
        settings = load({"DATABASE_URL": f"{scheme}://u:p@h/d"})
        assert settings.sqlalchemy_url == "postgresql+psycopg://u:p@h/d"


def test_money_needs_prices() -> None:
    """A limit in dollars says nothing without what a token costs, and one price without the other is a mistake."""
    with pytest.raises(SettingsError, match="TAPEOUT_PRICE_READ and TAPEOUT_PRICE_WRITTEN are not"):
        load({"TAPEOUT_DAILY_DOLLARS": "2"})
    with pytest.raises(SettingsError, match="TAPEOUT_PRICE_WRITTEN is not"):
        load({"TAPEOUT_PRICE_READ": "0.4"})
    with pytest.raises(SettingsError, match="TAPEOUT_DAILY_DOLLARS"):
        load({"TAPEOUT_DAILY_DOLLARS": "-1", "TAPEOUT_PRICE_READ": "0.4", "TAPEOUT_PRICE_WRITTEN": "1.6"})
    assert load({"TAPEOUT_PRICE_READ": "0", "TAPEOUT_PRICE_WRITTEN": "0"}).prices == (0.0, 0.0)


def test_secrets_are_not_in_the_repr() -> None:
    """Printing the settings shows no token and no password."""
    settings = load(
        {
            "SLACK_BOT_TOKEN": SECRET,
            "SLACK_APP_TOKEN": "xapp-secret-too",
            "DATABASE_URL": "postgres://u:hunter22@h/d",
            "OPENAI_API_KEY": "sk-very-secret-key",
        }
    )
    shown = repr(settings) + str(settings)
    for secret in (SECRET, "xapp-secret-too", "hunter22", "sk-very-secret-key"):
        assert secret not in shown


def test_only_settings_reads_the_environment() -> None:
    """`os.environ` and `os.getenv` occur in no other module of ours."""
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|getenv\(", path.read_text(encoding="utf-8"))
    ]
    assert [path for path in readers if path != "bot/settings.py"] == []
