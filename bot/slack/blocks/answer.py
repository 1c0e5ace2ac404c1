"""An answer, or an honest "not in what I have read". Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models import Answer, AnswerState, Source
from bot.slack.blocks.brief import feedback_buttons, written_by
from bot.slack.blocks.message import SECTION_MOST, TEXT_MOST, Block, Message, actions, button, context, count, section
from bot.slack.blocks.sources import cited, cited_markdown, cited_text, publishers, source_line
from bot.slack.escape import fit, line, markdown, prose

_FALLBACK = {
    AnswerState.UNKNOWN: "That is not in what I have read.",
    AnswerState.DECLINED: "I only answer from the articles that I have read.",
    AnswerState.ANSWERED: "That is not in what I have read.",  # no sentence passed the checks
}


def answer(answer: Answer, question_id: int, *, asked: str | None = None, asked_by: str | None = None) -> Message:
    """The reply to a question.

    Args:
        answer: what was found.
        question_id: goes into the buttons' values.
        asked: the question, quoted above the answer where the thread does not show it (asked from a modal).
        asked_by: the user id of who asked it there.
    """
    above = tuple(_question(asked, asked_by))
    body = _body(answer)
    below = tuple(_below(answer, question_id))
    return Message(
        text=_words(answer, asked),
        blocks=(*above, section(fit(body, SECTION_MOST)), *below),
        markdown="" if above else body_markdown(answer),
        below=below,
    )


def body_markdown(answer: Answer) -> str:
    """The answer's body for a stream: a paragraph a sentence."""
    if answer.sentences:
        return "\n\n".join(cited_markdown(sentence, answer.sources) for sentence in answer.sentences)
    return markdown(answer.message or _FALLBACK[answer.state])


def _question(asked: str | None, asked_by: str | None) -> Iterator[Block]:
    if asked:
        who = f"<@{asked_by}> asked" if asked_by and asked_by.isalnum() else "Asked"
        yield context(f"{who}: {prose(asked, 500)}")


def _body(answer: Answer) -> list[str]:
    if told := [cited(sentence, answer.sources) for sentence in answer.sentences if line(sentence.text)]:
        return told
    return [prose(answer.message, 1_500) or _FALLBACK[answer.state]]


def _below(answer: Answer, question_id: int) -> Iterator[Block]:
    if answer.sources and answer.sentences:
        yield _list("*Sources*", answer.sources)
    elif answer.nearest:
        yield _list("*The nearest I have*", answer.nearest)
    yield context(_footer(answer))
    buttons = list(feedback_buttons(f"question:{question_id}"))
    if answer.sentences:
        label = "Show the quote behind each sentence"
        buttons.append(button("Sources", "answer_sources", str(question_id), label=label))
    yield actions(*buttons, block_id=f"question:{question_id}")


def _list(title: str, sources: tuple[Source, ...]) -> Block:
    return section(fit([title, *(source_line(source) for source in sources[:10])], SECTION_MOST))


def _footer(answer: Answer) -> str:
    searched = f"Looked at {count(answer.searched, 'article')}. " if answer.searched else ""
    if answer.sentences:
        return searched + written_by(answer.writer, answer.note)
    return f"{searched}{prose(answer.note or '', 200) or 'I answer only from what I have read.'}"


def _words(answer: Answer, asked: str | None) -> str:
    lines = [f"Asked: {prose(asked, 500)}"] if asked else []
    if answer.sentences:
        lines += [cited_text(sentence, answer.sources) for sentence in answer.sentences]
        lines += [
            f"[{source.number}] {prose(source.publisher, 100)}: {prose(source.title, 200)}" for source in answer.sources
        ]
    else:
        lines += _body(answer)
        if answer.nearest:
            lines.append(f"The nearest I have is from {prose(', '.join(publishers(answer.nearest)), 300)}.")
    lines.append(_footer(answer))
    return fit(lines, TEXT_MOST)
