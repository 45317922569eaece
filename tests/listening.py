"""A server on a port of its own, that does with each connection what a test says."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PATIENCE = 5  # seconds until a test that hangs is over


class Peer:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket, asked: list[bytes]) -> None:
        self._connection = connection
        self._asked = asked
        self.over = Event()  # once the test has seen what it wanted

    def read(self) -> None:
        """Read one request to its end."""
        with self._connection.makefile("rb") as reader:
            head = b"".join(iter(reader.readline, b"\r\n"))
            length = next(line for line in head.splitlines() if line.lower().startswith(b"content-length:"))
            self._asked.append(head + b"\r\n" + reader.read(int(length.partition(b":")[2])))

    def hear(self) -> bytes:
        """Wait for the first of what is sent, and return it; nothing, if the other side closes before."""
        return self._connection.recv(1)

    def say(self, said: bytes) -> None:
        """Send something."""
        self._connection.sendall(said)

    def answer(self, said: bytes) -> None:
        """Read a request, then send something."""
        self.read()
        self.say(said)

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(PATIENCE)

    def reset(self) -> None:
        """Break the connection off."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


type Behaviour = Callable[[Peer], None]


class Listener:
    """Where the server is, and what it was asked: each whole request, as it came."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[bytes] = []
        self.closed = Event()  # once a connection is


@contextmanager
def listening(behave: Behaviour, certified: ssl.SSLContext | None = None) -> Iterator[Listener]:
    """Serve every connection like this, each in a thread; with a certificate, by TLS."""
    peers: list[Peer] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        scheme = "http" if certified is None else "https"
        listener = Listener(f"{scheme}://localhost:{server.getsockname()[1]}/")

        def serve(connection: socket.socket) -> None:
            with suppress(OSError):  # whoever is on the other side may have gone
                if certified is not None:
                    connection = certified.wrap_socket(connection, server_side=True)
                with connection:
                    peers.append(Peer(connection, listener.asked))
                    behave(peers[-1])
            connection.close()
            listener.closed.set()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

        Thread(target=accept, daemon=True).start()
        try:
            yield listener
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for peer in peers:
                peer.over.set()


@contextmanager
def crowded() -> Iterator[str]:
    """Listen, and let nobody in: yield where one waits in vain for a connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, socket.socket() as one, socket.socket() as other:
        for filler in (one, other):
            filler.settimeout(0)
            filler.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@contextmanager
def deserted() -> Iterator[str]:
    """Keep a port on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"


def certify(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate of a host; return what serves with it, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, secret = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return context, path
