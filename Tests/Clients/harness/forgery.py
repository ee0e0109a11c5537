"""Notes that are signed with a wrong key."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    """A key under any name, in the form of C2SP's signed notes."""

    def __init__(self, name: str):
        self.name = name
        self.private = Ed25519PrivateKey.generate()
        material = b"\x01" + self.private.public_key().public_bytes_raw()
        self.id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.text = f"{name}+{self.id.hex()}+{base64.b64encode(material).decode()}"

    def checkpoint(self, origin: str, size: int, root: bytes) -> str:
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{text}\n— {self.name} {base64.b64encode(self.id + self.private.sign(text.encode())).decode()}\n"
