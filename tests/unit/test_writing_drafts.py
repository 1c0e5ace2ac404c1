"""What a model sends is taken as far as it can be used: one bad field costs that field and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.writing.drafts import FORMS, AnswerDraft, BriefDraft, DeepDraft, DraftLine, Rewriting
from bot.writing.ladder import strict_schema
from bot.writing.objects import closed, finished_items, parse, without_thoughts

QUOTE = {"source": 1, "quote": "It costs $3, the company said."}
LINE: dict[str, Any] = {"quotes": [QUOTE], "text": "It costs $3, the company says."}
BRIEF = {"headline": LINE, "what": [LINE, LINE], "why": None, "facts": [LINE]}


def _texts(draft: BriefDraft) -> list[str]:
    return [line.text for line in (draft.headline, *draft.what, *draft.facts)]


@pytest.mark.parametrize(
    ("spoiled", "lines"),
    [
        ({"facts": [LINE, {"quotes": "none", "text": 7}, LINE]}, 5),
        ({"facts": "none"}, 3),
        ({"facts": None}, 3),
        ({"headline": "It costs $3"}, 4),
        ({"why": "null"}, 4),
        ({"why": {"quotes": [], "text": ""}}, 4),
        ({"what": LINE}, 3),
        ({"what": [{**LINE, "text": "x" * 700}, LINE]}, 3),
        ({"what": [LINE] * 9}, 5),
        ({"facts": [LINE] * 9}, 8),
        ({"extra": 1}, 4),
    ],
)
def test_one_bad_field_costs_nothing_else(spoiled: dict[str, Any], lines: int) -> None:
    """Lines that do not fit are left out, lists that are too long are cut, and the rest stands."""
    draft = BriefDraft.model_validate({**BRIEF, **spoiled})
    assert len(_texts(draft)) == lines
    assert draft.why is None


@pytest.mark.parametrize("source", ["source 1", "[1]", "1", 1, 1.0])
def test_a_source_is_a_number_however_it_is_written(source: object) -> None:
    """Small models write "source 1" where a number is asked for."""
    line = DraftLine.model_validate({"quotes": [{"source": source, "quote": "a b c"}], "text": "A b c."})
    assert line.quotes[0].source == 1


@pytest.mark.parametrize("nothing", [{}, {"headline": LINE["quotes"]}, {"what": []}, {"why": LINE}, {"headline": ""}])
def test_an_object_that_tells_nothing_is_no_draft(nothing: dict[str, Any]) -> None:
    """Neither a headline nor what happened: another form has to be tried."""
    with pytest.raises(ValidationError):
        BriefDraft.model_validate(nothing)


def test_styles_ask_for_what_they_show() -> None:
    """One line has no facts to pay for; a deep brief has room for more."""
    assert set(strict_schema(FORMS["one line"])["properties"]) == {"headline", "what"}  # type: ignore[call-overload]
    assert FORMS["deep"] is DeepDraft
    limited = json.dumps(strict_schema(BriefDraft, limits=True))
    assert '"maxItems": 3' in limited
    assert "maxItems" not in json.dumps(strict_schema(BriefDraft))


def test_a_whole_brief_in_the_place_of_a_rewriting_is_understood() -> None:
    """Its lines are known by their places; lines without one are left out."""
    made = Rewriting.model_validate(BRIEF)
    assert [line.part for line in made.lines] == ["headline", "what 1", "what 2", "fact 1"]
    assert [line.part for line in Rewriting.model_validate({"lines": [{**LINE, "part": "why"}, LINE, 3]}).lines] == [
        "why"
    ]


def test_sentences_without_a_word_on_it_are_meant_as_an_answer() -> None:
    """A model that forgets `answerable` has answered; one that sends nothing has not."""
    assert AnswerDraft.model_validate({"sentences": [LINE]}).answerable
    with pytest.raises(ValidationError):
        AnswerDraft.model_validate({"sentences": []})


def test_thoughts_are_no_part_of_an_answer() -> None:
    """Blocks of them, one that never ends, and one whose beginning the chat template swallowed."""
    assert without_thoughts("<think>no {}</think> yes") == " yes"
    assert without_thoughts("<think>no") == ""
    assert without_thoughts("no</think>yes") == "yes"
    streamed = '<think>"sentences": [{"a": 1}]</think>{"sentences": [{"b": 2}'
    assert finished_items(streamed, "sentences") == ({"b": 2},)


@given(st.integers(1, 600))
def test_a_draft_that_breaks_off_keeps_its_finished_lines(cut: int) -> None:
    """However it is cut, what comes out is a beginning of what went in, and never half a sentence."""
    whole = BriefDraft.model_validate(BRIEF)
    draft = parse(json.dumps(BRIEF)[:cut], BriefDraft)
    if draft is not None:
        assert draft.headline == whole.headline
        assert draft.what == whole.what[: len(draft.what)]
        assert draft.facts == whole.facts[: len(draft.facts)]


@given(st.text(alphabet='{}[]",:\\ab', max_size=60))
def test_whatever_is_closed_can_be_read(text: str) -> None:
    """Any text: nothing, or JSON."""
    made = closed("{" + text)
    if made:
        assert made.startswith("{")
        assert made.count("{") >= made.count("}") - text.count("}")
