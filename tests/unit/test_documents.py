"""What the documents name is there: tests, files and other documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    {ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")}
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """A link to a file of the project names one that exists."""
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_test_that_is_named_exists(document: Path) -> None:
    """`path::test`, or `::test` in the file named before it on the line; a renamed test would be a promise unkept."""
    for line in document.read_text(encoding="utf-8").splitlines():
        source = ""
        for path, test in re.findall(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`", line):
            if path:
                source = (ROOT / path).read_text(encoding="utf-8")
            if test:
                assert f"def {test}(" in source, test


def test_the_threat_model_shows_every_defence() -> None:
    """Each threat has at least one test, in its last column."""
    rows = [
        line.split(" | ") for line in (ROOT / "docs/threat-model.md").read_text("utf-8").splitlines() if "::" in line
    ]
    assert len(rows) >= 14
    assert all(len(row) == 3 and "::test_" in row[2] for row in rows)


def test_every_trouble_of_an_operator_has_its_test() -> None:
    """What the page for operators says of each trouble is shown by a test, in its last column."""
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    section = page.partition("## When something goes wrong")[2]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 12
    assert all("::test_" in row[3] or row[3].startswith("the same") for row in rows), rows
