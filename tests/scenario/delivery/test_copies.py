"""Digests by e-mail and to another chat, over real sockets: a mail server and a web hook on loopback."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp import web

from bot.delivery import targets
from bot.delivery.copies import Copies
from bot.errors import SettingsError
from bot.models import Digest, DigestFigure, DigestItem, Slot, Standing
from bot.store import Database, channels, digests

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SLOT = Slot(NOW.date(), time(8, 30), NOW)
FIGURE = DigestFigure("1.2 GW", Standing.CONFIRMED, 2)
ITEM = DigestItem(1, "A <site> in Ohio", "https://dcd.example/ohio", "Chips", (FIGURE,), ("DCD",), 2, 0.5)
DIGEST = Digest(SLOT, "UTC", NOW, NOW, (ITEM,), ())


@dataclass
class Post:
    """A mail server that takes everything."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs."""
        writer.write(b"220 here\r\n")
        body: list[bytes] | None = None
        while line := await reader.readline():
            if body is not None:
                if line == b".\r\n":
                    message = email.message_from_bytes(b"".join(body), policy=email.policy.default)
                    assert isinstance(message, EmailMessage)
                    self.taken.append(message)
                    body = None
                    writer.write(b"250 taken\r\n")
                else:
                    body.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                continue
            verb = line[:4].upper()
            if verb == b"DATA":
                body = []
            writer.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 fine\r\n"))
            await writer.drain()
            if verb == b"QUIT":
                break
        writer.close()


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """The mail server, on a free port."""
    made = Post()
    server = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@dataclass
class Hook:
    """A Mattermost that takes web hooks."""

    port: int = 0
    status: int = 200
    taken: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Keep what is said."""
        self.taken.append((await request.json())["text"])
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """The web hook, on a free port."""
    made = Hook()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """A store with a channel and a digest of it."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'copies.db'}")
    await made.migrate()
    async with made.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T1", channel_id="C1", name="news", threshold=0.3, now=NOW)
        await digests.save(connection, DIGEST, team_id="T1", channel_id="C1", now=NOW)
    yield made
    await made.close()


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now


def copies(db: Database, clock: Callable[[], datetime], text: str, *allowed: int) -> Copies:
    """The loop, with these targets; the ports of loopback that it may write to."""
    wanted = targets.parse(text, default_channel="ai")
    return Copies(db, wanted, clock=clock, allowed_hosts=[f"127.0.0.1:{port}" for port in allowed])


def mail(port: int) -> str:
    """The setting for the mail server."""
    return f"#news=mailto://127.0.0.1:{port}/?mode=insecure&from=bot@tapeout.example&to=team@example.com"


def chat(port: int) -> str:
    """The setting for the web hook."""
    return f"#news=mmost://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4"


async def test_a_digest_goes_by_mail_and_to_a_chat_once(db: Database, post: Post, hook: Hook) -> None:
    """The mail has words and HTML, escaped; the chat has plain lines; a second look and a new process send nothing."""
    clock = Clock()
    for _ in range(2):
        loop = copies(db, clock, f"{mail(post.port)} {chat(hook.port)}", post.port, hook.port)
        await loop.run_due()
        assert await loop.run_due() == 0
    (message,) = post.taken
    assert message["Subject"] == "Digest of #news · Monday 23 November · 1 story"
    assert message["To"] == "team@example.com"
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert "A <site> in Ohio" in plain.get_content()
    assert "✓ 1.2 GW" in plain.get_content()
    assert '<a href="https://dcd.example/ohio">A &lt;site&gt; in Ohio</a>' in html.get_content()
    (said,) = hook.taken
    assert "1. A ‹site› in Ohio — DCD\n   ✓ 1.2 GW" in said
    assert "https://dcd.example/ohio" in said


async def test_what_cannot_be_reached_waits_and_what_is_old_is_not_sent(db: Database, post: Post) -> None:
    """A mail server that is away is asked again after minutes; the next day nobody wants that digest any more."""
    clock = Clock()
    server = await asyncio.start_server(post.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    loop = copies(db, clock, mail(port), port)
    assert await loop.run_due() == 0
    assert await loop.next_at() == NOW + timedelta(minutes=2)
    clock.now += timedelta(minutes=2)
    server = await asyncio.start_server(post.talk, "127.0.0.1", port)
    assert await loop.run_due() == 1
    assert len(post.taken) == 1
    clock.now += timedelta(hours=7)
    assert await copies(db, clock, mail(post.port), post.port).run_due() == 0
    assert len(post.taken) == 1
    server.close()
    await server.wait_closed()


async def test_a_refusal_is_not_repeated_and_no_redirect_is_followed(db: Database, hook: Hook) -> None:
    """A service that answers with an error, or sends elsewhere, may have taken it: it is not written to again."""
    hook.status = 307
    loop = copies(db, Clock(), chat(hook.port), hook.port)
    assert await loop.run_due() == 1
    assert await loop.run_due() == 0
    assert len(hook.taken) == 1


async def test_private_addresses_are_for_the_operator_to_allow(
    db: Database, hook: Hook, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without leave nothing goes to this machine, and the log says so without the address."""
    loop = copies(db, Clock(), chat(hook.port))
    assert await loop.run_due() == 0
    assert hook.taken == []
    said = capfd.readouterr()
    assert "TAPEOUT_ALLOWED_HOSTS" in said.out + said.err
    assert "3ccdd113474722377935511fc85d3dd4" not in said.out + said.err


def test_an_address_that_apprise_does_not_understand_stops_the_start(tmp_path: Path) -> None:
    """It is named by its place, never by what it holds."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(SettingsError, match="entry 1: Apprise does not understand this discord address") as refused:
        copies(db, Clock(), "#news=discord://secret")
    assert "secret" not in str(refused.value)
