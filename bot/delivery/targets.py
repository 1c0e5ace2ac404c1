"""Where digests go besides Slack: the operator's addresses, each for one channel. Pure.

`TAPEOUT_DIGEST_URLS` has them by white space, in Apprise's form, each after its channel:
`#news=mailtos://… T0123456/#chips=discord://…`. They hold passwords and tokens: none is ever shown or logged.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from bot.errors import SettingsError

SETTING = "TAPEOUT_DIGEST_URLS"
#: What an address may begin with. Apprise knows some hundred more, among them such as run programs or write files.
SCHEMES = {
    "mailto": "e-mail",
    "mailtos": "e-mail",
    "discord": "Discord",
    "workflows": "Microsoft Teams",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "gchat": "Google Chat",
    "tgram": "Telegram",
    "matrix": "Matrix",
    "matrixs": "Matrix",
}
#: Services whose host is not in the address.
HOSTS = {"discord": "discord.com", "gchat": "chat.googleapis.com", "tgram": "api.telegram.org"}

_ENTRY = re.compile(r"(?:(?:(?P<team>[TE][A-Z0-9]{2,})/)?#(?P<channel>[^\s=#/]+)=)?(?P<url>(?P<scheme>\w+)://\S+)")


@dataclass(frozen=True, slots=True)
class Target:
    """Somewhere that a channel's digests go to.

    Attributes:
        team: only this workspace's channel of that name; None: whichever has one.
        channel: its name, without "#".
        scheme: the kind of service.
        url: Apprise's address; a secret.
    """

    team: str | None
    channel: str
    scheme: str
    url: str = field(repr=False)

    @property
    def id(self) -> str:
        """Under which the store knows it; says nothing about the address."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]

    def takes(self, team_id: str, channel: str) -> bool:
        """Whether this channel's digests go there."""
        return channel == self.channel and self.team in {None, team_id}


def parse(text: str, *, default_channel: str) -> tuple[Target, ...]:
    """The targets that the setting names.

    Raises:
        SettingsError: an entry is not written properly, or not of a kind that is allowed; it is named by its place.
    """
    found = []
    for number, entry in enumerate(text.split(), start=1):
        parts = _ENTRY.fullmatch(entry)
        if parts is None:
            raise SettingsError(f"{SETTING}, entry {number}: an entry is written #channel=service://….")
        scheme = parts["scheme"].lower()
        if scheme not in SCHEMES:
            raise SettingsError(f"{SETTING}, entry {number}: digests go by {', '.join(SCHEMES)} alone.")
        found.append(Target(parts["team"], parts["channel"] or default_channel, scheme, parts["url"]))
    return tuple(found)
