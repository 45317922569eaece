"""Roster's session of botocore: who is asked before something is sent, and that botocore judges the reply as ever."""

import json
from binascii import crc32
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from moto.core.models import botocore_stubber

from roster import aws
from roster.transport import Reply
from tests.listening import Behaviour, Listener, Peer, listening

TABLES = b'{"TableNames":["first"]}'
pytestmark = pytest.mark.usefixtures("_no_moto")


@pytest.fixture
def _no_moto() -> Iterator[None]:
    before, botocore_stubber.enabled = botocore_stubber.enabled, False
    yield
    botocore_stubber.enabled = before


def answer(body: bytes, checksum: int, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nx-amz-crc32: %d\r\n\r\n%s" % (status, len(body), checksum, body)


right = partial(Peer.answer, said=answer(TABLES, crc32(TABLES)))
wrong = partial(Peer.answer, said=answer(TABLES, crc32(TABLES) + 1))


def dynamodb(server: Listener, session: Session | None = None, *, retries: int = 0, **config: Any) -> Any:
    settings = Config(retries={"max_attempts": retries}, **config)
    return (session or aws.session()).create_client("dynamodb", endpoint_url=server.address, config=settings)


def by_nobody_else(*_: object) -> None:
    raise AssertionError


def test_what_nobody_answers_is_sent_by_roster_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(URLLib3Session, "send", by_nobody_else)

    with listening(right) as server:
        assert dynamodb(server).list_tables()["TableNames"] == ["first"]


def test_what_is_answered_before_is_not_sent() -> None:
    nothing: Any = {}
    made = Reply(200, nothing, b'{"TableNames":["mocked"]}')

    with listening(right) as server:
        client = dynamodb(server)
        client.meta.events.register("before-send", lambda **_: AWSResponse("", 200, nothing, made))

        assert client.list_tables()["TableNames"] == ["mocked"]

    assert server.asked == []


def test_a_fault_that_somebody_puts_before_a_call_keeps_it_from_being_sent() -> None:
    def lose(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="")

    with listening(right) as server:
        client = dynamodb(server)
        client.meta.events.register("before-send.dynamodb.ListTables", lose)

        with pytest.raises(ReadTimeoutError):
            client.list_tables()

    assert server.asked == []


def test_a_proxy_is_asked_by_botocore() -> None:
    with listening(right) as proxy, listening(right) as server:
        assert dynamodb(server, proxies={"http": proxy.address}).list_tables()["TableNames"] == ["first"]

    assert server.asked == []
    assert proxy.asked[0].startswith(b"POST " + server.address.encode())


@pytest.mark.parametrize("behaviour", [right, wrong])
def test_checksums_are_judged_as_by_botocore(behaviour: Behaviour) -> None:
    found = []
    for session in (aws.session(), Session()):
        with listening(behaviour) as server:
            try:
                found.append(dynamodb(server, session).list_tables()["TableNames"])
            except BotoCoreError as error:
                found.append(type(error).__name__)

    assert found[0] == found[1] == (["first"] if behaviour is right else "ChecksumError")


def test_an_error_of_the_server_is_tried_again_as_often_as_the_client_is_told() -> None:
    def behave(peer: Peer) -> None:
        peer.answer(answer(b"{}", crc32(b"{}"), b"500 Oh"))
        peer.answer(answer(TABLES, crc32(TABLES)))

    with listening(behave) as server:
        assert dynamodb(server, retries=1).list_tables()["ResponseMetadata"]["RetryAttempts"] == 1


def test_values_are_sent_and_read_as_by_botocore() -> None:
    item = {"pk": {"S": "ä"}, "n": {"N": "1"}, "m": {"M": {"l": {"L": [{"BOOL": True}, {"NULL": True}]}}}}
    change = {
        "Update": {
            "TableName": "first",
            "Key": {"pk": {"S": "1"}},
            "UpdateExpression": "SET #a = :a",
            "ExpressionAttributeNames": {"#a": "a"},
            "ExpressionAttributeValues": {":a": {"SS": ["x", "y"]}},
        }
    }
    body = json.dumps({"Items": [item], "Count": 1, "LastEvaluatedKey": {"pk": {"S": "ä"}}}).encode()

    def behave(peer: Peer) -> None:
        peer.answer(answer(b"{}", crc32(b"{}")))
        peer.answer(answer(body, crc32(body)))

    found = []
    for session in (aws.session(), Session()):
        with listening(behave) as server:
            client = dynamodb(server, session)
            client.transact_write_items(
                TransactItems=[{"Put": {"TableName": "first", "Item": item}}, change], ClientRequestToken="once"
            )
            read = client.query(TableName="first", ExclusiveStartKey=item, KeyConditionExpression="pk = :pk")
            read.pop("ResponseMetadata")
            found.append((read, [json.loads(asked.partition(b"\r\n\r\n")[2]) for asked in server.asked]))

    assert found[0] == found[1]
    assert found[0][0]["Items"] == [item]
