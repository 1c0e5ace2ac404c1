"""Fit and measure the score of support (`bot/writing/faithfulness.py`): which sentences does a text bear out?

`python -m bench.support` fits a logistic regression over the features and prints what goes into `WEIGHTS`, with the
AUROC of the shipped and of the new weights on what was not fitted, beside that of shared word pairs alone:

```
bench/claims/general.toml   sentences about general news, right and wrong  ─┐
every second own article    errors planted into its sentences (`planting`) ─┴─► fitted
bench/claims/held.toml      as general.toml, other texts                   ─┐
bench/claims/field.toml     sentences about news of this field             ─┼─► measured
the other own articles                                                     ─┘
```

Sentences are fitted and measured as they are written, and as parsers and public sets leave them: in lower case, with
marks between spaces. `--leave-out` also says how general.toml fares half by half, each fitted on the other half.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.planting import KINDS, Planted, Planter
from bot.evaluation.measures import auroc
from bot.evaluation.sample import load
from bot.stories.sentences import normalise, words
from bot.stories.vectors import WordVectors, word_vectors
from bot.writing.faithfulness import BIAS, WEIGHTS, Evidence, Features
from bot.writing.layout import laid_out

_CLAIMS = Path(__file__).with_name("claims")
_NAMES = tuple(field.name for field in fields(Features))
_SORTS = ("near", "short", "free")
_WRITINGS = ("as written", "parsed, lower case", "sentence in lower case")
_COPY = 2.0  # what is in the source word for word stands above all else

#: What features are worth, in standard deviations, before anything is fitted; the sign may not change. On errors of
#: real models shared words, pairs and order tell most (word pairs alone: AUROC .84) and figures little (.49), which
#: sentences written or spoiled by hand would not teach.
PRIOR = {
    "held": 0.6, "pairs": 0.4, "threes": 0.4, "order": 0.4, "like": 0.4, "copied": 0.6, "seams": -0.4, "far": -0.2,
    "names": -0.6, "figures": -0.3, "outcomes": -0.4, "strange": -0.4, "details": -0.2, "slipped": -0.3,
    "negation": -0.3, "turned": -0.3, "swapped": -0.2, "pronoun": -0.2,
}  # fmt: skip
RIDGE = 1.0
#: How much each sort of sentence counts in all.
SHARES = {"near": 1.0, "short": 1.0, "free": 0.4, "planted": 0.3}
_Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """Sentences of one sort in one writing.

    Attributes:
        rows: their features; shape `(sentences, features)`.
        labels: whether their text bears them out.
        copies: which of them stand in it word for word.
    """

    sort: str
    writing: str
    rows: _Rows
    labels: npt.NDArray[np.bool_]
    copies: npt.NDArray[np.bool_]

    def auroc(self, weights: _Rows, bias: float) -> float:
        """Of the score with these weights."""
        scores = np.where(self.copies, _COPY, 1 / (1 + np.exp(-(self.rows @ weights + bias))))
        return auroc([float(one) for one in scores], [bool(label) for label in self.labels])

    def pairs_alone(self) -> float:
        """AUROC of the share of word pairs that the source has."""
        return auroc([float(one) for one in self.rows[:, _NAMES.index("pairs")]], [bool(one) for one in self.labels])

    def importance(self) -> _Rows:
        """What each sentence counts in fitting: all sorts, writings and both labels by their share."""
        share = SHARES[self.sort] / (len(_WRITINGS) if self.sort != "planted" else 1)
        right = int(self.labels.sum())
        counts = np.where(self.labels, max(1, right), max(1, len(self.labels) - right))
        return np.full(len(self.labels), share) / counts


def parsed(text: str) -> str:
    """A text as a parser leaves it: marks between spaces, brackets and quotation marks written out."""
    text = re.sub(r"([.,;:!?%)\"])(?=\s|$|\")", r" \1", text)
    text = re.sub(r"(^|\s)\"", r"\1`` ", text).replace('"', "''").replace("n't", " n't").replace("'s", " 's")
    return text.replace("(", "-LRB- ").replace(")", " -RRB-")


def _written(source: str, sentence: str, writing: str) -> tuple[str, str]:
    if writing == "parsed, lower case":
        return parsed(source).lower(), parsed(sentence).lower()
    return (source, parsed(sentence).lower()) if writing == "sentence in lower case" else (source, sentence)


def _measure(claims: Sequence[tuple[str, str, bool]], sort: str, writing: str, vectors: WordVectors) -> Measured:
    evidence: dict[str, Evidence] = {}
    found: list[Features] = []
    copies: list[bool] = []
    for source, sentence, _ in claims:
        source, sentence = _written(source, sentence, writing)  # noqa: PLW2901 - the same in another writing
        if source not in evidence:
            evidence[source] = Evidence(source, vectors)
        found.append(evidence[source].features(normalise(laid_out(sentence))))
        copies.append(evidence[source].support(sentence) == 1.0)
    rows = np.array([[getattr(one, name) for name in _NAMES] for one in found])
    return Measured(sort, writing, rows, np.array([label for *_, label in claims]), np.array(copies))


def written(name: str, vectors: WordVectors, part: slice = slice(None)) -> list[Measured]:
    """The sentences of a file of `claims`, or about some of its texts, by sort and writing."""
    sources = tomllib.loads((_CLAIMS / f"{name}.toml").read_text("utf-8"))["source"][part]
    made = []
    for sort in _SORTS:
        claims = [
            (one["text"], sentence, not wrong)
            for one in sources
            for wrong in ("", "_wrong")
            for sentence in one.get(f"{sort}{wrong}", ())
        ]
        made += [_measure(claims, sort, writing, vectors) for writing in _WRITINGS if claims]
    return made


def planted(part: slice, vectors: WordVectors, seed: int) -> tuple[Measured, list[Planted]]:
    """Errors and rewritings planted into some of the project's articles."""
    own = [one.article.text for one in load().articles if one.kind in {"news", "analysis"}]
    texts = [text for text in own if len(words(text)) > 60][part]
    made = Planter(texts, vectors, seed).plant()
    claims = [(texts[one.source], one.text, one.true) for one in made]
    return _measure(claims, "planted", "as written", vectors), made


