"""The guard's rules, address by address."""

from __future__ import annotations

import socket

import pytest
from yarl import URL

from bot.errors import BlockedAddressError
from bot.feeds.guard import Guard, is_public

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
100::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 fec0::1 ff02::1 4000::1
localhost example.com 1.2.3 1.2.3.4.5 0x7f.0.0.1
""".split()  # noqa: SIM905 - a list of this length is easier to read so
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public(address: str) -> None:
    """Private, special, tunnelled, reserved, or no address at all."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public(address: str) -> None:
    """Ordinary addresses of the internet, also when mapped."""
    assert is_public(address)


@pytest.mark.parametrize("entry", ["", "localhost", ":80", "localhost:", "localhost:http", "[::1]"])
def test_an_allowed_host_needs_host_and_port(entry: str) -> None:
    """A mistake in the setting is told, not taken for something wider."""
    with pytest.raises(ValueError, match="host:port"):
        Guard([entry])


def test_an_allowed_entry_allows_exactly_that() -> None:
    """Neither another port nor another name, nor the name below it."""
    guard = Guard(["Feeds.Internal:8443", "[::1]:9000"])
    guard.check_url(URL("http://feeds.internal:8443/x"))
    guard.check_url(URL("http://[::1]:9000/x"))
    for url in ("http://feeds.internal:8444/", "http://a.feeds.internal:8443/", "http://[::1]:9001/", "http://[::1]/"):
        with pytest.raises(BlockedAddressError):
            guard.check_url(URL(url))


def dial(guard: Guard, url: str, address: str, port: int) -> bool:
    """Whether a socket is made for this address while this URL is being read."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with guard.dialling(URL(url)) as made:
        try:
            guard.socket_factory((family, socket.SOCK_STREAM, 6, "", (address, port))).close()
        except OSError:
            assert made.refused == [address]
            return False
    return True


def test_the_dialled_address_is_checked_for_its_own_url() -> None:
    """Permission belongs to one host and port, whatever address another name resolves to."""
    guard = Guard(["feeds.internal:80", "127.0.0.1:8080", "169.254.1.1:80"])
    assert dial(guard, "http://feeds.internal/", "10.0.0.5", 80)
    assert dial(guard, "http://127.0.0.1:8080/", "127.0.0.1", 8080)
    assert dial(guard, "http://169.254.1.1/", "169.254.1.1", 80)
    assert dial(guard, "https://example.com/", "93.184.215.14", 443)
    assert not dial(guard, "http://evil.example/", "10.0.0.5", 80)
    assert not dial(guard, "http://evil.example:8080/", "127.0.0.1", 8080)
    assert not dial(guard, "http://feeds.internal/", "169.254.169.254", 80)
    assert not dial(guard, "http://feeds.internal/", "::ffff:169.254.169.254", 80)
    assert not dial(guard, "https://example.com/", "93.184.215.14", 22)
    assert not dial(guard, "https://example.com/", "93.184.215.14", 80)


def test_without_a_request_nothing_is_dialled() -> None:
    """A socket that nobody asked for is refused."""
    with pytest.raises(OSError, match="not on the public internet"):
        Guard().socket_factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443)))
