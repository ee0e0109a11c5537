"""A real rsyslog that takes messages over TLS and writes them to a file."""

import subprocess
from pathlib import Path

from harness.deadline import eventually
from harness.ports import free_port


def run(*command: str):
    subprocess.run(command, check=True, capture_output=True, timeout=60)


class Rsyslog:
    def __init__(self, directory: Path):
        self.directory = directory
        directory.mkdir()
        self.port = free_port()
        self.output = directory / "messages"
        self.process = None
        self.authority = directory / "ca.pem"
        key, request, certificate = directory / "key.pem", directory / "request.pem", directory / "certificate.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(directory / "ca-key.pem"), "-out", str(self.authority),
            "-subj", "/CN=Test authority", "-days", "2")
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(request), "-subj", "/CN=localhost")
        (directory / "extension").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        run("openssl", "x509", "-req", "-in", str(request), "-CA", str(self.authority), "-CAkey", str(directory / "ca-key.pem"), "-out",
            str(certificate), "-days", "2", "-extfile", str(directory / "extension"), "-CAcreateserial")
        (directory / "rsyslog.conf").write_text(f"""
global(workDirectory="{directory}" maxMessageSize="64k" DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="{self.authority}"
       DefaultNetstreamDriverCertFile="{certificate}" DefaultNetstreamDriverKeyFile="{key}")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.Authmode="anon")
template(name="kept" type="string" string="%structured-data% %msg%\\n")
ruleset(name="all") {{ action(type="omfile" file="{self.output}" template="kept" asyncWriting="off" flushOnTXEnd="on") }}
input(type="imtcp" port="{self.port}" address="127.0.0.1" ruleset="all")
""")

    def start(self):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/rsyslogd", "-n", "-f", str(self.directory / "rsyslog.conf"), "-i", str(self.directory / "pid")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )

    def kill(self):
        self.process.kill()
        self.process.wait()

    def lines(self) -> dict[int, bytes]:
        lines = {}
        if not self.output.exists():
            return lines
        for text in self.output.read_bytes().split(b"\n")[:-1]:
            data, _, line = text.partition(b"] ")
            if b"seq=" in data:
                lines[int(data.split(b'seq="')[1].split(b'"')[0])] = line.strip()
        return lines
