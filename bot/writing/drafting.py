"""A model's draft of an answer, looked at while it is written: only what passes the checker is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.models import Answer, AnswerState, Sentence
from bot.writing.citing import numbered, texts_of
from bot.writing.drafts import MOST_SENTENCES, DraftLine
from bot.writing.lines import Checker
from bot.writing.objects import finished_items, without_thoughts
from bot.writing.reading import plain
from bot.writing.retrieve import Scored

OnPart = Callable[[Answer], Awaitable[None]]


class DraftChecker:
    """Looks at a draft's sentences as they are finished; lets through only those that pass.

    Args:
        numbers: the source number of each article id that may be cited.
        found: the passages that the model was given.
        language: code of the answer's language.
        on_part: gets the answer so far, each time a further sentence has passed; None: nobody waits for parts.
    """

    def __init__(
        self, numbers: Mapping[int, int], found: Sequence[Scored], language: str, on_part: OnPart | None
    ) -> None:
        self._found = found
        self._checker = Checker(numbers, texts_of(found), language=language)
        self._on_part = on_part
        self._told: tuple[Sentence, ...] = ()
        self.problems: list[str] = []

    def passed(self, lines: Sequence[DraftLine]) -> tuple[Sentence, ...]:
        """The sentences that may be shown, each once."""
        kept: dict[str, Sentence] = {}
        self.problems = []
        for number, line in enumerate(lines, 1):
            looked = self._checker.look(f"sentence {number}", line)
            self.problems.extend(looked.problems)
            if looked.sentence is not None:
                kept.setdefault(plain(looked.sentence.text), looked.sentence)
        return tuple(kept.values())

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


def _line(item: object) -> DraftLine | None:
    try:
        return DraftLine.model_validate(item)
    except ValueError:
        return None
