"""The times that Slack gives an app."""

from dataclasses import dataclass


@dataclass(slots=True)
class Timing:
    """Seconds. The defaults are Slack's own; a test may set others before the workspace starts.

    Args:
        ack: An envelope must be acknowledged in this time.
        retries: The waits before an event that was not acknowledged is sent again: at once, 1 min, 5 min.
        regain: After a socket died, the wait before its unacknowledged events go to another.
        drain: How long a socket lives on after `disconnect` was announced.
        ticket: How long the address that `apps.connections.open` gave can be used.
        trigger: How long a `trigger_id` can be used.
        stream: How long a message can be streamed to.
        response_url: How long a `response_url` can be used.
        ping: The pause between the server's pings on a socket.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    regain: float = 0.3
    drain: float = 10.0
    ticket: float = 30.0
    trigger: float = 3.0
    stream: float = 300.0
    response_url: float = 1800.0
    ping: float = 30.0

    def wait_longer(self, times: float) -> None:
        """Give the app so many times the seconds to acknowledge and to open windows: a slow machine needs them."""
        self.ack *= times
        self.trigger *= times
