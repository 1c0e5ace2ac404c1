"""What came out of the labelled set, against its labels. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation import checks
from bot.evaluation.measures import Score, counted
from bot.evaluation.pipeline import Told
from bot.evaluation.sample import TELLING, Conflict, Labelled, Sample
from bot.evaluation.values import is_in, states
from bot.models import Standing, Story
from bot.stories.facts import extract as facts_of
from bot.stories.standing import StoryFact
from bot.writing.candidates import sources_of


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many, and which were missed."""

    hits: int
    of: int
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """Of one kind of story: how many there are, how many were held back, and which of them wrongly (or not)."""

    name: str
    stories: int
    held: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Figures that differ: which disputes were found and which are none, and which changes were understood."""

    disputes: Counted
    false: tuple[str, ...]
    changes: Counted


class Grading:
    """Labels beside results.

    Args:
        sample: the labelled set.
        told: every story that was made of it.
    """

    def __init__(self, sample: Sample, told: Sequence[Told]) -> None:
        self._sample = sample
        self._told = told
        self._labels: Mapping[int, Labelled] = {one.article.id: one for one in sample.articles}

    def split(self) -> tuple[str, ...]:
        """Events that several stories tell."""
        stories: dict[str, list[str]] = {}
        for one in self._told:
            for event in self._events(one.story):
                stories.setdefault(event, []).append(one.story.title)
        return tuple(f"{event}: {' / '.join(titles)}" for event, titles in stories.items() if len(titles) > 1)

    def merged(self) -> tuple[str, ...]:
        """Stories that tell several events."""
        found = ((one.story.title, self._events(one.story)) for one in self._told)
        return tuple(f"{title}: {', '.join(events)}" for title, events in found if len(events) > 1)

    def _events(self, story: Story) -> list[str]:
        return sorted({self._labels[member.article.id].event for member in story.articles})

    def _kind(self, story: Story) -> str:
        """A story's kind: news if any of its articles is, else its lead's."""
        kinds = [self._labels[member.article.id].kind for member in story.articles]
        return next((kind for kind in kinds if kind in TELLING), kinds[0])

    def relevance(self) -> Score:
        """Of what was posted, how much should be; of what should be, how much was."""
        posted = [one for one in self._told if one.posted]
        wanted = sum(self._kind(one.story) in TELLING for one in self._told)
        return counted(sum(self._kind(one.story) in TELLING for one in posted), len(posted), wanted)

    def kinds(self) -> tuple[Kind, ...]:
        """Each kind of story, what is to be told first."""
        kinds: dict[str, list[Told]] = {}
        for one in self._told:
            kinds.setdefault(self._kind(one.story), []).append(one)
        found = []
        for name, ones in sorted(kinds.items(), key=lambda pair: (pair[0] not in TELLING, -len(pair[1]), pair[0])):
            wrong = tuple(
                f"{one.story.title} ({one.rank.held or f'score {one.rank.score:.2f}'})"
                for one in ones
                if one.posted != (name in TELLING)
            )
            found.append(Kind(name, len(ones), sum(not one.posted for one in ones), wrong))
        return tuple(found)

    def facts(self) -> Counted:
        """Labelled facts that were read out of their own article, with the right value."""
        missed = []
        total = 0
        for one in self._sample.articles:
            read = facts_of(one.article)
            for label in one.facts:
                total += 1
                if not any(states(fact, label.value) and is_in(label.quote, fact.quote.text) for fact in read):
                    missed.append(f"{one.key}: {label.what} {label.value} (“{label.quote}”)")
        return Counted(total - len(missed), total, tuple(missed))

    def shown(self) -> Counted:
        """Labelled facts of posted stories that their brief shows, in whatever part."""
        missed = []
        total = 0
        for one in self._told:
            facts: dict[str, set[str]] = {}
            for member in one.story.articles if one.posted else ():
                for label in self._labels[member.article.id].facts:
                    facts.setdefault(label.what, set()).add(label.value)
            text = " ".join(checks.shown_texts(one.brief))
            for what, values in facts.items():
                total += 1
                if not any(checks.mentions(text, value) for value in values):
                    missed.append(f"{one.brief.headline}: {what} {' / '.join(sorted(values))}")
        return Counted(total - len(missed), total, tuple(missed))

    def conflicts(self) -> Conflicts:
        """Differing figures of one event: disputed, or changed, or two things."""
        facts: dict[str, list[StoryFact]] = {}
        for one in self._told:
            for event in self._events(one.story):
                facts.setdefault(event, []).extend(one.facts)
        missed: dict[str, list[str]] = {"disputed": [], "changed": []}
        total: Counter[str] = Counter()
        for conflict in self._sample.conflicts:
            if conflict.standing in missed:
                total[conflict.standing] += 1
                if not any(_tells(fact, conflict) for fact in facts[conflict.event]):
                    missed[conflict.standing].append(f"{conflict.event}: {conflict.what} {' / '.join(conflict.values)}")
        false = tuple(
            f"{event}: {fact.shown} against {', '.join(shown for shown, _ in fact.others)}"
            for event, ones in facts.items()
            for fact in ones
            if fact.standing is Standing.DISPUTED and not self._is_dispute(event, fact)
        )
        disputes, changes = (
            Counted(total[name] - len(missed[name]), total[name], tuple(missed[name])) for name in missed
        )
        return Conflicts(disputes, false, changes)

    def _is_dispute(self, event: str, fact: StoryFact) -> bool:
        return any(
            conflict.standing in {"disputed", "open"} and conflict.event == event and _tells(fact, conflict)
            for conflict in self._sample.conflicts
        )


def _tells(fact: StoryFact, conflict: Conflict) -> bool:
    """Whether a fact shows two of the conflict's figures with its standing."""
    others = fact.was if conflict.standing == "changed" else fact.others
    shown = [fact.shown, *(value for value, _ in others)]
    sides = {at for at, value in enumerate(conflict.values) if any(checks.mentions(one, value) for one in shown)}
    return bool(others) and len(sides) > 1


def quotes(told: Sequence[Told]) -> Counted:
    """Quotes of all briefs that stand word for word in the article they name."""
    bad: list[str] = []
    total = 0
    for one in told:
        sentences = checks.sentences_of(one.brief)
        total += checks.quotes_in(sentences)
        bad += checks.bad_quotes(sentences, sources_of(one.story))
    return Counted(total - len(bad), total, tuple(bad))


def unsupported(told: Sequence[Told]) -> tuple[str, ...]:
    """Numbers in briefs that none of their sentence's quotes holds."""
    return tuple(
        error
        for one in told
        for sentence in checks.sentences_of(one.brief)
        for error in checks.unsupported_numbers(sentence)
    )
