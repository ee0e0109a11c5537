"""The gateway itself, signing and recording every request, with one worker."""

from pathlib import Path

from ..processes import Server, free_port
from . import fill

CALLER = '  - { name: anonymous, projects: ["*"] }'
RULE = "  - { name: everything, action: allow }"
KEYS = "{ name: bench, type: aksk, access_key: BENCHMARKACCESSKEY00, secret_key_file: secret }"


def gateway(name: str, directory: Path, upstream_port: int, binary: str, durability: str = "strict-exports") -> Server:
    """Signs with AK/SK."""
    return _server(name, directory, upstream_port, binary, (durability, KEYS, "benchmark-secret-key-of-forty-characters"))


def gateway_with_token(name: str, directory: Path, upstream_port: int, binary: str, token: str) -> Server:
    """Sends a token of IAM instead of a signature."""
    return _server(name, directory, upstream_port, binary, ("strict-exports", "{ name: bench, type: token, token_file: secret }", token))


def crowded_gateway(name: str, directory: Path, upstream_port: int, binary: str, count: int) -> Server:
    """With so many callers and rules beside those that count; the rule that decides is the last."""
    callers = [f'  - {{ name: team-{n}, projects: ["*"], authenticate: {{ cidr: [10.{n // 256}.{n % 256}.0/24] }} }}' for n in range(count)]
    rules = [f"  - {{ name: rule-{n}, callers: [team-{n}], kinds: [read], action: allow }}" for n in range(count)]
    mode = ("strict-exports", KEYS, "benchmark-secret-key-of-forty-characters")
    return _server(name, directory, upstream_port, binary, mode, "\n".join([*callers, CALLER]), "\n".join([*rules, RULE]))


def _server(name: str, directory: Path, upstream_port: int, binary: str, mode: tuple[str, str, str], callers: str = CALLER, rules: str = RULE) -> Server:
    durability, credential, secret = mode
    directory.mkdir(parents=True)
    file = directory / "secret"
    file.touch(mode=0o600)
    file.write_text(secret)
    port = free_port()
    values = {
        "PORT": port, "ADMIN": free_port(), "UPSTREAM": upstream_port, "DIRECTORY": directory,
        "CREDENTIAL": credential, "DURABILITY": durability, "CALLERS": callers, "RULES": rules,
    }
    configuration = fill("gateway.yaml", directory / "gateway.yaml", values)
    # The second as units and image set it.
    environment = {"HSSGW_WORKERS": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=300"}
    return Server(name, [binary, "serve", "--config", str(configuration)], port, directory, environment=environment)
