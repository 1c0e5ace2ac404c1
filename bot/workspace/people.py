"""The people of the local workspace, and how Slack describes a user."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.workspace.ids import stable_id
from bot.workspace.shapes import JsonObject

_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can use the workspace.

    Args:
        name: The handle, as in `@ada`; the user id is derived from it.
        real_name: The name that is shown.
        is_admin: Whether `users.info` says so.
        tz: An IANA time zone name.
        tz_offset: Its distance from UTC in seconds.
    """

    name: str
    real_name: str
    is_admin: bool = False
    tz: str = "Etc/UTC"
    tz_offset: int = 0

    @property
    def id(self) -> str:
        """The user id, such as `U7QK3ZP0AB`: the same on every start."""
        return stable_id("U", self.name)


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A group of people that can be mentioned, such as `@desk`."""

    handle: str
    users: tuple[str, ...]

    @property
    def id(self) -> str:
        """The group's id, such as `S7QK3ZP0AB`."""
        return stable_id("S", self.handle)


DEFAULT_PEOPLE: Sequence[Person] = (
    Person("ada", "Ada Moreau", is_admin=True),
    Person("ben", "Ben Okafor"),
    Person("chen", "Chen Wei"),
    Person("dana", "Dana Lindqvist"),
)
"""One admin and three others."""


def color_of(user_id: str) -> str:
    """The colour of a user's name, a hex triplet without `#`."""
    return _COLORS[sum(user_id.encode()) % len(_COLORS)]


def user_object(person: Person, team_id: str) -> JsonObject:
    """The user as `users.info` gives it (no email: that needs a scope of its own)."""
    return {
        "id": person.id,
        "team_id": team_id,
        "name": person.name,
        "deleted": False,
        "color": color_of(person.id),
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset,
        "profile": profile_object(person, team_id),
        "is_admin": person.is_admin,
        "is_owner": person.is_admin,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def profile_object(person: Person, team_id: str) -> JsonObject:
    """The profile as `users.profile.get` gives it."""
    first, _, last = person.real_name.partition(" ")
    return {
        "title": "",
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "team": team_id,
    }
