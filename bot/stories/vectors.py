"""What a text is about, in numbers: word vectors for meaning, hashed TF-IDF for its very words.

The vectors are wordllama's (256 dimensions), read from the installed package without importing it: its own loader
needs `requests`, reconfigures the root logger and turns the half-precision table into single precision. Measured,
resident memory for the same vectors: 80 MB through `WordLlama.load`, 21 MB this way (the table is memory-mapped).
"""

from __future__ import annotations

import importlib.util
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from bot.errors import SettingsError
from bot.stories.lexicon import PRIMER

DIMENSIONS = 256
Floats = npt.NDArray[np.float32]

_WEIGHTS = Path("weights/l2_supercat_256.safetensors")
_TOKENIZER = Path("tokenizers/l2_supercat_tokenizer_config.json")
_HEADER_BYTES = 8
# A batch is spread over threads; waking them takes longer than a few texts do (on busy cores 4 ms against 0.1 ms).
_BATCH = 32
_LEAST_IN_PIECES = 0.52  # invented words ("blarghify") reach .50
_WHOLE = re.compile(r"\u2581[a-z]{3,}")  # the mark stands for the space before a word


class WordVectors:
    """Static word vectors: a text's vector is the mean of its tokens'.

    Raises:
        SettingsError: the installed `wordllama` doesn't hold the files that this version reads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Open the table; `folder` is that of the `wordllama` package, found by itself when not given."""
        folder = folder or _package_folder()
        try:
            tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            table = _mapped(folder / _WEIGHTS)
        except Exception as error:  # the tokenizer's library raises bare Exception for a missing file
            raise SettingsError(
                "The word vectors could not be read. Reinstall the package wordllama in the version of the lock file."
            ) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._table = table

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of the texts, shape `(len(texts), 256)`; a text without tokens gets zeros."""
        result = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, numbers in enumerate(self._tokens(texts)):
            ids = np.asarray(numbers, dtype=np.int64)
            if ids.size:
                result[row] = self._table[ids].mean(axis=0, dtype=np.float32)
        return unit_rows(result)

    def neighbours(self, word: str, *, most: int = 8, least: float = 0.4) -> tuple[str, ...]:
        """Plain words that mean nearly the same, nearest first: of the 9,000 that the table holds whole.

        Args:
            word: in lower case.
            most: how many at most.
            least: their least cosine; unrelated pairs of words lie below .17 in 99 of 100 cases. A word of which the
                table holds only pieces needs more: the pieces of one that nobody knows come near to others by chance.
        """
        known, rows = self._whole
        if all(self._tokenizer.token_to_id(f"\u2581{form}") is None for form in (word, word.removesuffix("s"))):
            least = max(least, _LEAST_IN_PIECES)
        cosines = rows @ self.embed([word])[0]
        best = np.argsort(-cosines)[:most]
        return tuple(known[at] for at in best if cosines[at] >= least and known[at] != word)

    def knows(self, word: str) -> bool:
        """Whether the table holds the word, as it is written, in one piece; so it does with some 20,000."""
        return self._tokenizer.token_to_id(f"\u2581{word}") is not None

    @cached_property
    def _whole(self) -> tuple[tuple[str, ...], Floats]:
        """The lower-case words that are one token, with their unit vectors; 9 MB, made at first use."""
        found = {text[1:]: number for text, number in self._tokenizer.get_vocab().items() if _WHOLE.fullmatch(text)}
        return tuple(found), unit_rows(self._table[list(found.values())].astype(np.float32))

    def _tokens(self, texts: Sequence[str]) -> Iterator[list[int]]:
        if len(texts) < _BATCH:
            return (self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts)
        batch = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return (encoded.ids for encoded in batch)


def unit_rows(rows: Floats) -> Floats:
    """Rows scaled to length one; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


@cache
def word_vectors() -> WordVectors:
    """The shared table, opened at first use."""
    return WordVectors()


def _package_folder() -> Path:
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SettingsError("The package wordllama is not installed. Install the project's dependencies again.")
    return Path(spec.origin).parent


