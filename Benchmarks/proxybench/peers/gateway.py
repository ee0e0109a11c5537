"""The gateway itself, signing and recording every request, with one worker."""

from pathlib import Path

from ..processes import BOTH_CPUS, Server, free_port
from . import Certificate, fill

CALLER = '  - { name: anonymous, projects: ["*"] }'
RULE = "  - { name: everything, action: allow }"
KEYS = "{ name: bench, type: aksk, access_key: BENCHMARKACCESSKEY00, secret_key_file: secret }"


def gateway(name: str, directory: Path, upstream_port: int, binary: str, durability: str = "strict-exports") -> Server:
    """Signs with AK/SK."""
    return _server(name, directory, upstream_port, binary, (durability, KEYS, "benchmark-secret-key-of-forty-characters"))


def gateway_over_tls(
    name: str, directory: Path, upstream_port: int, binary: str, certificate: Certificate, http2: bool = False, serves_tls: bool = False
) -> Server:
    """Reaches the upstream over TLS, verified, or serves its callers over TLS and reaches the upstream in clear."""
    mode = ("strict-exports", KEYS, "benchmark-secret-key-of-forty-characters")
    if serves_tls:
        tls = f", tls: {{ certificate_file: {certificate.certificate}, private_key_file: {certificate.key} }}"
        return _server(name, directory, upstream_port, binary, mode, wire={"LISTENER": tls})
    wire = {"UPSTREAM": f"https://localhost:{upstream_port}", "CA": f", ca_file: {certificate.certificate}", "HTTP2": "auto" if http2 else "off"}
    return _server(name, directory, upstream_port, binary, mode, wire=wire)


def gateway_with_token(name: str, directory: Path, upstream_port: int, binary: str, token: str) -> Server:
    """Sends a token of IAM instead of a signature."""
    return _server(name, directory, upstream_port, binary, ("strict-exports", "{ name: bench, type: token, token_file: secret }", token))


def gateway_with_workers(name: str, directory: Path, upstream_port: int, binary: str, workers: int) -> Server:
    """With that many event loops, on both processors."""
    mode = ("strict-exports", KEYS, "benchmark-secret-key-of-forty-characters")
    server = _server(name, directory, upstream_port, binary, mode)
    server.environment["HSSGW_WORKERS"] = str(workers)
    server.cpu = BOTH_CPUS
    return server


def crowded_gateway(name: str, directory: Path, upstream_port: int, binary: str, count: int) -> Server:
    """With that many additional callers and rules; the last rule decides."""
    callers = [f'  - {{ name: team-{n}, projects: ["*"], authenticate: {{ cidr: [10.{n // 256}.{n % 256}.0/24] }} }}' for n in range(count)]
    rules = [f"  - {{ name: rule-{n}, callers: [team-{n}], kinds: [read], action: allow }}" for n in range(count)]
    mode = ("strict-exports", KEYS, "benchmark-secret-key-of-forty-characters")
    return _server(name, directory, upstream_port, binary, mode, "\n".join([*callers, CALLER]), "\n".join([*rules, RULE]))


def _server(
    name: str, directory: Path, upstream_port: int, binary: str, mode: tuple[str, str, str], callers: str = CALLER, rules: str = RULE,
    wire: dict[str, str] | None = None,
) -> Server:
    durability, credential, secret = mode
    directory.mkdir(parents=True)
    file = directory / "secret"
    file.touch(mode=0o600)
    file.write_text(secret)
    port = free_port()
    values = {
        "PORT": port, "ADMIN": free_port(), "UPSTREAM": f"http://127.0.0.1:{upstream_port}", "DIRECTORY": directory,
        "CREDENTIAL": credential, "DURABILITY": durability, "CALLERS": callers, "RULES": rules,
        "LISTENER": "", "CA": "", "HTTP2": "off", **(wire or {}),
    }
    configuration = fill("gateway.yaml", directory / "gateway.yaml", values)
    # The second as set in the units and the image.
    environment = {"HSSGW_WORKERS": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=300"}
    return Server(name, [binary, "serve", "--config", str(configuration)], port, directory, environment=environment)
