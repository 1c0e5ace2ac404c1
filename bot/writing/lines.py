"""A model's lines through the checker. Source numbers become article ids here, in code, never in a model's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Quote, Sentence
from bot.writing.drafts import CitedQuote, DraftLine
from bot.writing.grounding import check
from bot.writing.quotes import locate, mend


@dataclass(frozen=True, slots=True)
class Looked:
    """A drafted line and what became of it.

    Attributes:
        part: where it stands: `headline`, `what 2`.
        line: as the model wrote it.
        sentence: as it may be shown; None where the checker refused it.
        problems: why, in words that the model can act on: they name sources by the numbers that it knows.
    """

    part: str
    line: DraftLine
    sentence: Sentence | None
    problems: tuple[str, ...] = ()


class Checker:
    """Holds a model's lines against the sources that it was given.

    Args:
        numbers: the source number of each article id that may be cited.
        texts: the articles' texts by id.
        language: code of the lines' language.
        publishers: who published each article id; without it nobody's "we" may be quoted.
    """

    def __init__(
        self,
        numbers: Mapping[int, int],
        texts: Mapping[int, str],
        *,
        language: str,
        publishers: Mapping[int, str] | None = None,
    ) -> None:
        self._articles = {number: article for article, number in numbers.items()}
        self._texts = {number: texts.get(article, "") for article, number in numbers.items()}
        self._publishers = {numbers[one]: name for one, name in (publishers or {}).items() if one in numbers}
        self._language = language

    def look(self, part: str, line: DraftLine, *, headline: bool = False, longest: int | None = None) -> Looked:
        """Check a line.

        Args:
            part: where it stands.
            line: what the model wrote.
            headline: headlines may leave out who says so.
            longest: characters of the text at most.
        """
        found = self._cited(line)
        verdict = check(found, self._texts, language=self._language, headline=headline, publishers=self._publishers)
        problems = verdict.problems
        if longest is not None and len(found.text) > longest:
            problems += (f"longer than {longest} characters",)
        if problems or not verdict.ok:
            return Looked(part, line, None, problems)
        quotes = tuple(Quote(self._articles[quote.article_id], quote.text) for quote in found.quotes)
        return Looked(part, line, Sentence(found.text, quotes))

    def _cited(self, line: DraftLine) -> Sentence:
        """A line with its quotes as the sources have them; `article_id` holds the source's number for now."""
        quotes = [own for quote in line.quotes for own in self._found(quote)]
        if not quotes and line.text:
            # A sentence that is a source's own words is its own quote.
            quotes = [Quote(number, line.text) for number in self._holding(line.text)[:1]]
        return Sentence(line.text, tuple(dict.fromkeys(quotes)))

    def _found(self, quote: CitedQuote) -> Sequence[Quote]:
        """A quote where it stands: in the source that is named, else in another one that holds it word for word."""
        own = mend(quote.quote, self._texts.get(quote.source, ""))
        if own:
            return [Quote(quote.source, piece) for piece in own]
        elsewhere = self._holding(quote.quote)
        return [Quote(elsewhere[0] if elsewhere else quote.source, quote.quote)]

    def _holding(self, words: str) -> list[int]:
        return [number for number, text in self._texts.items() if locate(words, text) is not None]
