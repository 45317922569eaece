"""Dead letters are replayed to the real mailer, and deleted when that has succeeded."""

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
from tests.wire import Wire, drop, refuse
from tests.world import Team, World
from tools import redrive

BUCKET = "dead-letters"


@pytest.fixture
def letters(world: World) -> Iterator[Any]:
    """The bucket, and Lambda: botocore's own event hands what is invoked to the real function."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def invoke(request: Any, **_: object) -> Any:
        said = world.invoke("notify/send", json.loads(request.body))
        raw = SimpleNamespace(stream=lambda **_: iter([json.dumps(said).encode()]))
        raw.read = io.BytesIO(json.dumps(said).encode()).read
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    boto3.setup_default_session()
    session = boto3.DEFAULT_SESSION
    assert session is not None
    session.events.register_first("before-send.lambda.Invoke", invoke)
    yield s3
    boto3.setup_default_session()


def bury(s3: Any, name: str, *records: Record) -> None:
    """Put records where Lambda puts what it gives up, in the form that it has there."""
    letter = {"version": "1.0", "DDBStreamBatchInfo": {}, "payload": json.dumps({"Records": records})}
    s3.put_object(Bucket=BUCKET, Key=f"aws/lambda/mapping/shard/2026/11/22/{name}", Body=json.dumps(letter))


def left(s3: Any) -> list[str]:
    return [one["Key"].rpartition("/")[2] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_what_was_given_up_is_mailed_and_its_letter_deleted(
    team: Team, mailer: Mailer, letters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", *mailer.records())
    capsys.readouterr()

    assert redrive.redrive(BUCKET, "mailer", dry_run=False) == 0

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

    assert redrive.redrive(BUCKET, "mailer", dry_run=False) == 2

    assert mailer.only.envelope == {"two@example.com"}
    assert left(letters) == ["one", "nonsense"]
    assert redrive.redrive(BUCKET, "mailer", dry_run=False) == 1
    assert len(mailer.sent) == 2


def test_a_replay_of_what_went_out_sends_nothing(team: Team, mailer: Mailer, letters: Any) -> None:
    team.invite("grace@example.com", "viewer")
    mailer.deliver()
    bury(letters, "one", *mailer.records())

    assert redrive.redrive(BUCKET, "mailer", dry_run=False) == 0

    assert len(mailer.sent) == 1
    assert left(letters) == []


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    team: Team, mailer: Mailer, letters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    team.invite("grace@example.com", "viewer")
    bury(letters, "one", *mailer.records())

    assert redrive.redrive(BUCKET, "mailer", dry_run=True) == 0

    assert (mailer.sent, left(letters)) == ([], ["one"])
    assert "would replay" in capsys.readouterr().out


def test_without_aws_it_ends_with_a_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["redrive"])
    wire.before("DescribeStacks", drop)

    with pytest.raises(SystemExit, match="AWS did not do it: Read timeout"):
        redrive.main()
