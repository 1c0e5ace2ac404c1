"""What hostile servers, addresses and markup cost: a sentence and a bounded time, never the service."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import socket
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BlockedAddressError, FetchError, ParseError
from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool
from bot.models import Validators

from .conftest import Reply, Site

FEED = b"<rss version='2.0'><channel><title>News</title><item><title>One</title><guid>1</guid></item></channel></rss>"


class Names(AbstractResolver):
    """A name server that answers as it is told, another address at each look-up."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The next address."""
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
        ]

    async def close(self) -> None:
        """Nothing to close."""


def resolve_with(fetcher: Fetcher, names: Names) -> None:
    """Let a fetcher use these names in place of the system's."""
    assert fetcher._session is not None
    connector = fetcher._session.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    connector._resolver = names
    connector._use_dns_cache = False


@pytest.fixture
async def stranger() -> AsyncIterator[Fetcher]:
    """A fetcher that no private host is allowed to."""
    async with Fetcher(user_agent="Tapeout/0.1", host_spacing=0, total_timeout=3) as made:
        yield made


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://example.com:8080/",
        "http://example.com:22/",
        "http://user:secret@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "unix:///var/run/docker.sock",
    ],
)
async def test_addresses_off_the_public_internet_are_refused(stranger: Fetcher, url: str) -> None:
    """Nothing private, no odd port, no other scheme, no password: and the sentence never repeats a password."""
    with pytest.raises(BlockedAddressError) as caught:
        await stranger.get(url)
    assert "secret" not in str(caught.value)


async def test_redirects_are_guarded_at_every_hop(site: Site, fetcher: Fetcher) -> None:
    """An allowed host can't send us to one that isn't."""
    for target in ("http://127.0.0.1/", "http://localhost:1/", "http://[::1]/", "//169.254.169.254/"):
        with pytest.raises(BlockedAddressError):
            await fetcher.get(site.put("/a", Reply(status=302, headers={"Location": target})))
    with pytest.raises(FetchError, match="nowhere"):
        await fetcher.get(site.put("/a", Reply(status=302, headers={"Location": "file:///etc/passwd"})))


async def test_a_name_that_resolves_to_a_private_address_is_refused(stranger: Fetcher) -> None:
    """The address that is dialled counts, not the name."""
    resolve_with(stranger, Names("127.0.0.1"))
    with pytest.raises(BlockedAddressError, match=r"rebind\.example is not on the public internet"):
        await stranger.get("http://rebind.example/")


async def test_dns_rebinding_meets_the_guard_at_the_second_look(site: Site) -> None:
    """Another host can't ride on an allowed host's address and port, even when its name points there."""
    port = site.base.rpartition(":")[2]
    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[f"good.example:{port}"], host_spacing=0) as fetcher:
        resolve_with(fetcher, Names("127.0.0.1"))
        site.put("/feed", Reply(FEED))
        assert (await fetcher.get(f"http://good.example:{port}/feed")).body == FEED
        with pytest.raises(BlockedAddressError):
            await fetcher.get(f"http://evil.example:{port}/feed")
    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[f"good.example:{port}"]) as other:
        resolve_with(other, Names("169.254.169.254"))
        with pytest.raises(BlockedAddressError):
            await other.get(f"http://good.example:{port}/")
    assert len(site.asked) == 1


