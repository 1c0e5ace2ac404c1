"""Settings, read once at the start. Nothing else reads the environment.

An unknown `TAPEOUT_…` variable or a malformed value is a `SettingsError` that names it.
"""

from __future__ import annotations

import base64
import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

PREFIX = "TAPEOUT_"
#: The length of an encryption key, as the Fernet specification has it.
KEY_BYTES = 32


class Settings(BaseSettings):
    """All settings. `.env.example` and the README list the same names; a test compares them."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN", description="xoxb-…: the bot's token")
    slack_app_token: SecretStr | None = Field(
        None, alias="SLACK_APP_TOKEN", description="xapp-…: the app-level token for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET", description="checks that requests over HTTP come from Slack"
    )
    slack_client_id: str | None = Field(
        None, alias="SLACK_CLIENT_ID", description="the app's own id, for installing it in many workspaces over HTTP"
    )
    slack_client_secret: SecretStr | None = Field(
        None, alias="SLACK_CLIENT_SECRET", description="goes with the client id"
    )
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        alias="TAPEOUT_ENCRYPTION_KEYS",
        description="seal the workspaces' tokens, the newest first, by comma; `tapeout keys new` makes one",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", alias="TAPEOUT_SLACK_API_URL", description="where Slack's Web API is"
    )
    database_url: SecretStr | None = Field(
        None, alias="DATABASE_URL", description="PostgreSQL; without it SQLite in the data folder is used"
    )
    database_connections: int = Field(
        5,
        alias="TAPEOUT_DATABASE_CONNECTIONS",
        ge=2,
        le=100,
        description="the most connections that each process holds to PostgreSQL",
    )
    data_dir: Path = Field(Path("var"), alias="TAPEOUT_DATA_DIR", description="where SQLite and local state live")
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY", description="switches the LLM writer on")
    openai_base_url: str | None = Field(
        None, alias="OPENAI_BASE_URL", description="any OpenAI-compatible endpoint; switches the LLM writer on"
    )
    model: str = Field("gpt-4.1-mini", alias="TAPEOUT_MODEL", description="the model that writes briefs and answers")
    model_patience_s: float = Field(
        60.0,
        alias="TAPEOUT_MODEL_PATIENCE_S",
        ge=1.0,
        le=240.0,
        description="how long the model may be silent before it is given up, in seconds; slow local ones need more",
    )
    daily_tokens: int = Field(
        500_000, alias="TAPEOUT_DAILY_TOKENS", ge=0, description="tokens a day and workspace before the LLM rests"
    )
    daily_dollars: float | None = Field(
        None,
        alias="TAPEOUT_DAILY_DOLLARS",
        ge=0,
        description="US dollars a day and workspace before the LLM rests; needs the two prices",
    )
    price_read: float | None = Field(
        None, alias="TAPEOUT_PRICE_READ", ge=0, description="US dollars for a million tokens that the model reads"
    )
    price_written: float | None = Field(
        None, alias="TAPEOUT_PRICE_WRITTEN", ge=0, description="US dollars for a million tokens that it writes"
    )
    user_questions: int = Field(
        20, alias="TAPEOUT_USER_QUESTIONS", ge=1, description="how many questions a person may ask in ten minutes"
    )
    team_questions: int = Field(
        300, alias="TAPEOUT_TEAM_QUESTIONS", ge=1, description="how many questions a workspace may ask in an hour"
    )
    answers_at_once: int = Field(
        4, alias="TAPEOUT_ANSWERS_AT_ONCE", ge=1, le=64, description="how many questions are answered at the same time"
    )
    admins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), alias="TAPEOUT_ADMINS", description="Slack user ids that may configure besides workspace admins, by comma"
    )
    default_channel: str = Field(
        "ai-infrastructure", alias="TAPEOUT_CHANNEL", description="the channel that a first start posts to"
    )
    host: str = Field("127.0.0.1", alias="TAPEOUT_HOST", description="where /healthz, /readyz and /metrics listen")
    public_url: str | None = Field(
        None, alias="TAPEOUT_PUBLIC_URL", description="where people reach that web server; switches the web view on"
    )
    port: int = Field(8081, alias="PORT", ge=0, le=65535, description="their port; 0 picks a free one")
    workspace_port: int = Field(
        8080, alias="TAPEOUT_WORKSPACE_PORT", ge=0, le=65535, description="the local workspace's page"
    )
    workspace_patience: float = Field(
        1.0,
        alias="TAPEOUT_WORKSPACE_PATIENCE",
        ge=1,
        description="how many times Slack's three seconds the local workspace waits, for a slow machine",
    )
    shelf_port: int = Field(
        8082, alias="TAPEOUT_SHELF_PORT", ge=0, le=65535, description="the sample feeds' local web server"
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="TAPEOUT_ALLOWED_HOSTS",
        description="host:port pairs of private feeds that the guard lets through, by comma",
    )
    digest_urls: SecretStr | None = Field(
        None,
        alias="TAPEOUT_DIGEST_URLS",
        description="where digests go besides Slack, by space: `#channel=mailtos://…` (needs `tapeout[apprise]`)",
    )
    keep_questions_days: int = Field(
        180,
        alias="TAPEOUT_KEEP_QUESTIONS_DAYS",
        ge=0,
        description="how long questions are kept with their answers and votes, in days; 0: for good",
    )
    contact_url: str = Field(
        "https://example.com/tapeout",
        alias="TAPEOUT_CONTACT_URL",
        description="named in the User-Agent so that publishers can reach you",
    )
    poll_floor_s: float = Field(
        300.0, alias="TAPEOUT_POLL_FLOOR_S", gt=0, description="the least seconds between two polls of a feed"
    )
    poll_ceiling_s: float = Field(
        86_400.0, alias="TAPEOUT_POLL_CEILING_S", gt=0, description="the most seconds between two polls of a feed"
    )
    gather_s: float = Field(
        30.0, alias="TAPEOUT_GATHER_S", ge=0, description="how long a new story waits for other publishers, in seconds"
    )
    encoder: Literal["words", "minilm"] = Field(
        "words",
        alias="TAPEOUT_ENCODER",
        description="what compares articles: word vectors, or `minilm` beside them (needs `tapeout[minilm]`)",
    )
    first_poll_limit: int = Field(
        5, alias="TAPEOUT_FIRST_POLL_LIMIT", ge=0, description="how many of a new feed's newest articles are told"
    )
    host_spacing_s: float = Field(
        1.0, alias="TAPEOUT_HOST_SPACING_S", ge=0, description="the least seconds between two requests to a host"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="TAPEOUT_LOG_LEVEL", description="how much is logged"
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", alias="TAPEOUT_LOG_FORMAT", description="auto: text in a terminal, JSON otherwise"
    )

    @field_validator("admins", "allowed_hosts", "encryption_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an address such as https://tapeout.example.com")
        return value.rstrip("/")

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in value:
            try:
                length = len(base64.urlsafe_b64decode(key.get_secret_value()))
            except ValueError:
                length = 0
            if length != KEY_BYTES:
                raise ValueError("one of them is no key: `tapeout keys new` makes one")
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("a bot token starts with xoxb-")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("an app-level token starts with xapp-")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = value.get_secret_value()
        scheme = url.partition("://")[0]
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return SecretStr("postgresql+psycopg" + url[len(scheme) :])
        if scheme in {"sqlite", "sqlite+aiosqlite"}:
            return SecretStr("sqlite+aiosqlite" + url[len(scheme) :])
        raise ValueError("a database address starts with postgres:// or sqlite://")

    @model_validator(mode="after")
    def _tokens_come_in_pairs(self) -> Settings:
        if self.slack_bot_token is not None and self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError(
                "SLACK_BOT_TOKEN is set but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is"
            )
        for name, value in (
            ("SLACK_APP_TOKEN", self.slack_app_token),
            ("SLACK_SIGNING_SECRET", self.slack_signing_secret),
        ):
            if value is not None and self.slack_bot_token is None and self.slack_client_id is None:
                raise ValueError(f"{name} is set but SLACK_BOT_TOKEN is not")
        return self

    @model_validator(mode="after")
    def _many_workspaces(self) -> Settings:
        if self.slack_client_id is None:
            return self
        for name, value in (("SLACK_BOT_TOKEN", self.slack_bot_token), ("SLACK_APP_TOKEN", self.slack_app_token)):
            if value is not None:
                raise ValueError(f"SLACK_CLIENT_ID is for many workspaces, {name} for one: leave one of them out")
        for name, wanted in (
            ("SLACK_CLIENT_SECRET", self.slack_client_secret),
            ("SLACK_SIGNING_SECRET", self.slack_signing_secret),
            ("TAPEOUT_PUBLIC_URL", self.public_url),
        ):
            if wanted is None:
                raise ValueError(f"SLACK_CLIENT_ID is set but {name} is not")
        if not self.encryption_keys:
            raise ValueError("SLACK_CLIENT_ID is set but TAPEOUT_ENCRYPTION_KEYS is not: `tapeout keys new` makes one")
        return self

    @model_validator(mode="after")
    def _money(self) -> Settings:
        prices = (("TAPEOUT_PRICE_READ", self.price_read), ("TAPEOUT_PRICE_WRITTEN", self.price_written))
        missing = [name for name, value in prices if value is None]
        if len(missing) == 1:
            raise ValueError(f"one price of the model is set but {missing[0]} is not")
        if missing and self.daily_dollars is not None:
            raise ValueError(f"TAPEOUT_DAILY_DOLLARS is set but {' and '.join(missing)} are not: what a token costs")
        return self

    @property
    def prices(self) -> tuple[float, float]:
        """US dollars for a million tokens that the model reads, and that it writes; 0 where they are not set."""
        return self.price_read or 0.0, self.price_written or 0.0

    @property
    def has_slack(self) -> bool:
        """Whether a real workspace's tokens are set, or the app's own for many."""
        return self.slack_bot_token is not None or self.has_many

    @property
    def has_many(self) -> bool:
        """Whether the app is installed in many workspaces, each with a token of its own."""
        return self.slack_client_id is not None

    @property
    def is_local(self) -> bool:
        """Whether Slack is a stand-in on this machine, so that its people are, too."""
        return urlsplit(self.slack_api_url).hostname in {"127.0.0.1", "localhost", "::1"}

    @property
    def has_model(self) -> bool:
        """Whether an LLM endpoint is set."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address; holds a password, so never log it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'tapeout.db'}"

    @property
    def user_agent(self) -> str:
        """How the bot names itself to publishers."""
        return f"Tapeout/0.1 (+{self.contact_url})"


def forget_proxies() -> None:
    """Take proxies out of the environment: Slack's SDK sends even requests to this machine through them.

    Only for the local workspace, where nothing else is asked.
    """
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment and `.env`.

    Raises:
        SettingsError: a `TAPEOUT_` variable is unknown, or a value is malformed; the message names it.
    """
    known = {str(field.alias) for field in Settings.model_fields.values()}
    given = set(environ) if environ is not None else set(os.environ) | set(dotenv_values(".env"))
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known and not name.startswith("TAPEOUT_TEST_"):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " `.env.example` lists all settings."
            raise SettingsError(f"Unknown setting {name}.{hint}")
    try:
        return Settings() if environ is None else Settings(_env_file=None, **dict(environ))  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    """Name each bad setting and what is wrong, without its value (it may be a secret)."""
    parts = []
    for item in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in item["loc"]) or "Settings"
        parts.append(f"{name}: {item['msg'].removeprefix('Value error, ')}")
    return "; ".join(parts) + ". `.env.example` shows each setting with an example."
