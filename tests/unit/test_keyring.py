from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.keyring import Keyring, new_key

OLD, NEW = SecretStr(new_key()), SecretStr(new_key())


def test_what_is_sealed_is_opened_for_its_owner_alone() -> None:
    """The token is not in what is stored, and one workspace's row does not open as another's."""
    keyring = Keyring([OLD])
    sealed = keyring.seal("T1", "xoxb-secret")
    assert "xoxb-secret" not in sealed
    assert keyring.open("T1", sealed) == "xoxb-secret"
    with pytest.raises(SettingsError, match="another workspace's") as caught:
        keyring.open("T2", sealed)
    assert "xoxb-secret" not in str(caught.value)


def test_keys_are_changed_without_a_gap() -> None:
    """A new key in front seals; the old one still opens; renewed, the old one can go."""
    sealed = Keyring([OLD]).seal("T1", "xoxb-secret")
    both = Keyring([NEW, OLD])
    assert both.open("T1", sealed) == "xoxb-secret"
    renewed = both.renew(sealed)
    assert Keyring([NEW]).open("T1", renewed) == "xoxb-secret"
    with pytest.raises(SettingsError, match="TAPEOUT_ENCRYPTION_KEYS"):
        Keyring([NEW]).open("T1", sealed)
    with pytest.raises(SettingsError, match="old key"):
        Keyring([NEW]).renew(sealed)


def test_without_a_key_nothing_is_sealed() -> None:
    """The error names the command that makes one."""
    with pytest.raises(SettingsError, match="tapeout keys new"):
        Keyring([])
