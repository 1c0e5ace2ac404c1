"""Asking for JSON in steps: what counts as a lack, what is parsed, and what can be read of a stream."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.drafts import AnswerDraft, BriefDraft
from bot.writing.ladder import (
    Rung,
    refused_option,
    response_format,
    schema_note,
    steps_down,
    strict_schema,
)
from bot.writing.objects import finished_items, parse

GOOD = {"answerable": True, "sentences": [{"quotes": [{"source": 1, "quote": 'a "b"'}], "text": "A {b}."}]}


@pytest.mark.parametrize(
    ("rung", "status", "body", "proven", "down"),
    [
        (Rung.JSON_SCHEMA, 500, "Internal Server Error", False, True),
        (Rung.JSON_SCHEMA, 500, "Internal Server Error", True, False),
        (Rung.JSON_SCHEMA, 400, "response_format json_schema is not supported", False, True),
        (Rung.JSON_SCHEMA, 400, "model is overloaded", False, False),
        (Rung.JSON_SCHEMA, 503, "unavailable", False, False),
        (Rung.JSON_SCHEMA, 429, "response_format", False, False),
        (Rung.PROMPT, 500, "oops", False, False),
    ],
)
def test_what_makes_us_ask_less(rung: Rung, status: int, body: str, *, proven: bool, down: bool) -> None:
    """Only a lack of the format steps down; load, limits and faults do not."""
    assert steps_down(rung, status, body, proven=proven) is down


def test_options_that_are_refused_are_named() -> None:
    """The parameter that the error names is left out, if it was sent."""
    sent = {"temperature": 0, "max_tokens": 5}
    assert refused_option(400, "Unsupported parameter: 'max_tokens'", sent) == "max_tokens"
    assert refused_option(400, "Unsupported parameter: 'stream_options'", sent) is None
    assert refused_option(500, "max_tokens", sent) is None


def _objects(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in _objects(value))]
    return [found for item in node for found in _objects(item)] if isinstance(node, list) else []


@pytest.mark.parametrize("shape", [BriefDraft, AnswerDraft])
def test_schemas_are_strict(shape: type[BriefDraft | AnswerDraft]) -> None:
    """Every object in a schema requires all its keys and forbids others; quotes stand before text."""
    schema = strict_schema(shape)
    found = [node for node in _objects(schema) if node.get("type") == "object"]
    assert len(found) >= 3
    for node in found:
        properties = node["properties"]
        assert isinstance(properties, dict)
        assert node["additionalProperties"] is False
        assert node["required"] == list(properties)
        if "text" in properties:
            assert list(properties) == ["quotes", "text"]
    assert "maxLength" not in json.dumps(schema)


def test_each_rung_asks_in_its_way() -> None:
    """A schema, an object with a schema, nothing."""
    kinds = [(response_format(rung, AnswerDraft) or {}).get("type") for rung in Rung]
    assert kinds == ["json_schema", "json_object", "json_object", None]


@pytest.mark.parametrize(
    "around", ["{}", "Sure!\n```json\n{}\n```\nDone.", "{{not json}} {}", '<think>maybe {{"a": 1}}</think> {}']
)
def test_objects_are_found_in_chatter(around: str) -> None:
    """Whatever a model writes around its object, the first one that fits is taken."""
    draft = parse(around.replace("{}", json.dumps(GOOD)).replace("{{", "{").replace("}}", "}"), AnswerDraft)
    assert draft is not None
    assert draft.sentences[0].text == "A {b}."


@given(st.text(max_size=300))
def test_nonsense_is_no_draft(text: str) -> None:
    """Any text is answered with a draft that fits or with none, never an error."""
    assert parse(text, BriefDraft) is None


@given(st.integers(0, 400))
def test_a_stream_shows_only_finished_sentences(cut: int) -> None:
    """However a stream is cut, every item told is whole, and none is told before its brace closes."""
    whole = {"answerable": True, "sentences": [{"quotes": [], "text": f'say "{n}" }}]'} for n in range(4)]}
    text = json.dumps(whole)
    items = finished_items(text[:cut], "sentences")
    assert list(items) == whole["sentences"][: len(items)]  # type: ignore[index]
    if cut >= len(text):
        assert len(items) == 4


def test_the_form_is_told_without_the_schemas_words() -> None:
    """Where no schema can be sent, the instructions show a skeleton: keys and types, nothing to be copied."""
    told = schema_note(Rung.PROMPT, AnswerDraft)
    assert '{"answerable": true or false, "sentences": [{"quotes": [{"source": number, "quote": string}, …]' in told
    assert "$ref" not in told
    assert " or null" in schema_note(Rung.JSON_OBJECT, BriefDraft)
    assert schema_note(Rung.JSON_SCHEMA, BriefDraft) == ""
