"""Dead letters are replayed to the function that gave them up, and deleted when that has succeeded."""

import io
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.notify.mailer import Mailer, Record
from tests.notify.publisher import Publisher
from tests.wire import Wire, drop, own_session, refuse
from tests.world import Team, World
from tools import redrive

BUCKET = "dead-letters"
MAILER, PUBLISHER = "roster-NotifySend-1A2B", "roster-NotifyPublish-3C4D"
FUNCTIONS = {MAILER: "notify/send", PUBLISHER: "notify/publish"}


@pytest.fixture
def letters(world: World) -> Iterator[Any]:
    """The bucket, and Lambda: botocore's own event hands what is invoked to the real functions."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def invoke(request: Any, **_: object) -> Any:
        (name,) = (name for name in FUNCTIONS if name in request.url)
        said = world.invoke(FUNCTIONS[name], json.loads(request.body))
        raw = SimpleNamespace(stream=lambda **_: iter([json.dumps(said).encode()]))
        raw.read = io.BytesIO(json.dumps(said).encode()).read
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    with own_session() as events:
        events.register_first("before-send.lambda.Invoke", invoke)
        yield s3


def bury(s3: Any, name: str, *records: Record, function: str = MAILER) -> None:
    """Put records where Lambda puts what it gives up, in the form that it has there."""
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function}"
    letter = {
        "requestContext": {"functionArn": arn, "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 1},
        "version": "1.0",
        "DDBStreamBatchInfo": {},
        "payload": json.dumps({"Records": records}),
    }
    s3.put_object(Bucket=BUCKET, Key=f"aws/lambda/mapping/shard/2026/11/22/{name}", Body=json.dumps(letter))


def left(s3: Any) -> list[str]:
    return [one["Key"].rpartition("/")[2] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_what_was_given_up_is_mailed_and_its_letter_deleted(
    team: Team, mailer: Mailer, letters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", *mailer.records())
    capsys.readouterr()

    assert redrive.redrive(BUCKET, [MAILER], dry_run=False) == 0

    assert mailer.only.envelope == {"grace@example.com"}
    assert left(letters) == []
    said = capsys.readouterr().out
    assert "1/1 aws/lambda/mapping/shard/2026/11/22/one: replayed" in said
    assert "1 found, 1 replayed and deleted, 0 left\n" in said
    assert "grace" not in said


def test_a_letter_that_fails_again_stays_and_holds_no_other_back(
    team: Team, mailer: Mailer, letters: Any, wire: Wire
) -> None:
    for name in ("one", "two"):
        team.invite(f"{name}@example.com", "viewer")
        bury(letters, name, mailer.records()[-1])
    letters.put_object(Bucket=BUCKET, Key="aws/lambda/nonsense", Body=b"{}")
    wire.before("SendEmail", refuse("SendingPausedException"))

    assert redrive.redrive(BUCKET, [MAILER], dry_run=False) == 2

    assert mailer.only.envelope == {"two@example.com"}
    assert left(letters) == ["one", "nonsense"]
    assert redrive.redrive(BUCKET, [MAILER], dry_run=False) == 1
    assert len(mailer.sent) == 2


def test_a_replay_of_what_went_out_sends_nothing(team: Team, mailer: Mailer, letters: Any) -> None:
    team.invite("grace@example.com", "viewer")
    mailer.deliver()
    bury(letters, "one", *mailer.records())

    assert redrive.redrive(BUCKET, [MAILER], dry_run=False) == 0

    assert len(mailer.sent) == 1
    assert left(letters) == []


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    team: Team, mailer: Mailer, letters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", *mailer.records())

    assert redrive.redrive(BUCKET, [MAILER], dry_run=True) == 0

    assert (mailer.sent, left(letters)) == ([], ["one"])
    assert "would replay" in capsys.readouterr().out


def test_what_each_function_gave_up_is_replayed_to_that_one(
    team: Team, mailer: Mailer, publisher: Publisher, letters: Any
) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", mailer.records()[-1], function=f"{MAILER}:live")  # an alias of it
    bury(letters, "two", publisher.records()[-1], function=PUBLISHER)

    assert redrive.redrive(BUCKET, [MAILER, PUBLISHER], dry_run=False) == 0

    assert mailer.only.envelope == {"grace@example.com"}
    assert [detail["type"] for detail in publisher.details] == ["invitation.sent"]
    assert left(letters) == []


def test_what_another_function_gave_up_stays(
    team: Team, publisher: Publisher, letters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bury(letters, "one", publisher.records()[-1], function=PUBLISHER)

    assert redrive.redrive(BUCKET, [MAILER], dry_run=False) == 1

    assert (publisher.details, left(letters)) == ([], ["one"])
    assert f"{PUBLISHER} gave it up, which is none of {MAILER}." in capsys.readouterr().out


@pytest.mark.parametrize("named", [MAILER, f"arn:aws:lambda:us-east-1:123456789012:function:{MAILER}:live"])
def test_a_function_may_be_given_by_its_arn(team: Team, mailer: Mailer, letters: Any, named: str) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", mailer.records()[-1])

    assert redrive.redrive(BUCKET, [named], dry_run=False) == 0

    assert left(letters) == []


def test_without_aws_it_ends_with_a_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["redrive"])
    wire.before("DescribeStacks", drop)

    with pytest.raises(SystemExit, match="AWS did not do it: Read timeout"):
        redrive.main()