def fit(sets: Sequence[Measured], *, steps: int = 3000) -> tuple[_Rows, float]:
    """Weights and bias of a logistic regression with signs that holds to `PRIOR`, by projected gradient descent."""
    prior = np.array([PRIOR[name] for name in _NAMES])
    low, high = np.where(prior < 0, -np.inf, 0.0), np.where(prior < 0, 0.0, np.inf)
    rows, labels = np.vstack([one.rows for one in sets]), np.concatenate([one.labels for one in sets]).astype(float)
    share = np.concatenate([one.importance() for one in sets])
    share /= share.sum()
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    even = (rows - middle) / spread
    weights, bias = prior.copy(), 0.0
    for _ in range(steps):
        wrong = (1 / (1 + np.exp(-(even @ weights + bias))) - labels) * share
        weights = np.clip(weights - 0.5 * (even.T @ wrong + RIDGE * (weights - prior)), low, high)
        bias -= 0.5 * float(wrong.sum())
    return weights / spread, bias - float((weights * middle / spread).sum())


def report(title: str, sets: Sequence[Measured], weights: _Rows, bias: float) -> None:
    """AUROC by sort and writing: word pairs alone, the shipped weights, the new ones."""
    shipped = np.array([getattr(WEIGHTS, name) for name in _NAMES])
    print(f"{title:44}{'pairs':>8}{'shipped':>9}{'fitted':>8}")
    for one in sets:
        both = one.auroc(shipped, BIAS), one.auroc(weights, bias)
        name = f"{one.sort}, {one.writing}, {len(one.labels)}"
        print(f"  {name:42}{one.pairs_alone():8.3f}{both[0]:9.3f}{both[1]:8.3f}")


def _by_kind(held: Measured, made: Sequence[Planted], weights: _Rows, bias: float) -> Iterator[str]:
    """AUROC of each kind of planted error against all that stays true."""
    for kind, (_, true) in KINDS.items():
        chosen = np.array([one.kind == kind or one.true for one in made])
        if not true and any(one.kind == kind for one in made):
            part = Measured(held.sort, held.writing, held.rows[chosen], held.labels[chosen], held.copies[chosen])
            yield f"  {kind:42}{part.auroc(weights, bias):25.3f}"


def main() -> None:
    """Fit, measure on what is held out, and print the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", action="store_true", help="also measure each half of general.toml")
    chosen = parser.parse_args()
    vectors = word_vectors()
    known, _ = planted(slice(0, None, 2), vectors, 7)
    weights, bias = fit([*written("general", vectors), known])
    for name in ("held", "field"):
        report(f"{name}.toml", written(name, vectors), weights, bias)
    other, made = planted(slice(1, None, 2), vectors, 11)
    report("planted into the other articles", [other], weights, bias)
    print("\n".join(_by_kind(other, made, weights, bias)))
    if chosen.leave_out:
        halves = [written("general", vectors, slice(at, None, 2)) for at in (0, 1)]
        for at in (0, 1):
            report(f"general.toml, half {at + 1}", halves[at], *fit([*halves[1 - at], known]))
    print("WEIGHTS", ", ".join(f"{name}={weight:.2f}" for name, weight in zip(_NAMES, weights, strict=True)))
    print(f"BIAS {bias:.2f}")


if __name__ == "__main__":
    main()
