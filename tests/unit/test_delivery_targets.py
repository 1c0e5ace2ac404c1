from __future__ import annotations

import pytest

from bot.delivery import targets
from bot.errors import SettingsError


def test_each_entry_names_its_channel_and_keeps_its_secret() -> None:
    """A workspace, a channel, a service; without a channel the default one. No address is in what could be logged."""
    text = "#news=mailtos://u:pw@mail.example?to=a@b.example  T012345/#chips=discord://1/token\nmmost://h/hook"
    found = targets.parse(text, default_channel="ai")
    assert [(one.team, one.channel, one.scheme) for one in found] == [
        (None, "news", "mailtos"),
        ("T012345", "chips", "discord"),
        (None, "ai", "mmost"),
    ]
    assert not any(secret in repr(found) for secret in ("pw", "token", "hook"))
    assert found[0].takes("T9", "news")
    assert not found[0].takes("T9", "chips")
    assert found[1].takes("T012345", "chips")
    assert not found[1].takes("T9", "chips")
    assert len({one.id for one in found}) == 3


@pytest.mark.parametrize(
    "entry", ["#news=json://h/secret", "#news=file:///secret", "#news=secret", "news=mailto://secret", "exec://secret"]
)
def test_other_kinds_of_addresses_are_refused_without_being_shown(entry: str) -> None:
    """Apprise knows services that run programs or call any host: only the named ones are taken."""
    with pytest.raises(SettingsError, match="TAPEOUT_DIGEST_URLS, entry 2") as refused:
        targets.parse(f"#a=discord://1/2 {entry}", default_channel="ai")
    assert "secret" not in str(refused.value)
