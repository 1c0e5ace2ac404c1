"""An answer, or an honest "not in what I have read". Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models import Answer, AnswerState, Replied, Source, WatchState
from bot.slack.blocks.brief import feedback_buttons, written_by
from bot.slack.blocks.message import (
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    actions,
    button,
    context,
    count,
    section,
    table,
)
from bot.slack.blocks.sources import cited, cited_markdown, cited_text, publishers, source_line
from bot.slack.escape import fit, line, markdown, prose

_FALLBACK = {
    AnswerState.UNKNOWN: "That is not in what I have read.",
    AnswerState.DECLINED: "I only answer from the articles that I have read.",
    AnswerState.ANSWERED: "That is not in what I have read.",  # no sentence passed the checks
}


_WATCHING = {
    WatchState.OFFERED: "Reply “watch for it” or press the button, and I'll tell it here when I read it.",
    WatchState.OPEN: "👀 I'm watching for it, for 30 days, and tell it here, once, when I read it.",
    WatchState.TOLD: "✓ I have read it since, and told it in this thread.",
}


def reply(replied: Replied) -> Message:
    """A reply as it is now: with where the watch for an answer stands."""
    return answer(replied.answer, replied.id, asked=replied.asked, asked_by=replied.asked_by, watch=replied.watch)


def answer(
    answer: Answer,
    question_id: int,
    *,
    asked: str | None = None,
    asked_by: str | None = None,
    watch: WatchState | None = None,
    chart: Block | None = None,
) -> Message:
    """The reply to a question.

    Args:
        answer: what was found.
        question_id: goes into the buttons' values.
        asked: the question, quoted above the answer where the thread does not show it (asked from a modal).
        asked_by: the user id of who asked it there.
        watch: what to say of looking for an answer; None: nothing.
        chart: the picture of its timeline, once Slack has it.
    """
    above = tuple(_question(asked, asked_by))
    body = _body(answer)
    below = tuple(_below(answer, question_id, watch, chart))
    return Message(
        text=_words(answer, asked, watch),
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


def _below(answer: Answer, question_id: int, watch: WatchState | None, chart: Block | None) -> Iterator[Block]:
    if chart is not None:
        yield chart
    if answer.timeline:
        rows = [(f"{one.at:%d %b %Y}", one.shown, f"{one.publisher} [{one.source}]") for one in answer.timeline]
        yield table(("When", "Figure", "Reported by"), rows)
    if answer.sources and answer.sentences:
        yield _list("*Sources*", answer.sources)
    elif answer.nearest:
        yield _list("*The nearest I have*", answer.nearest)
    if watch is not None:
        yield context(_WATCHING[watch])
    yield context(_footer(answer))
    buttons = [*_watch_button(question_id, watch), *feedback_buttons(f"question:{question_id}")]
    if answer.sentences:
        label = "Show the quote behind each sentence"
        buttons.append(button("Sources", "answer_sources", str(question_id), label=label))
    yield actions(*buttons, block_id=f"question:{question_id}")


def _watch_button(question_id: int, watch: WatchState | None) -> Iterator[Block]:
    if watch is WatchState.OFFERED:
        label = "Look for an answer in what is read from now on, and tell it here"
        yield button("Tell me when you read it", "answer_watch", str(question_id), label=label)
    elif watch is WatchState.OPEN:
        yield button("Stop watching", "answer_unwatch", str(question_id), label="Look for an answer no more")


def _list(title: str, sources: tuple[Source, ...]) -> Block:
    return section(fit([title, *(source_line(source) for source in sources[:10])], SECTION_MOST))


def _footer(answer: Answer) -> str:
    searched = f"Looked at {count(answer.searched, 'article')}. " if answer.searched else ""
    if answer.sentences:
        return searched + written_by(answer.writer, answer.note)
    return f"{searched}{prose(answer.note or '', 200) or 'I answer only from what I have read.'}"


def _words(answer: Answer, asked: str | None, watch: WatchState | None) -> str:
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
    if watch is not None:
        lines.append(_WATCHING[watch])
    lines.append(_footer(answer))
    return fit(lines, TEXT_MOST)
