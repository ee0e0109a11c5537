"""Certificates made with openssl, as an operator would."""

import datetime
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID


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
        """Certificate and key for the given names, in the form of `subjectAltName`; none when empty."""
        directory = self.directory
        extensions = directory / f"{name}.ext"
        extensions.write_text((f"subjectAltName={alternative_names}\n" if alternative_names else "") + f"extendedKeyUsage={usage}\n")
        _openssl(
            directory, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out",
            f"{name}.csr", "-subj", f"/CN={name}",
        )
        # `x509` makes an expired certificate only with a negative number of days.
        days = ["-days", "-1"] if expired else ["-days", "30"]
        _openssl(
            directory, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.crt", "-CAkey", f"{self.name}.key", "-CAcreateserial",
            "-out", f"{name}.crt", "-extfile", extensions.name, *days,
        )
        (directory / f"{name}.key").chmod(0o600)
        return str(directory / f"{name}.crt"), str(directory / f"{name}.key")

    def issue_for(self, seconds: int, uri: str) -> tuple[str, str]:
        """Certificate and key of a client, valid for some seconds from now on, which openssl's command doesn't support."""
        now = datetime.datetime.now(datetime.timezone.utc)
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.load_pem_x509_certificate(Path(self.certificate).read_bytes())
        signer = serialization.load_pem_private_key((self.directory / f"{self.name}.key").read_bytes(), None)
        certificate = (
            x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(minutes=1))
            .not_valid_after(now + datetime.timedelta(seconds=seconds))
            .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri.removeprefix("URI:"))]), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        files = self.directory / "short.crt", self.directory / "short.key"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        files[1].chmod(0o600)
        return str(files[0]), str(files[1])