async def test_proxies_of_the_environment_are_ignored(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would dial for us, past the guard."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await fetcher.get(site.put("/feed", Reply(FEED)))).body == FEED


@pytest.mark.parametrize("layers", ["gzip", "deflate", "raw deflate", "gzip, gzip", "none", "many members"])
async def test_bombs_are_stopped_at_the_cap(site: Site, fetcher: Fetcher, layers: str) -> None:
    """100 MB of zeros in a few KB stop at the cap of 200 KB, in every packing."""
    zeros = bytes(100_000_000 if layers != "none" else 300_000)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = {
        "gzip": lambda: gzip.compress(zeros),
        "deflate": lambda: zlib.compress(zeros),
        "raw deflate": lambda: raw.compress(zeros) + raw.flush(),
        "gzip, gzip": lambda: gzip.compress(gzip.compress(zeros)),
        "none": lambda: zeros,
        "many members": lambda: gzip.compress(bytes(1000)) * 3000,
    }[layers]()
    name = {"raw deflate": "deflate", "many members": "gzip", "none": "identity"}.get(layers, layers)
    url = site.put("/feed", Reply(packed, headers={"Content-Encoding": name}))
    began = time.thread_time()  # the processor's: a busy machine changes nothing
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)
    assert caught.value.kind == "too_large"
    assert time.thread_time() - began < 5


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", b"not gzip at all"), ("br2", FEED), ("gzip, gzip, gzip", FEED)]
)
async def test_broken_packing_is_an_error_of_its_own(site: Site, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    """What can't be unpacked isn't handed on as a body."""
    with pytest.raises(FetchError) as caught:
        await fetcher.get(site.put("/feed", Reply(body, headers={"Content-Encoding": encoding})))
    assert caught.value.kind == "encoding"


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate", "gzip, deflate", "two members", "identity"])
async def test_every_packing_comes_out_whole(site: Site, fetcher: Fetcher, packing: str) -> None:
    """Bodies larger than one step arrive byte for byte."""
    body = os.urandom(90_000)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = {
        "gzip": lambda: gzip.compress(body),
        "deflate": lambda: zlib.compress(body),
        "raw deflate": lambda: raw.compress(body) + raw.flush(),
        "gzip, deflate": lambda: zlib.compress(gzip.compress(body)),
        "two members": lambda: gzip.compress(body[:1000]) + gzip.compress(body[1000:]),
        "identity": lambda: body,
    }[packing]()
    name = {"raw deflate": "deflate", "two members": "gzip"}.get(packing, packing)
    assert (await fetcher.get(site.put("/f", Reply(packed, headers={"Content-Encoding": name})))).body == body


async def test_a_slow_drip_ends_at_the_total_limit(site: Site) -> None:
    """A server that sends a byte now and then is left after the total time, and the next request goes through."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"<")
            await asyncio.sleep(0.02)
        return response

    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[site.host], host_spacing=0, total_timeout=3) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(site.put("/drip", drip))
        assert caught.value.kind == "timeout"
        assert (await fetcher.get(site.put("/feed", Reply(FEED)))).body == FEED


async def test_a_connection_that_breaks_before_any_byte_is_tried_again(site: Site, fetcher: Fetcher) -> None:
    """Two resets are forgiven within one fetch; an HTTP error never is."""

    async def reset(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    got = await fetcher.get(site.put("/feed", reset, reset, Reply(FEED)))
    assert got.body == FEED
    assert len(site.asked) >= 3
    site.asked.clear()
    with pytest.raises(FetchError):
        await fetcher.get(site.put("/fault", Reply(status=500)))
    assert len(site.asked) == 1


async def test_an_answer_that_is_cut_is_no_answer(site: Site, fetcher: Fetcher) -> None:
    """Half a feed must not pass for a whole one."""

    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(FEED)
        assert request.transport is not None
        request.transport.close()
        return response

    with pytest.raises(FetchError) as caught:
        await fetcher.get(site.put("/feed", cut))
    assert caught.value.kind == "cut"


async def test_long_headers_are_read_and_a_304_to_nothing_is_refused(site: Site, fetcher: Fetcher) -> None:
    """30 KB of policy headers are no reason to fail; "not modified" without validators is."""
    got = await fetcher.get(site.put("/feed", Reply(FEED, headers={"Content-Security-Policy": "x" * 30_000})))
    assert got.body == FEED
    with pytest.raises(FetchError) as caught:
        await fetcher.get(site.put("/304", Reply(status=304)))
    assert caught.value.kind == "http_304"
    assert (await fetcher.get(site.base + "/304", validators=Validators('"1"'))).not_modified


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item " + b" ".join(b'a%d="x"' % number for number in range(80_000)) + b"/></channel></rss>",
        b"<rss version='2.0'><channel>" + b"<a>" * 400_000 + b"</channel></rss>",
        b"<rss version='2.0'><channel><item><title>" + b"<![CDATA[" * 200_000,
        b"<rss version='2.0'><channel><item><description>" + b"&lt;" * 400_000 + b"</description>",
        b"<rss version='2.0'><channel><item><title>" + b"<!--" * 300_000,
    ],
    ids=["attributes", "nested", "cdata", "entities", "comments"],
)
async def test_hostile_feeds_end_within_the_limit_and_the_next_is_read(body: bytes) -> None:
    """Parsing ends at its time limit, by a result or by the worker's death, and the pool goes on."""
    async with ParserPool(time_limit_s=1.0) as pool:
        await pool.parse(FEED, url="https://news.example/feed")
        try:
            async with asyncio.timeout(60):  # the limit is a second; a busy machine starts the next worker late
                await pool.parse(body, url="https://news.example/feed")
        except ParseError as error:
            assert error.kind in {"too_slow", "too_big", "malformed", "not_a_feed"}  # noqa: PT017 - either way is fine
        assert (await pool.parse(FEED, url="https://news.example/feed")).title == "News"


async def test_entity_bombs_do_not_grow() -> None:
    """Billion laughs and a reference to a file of ours come to nothing."""
    laughs = b"<!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY %s '%s'>" % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(9)
    )
    outside = b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>"
    async with ParserPool(time_limit_s=4) as pool:
        for head, entity in ((laughs, b"j"), (outside, b"f")):
            body = head + b"]><rss version='2.0'><channel><title>t &" + entity + b";</title><item/></channel></rss>"
            try:
                text = str(await pool.parse(body, url="https://news.example/feed"))
            except ParseError as error:
                text = str(error)
            assert "root:" not in text
            assert len(text) < 10_000


