"""The gateway itself, signing and recording every request, with one worker."""

from pathlib import Path

from ..processes import Server, free_port
from . import fill

KEYS = "{ name: bench, type: aksk, access_key: BENCHMARKACCESSKEY00, secret_key_file: secret }"


def gateway(name: str, directory: Path, upstream_port: int, binary: str, durability: str = "strict-exports") -> Server:
    """Signs with AK/SK."""
    return _server(name, directory, upstream_port, binary, (durability, KEYS, "benchmark-secret-key-of-forty-characters"))


def gateway_with_token(name: str, directory: Path, upstream_port: int, binary: str, token: str) -> Server:
    """Sends a token of IAM instead of a signature."""
    return _server(name, directory, upstream_port, binary, ("strict-exports", "{ name: bench, type: token, token_file: secret }", token))


def _server(name: str, directory: Path, upstream_port: int, binary: str, mode: tuple[str, str, str]) -> Server:
    durability, credential, secret = mode
    directory.mkdir(parents=True)
    file = directory / "secret"
    file.touch(mode=0o600)
    file.write_text(secret)
    port = free_port()
    values = {
        "PORT": port, "ADMIN": free_port(), "UPSTREAM": upstream_port, "DIRECTORY": directory,
        "CREDENTIAL": credential, "DURABILITY": durability,
    }
    configuration = fill("gateway.yaml", directory / "gateway.yaml", values)
    return Server(name, [binary, "serve", "--config", str(configuration)], port, directory, environment={"HSSGW_WORKERS": "1"})
