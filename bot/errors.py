"""Every error that Tapeout raises on purpose, in one tree.

```
TapeoutError                    a sentence for people: what happened and what to do
├── SettingsError               a setting is unknown, malformed or missing
├── UserError                   what someone asked cannot be done as they asked it
│   ├── NotAllowedError         they may not change this
│   └── NotFoundError           there is no such feed, channel, story …
├── FetchError                  an address could not be read        (.kind, .retry_after)
│   └── BlockedAddressError     the guard refused to connect
├── ParseError                  what came back is not a feed, or cannot be read safely
├── WritingError                a writer could not produce a draft
│   ├── ModelError              the model's endpoint failed or answered nonsense
│   └── BudgetError             today's budget is used up
└── DeliveryError               Slack refused a post                (.state, .retry_after)
    └── TokenError              Slack refused our token: nothing can be done in that workspace
```
The text of each is safe to show: it never holds a secret, a traceback or unescaped feed text.
"""

from __future__ import annotations

NOT_ALLOWED = "Only workspace admins, and people they name, can change that. `/tapeout admins` shows whom to ask."
"""What a `NotAllowedError` says where a channel's or the workspace's settings are changed."""


class TapeoutError(Exception):
    """Base of all our errors; `str()` is a sentence that says what to do."""


class SettingsError(TapeoutError):
    """A setting is unknown, malformed or missing; the message names it."""


class UserError(TapeoutError):
    """What someone asked for cannot be done as they asked it."""


class NotAllowedError(UserError):
    """The person may not do this; the message says who may."""


class NotFoundError(UserError):
    """There is no such feed, channel or story; the message says what there is."""


class FetchError(TapeoutError):
    """An address could not be read.

    Attributes:
        kind: a stable word for metrics and feed health, such as `timeout`, `http_404`, `dns`, `too_large`.
        retry_after: seconds after which the server asked us to return, if it did.
    """

    def __init__(self, message: str, *, kind: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after


class BlockedAddressError(FetchError):
    """The guard refused to connect: the address is not on the public internet."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind="blocked_address")


class ParseError(TapeoutError):
    """What came back is not a feed, or reading it broke a limit of time or memory.

    Attributes:
        kind: `not_a_feed`, `html`, `too_slow`, `too_big` or `malformed`.
    """

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class WritingError(TapeoutError):
    """A writer could not produce a draft."""


class ModelError(WritingError):
    """The model's endpoint failed, or answered something that cannot be used."""


class BudgetError(WritingError):
    """Today's budget for the model is used up."""


class DeliveryError(TapeoutError):
    """Slack did not take a message.

    Attributes:
        state: what becomes of the delivery: `retry`, `ambiguous`, `held`, `failed` or `gone`.
        retry_after: seconds to wait before the next try, where Slack named them.
    """

    def __init__(self, message: str, *, state: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.state = state
        self.retry_after = retry_after


class TokenError(DeliveryError):
    """Slack does not take our token, whatever it is used for."""

    def __init__(self, message: str) -> None:
        super().__init__(message, state="held")
