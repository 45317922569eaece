"""The transport beside botocore's own: the same servers, and the same outcome."""

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from roster.transport import head_of
from tests.listening import Behaviour, Peer, certify, crowded, deserted, listening
from tests.ways import CONFIG, FINE, Outcome, Way, both, by_botocore, by_roster, outcome, request


def answers(head: bytes, body: bytes = b"") -> Behaviour:
    """Answer one request, and close the connection."""
    return lambda peer: peer.answer(b"HTTP/1.1 " + head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body)


def never_answers(peer: Peer) -> None:
    peer.read()
    peer.wait()


def never_ends(peer: Peer) -> None:
    answers(b"200 OK\nContent-Length: 4", b"fi")(peer)
    peer.wait()


def answers_before_it_reads(peer: Peer) -> None:
    peer.say(FINE)
    peer.wait()


def resets_before_its_answer(peer: Peer) -> None:
    peer.read()
    peer.reset()


def resets_what_it_hears(peer: Peer) -> None:
    peer.hear()
    peer.reset()


def resets_within_its_answer(peer: Peer) -> None:
    answers(b"200 OK\nTransfer-Encoding: chunked", b"2\r\nfi\r\n")(peer)
    peer.reset()


OUTCOMES: dict[str, tuple[Behaviour, Outcome]] = {
    "an answer": (answers(b"200 OK\nContent-Length: 4", b"fine"), (200, b"fine")),
    "an answer without a reason": (answers(b"200\nContent-Length: 4", b"fine"), (200, b"fine")),
    "an answer in chunks": (
        answers(b"200 OK\nTransfer-Encoding: chunked", b"2;x=y\r\nfi\r\n2\r\nne\r\n0\r\nA: trailer\r\n\r\n"),
        (200, b"fine"),
    ),
    "an answer without a body": (answers(b"204 No Content"), (204, b"")),
    "an answer that is compressed": (
        answers(b"200 OK\nContent-Encoding: gzip\nContent-Length: 2", b"zz"),
        (200, b"zz"),
    ),
    "an answer of a megabyte": (answers(b"200 OK\nContent-Length: 1000000", b"x" * 10**6), (200, b"x" * 10**6)),
    "an answer after a provisional one": (answers(b"100 Continue", FINE), (200, b"fine")),
    "an answer before the request is read": (answers_before_it_reads, (200, b"fine")),
    "a refusal": (answers(b"400 Bad Request\nContent-Length: 2", b"no"), (400, b"no")),
    "an error of the server": (answers(b"500 Oh\nContent-Length: 2", b"no"), (500, b"no")),
    "a big header": (answers(b"200 OK\nX: %s\nContent-Length: 4" % (b"x" * 60_000), b"fine"), (200, b"fine")),
    "a header without an end": (answers(b"200 OK\nX: %s" % (b"x" * 70_000)), "ConnectionClosedError"),
    "headers without an end": (answers(b"200 OK" + b"\nX: x" * 101), "ConnectionClosedError"),
    "no HTTP": (lambda peer: peer.answer(b"SSH-2.0\r\n\r\n"), "ConnectionClosedError"),
    "another HTTP": (lambda peer: peer.answer(FINE.replace(b"1.1", b"2.0")), "ConnectionClosedError"),
    "a reset before the answer": (resets_before_its_answer, "ConnectionClosedError"),
    "a reset within the answer": (resets_within_its_answer, "ConnectionClosedError"),
    "a lost reply": (Peer.read, "ConnectionClosedError"),
    "a status that is cut": (lambda peer: peer.answer(b"HTTP/1.1 20"), "ConnectionClosedError"),
    "a body that is cut": (answers(b"200 OK\nContent-Length: 4", b"fi"), "ConnectionClosedError"),
    "chunks that are cut": (answers(b"200 OK\nTransfer-Encoding: chunked", b"4\r\nfi"), "ConnectionClosedError"),
    "chunks that are none": (answers(b"200 OK\nTransfer-Encoding: chunked", b"fine\r\n"), "ConnectionClosedError"),
    "no answer in time": (never_answers, "ReadTimeoutError"),
    "no end of the answer in time": (never_ends, "ReadTimeoutError"),
}
# Python's client takes these for whole: of a reading, nothing would be there.
CUT = {"the headers": b"HTTP/1.1 200 OK\r\n", "a header": b"HTTP/1.1 200 OK\r\nContent-Len"}


