"""Which addresses may be connected to: the public internet on ports 80 and 443, and what the operator allows.

Checked twice. `Guard.check_url` refuses an address by what is written in it. `Guard.socket_factory` sees the IP
address that is dialled, for every connection, after DNS: a name that resolves to a private address is refused there,
also when it changes its mind between two look-ups (DNS rebinding). Deny by default: what isn't known to be public is
refused.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.connector import AddrInfoType
from yarl import URL

from bot.errors import BlockedAddressError

DEFAULT_PORTS = {"http": 80, "https": 443}

# `is_global` of Python 3.11 takes some of these for public; newer versions differ. Listed so that all versions agree.
_DENIED_V4 = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: cloud metadata lives here
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, 192.0.0.8 included
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)
_PUBLIC_V6 = ip_network("2000::/3")  # the only block from which public addresses are given out
_DENIED_V6 = tuple(
    ip_network(net)
    for net in (
        "2001::/23",  # Teredo, ORCHID, benchmarks: tunnels can end anywhere
        "2001:db8::/32",
        "2002::/16",  # 6to4: holds an IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_LINK_LOCAL = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"))


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an IP address is on the public internet; False for what isn't an IP address.

    IPv4 addresses inside IPv6 ones (mapped) are unwrapped. NAT64, 6to4, Teredo, site-local, IPv4-compatible and
    multicast addresses are refused although `ipaddress.is_global` allows some of them.
    """
    try:
        ip = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        return ip in _PUBLIC_V6 and not any(ip in net for net in _DENIED_V6) and ip.is_global
    return not any(ip in net for net in _DENIED_V4) and ip.is_global


def _is_link_local(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in net for net in _LINK_LOCAL)


@dataclass(slots=True)
class Dial:
    """What is being connected to, and the addresses that were refused on the way."""

    host: str
    port: int
    refused: list[str] = field(default_factory=list)


# Set for the length of one request. Tasks started by the connector inherit it, so the socket factory knows for whom
# it dials.
_dial: ContextVar[Dial | None] = ContextVar("dial", default=None)


class _RefusedError(OSError):
    """An OSError, so that the connector tries the host's next address."""


class Guard:
    """The rules for one `Fetcher`.

    Args:
        allowed_hosts: `host:port` entries. Exactly that host and port may be private, or on an unusual port.

    Raises:
        ValueError: an entry isn't `host:port`.
    """

    def __init__(self, allowed_hosts: Collection[str] = ()) -> None:
        self._allowed = frozenset(_entry(text) for text in allowed_hosts)

    def allows(self, host: str, port: int) -> bool:
        """Whether the operator allowed this host and port by name."""
        return (host.lower().rstrip("."), port) in self._allowed

    def check_url(self, url: URL) -> None:
        """Refuse an address by what is written in it.

        Raises:
            BlockedAddressError: not http(s), a password in it, a port other than 80 and 443, or a literal private
            address.
        """
        if url.scheme not in DEFAULT_PORTS or not url.host or url.port is None:
            raise BlockedAddressError("Only addresses that start with http:// or https:// can be read.")
        if url.user is not None or url.password is not None:
            raise BlockedAddressError("The address holds a user name or password. Use the address without it.")
        if self.allows(url.host, url.port):
            return
        if url.port not in DEFAULT_PORTS.values():
            raise BlockedAddressError(
                f"Port {url.port} is not read. Ask whoever runs the bot to add {url.host}:{url.port} to "
                "TAPEOUT_ALLOWED_HOSTS if this is meant."
            )
        if _is_literal(url.host) and not is_public(url.host):
            raise self._blocked(url.host, url.port)

    @contextlib.contextmanager
    def dialling(self, url: URL) -> Iterator[Dial]:
        """Say for whom connections are made inside this block."""
        dial = Dial((url.host or "").lower().rstrip("."), url.port or 0)
        token = _dial.set(dial)
        try:
            yield dial
        finally:
            _dial.reset(token)

    def socket_factory(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for a connection, or refuse to.

        An allowed host may resolve to a private address, but a name never to a link-local one: that is where clouds
        keep their credentials.
        """
        family, kind, proto, _, sockaddr = info
        address, port = str(sockaddr[0]), int(sockaddr[1])
        if not self._may_dial(address, port):
            dial = _dial.get()
            if dial is not None:
                dial.refused.append(address)
            raise _RefusedError(f"{address} is not on the public internet")
        made = socket.socket(family, kind, proto)
        made.setblocking(False)  # noqa: FBT003 - the socket's own signature
        return made

    def _may_dial(self, address: str, port: int) -> bool:
        dial = _dial.get()
        if dial is None or dial.port != port:
            return False
        if self.allows(dial.host, port):
            return dial.host == address or not _is_link_local(address)
        return port in DEFAULT_PORTS.values() and is_public(address)

    @staticmethod
    def _blocked(host: str, port: int) -> BlockedAddressError:
        name = f"[{host}]" if ":" in host else host
        return BlockedAddressError(
            f"{host} is not on the public internet, so it is not read. Ask whoever runs the bot to add "
            f"{name}:{port} to TAPEOUT_ALLOWED_HOSTS if this is meant."
        )

    def refusal(self, dial: Dial) -> BlockedAddressError:
        """The error for a connection whose addresses were refused."""
        return self._blocked(dial.host, dial.port)


def _entry(text: str) -> tuple[str, int]:
    host, colon, port = text.strip().lower().rpartition(":")
    if not colon or not host or not port.isdigit():
        raise ValueError(f"An allowed host is written host:port, not {text!r}")
    return host.strip("[]").rstrip("."), int(port)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        # "2130706433" and "0x7f.1" are IPv4 addresses to some resolvers; no domain ends in a number.
        return re.fullmatch(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", host.lower()) is not None
    return True