def _mapped(path: Path) -> npt.NDArray[np.float16]:
    """The only tensor of a safetensors file, memory-mapped: 8 bytes of header length, JSON header, then the data."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(_HEADER_BYTES), "little")
        header = json.loads(file.read(size))
    (tensor,) = (entry for name, entry in header.items() if name != "__metadata__")
    rows, columns = tensor["shape"]
    if tensor["dtype"] != "F16" or columns != DIMENSIONS:
        raise ValueError(f"expected half-precision vectors of {DIMENSIONS} dimensions")
    start = _HEADER_BYTES + size + tensor["data_offsets"][0]
    return np.memmap(path, dtype=np.float16, mode="r", offset=start, shape=(rows, columns))


# 2^17 buckets: with a vocabulary of 50,000 words about one word in three shares its bucket with another one, mostly
# a rare one; at 512 KB for the counts.
BUCKETS = 1 << 17
# Document frequencies start as if this many articles of the field had been read (see lexicon.PRIMER), so that the
# first day's weights are sensible; 200 real articles weigh as much.
PRIMED_ARTICLES = 200
_MIN_COUNT = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """A text's words as a sparse unit vector: sorted bucket numbers and their weights, both of shape `(n,)`."""

    ids: npt.NDArray[np.uint32]
    weights: Floats

    def dot(self, other: Terms) -> float:
        """The cosine of two unit vectors."""
        if not other.ids.size:
            return 0.0
        places = np.minimum(np.searchsorted(other.ids, self.ids), other.ids.size - 1)
        return float(np.where(other.ids[places] == self.ids, self.weights, 0.0) @ other.weights[places])


def bucket(word: str) -> int:
    """The bucket of a word; the same on every machine and in every process."""
    return zlib.crc32(word.encode()) % BUCKETS


# The mean of the articles' vectors starts as if so many articles of the field had been read. Measured from 50 to 200:
# no difference beyond half a point of F1.
PRIMED_MEAN = 100


class TermStats:
    """What is usual: in how many articles each word occurred so far, and the mean of their vectors.

    Grows as articles arrive; kept as bytes between runs.
    """

    def __init__(self) -> None:
        """Start from the primer."""
        self._counts = np.zeros(BUCKETS, dtype=np.uint32)
        self.articles = PRIMED_ARTICLES
        self._sum = np.zeros(DIMENSIONS, dtype=np.float32)
        self._summed = 0
        for word, share in PRIMER.items():
            self._counts[bucket(word)] += round(share * PRIMED_ARTICLES)

    def add(self, words: Iterable[str], vector: Floats | None = None) -> None:
        """Count one article's words, each once, and its unit vector, where one is at hand."""
        self._counts[sorted({bucket(word) for word in words})] += 1
        self.articles += 1
        if vector is not None:
            self._sum += vector
            self._summed += 1

    def usual(self, vector: Floats, primer: Floats) -> float:
        """The mean cosine of a unit vector to the articles so far; `primer` is their mean before there were any."""
        total = self._sum @ vector + PRIMED_MEAN * (primer @ vector)
        return max(0.0, float(total)) / (self._summed + PRIMED_MEAN)

    def idf(self, buckets: npt.NDArray[np.uint32]) -> Floats:
        """Inverse document frequencies, smoothed: `log(1 + (N - df + 0.5) / (df + 0.5))`, as BM25 has it."""
        count = self._counts[buckets].astype(np.float32)
        return np.log1p((np.maximum(self.articles - count, 0) + 0.5) / (count + 0.5))

    def rarity(self, word: str) -> float:
        """The inverse document frequency of one word."""
        return float(self.idf(np.array([bucket(word)], dtype=np.uint32))[0])

    def weigh(self, counts: Mapping[str, float]) -> Terms:
        """A sparse unit vector `(1 + log tf) * idf`; `counts` may hold fractions (a boost for the title)."""
        sums: dict[int, float] = {}
        for word, count in counts.items():
            place = bucket(word)
            sums[place] = sums.get(place, 0.0) + 1.0 + math.log(max(count, _MIN_COUNT))
        ids = np.array(sorted(sums), dtype=np.uint32)
        weights = np.array([sums[int(place)] for place in ids], dtype=np.float32) * self.idf(ids)
        return Terms(ids, unit_rows(weights[None, :])[0] if ids.size else weights)

    def to_bytes(self) -> bytes:
        """A compact form for storage."""
        used = np.flatnonzero(self._counts).astype(np.uint32)
        head = np.array([self.articles, used.size], dtype=np.uint32)
        counts = np.concatenate([head, used, self._counts[used], [self._summed]]).astype("<u4").tobytes()
        return zlib.compress(counts + self._sum.astype("<f4").tobytes(), 3)

    @classmethod
    def from_bytes(cls, stored: bytes) -> TermStats:
        """Read what `to_bytes` wrote."""
        numbers = np.frombuffer(zlib.decompress(stored), dtype="<u4")
        articles, size = int(numbers[0]), int(numbers[1])
        stats = cls()
        stats.articles = articles
        stats._counts[:] = 0
        stats._counts[numbers[2 : 2 + size]] = numbers[2 + size : 2 + 2 * size]
        if numbers.size > 2 + 2 * size:  # earlier editions had no mean
            stats._summed = int(numbers[2 + 2 * size])
            stats._sum[:] = numbers[3 + 2 * size :].view("<f4")
        return stats
