"""Copies of one text: sketches of its word shingles, and how much of one text is in another.

A sketch is the bottom-k sample of the hashes of all runs of four words (Broder 1997). Two sketches give an unbiased
estimate of how much of one text the other holds, so a shortened or framed wire copy is found too.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
import numpy.typing as npt

from bot.stories.sentences import normalise

# 128 hashes: the share of copied text is known to about ±4 points, in 512 bytes.
SIZE = 128
_RUN = 4
# Fewer shared-or-not runs than this say nothing: two headlines may agree by chance.
LEAST = 16
_TOKEN = re.compile(r"\w+")

Sketch = npt.NDArray[np.uint32]


def sketch(text: str) -> Sketch:
    """The sorted hashes that stand for a text, at most 128; all of them for a short text."""
    tokens = _TOKEN.findall(normalise(text).lower())
    runs = {zlib.crc32(" ".join(tokens[at : at + _RUN]).encode()) for at in range(len(tokens) - _RUN + 1)}
    return np.array(sorted(runs)[:SIZE], dtype=np.uint32)


def contained(inner: Sketch, outer: Sketch) -> float:
    """The estimated share of `inner`'s text that `outer` holds, 0–1; 0 where there is too little text to tell."""
    if min(inner.size, outer.size) < LEAST:
        return 0.0
    # Both samples are complete up to the smaller of their largest hashes (a short text's is complete everywhere).
    limit = min(int(part[-1]) if part.size == SIZE else 2**32 for part in (inner, outer))
    inner, outer = inner[inner <= limit], outer[outer <= limit]
    if inner.size == 0:
        return 0.0
    return float(np.intersect1d(inner, outer, assume_unique=True).size / inner.size)
