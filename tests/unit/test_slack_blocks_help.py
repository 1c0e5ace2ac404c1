"""The help, whole and by command, and what mistypes are answered with."""

from __future__ import annotations

import re

import pytest

from bot.slack import blocks
from bot.slack.blocks.help import EXAMPLES
from bot.workspace.blocks import blocks_error
from handlers.parsing import VERBS, parse_command
from handlers.subcommands import parse_admins, parse_filter, parse_topics


@pytest.mark.parametrize("verb", VERBS)
def test_each_command_has_its_own_help(verb: str) -> None:
    """Its line, and examples that are read as this very command."""
    message = blocks.help_for(verb)
    assert blocks_error(list(message.blocks)) is None
    examples = re.findall(r"• `/tapeout ([^`]+)`", message.text)
    assert examples
    assert {parse_command(example).verb for example in examples} == {verb}
    assert message.text.startswith(f"`/tapeout {verb}")


def test_examples_of_what_follows_a_verb_are_understood() -> None:
    """Nobody is taught what is refused."""
    for verb, read in (("topics", parse_topics), ("filter", parse_filter), ("admins", parse_admins)):
        for example in EXAMPLES[verb]:
            read(parse_command(example).rest.replace("@ana", "<@U1>"))


def test_a_mistype_gets_the_whole_command_back() -> None:
    """What was typed after it too, ready to be copied; other words that may have been meant come after."""
    said = blocks.unknown("ad", "https://a.example/feed", ("add", "admins")).text
    assert said == "I don't know `ad`. Did you mean `/tapeout add https://a.example/feed` or `/tapeout admins`?"
    assert "`/tapeout help` lists" in blocks.unknown("xyzzy", "", ()).text
    assert "<!channel>" not in blocks.unknown("<!channel>", "<!here>", ("add",)).text
