"""Container images of others are named by version, and `make pin-images` pins them by digest if a registry is available."""

import json
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = ("Dockerfile", "compose.yaml", "compose.fleet.yaml")


def images(deploy: Path) -> list[str]:
    text = "\n".join((deploy / name).read_text() for name in FILES)
    found = re.findall(r"^(?:FROM +| *image: *)([^ \n]+)", text, re.MULTILINE)
    return [image for image in found if not image.startswith("hss-gateway:")]


class Registry(ThreadingHTTPServer):
    """A registry like Docker Hub: a token for every client, then a digest for each tag."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.unknown: set[str] = set()
        self.generation = 1
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def digest(self, repository: str, tag: str) -> str:
        return "sha256:" + f"{self.generation}{repository}{tag}".encode().hex().ljust(64, "0")[:64]


class Handler(BaseHTTPRequestHandler):
    server: Registry

    def log_message(self, *_):
        pass

    def do_GET(self):
        kind, repository, right = parse_qs(urlsplit(self.path).query)["scope"][0].split(":")
        assert (kind, right) == ("repository", "pull")
        body = json.dumps({"token": "for-" + repository, "expires_in": 300}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self):
        repository, tag = re.fullmatch(r"/v2/(.+)/manifests/(.+)", self.path).groups()
        if self.headers["Authorization"] != f"Bearer for-{repository}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", f'Bearer realm="{self.server.url}/token",service="registry.test",scope="repository:{repository}:pull"')
        elif repository in self.server.unknown:
            self.send_response(404)
        else:
            assert "image.index" in self.headers["Accept"]
            self.send_response(200)
            self.send_header("Docker-Content-Digest", self.server.digest(repository, tag))
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def registry():
    registry = Registry()
    yield registry
    registry.shutdown()
    registry.server_close()


@pytest.fixture
def tree(tmp_path) -> Path:
    shutil.copytree(REPOSITORY / "deploy", tmp_path / "deploy")
    (tmp_path / "scripts").mkdir()
    shutil.copy(REPOSITORY / "scripts/pin-images.sh", tmp_path / "scripts")
    return tmp_path


def pin(tree: Path, registry: Registry, *arguments: str) -> subprocess.CompletedProcess:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HSSGW_REGISTRY_MIRROR": registry.url}
    return subprocess.run(
        [tree / "scripts/pin-images.sh", *arguments], env=environment, capture_output=True, text=True, timeout=120)


def test_every_image_of_others_is_named_by_its_version(deploy):
    found = images(deploy)
    assert len(found) >= 6
    assert [image for image in found if not re.search(r":v?\d[\w.-]*(@sha256:[0-9a-f]{64})?$", image)] == []


def test_images_are_pinned_by_digest_and_a_newer_digest_is_noticed(tree, registry):
    before = images(tree / "deploy")
    assert pin(tree, registry, "--check").returncode == 1 and images(tree / "deploy") == before
    done = pin(tree, registry)
    assert done.returncode == 0, done.stderr
    for old, new in zip(before, images(tree / "deploy"), strict=True):
        name, tag = old.rsplit(":", 1)
        assert new == f"{old}@{registry.digest(name if '/' in name else 'library/' + name, tag)}"
    # Nothing else was changed, and a second run does nothing.
    for name in FILES:
        assert re.sub(r"@sha256:[0-9a-f]{64}", "", (tree / "deploy" / name).read_text()) == (REPOSITORY / "deploy" / name).read_text()
    assert pin(tree, registry, "--check").returncode == 0 and pin(tree, registry).stdout == ""
    registry.generation = 2
    stale = pin(tree, registry, "--check")
    assert stale.returncode == 1 and len(stale.stdout.splitlines()) == len(set(before))
    assert pin(tree, registry).returncode == 0 and pin(tree, registry, "--check").returncode == 0


def test_nothing_is_written_where_an_image_can_t_be_found(tree, registry):
    registry.unknown.add("library/postgres")
    before = images(tree / "deploy")
    failed = pin(tree, registry)
    assert failed.returncode == 2 and "postgres" in failed.stderr and images(tree / "deploy") == before
