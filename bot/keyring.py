"""Tokens of other workspaces, encrypted at rest: whoever has the database alone cannot post anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot.errors import SettingsError


class Keyring:
    """Seals and opens short texts with the operator's keys.

    Args:
        keys: TAPEOUT_ENCRYPTION_KEYS, the newest first: it seals, all of them open.

    Raises:
        SettingsError: there is no key.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        if not keys:
            raise SettingsError("TAPEOUT_ENCRYPTION_KEYS is not set. `tapeout keys new` makes a key.")
        self._fernet = MultiFernet([Fernet(key.get_secret_value()) for key in keys])

    def seal(self, owner: str, text: str) -> str:
        """A text as it may be stored; it can be opened for the same owner alone, so that rows cannot be exchanged."""
        return self._fernet.encrypt(f"{owner}\n{text}".encode()).decode()

    def open(self, owner: str, sealed: str) -> str:
        """The text behind a sealed one.

        Raises:
            SettingsError: no key of ours opens it, or it is another owner's.
        """
        try:
            whose, _, text = self._fernet.decrypt(sealed).decode().partition("\n")
        except InvalidToken:
            raise SettingsError(
                f"None of TAPEOUT_ENCRYPTION_KEYS opens the token of {owner}: put the key back that sealed it."
            ) from None
        if whose != owner:
            raise SettingsError(f"The stored token of {owner} is another workspace's: restore the database.")
        return text

    def renew(self, sealed: str) -> str:
        """The same, sealed with the newest key.

        Raises:
            SettingsError: no key of ours opens it.
        """
        try:
            return self._fernet.rotate(sealed).decode()
        except InvalidToken:
            raise SettingsError("None of TAPEOUT_ENCRYPTION_KEYS opens a stored token: put the old key back.") from None


def new_key() -> str:
    """A fresh key, as TAPEOUT_ENCRYPTION_KEYS takes it."""
    return Fernet.generate_key().decode()
