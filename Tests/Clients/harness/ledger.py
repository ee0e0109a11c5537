"""The sandbox's controls: the requests that reached it, and its next faults."""

from harness import wire


class Ledger:
    def __init__(self, address: str):
        self.address = address

    def entries(self, after: int = 0, side: str = "hss") -> list[dict]:
        return wire.call(self.address, "GET", f"/sandbox/ledger?after={after}&side={side}").json["entries"]

    def total(self) -> int:
        """How many requests have reached the sandbox so far."""
        return wire.call(self.address, "GET", "/sandbox/ledger?after=999999999").json["total"]

    def add_fault(self, kind: str, **parameters):
        response = wire.call_json(self.address, "POST", "/sandbox/faults", {"kind": kind, **parameters})
        assert response.status == 201, response.body

    def remove_faults(self):
        assert wire.call(self.address, "DELETE", "/sandbox/faults").status == 204