@both
@pytest.mark.parametrize("name", OUTCOMES)
def test_whatever_a_server_does_comes_out_alike(way: Way, name: str) -> None:
    behaviour, expected = OUTCOMES[name]
    with listening(behaviour) as server, way() as send:
        assert outcome(send, request(server.address)) == expected


@pytest.mark.parametrize("name", CUT)
def test_a_reply_that_is_cut_says_nothing(name: str) -> None:
    with listening(lambda peer: peer.answer(CUT[name])) as server, by_roster() as send:
        assert outcome(send, request(server.address)) == "ConnectionClosedError"


@both
@pytest.mark.parametrize(
    ("place", "expected"), [(deserted, "EndpointConnectionError"), (crowded, "ConnectTimeoutError")]
)
def test_where_nobody_is_nothing_was_done(way: Way, place: Way, expected: str) -> None:
    with place() as address, way() as send:
        assert outcome(send, request(address)) == expected


@both
@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (Peer.wait, "ReadTimeoutError"),
        (resets_what_it_hears, "ConnectionClosedError"),
        (answers_before_it_reads, "SSLError"),
    ],
)
def test_a_server_that_knows_no_tls_comes_out_alike(way: Way, behaviour: Behaviour, expected: str) -> None:
    with listening(behaviour) as server, way() as send:
        assert outcome(send, request(server.address.replace("http:", "https:"))) == expected


@both
@pytest.mark.parametrize(
    ("name", "trusted", "expected"),
    [("localhost", True, (200, b"fine")), ("localhost", False, "SSLError"), ("elsewhere.example", True, "SSLError")],
)
def test_a_certificate_is_trusted_for_its_own_host(
    way: Way, tmp_path: Path, name: str, *, trusted: bool, expected: Outcome
) -> None:
    certified, path = certify(tmp_path, name)
    with listening(partial(Peer.answer, said=FINE), certified) as server, way(str(path) if trusted else None) as send:
        assert outcome(send, request(server.address)) == expected


@both
@pytest.mark.parametrize("certified", [False, True])
def test_a_connection_is_used_again(way: Way, tmp_path: Path, *, certified: bool) -> None:
    served = []

    def behave(peer: Peer) -> None:
        served.append(peer)
        peer.answer(FINE)
        peer.answer(FINE)

    certificate, path = certify(tmp_path, "localhost")
    with listening(behave, certificate if certified else None) as server, way(str(path)) as send:
        assert [outcome(send, request(server.address)) for _ in range(2)] == [(200, b"fine")] * 2

    assert len(served) == 1


@both
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nConnection: close", b"HTTP/1.0 200 OK"])
def test_a_connection_that_the_server_means_to_close_is_not_used_again(way: Way, head: bytes) -> None:
    served = []

    def behave(peer: Peer) -> None:
        served.append(peer)
        peer.answer(head + b"\r\nContent-Length: 4\r\n\r\nfine")
        peer.wait()

    with listening(behave) as server, way() as send:
        assert [outcome(send, request(server.address)) for _ in range(2)] == [(200, b"fine")] * 2

    assert len(served) == 2


@both
def test_a_connection_that_was_closed_meanwhile_is_not_written_to(way: Way) -> None:
    with listening(partial(Peer.answer, said=FINE)) as server, way() as send:
        first = outcome(send, request(server.address))
        assert server.closed.wait(5)

        assert [first, outcome(send, request(server.address))] == [(200, b"fine")] * 2


@both
def test_a_request_whose_reply_was_lost_is_not_sent_again(way: Way) -> None:
    def behave(peer: Peer) -> None:
        peer.answer(FINE)
        peer.read()

    with listening(behave) as server, way() as send:
        assert outcome(send, request(server.address)) == (200, b"fine")
        assert outcome(send, request(server.address)) == "ConnectionClosedError"

        assert len(server.asked) == 2


