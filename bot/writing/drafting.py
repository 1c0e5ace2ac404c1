"""A model's draft of an answer, looked at while it is written: only what passes the checker is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.models import Answer, AnswerState, Sentence
from bot.writing.citing import numbered, plain, texts_of
from bot.writing.drafts import MOST_SENTENCES, DraftLine
from bot.writing.expecting import expects, spans
from bot.writing.lines import Checker
from bot.writing.names import holds_name
from bot.writing.objects import finished_items, without_thoughts
from bot.writing.question import Query
from bot.writing.retrieve import Scored

OnPart = Callable[[Answer], Awaitable[None]]


class DraftChecker:
    """Looks at a draft's sentences as they are finished; lets through only those that pass.

    Args:
        query: the question.
        numbers: the source number of each article id that may be cited.
        found: the passages that the model was given.
        on_part: gets the answer so far, each time a further sentence has passed; None: nobody waits for parts.
    """

    def __init__(
        self, query: Query, numbers: Mapping[int, int], found: Sequence[Scored], on_part: OnPart | None
    ) -> None:
        self._query = query
        self._found = found
        self._texts = texts_of(found)
        publishers = {one.passage.article_id: one.passage.publisher for one in found}
        self._checker = Checker(numbers, self._texts, language=query.language, publishers=publishers)
        self._on_part = on_part
        self._told: tuple[Sentence, ...] = ()
        self.problems: list[str] = []

    def passed(self, lines: Sequence[DraftLine]) -> tuple[Sentence, ...]:
        """The sentences that may be shown, each once; none where none of them holds what was asked for."""
        kept: dict[str, Sentence] = {}
        self.problems = []
        for number, line in enumerate(lines, 1):
            looked = self._checker.look(f"sentence {number}", line)
            self.problems.extend(looked.problems)
            if looked.sentence is not None:
                kept.setdefault(plain(looked.sentence.text), looked.sentence)
        sentences = tuple(kept.values())
        if sentences and not answers(self._query, sentences, self._texts):
            self.problems.append("no sentence holds what was asked for")
            return ()
        return sentences

    async def stream(self, text: str) -> None:
        """Tell what has passed so far, if it is more than before. A draft that says it has no answer tells nothing."""
        text = without_thoughts(text)
        if '"answerable"' not in text or '"answerable":false' in text.replace(" ", ""):
            return
        lines = [line for item in finished_items(text, "sentences") if (line := _line(item)) is not None]
        told = self.passed(lines[:MOST_SENTENCES])
        if self._on_part is not None and len(told) > len(self._told) and told[: len(self._told)] == self._told:
            self._told = told
            await self._on_part(Answer(AnswerState.ANSWERED, told, numbered(told, self._found)))


def answers(query: Query, sentences: Sequence[Sentence], texts: Mapping[int, str]) -> bool:
    """Whether true sentences can be an answer: models tell what is true of a subject where the answer isn't known.

    One of them holds what is of the kind that was asked for (a date for "when"), in its own words or in its quote, and
    the sources that are cited hold the names that the question is about.
    """
    said = [text for one in sentences for text in (one.text, *(quote.text for quote in one.quotes))]
    if expects(query) and not any(spans(query, text) for text in said):
        return False
    cited = "\n".join(texts.get(article, "") for article in {q.article_id for one in sentences for q in one.quotes})
    return all(holds_name(name, cited) for name in query.names)


def _line(item: object) -> DraftLine | None:
    try:
        return DraftLine.model_validate(item)
    except ValueError:
        return None
