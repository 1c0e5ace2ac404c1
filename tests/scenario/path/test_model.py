"""With a model behind the OpenAI SDK: what it writes is posted when it is backed, and not otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.scenario.writing import model_server as model

from .conftest import running

CHANNEL = "ai-infrastructure"
INVENTED = "The deal is worth $987 trillion, the companies said."


def _inventing(request: dict[str, Any]) -> Any:
    reply = json.loads(model.quoting(request).content)
    told = reply.setdefault("what", reply.get("sentences", []))
    told.append({"quotes": told[0]["quotes"], "text": INVENTED})
    return model.Reply(reply)


async def test_a_models_brief_is_posted_and_says_that_a_model_wrote_it(tmp_path: Path) -> None:
    """Its quotes are found in the article, so it goes out, with the footer that AI wrote it."""
    async with model.ModelServer(model.quoting) as server:
        environ = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-not-for-posts", "TAPEOUT_MODEL": "scripted-1"}
        async with running(tmp_path, environ) as path:
            await path.wait(lambda: len(path.posts()) >= 2)
            texts = [post["text"] + str(post["blocks"]) for post in path.posts()]
            ts = await path.workspace.mention("ada", CHANNEL, "How many megawatts will Elk Narrows have?")
            await path.wait(lambda: path.replies(ts))
    assert all("scripted-1" in text and "AI" in text for text in texts[:2])
    assert not any("sk-not-for-posts" in text for text in texts)
    assert server.requests


async def test_what_a_model_invents_reaches_no_channel(tmp_path: Path) -> None:
    """A figure that is in no quote is dropped, the rest of the draft is posted."""
    async with model.ModelServer(_inventing) as server:
        environ = {"OPENAI_BASE_URL": server.url, "TAPEOUT_MODEL": "scripted-1"}
        async with running(tmp_path, environ) as path:
            await path.wait(lambda: len(path.posts()) >= 3)
            shown = "".join(post["text"] + str(post["blocks"]) for post in path.posts())
            ts = await path.workspace.mention("ada", CHANNEL, "How many megawatts will Elk Narrows have?")
            (reply,) = await path.wait(lambda: path.replies(ts))
    assert "987" not in shown + str(reply)


async def test_a_model_that_is_away_leaves_the_extractive_writer(tmp_path: Path) -> None:
    """The endpoint answers 500 to everything: briefs go out all the same, and say how they were written."""
    async with model.ModelServer(model.Reply("down", status=500)) as server:
        environ = {"OPENAI_BASE_URL": server.url, "TAPEOUT_MODEL": "scripted-1"}
        async with running(tmp_path, environ) as path:
            await path.wait(lambda: len(path.posts()) >= 1)
            (post, *_) = path.posts()
    assert "written by AI" not in post["text"].lower()
    assert "model" in (post["text"] + str(post["blocks"])).lower()


async def test_a_spent_budget_leaves_the_extractive_writer(tmp_path: Path) -> None:
    """With a budget of 0 tokens the model is never asked."""
    async with model.ModelServer(model.quoting) as server:
        environ = {"OPENAI_BASE_URL": server.url, "TAPEOUT_MODEL": "scripted-1", "TAPEOUT_DAILY_TOKENS": "0"}
        async with running(tmp_path, environ) as path:
            await path.wait(lambda: len(path.posts()) >= 1)
    assert server.requests == []


async def test_a_channels_language_is_asked_of_the_model_and_home_tells_admins_the_cost(tmp_path: Path) -> None:
    """From the command on, drafts are asked for in German; App Home shows the day's tokens to admins alone."""
    async with model.ModelServer(model.quoting) as server:
        environ = {"OPENAI_BASE_URL": server.url, "TAPEOUT_MODEL": "scripted-1"}
        async with running(tmp_path, environ, seed=False) as path:
            await path.tell("/tapeout style language German", "From now on", "in the language `de`")
            await path.begin()
            await path.wait(path.posts)
            await path.workspace.open_home("ada")
            await path.wait(lambda: "of 500,000 tokens" in json.dumps(path.workspace.home("ada") or {}))
            await path.workspace.open_home("ben")
            await path.wait(lambda: path.workspace.home("ben"))
            assert "tokens" not in json.dumps(path.workspace.home("ben"))
    prompts = ["\n".join(message["content"] for message in request["messages"]) for request in server.requests]
    assert all("Write every `text` in German" in prompt for prompt in prompts)
