"""A file as it is kept."""

from dataclasses import dataclass


@dataclass(slots=True)
class StoredFile:
    """One file; its bytes come after its name.

    Attributes:
        user: The id of who handed it over.
        created: When, in Unix seconds.
        title: What the app calls it.
    """

    id: str
    name: str
    user: str
    created: int
    content: bytes = b""
    title: str = ""