async def test_a_worker_that_eats_memory_is_replaced() -> None:
    """A feed that needs more memory than a worker has is refused, and the next one is read."""
    body = b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 60_000 + b"</channel></rss>"
    async with ParserPool(time_limit_s=20, memory_limit_mb=60) as pool:
        with pytest.raises(ParseError) as caught:
            await pool.parse(body, url="https://news.example/feed")
        assert caught.value.kind == "too_big"
        assert (await pool.parse(FEED, url="https://news.example/feed")).title == "News"


async def test_workers_ignore_ctrl_c_hold_no_secrets_and_end_with_the_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C is the parent's; the environment stays here; closing leaves no process behind."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    pool = ParserPool()
    await pool.parse(FEED, url="https://news.example/feed")
    (worker,) = pool._running
    pid = worker.process.pid
    os.kill(pid, signal.SIGINT)
    assert (await pool.parse(FEED, url="https://news.example/feed")).title == "News"
    assert {one.process.pid for one in pool._running} == {pid}
    environment = await asyncio.to_thread(Path(f"/proc/{pid}/environ").read_bytes)
    assert b"xoxb-secret" not in environment
    await pool.close()
    assert worker.process.returncode is not None
    with pytest.raises(RuntimeError, match="closed"):
        await pool.parse(FEED, url="https://news.example/feed")


async def test_a_large_parent_does_not_make_its_workers_look_large() -> None:
    """A worker's memory is its own: a bot that once used more than the limit keeps its worker."""
    ballast = bytearray(b"x" * 200_000_000)  # written to, so that it is resident when the worker is started
    async with ParserPool(memory_limit_mb=256) as pool:
        await pool.parse(FEED, url="https://news.example/feed")
        assert ballast
        assert len(pool._running) == 1


async def test_a_cancelled_job_does_not_poison_the_next() -> None:
    """Whoever gives up waiting takes the worker with them; the answer is never read by another."""
    slow = b"<rss><channel><item " + b" ".join(b'a%d="x"' % number for number in range(60_000)) + b"/></channel></rss>"
    async with ParserPool(time_limit_s=10) as pool:
        await pool.parse(FEED, url="https://news.example/feed")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.parse(slow, url="https://news.example/feed"), 0.2)
        assert (await pool.parse(FEED, url="https://news.example/feed")).items[0].title == "One"
