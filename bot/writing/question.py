"""What a question asks for: its words and names, the kind of answer, the time it means, what it refers back to; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.stories.figures import find
from bot.stories.sentences import names, normalise, words
from bot.writing.periods import read
from bot.writing.prompts import LANGUAGES

Kind = Literal["what", "who", "when", "how_much", "where", "compare", "list", "change", "explain", "summary", "other"]
Decline = Literal["prediction", "opinion", "private", "off_subject", "order"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the finder and the writer understand it.

    Attributes:
        text: the question, white space folded.
        words: its own content stems, without those that only say what kind of question it is.
        names: proper names in it.
        context: stems carried over from the conversation, for a follow-up.
        context_names: names carried over.
        since, until: publication dates it is limited to; None is open.
        period: the phrase that limits it, as it was written.
        kind: what sort of answer is wanted.
        figures: kinds of figure that can answer it (`money`, `power` …); empty for any.
        latest: it asks for the newest, so recency counts.
        about_thread: it speaks of "this" story.
        follow_up: it makes sense only with what was said before.
        decline: why it is not to be answered at all; None: it may be.
        language: code of the language to answer in.
        one_line: it wants a single sentence.
    """

    text: str
    words: tuple[str, ...]
    names: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    context_names: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    period: str = ""
    kind: Kind = "other"
    figures: frozenset[str] = frozenset()
    latest: bool = False
    about_thread: bool = False
    follow_up: bool = False
    decline: Decline | None = None
    language: str = "en"
    one_line: bool = False
    terms: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Fill `terms`: all stems worth searching for, its own first."""
        object.__setattr__(self, "terms", tuple(dict.fromkeys((*self.words, *self.context))))


_KINDS: tuple[tuple[Kind, str], ...] = (
    ("summary", r"summar\w+|tl;?dr|recap|in one (?:line|sentence)|for my boss|what(?:'s| is) (?:this|the) (?:story|article|thread)(?: about)?\??$"
     r"|what(?:'s| is) this(?: all)? about|give me the gist|key points|what happened here|what happened\??$|catch me up"),
    ("change", r"how (?:has|have|did) .* (?:chang\w+|evolv\w+|develop\w+|mov\w+)|timeline|over time|history of|so far this year|trend"),
    ("compare", r"compar\w+|versus|\bvs\b|differences? between|differ\w* from|(?:bigger|larger|cheaper|faster|more|less|better|smaller|higher|lower) .*\bor\b|\bthan\b"),
    ("when", r"\bwhen\b|what (?:date|day|year|month|time)|which (?:date|day|year|month|quarter)|how soon|by what date|since when|what(?:'s| is| was) the (?:date|deadline|timeline)"),
    ("how_much", r"how (?:much|many|big|large|long|far|fast|high|tall|expensive|often|old|powerful|small|dense|quickly)|what percentage|what share"
     r"|what (?:is|was|are|were|did|does|do|will|would)\b.*\b(?:price|cost|costs?|capacity|size|value|valuation|amount|number|rate|percentage|share|bandwidth|memory|speed|power draw|budget|fee|revenue|throughput|latency)\b"
     r"|(?:price|cost|capacity|bandwidth|memory|size|value|valuation)\??$|at what (?:price|cost)"),
    ("who", r"\bwho(?:se|m)?\b|which (?:company|companies|firm|publisher|person|operator|supplier|vendor|customer|cloud|utility|lab)|what company|by whom"),
    ("where", r"\bwhere\b|which (?:city|country|state|region|county|site|town)|in what (?:city|country|state|region)"),
    ("list", r"\blist\b|\ball (?:the |of the )?\w+s\b|which \w+s (?:are|were|have|did|do|has)\b|name (?:all|the|every)|what are (?:the|all)|any other|what else"),
    ("explain", r"what (?:is|are) (?:an? )?[\w -]{2,40}\??$|what does .* mean|explain|define|meaning of|how does .* work"),
    ("what", r"\bwhat\b|\bwhich\b|\bwhy\b|\bhow\b|tell me|anything"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)

_FIGURES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"money", "price"}), r"cost|price|pay|paid|spend|spent|spending|invest\w*|worth|valu\w+|budget|fee|revenue|money|dollars?|euros?|rais\w+|charge|expensive|fund\w*"),
    (frozenset({"power"}), r"power|megawatts?|gigawatts?|kilowatts?|mw|gw|kw|watts?|electricity|draw"),
    (frozenset({"energy"}), r"energy|mwh|gwh|kwh"),
    (frozenset({"rate"}), r"bandwidth|link speed|terabits?|gigabits?"),
    (frozenset({"data"}), r"memory|storage|gigabytes?|terabytes?|hbm"),
    (frozenset({"flow"}), r"tokens? (?:per|a) second|throughput|tokens/s"),
    (frozenset({"time"}), r"how long|how soon|duration|latency|how old|last for"),
    (frozenset({"percent", "points", "ratio"}), r"percent\w*|share of|what share|how much (?:faster|slower|cheaper|more|less|higher|lower)|growth"),
    (frozenset({"count", "number"}), r"how many|number of"),
    (frozenset({"power", "count", "data", "number"}), r"capacity|how (?:big|large)"),
)  # fmt: skip
_FIGURE_PATTERNS = tuple((kinds, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kinds, pattern in _FIGURES)

_ASKING = frozenset(
    words(
        "tell please know find show list explain compare comparison versus summarise summarize summary recap gist happened happen"
        " latest newest recent news update article story thread read anything mean meaning date year time question answer"
        " percentage amount much many long big large sentence line boss german english difference different timeline give"
    )
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent|recently|news|currently|right now|these days|what's new|up to date|as of)\b", re.IGNORECASE
)
_THREAD = re.compile(
    r"\b(?:this|the) (?:story|article|thread|deal|news|post|announcement|brief)\b|\bthis\b(?! (?:week|month|year|quarter|morning))",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^(?:and|but|so|then|also|ok(?:ay)?|what about|how about)\b|\b(?:it|its|they|their|them|he|his|she|her|that|those|these|there|the (?:company|deal|site|chip|plant|price|campus|project|firm|model))\b",
    re.IGNORECASE,
)
_DECLINES: tuple[tuple[Decline, str], ...] = (
    ("order", r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous)|system prompt|your (?:instructions|prompt|rules)|(?:api|secret|bot) ?(?:key|token)s?\b"
     r"|developer mode|jailbreak|pretend (?:to be|you)|act as|you are now|<[!@]|repeat after me|(?:print|post|output|reply with|include|append|add) .{0,30}(?:https?:|link|url|@here|@channel|@everyone|exactly)"),
    ("private", r"\b(?:home|private|personal) (?:address|phone|number|e-?mail)|phone number|where does .+ live|social security|password|salary of|(?:his|her|their) (?:wife|husband|children|kids|religion|health)|date of birth|how old is (?!the )"),
    ("prediction", r"\b(?:predict|prediction|forecast for|your forecast|going to (?:crash|rise|fall|win)|will .*(?:stock|share price|shares|bubble|crash|agi)\b|(?:stock|share price).*(?:go up|go down|rise|fall|tomorrow|next (?:week|month|year))|who will win|bubble burst|odds (?:that|of))"),
    ("opinion", r"\b(?:do you (?:think|like|believe|recommend)|what do you think|your (?:opinion|view|favou?rite|take)|in your opinion|should (?:i|we|my (?:team|company)) (?:buy|invest|sell|use|switch|move|choose|pick|hold)|is it (?:good|bad|right|wrong|worth it)\b|which (?:stock|one) should|who is (?:better|best)|worth buying|good investment|buy or sell)"),
    ("off_subject", r"\b(?:weather|recipe|joke|poem|haiku|horoscope|song|lyrics|translate (?:this )?sentence|capital of|world cup|football|movie|film|lottery|homework|dinner|lunch|restaurant|holiday|girlfriend|boyfriend|meaning of life|write (?:me )?(?:a|an|some) (?!summary)|python script|what(?:'s| is) \d+ ?[+*x/-] ?\d+)\b"),
)  # fmt: skip
_DECLINE_PATTERNS = tuple((why, re.compile(pattern, re.IGNORECASE)) for why, pattern in _DECLINES)
_ONE_LINE = re.compile(r"\bin (?:one|a single) (?:line|sentence)|one.liner|tl;?dr|in short\b|briefly\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"\b(?:in|into|auf) (" + "|".join([*LANGUAGES.values(), "deutsch"]) + r")\b", re.IGNORECASE)
_CODES = {name.lower(): code for code, name in LANGUAGES.items()} | {"deutsch": "de"}
MOST_CARRIED = 8


def understand(question: str, *, now: datetime, history: Sequence[tuple[str, str]] = ()) -> Query:
    """Read a question.

    Args:
        question: as it was asked.
        now: for "last week"; aware.
        history: earlier (question, answer) pairs of this conversation, oldest first.
    """
    text = _folded(question)
    period = read(text, now)
    bare = text.lower().replace(period.shown, " ") if period.shown else text
    own_names = tuple(name for name in names(_with_names_kept(text)) if not _is_time(name))
    own = tuple(word for word in dict.fromkeys(words(bare)) if word not in _ASKING)
    kind = _kind(text)
    follow_up = bool(history) and _follows(text, own, own_names)
    context, context_names = _carried(history, own_names) if follow_up else ((), ())
    language = _LANGUAGE.search(text)
    return Query(
        text=text,
        words=own,
        names=own_names,
        context=tuple(word for word in context if word not in own),
        context_names=context_names,
        since=period.since,
        until=period.until,
        period=period.shown,
        kind=kind,
        figures=_figures(text) if kind in {"how_much", "compare", "change"} else frozenset(),
        latest=bool(_LATEST.search(text)),
        about_thread=bool(_THREAD.search(text)) or kind == "summary",
        follow_up=follow_up,
        decline=next((why for why, pattern in _DECLINE_PATTERNS if pattern.search(text)), None),
        language=_CODES[language[1].lower()] if language else "en",
        one_line=bool(_ONE_LINE.search(text)),
    )


def _folded(question: str) -> str:
    """The question without mentions of people and channels, white space folded."""
    return normalise(re.sub(r"<[@#!][^>]{0,60}>", " ", question))


def _with_names_kept(text: str) -> str:
    """The question with its first word in lower case if it is a question word, so that it is not taken for a name."""
    return (
        text[:1].lower() + text[1:]
        if re.match(r"[A-Z][a-z']+\b", text) and not names(text[:1].lower() + text[1:])
        else text
    )


def _is_time(name: str) -> bool:
    return all(figure.kind == "date" for figure in find(name)) and bool(find(name))


def _kind(text: str) -> Kind:
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(text)), "other")


def _figures(text: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for kinds, pattern in _FIGURE_PATTERNS:
        if pattern.search(text):
            found |= kinds
            if kinds & {"money", "flow", "rate"}:
                break
    return found


def _follows(text: str, own: Sequence[str], own_names: Sequence[str]) -> bool:
    """Whether a question leans on what was said before: it points back, or names nothing of its own."""
    return bool(_BACK.search(text)) or (not own_names and len(own) <= 3)  # noqa: PLR2004 - "why?", "and the price?"


def _carried(history: Sequence[tuple[str, str]], own_names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stems and names from the conversation: the last question's, and the names of the last answer.

    "What about Intel?" keeps the last question's words but not its names: a new name takes the old one's place.
    """
    asked, answered = history[-1]
    if len(history) > 1 and not names(asked):
        asked = f"{history[-2][0]} {asked}"
    said = [name for name in names(asked) if not _is_time(name)]
    told = [name for name in names(answered) if not _is_time(name)]
    carried = [*said, *(name for name in told if name not in said)][:3] if not own_names else []
    dropped = set() if not own_names else {stem for name in (*said, *told) for stem in words(name)}
    stems = [word for word in words(asked) if word not in _ASKING and word not in dropped]
    stems += [stem for name in carried for stem in words(name)]
    return tuple(dict.fromkeys(stems))[:MOST_CARRIED], tuple(carried)