@both
def test_what_nobody_asked_for_is_not_the_next_answer(way: Way) -> None:
    def behave(peer: Peer) -> None:
        peer.answer(FINE + FINE.replace(b"fine", b"fake"))
        peer.answer(FINE)

    with listening(behave) as server, way() as send:
        assert [outcome(send, request(server.address)) for _ in range(2)] == [(200, b"fine")] * 2


@both
def test_an_answer_to_head_has_no_body(way: Way) -> None:
    with listening(answers(b"200 OK\nContent-Length: 4")) as server, way() as send:
        assert outcome(send, request(server.address, "HEAD")) == (200, b"")


@both
def test_headers_of_the_answer_are_found_whatever_their_case(way: Way) -> None:
    with listening(answers(b"200 OK\nX-AMZ-crc32: 1\nX: a\nx: b\nContent-Length: 0")) as server, way() as send:
        reply = send(request(server.address))

    assert [reply.headers["x-amz-CRC32"], reply.headers["X"]] == ["1", "a, b"]


def test_the_same_is_sent() -> None:
    headers: Any = {"User-Agent": "Roster", "X-Name": b"\xc3\x84"}
    asked = []
    for way in (by_roster, by_botocore):
        with listening(partial(Peer.answer, said=FINE)) as server, way() as send:
            outcome(send, request(f"{server.address}a/b?c=d%20e", **headers))
            own = server.address.partition("//")[2].strip("/").encode()
            head, _, body = server.asked[0].replace(own, b"there").partition(b"\r\n\r\n")
            first, *others = head.split(b"\r\n")
            asked.append((first, sorted(others), body))

    assert asked[0] == asked[1]
    assert asked[0][0] == b"POST /a/b?c=d%20e HTTP/1.1"
    assert b"Host: there" in asked[0][1]


@pytest.mark.parametrize(
    "address",
    [
        "https://dynamodb.us-east-1.amazonaws.com/",
        "https://dynamodb.us-east-1.amazonaws.com:443/",
        "https://localhost:8443/",
        "http://localhost:8000/",
        "http://localhost/",
        "http://localhost:80/",
    ],
)
def test_the_host_that_is_sent_is_the_one_that_was_signed(address: str) -> None:
    signed = SigV4Auth(Credentials("key", "secret"), "dynamodb", "us-east-1").headers_to_sign(
        AWSRequest("POST", address)
    )

    head = head_of(request(address), urlsplit(address))
    assert f"Host: {signed['host']}\r\n".encode() in head


def test_a_header_with_a_line_break_is_not_sent() -> None:
    broken: Any = {"X-Amz-Security-Token": "one\r\nHost: other"}
    heard = []
    with listening(lambda peer: heard.append(peer.hear())) as server, by_roster() as send:
        assert outcome(send, request(server.address, **broken)) == "ConnectionClosedError"
        assert server.closed.wait(5)

    assert heard == [b""]


@pytest.mark.parametrize(
    "aside",
    [
        {"config": CONFIG.merge(Config(proxies={"http": "http://localhost:1"}))},
        {"config": CONFIG.merge(Config(client_cert="certificate.pem"))},
        {"Expect": "100-continue"},
        {"Transfer-Encoding": "chunked"},
    ],
)
def test_what_botocore_has_to_send_itself_is_left_to_it(aside: dict[str, Any]) -> None:
    with listening(Peer.read) as server, by_roster() as send:
        assert send(request(server.address, **aside)) is None

    assert server.asked == []


def test_what_is_answered_bit_by_bit_is_left_to_botocore() -> None:
    streamed = request("http://localhost:1/")
    streamed.stream_output = True

    with by_roster() as send:
        assert send(streamed) is None


def test_where_nothing_tells_how_long_to_wait_botocore_sends() -> None:
    older = request("http://localhost:1/")
    vars(older).pop("context")

    with by_roster() as send:
        assert send(older) is None


def test_where_a_proxy_stands_between_botocore_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:1")

    with by_roster() as send:
        assert send(request("https://dynamodb.us-east-1.amazonaws.com/")) is None
