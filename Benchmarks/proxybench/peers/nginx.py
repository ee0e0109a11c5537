"""nginx: as the upstream, as the bare proxy that is the reference, and signing with njs."""

import grp
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from ..load import CONFIGURATIONS
from ..processes import LOAD_CPU, BenchmarkError, Server, free_port
from . import SHORT_TOKEN, Certificate, fill, find_program

NJS_MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
GIBIBYTE = 1 << 30
LIST_BYTES = 20_000

# nginx reads no parameter longer than 4 KiB; longer tokens are concatenated from pieces.
_LONGEST_PARAMETER = 2000


@dataclass
class Upstream(Server):
    """It answers the same over TLS on another port, by HTTP/1.1 or HTTP/2, with a certificate for localhost."""

    tls_port: int = 0
    certificate: Certificate | None = None


def upstream(directory: Path) -> Upstream:
    """The stand-in for HSS, with its files."""
    files = directory / "files"
    files.mkdir(parents=True)
    (files / "list.json").write_bytes(_page_of_a_list(LIST_BYTES))
    with open(files / "export.zip", "wb") as file:
        # Sparse: its zeros come from the page cache like any file's bytes.
        file.truncate(GIBIBYTE)
    port = free_port()
    certificate = Certificate.make(directory)
    values = {"PORT": port, "TLS_PORT": free_port(), "DIRECTORY": directory, "FILES": files, "USER": _user()}
    configuration = fill("upstream.conf", directory / "upstream.conf", values)
    server = _server("direct", port, directory, configuration, LOAD_CPU)
    return Upstream(**vars(server), tls_port=values["TLS_PORT"], certificate=certificate)


def proxy(name: str, directory: Path, upstream_port: int, token: str = SHORT_TOKEN) -> Server:
    """The reference: forwards, sets a token, writes a buffered JSON line."""
    pieces = [token[at : at + _LONGEST_PARAMETER] for at in range(0, len(token), _LONGEST_PARAMETER)]
    location = "".join(f'set $token{number} "{piece}";\n' for number, piece in enumerate(pieces)) if len(pieces) > 1 else ""
    value = "".join(f"${{token{number}}}" for number in range(len(pieces))) if len(pieces) > 1 else token
    location += f'proxy_set_header X-Auth-Token "{value}";'
    return _proxy(name, directory, upstream_port, location=location)


def proxy_over_tls(name: str, directory: Path, upstream_port: int, certificate: Certificate) -> Server:
    """The reference with its upstream behind TLS: verified, connections kept, sessions resumed."""
    tls = (
        f"proxy_ssl_verify on; proxy_ssl_trusted_certificate {certificate.certificate}; proxy_ssl_name localhost; proxy_ssl_server_name on;"
        " proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.2 TLSv1.3;"
    )
    return _proxy(name, directory, upstream_port, location=f'{tls} proxy_set_header X-Auth-Token "{SHORT_TOKEN}";', scheme="https")


def terminating_proxy(name: str, directory: Path, upstream_port: int, certificate: Certificate) -> Server:
    """The reference with TLS on its callers' side, HTTP/1.1 or HTTP/2."""
    http = f"ssl_certificate {certificate.certificate}; ssl_certificate_key {certificate.key}; ssl_protocols TLSv1.2 TLSv1.3;"
    location = f'proxy_set_header X-Auth-Token "{SHORT_TOKEN}";'
    return _proxy(name, directory, upstream_port, http=http, location=location, listen="ssl http2")


def signing_proxy(name: str, directory: Path, upstream_port: int) -> Server | None:
    """nginx that signs every request like the gateway, in JavaScript; None if it has no JavaScript module."""
    if not NJS_MODULE.exists():
        return None
    return _proxy(
        name, directory, upstream_port,
        modules=f"load_module {NJS_MODULE};",
        http=f"js_path {CONFIGURATIONS}; js_import signing.js; js_set $sdk_date signing.date; js_set $signature signing.authorization;",
        location="proxy_set_header X-Sdk-Date $sdk_date; proxy_set_header Authorization $signature;",
    )


def _proxy(name: str, directory: Path, upstream_port: int, modules: str = "", http: str = "", location: str = "", scheme: str = "http",
           listen: str = "") -> Server:
    directory.mkdir(parents=True)
    port = free_port()
    values = {
        "PORT": port, "DIRECTORY": directory, "UPSTREAM": upstream_port, "USER": _user(),
        "MODULES": modules, "HTTP": http, "LOCATION": location, "SCHEME": scheme, "LISTEN": listen,
    }
    return _server(name, port, directory, fill("nginx.conf", directory / "nginx.conf", values))


def _user() -> str:
    """The user of this run: otherwise nginx's worker would run as a user that can't read the files."""
    return f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"


def _server(name: str, port: int, directory: Path, configuration: Path, cpu: int = 0) -> Server:
    program = find_program("nginx")
    if program is None:
        raise BenchmarkError("nginx is missing")
    return Server(name, [program, "-p", str(directory), "-e", str(directory / "nginx.err"), "-c", str(configuration)], port, directory, cpu)


def _page_of_a_list(size: int) -> bytes:
    row = b'{"host_id":"9168b536-cd40-4630-b43f-b259807c6e87","vul_name":"CVE-2023-0001","status":"vul_status_unfix"},'
    page = b'{"total_num":1000,"data_list":[' + row * ((size - 40) // len(row))
    return page[:-1] + b"]}"
