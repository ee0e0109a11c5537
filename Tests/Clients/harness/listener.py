"""A port, of loopback unless an address is given: each connection is served on a thread of its own."""

import contextlib
import socket
import threading


class Listener:
    def __init__(self, serve, host: str = "127.0.0.1", port: int = 0):
        """`serve(connection, number)` handles one connection to its end; they are numbered from 1."""
        self._serve = serve
        self.accepted = 0
        self._socket = socket.create_server((host, port), backlog=256)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Accepts no more connections; may be called again."""
        # Without a shutdown the thread that waits in accept() would keep the port open.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection, self.accepted), daemon=True).start()
