"""Certificates as an operator's openssl makes them."""

import subprocess
from pathlib import Path


def _openssl(directory: Path, *arguments: str):
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


class Authority:
    """A certificate authority in a directory of its own."""

    def __init__(self, directory: Path, name: str = "ca"):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.name = name
        _openssl(
            directory, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key",
            "-out", f"{name}.crt", "-days", "30", "-subj", f"/CN=test {name}", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )

    @property
    def certificate(self) -> str:
        return str(self.directory / f"{self.name}.crt")

    def issue(self, name: str, alternative_names: str, usage: str = "clientAuth", expired: bool = False) -> tuple[str, str]:
        """Certificate and key for the names given, as `subjectAltName` takes them; none when empty."""
        directory = self.directory
        extensions = directory / f"{name}.ext"
        extensions.write_text((f"subjectAltName={alternative_names}\n" if alternative_names else "") + f"extendedKeyUsage={usage}\n")
        _openssl(
            directory, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out",
            f"{name}.csr", "-subj", f"/CN={name}",
        )
        # `x509` makes no certificate of the past but by a negative number of days.
        days = ["-days", "-1"] if expired else ["-days", "30"]
        _openssl(
            directory, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.crt", "-CAkey", f"{self.name}.key", "-CAcreateserial",
            "-out", f"{name}.crt", "-extfile", extensions.name, *days,
        )
        (directory / f"{name}.key").chmod(0o600)
        return str(directory / f"{name}.crt"), str(directory / f"{name}.key")
