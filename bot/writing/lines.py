"""A model's lines through the checker. Source numbers become article ids here, in code, never in a model's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.models import Quote, Sentence
from bot.stories.sentences import split, words
from bot.writing.drafts import CitedQuote, DraftLine
from bot.writing.forms import folded
from bot.writing.grounding import check
from bot.writing.mouths import is_first_person
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
        finds: a line whose own quotes do not back it may be backed by other sentences of the sources, if the checker
            is content with them. Not for answers: there a wrong quote is the sign of a guess.
    """

    def __init__(
        self,
        numbers: Mapping[int, int],
        texts: Mapping[int, str],
        *,
        language: str,
        publishers: Mapping[int, str] | None = None,
        finds: bool = False,
    ) -> None:
        self._articles = {number: article for article, number in numbers.items()}
        self._texts = {number: texts.get(article, "") for article, number in numbers.items()}
        self._publishers = {numbers[one]: name for one, name in (publishers or {}).items() if one in numbers}
        self._language = language
        self._finds = finds

    def look(self, part: str, line: DraftLine, *, headline: bool = False, longest: int | None = None) -> Looked:
        """Check a line.

        Args:
            part: where it stands.
            line: what the model wrote.
            headline: headlines may leave out who says so.
            longest: characters of the text at most.
        """
        found, problems = self._proved(line, headline=headline)
        if problems and (shorter := self._beginning(line, headline=headline)) is not None:
            found, problems = shorter, ()
        if longest is not None and len(found.text) > longest:
            problems += (f"longer than {longest} characters",)
        if problems:
            return Looked(part, line, None, problems)
        quotes = tuple(Quote(self._articles[quote.article_id], quote.text) for quote in found.quotes)
        return Looked(part, line, Sentence(found.text, quotes))

    def _proved(self, line: DraftLine, *, headline: bool) -> tuple[Sentence, tuple[str, ...]]:
        """A line with quotes that prove it, or with its own and what is wrong with it."""
        found = self._cited(line)
        problems = self._problems(found, headline=headline)
        if problems and line.text:
            backed = next((one for one in self._backed(line.text) if not self._problems(one, headline=headline)), None)
            return (backed, ()) if backed is not None else (found, problems)
        return found, problems

    def _beginning(self, line: DraftLine, *, headline: bool) -> Sentence | None:
        """Of a line of several sentences as many as can be proved, from the first on: later ones lean on it."""
        spans = split(line.text)
        for count in range(len(spans) - 1, 0, -1):
            text = line.text[: spans[count - 1].end].strip()
            found, problems = self._proved(DraftLine(quotes=line.quotes, text=text), headline=headline)
            if not problems:
                return found
        return None

    def _problems(self, sentence: Sentence, *, headline: bool) -> tuple[str, ...]:
        verdict = check(sentence, self._texts, language=self._language, headline=headline, publishers=self._publishers)
        if headline or not self._language.startswith("en") or not is_first_person(sentence.text):
            return verdict.problems
        quoted = sentence.quotes[0].article_id if sentence.quotes else 0
        who = self._publishers.get(quoted, "the source")
        return (*verdict.problems, f'says "we" as if that were us: say who it is, or write: {who} writes: "…"')

    def _backed(self, text: str) -> Iterator[Sentence]:
        """A sentence with quotes that its writer did not find.

        A source's sentence, or two that stand together, that hold all its words in the same order: it only leaves words
        out. Whether it may leave them out, the checker says.
        """
        if not self._finds:
            return
        wanted = words(folded(text))
        for size in (1, 2):
            for number, source in self._texts.items():
                spans = split(source)
                for at in range(len(spans) - size + 1):
                    own = [span.text for span in spans[at : at + size]]
                    theirs = iter([word for one in own for word in words(folded(one))])
                    if wanted and all(word in theirs for word in wanted):
                        yield Sentence(text, tuple(Quote(number, one) for one in own))

    def _cited(self, line: DraftLine) -> Sentence:
        """A line with its quotes as the sources have them; `article_id` holds the source's number for now."""
        quotes = [own for quote in line.quotes for own in self._found(quote)]
        if not quotes and line.text:
            # A sentence that is a source's own words is its own quote.
            quotes = self._elsewhere(line.text)
        return Sentence(line.text, tuple(dict.fromkeys(quotes)))

    def _found(self, quote: CitedQuote) -> Sequence[Quote]:
        """A quote where it stands: in the source that is named, else in another one that holds it word for word."""
        own = mend(quote.quote, self._texts.get(quote.source, ""))
        if own:
            return [Quote(quote.source, piece) for piece in own]
        return self._elsewhere(quote.quote) or [Quote(quote.source, quote.quote)]

    def _elsewhere(self, words: str) -> list[Quote]:
        """Words as the first source that holds them has them; none if there is none."""
        holding = (number for number, text in self._texts.items() if locate(words, text) is not None)
        return [Quote(number, own) for number in islice(holding, 1) for own in mend(words, self._texts[number])]
