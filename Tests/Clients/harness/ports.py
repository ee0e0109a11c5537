"""Ports of servers that are started later, or that are away for a while."""

import random
import socket

# Held until the tests end: their names are what other processes of tests see.
_claims: list[socket.socket] = []


def free_port() -> int:
    """A port of loopback that no other test gets, however late a server is started on it, or started again.

    Below the kernel's range for outgoing connections: a connection attempt to a server that is down could get its own port, and keep it. Tests in other
    processes are kept from it by a name of a socket, which exists once wherever the port does, and ends with the process.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0hssgw-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
