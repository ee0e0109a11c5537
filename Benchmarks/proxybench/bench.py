"""What every scenario gets: the harness, the upstream, and functions that create the targets."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .harness import Harness, Plan
from .peers import envoy, gateway, haproxy, nginx, shim
from .processes import Server


@dataclass(frozen=True)
class Tools:
    """The measured programs."""

    gateway: str
    envoy: str
    shim: str
    """The Python that has the libraries of the service in Python."""
    micro: str | None = None
    """The microbenchmarks, when they were built."""


class Bench:
    def __init__(self, directory: Path, tools: Tools, plan: Plan, is_short: bool):
        self.directory = directory
        self.tools = tools
        self.is_short = is_short
        self.upstream = nginx.upstream(directory / "upstream")
        self.harness = Harness(self.upstream, plan)
        self.skipped: list[str] = []
        self._made = 0

    # Each target gets a new directory of its own each time.

    def gateway(self, name: str = "gateway", durability: str = "strict-exports") -> Server:
        return gateway.gateway(name, self._place(name), self.upstream.port, self.tools.gateway, durability)

    def gateway_with_workers(self, name: str, workers: int) -> Server:
        """Not bound to one processor."""
        return gateway.gateway_with_workers(name, self._place(name), self.upstream.port, self.tools.gateway, workers)

    def gateway_with_token(self, name: str, token: str) -> Server:
        return gateway.gateway_with_token(name, self._place(name), self.upstream.port, self.tools.gateway, token)

    def gateway_over_tls(self, name: str, http2: bool = False) -> Server:
        """Its upstream is behind TLS."""
        upstream = self.upstream
        return gateway.gateway_over_tls(name, self._place(name), upstream.tls_port, self.tools.gateway, upstream.certificate, http2)

    def nginx_over_tls(self, name: str) -> Server:
        return nginx.proxy_over_tls(name, self._place(name), self.upstream.tls_port, self.upstream.certificate)

    def terminating_gateway(self, name: str) -> Server:
        """Its callers come over TLS."""
        upstream = self.upstream
        return gateway.gateway_over_tls(name, self._place(name), upstream.port, self.tools.gateway, upstream.certificate, serves_tls=True)

    def terminating_nginx(self, name: str) -> Server:
        return nginx.terminating_proxy(name, self._place(name), self.upstream.port, self.upstream.certificate)

    def crowded_gateway(self, name: str, count: int) -> Server:
        return gateway.crowded_gateway(name, self._place(name), self.upstream.port, self.tools.gateway, count)

    def nginx(self, name: str = "nginx", token: str | None = None) -> Server:
        arguments = {} if token is None else {"token": token}
        return nginx.proxy(name, self._place(name), self.upstream.port, **arguments)

    def peers(self) -> list[Server]:
        """The other installed proxies that forward without signing."""
        found = [
            haproxy.proxy("haproxy", self._place("haproxy"), self.upstream.port),
            envoy.proxy("envoy", self._place("envoy"), self.upstream.port, self.tools.envoy),
        ]
        return self._present(["haproxy", "envoy"], found)

    def signing_peers(self) -> list[Server]:
        """The other proxies doing the same work."""
        found = [
            nginx.signing_proxy("nginx+njs signing", self._place("njs"), self.upstream.port),
            envoy.proxy("envoy signing", self._place("envoy-signing"), self.upstream.port, self.tools.envoy, signs=True),
            shim.proxy("FastAPI + SDK", self._place("shim"), self.upstream.port, self.tools.shim),
        ]
        return self._present(["nginx+njs signing", "envoy signing", "FastAPI + SDK"], found)

    def clear(self) -> None:
        """Frees the disk of journals and access logs; the upstream's files are kept."""
        for entry in self.directory.iterdir():
            if entry != self.upstream.directory:
                shutil.rmtree(entry, ignore_errors=True)

    def _place(self, name: str) -> Path:
        self._made += 1
        return self.directory / f"{self._made}-{re.sub('[^A-Za-z0-9]+', '-', name)}"

    def _present(self, names: list[str], found: list[Server | None]) -> list[Server]:
        for name, server in zip(names, found):
            if server is None and name not in self.skipped:
                self.skipped.append(name)
        return [server for server in found if server is not None]
