"""Client certificates that end while connections and sessions made with them go on."""

import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from harness import wire
from harness.certificates import Authority

#: Seconds for which a certificate is valid: longer, where the machine was too slow to use a shorter one in time.
LIFETIMES = 8, 24, 72


def accepted(
    stack: ExitStack, authority: Authority, uri: str, use: Callable[[tuple[str, str]], None], connect: Callable[..., ssl.SSLSocket],
    status: Callable[[ssl.SSLSocket], int],
) -> tuple[ssl.SSLSocket, ssl.SSLSession]:
    """An open connection, which the stack closes, and its session: a request was answered on both before the certificate's end.

    `use` takes certificate and key for what `connect` makes from then on; `connect` takes the session to resume, if any.
    """
    statuses = []
    for lifetime in LIFETIMES:
        end = time.monotonic() + lifetime
        use(authority.issue_for(lifetime, uri))
        with suppress(ssl.SSLError, OSError, wire.Truncated):
            kept = stack.enter_context(connect())
            statuses = [status(kept)]
            session = kept.session
            with connect(session) as resumed:
                # Otherwise the test would prove nothing.
                statuses.append(resumed.session_reused and status(resumed))
            if time.monotonic() < end - 1:
                break
    assert statuses == [200, 200]
    return kept, session
