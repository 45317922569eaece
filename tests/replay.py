"""Everything that functions do, once: each operation, a mail's fates, the sweep; what that asked for and counted."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from local.template import REGION
from roster import clock
from tests import permissions
from tests.deployment import PARAMETERS, TABLE, client, empty_aws
from tests.notify.mailer import Mailer
from tests.notify.ses import ses_event
from tests.operations import OPERATIONS, Scene, set_up
from tests.wire import refuse
from tests.wire import wire as the_wire
from tests.world import World

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Metric(NamedTuple):
    """A metric as CloudWatch keeps it: the same name with other dimensions is another metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


class Replay(NamedTuple):
    """What was asked of AWS, by which function, and which metrics were written."""

    uses: list[permissions.Use]
    metrics: set[Metric]


@cache
def replay() -> Replay:
    """Do it, once in each process, at noon."""
    before, clock.offset = clock.offset, NOON - datetime.now(UTC)
    printed = io.StringIO()
    try:
        with empty_aws(), permissions.kept() as uses, redirect_stdout(printed):
            scene = set_up(World("credentials"), crowd=0)
            _operate(scene)
            _meet(scene)
            _mail(scene)
            _sweep(scene)
    finally:
        the_wire.clear()
        clock.offset = before
    return Replay(uses, {metric for line in printed.getvalue().splitlines() for metric in _metrics(line)})


def _operate(scene: Scene) -> None:
    """Run each operation in the same organization, on the table as it was before the others."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    before = deepcopy(tables[TABLE].items)
    for name, act in OPERATIONS.items():
        assert act(scene).status < 300, name
        tables[TABLE].items = deepcopy(before)  # a table that a transaction failed on is another object since


def _meet(scene: Scene) -> None:
    """Let changes meet another one."""
    for name in ("organizations/update", "invite/link", "invite/accept"):
        the_wire.before("TransactWriteItems", refuse("TransactionCanceledException", "TransactionConflict"))
        assert OPERATIONS[name](scene).status < 300, name


def _mail(scene: Scene) -> None:
    """Let a mail fail, and then be refused for good; send another one, publish its event, and hear of it."""
    mailer = Mailer(scene.world)
    mailer.forget()
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    scene.team.invite("nobody@example.com", "viewer")
    the_wire.before("SendEmail", refuse("TooManyRequestsException"), refuse("MessageRejected"))
    assert len(mailer.deliver()) == 1
    assert mailer.deliver() == []
    client("events").create_event_bus(Name=PARAMETERS["EventBus"])
    invitation = scene.team.invite("grace@example.com", "viewer")
    assert mailer.deliver() == []
    assert scene.world.invoke("notify/publish", {"Records": mailer.records()}) == {"batchItemFailures": []}
    link = scene.world.events(scene.team.id)[-1].id
    tags = {"organization": scene.team.id, "invitation": invitation["id"], "link": link}
    for told, outcome in (("Email Delivered", "delivered"), ("Email Bounced", "bounced")):
        assert scene.world.invoke("notify/feedback", ses_event(told, tags)) == {"outcome": outcome}


def _sweep(scene: Scene) -> None:
    """Let invitations expire, and purge the organization."""
    with scene.world.later(days=8):
        assert scene.world.invoke("cleanup/expire", {})["expired"] > 0
        assert scene.team.founder.delete(scene.team.path()).status == 204
    with scene.world.later(days=9):
        assert scene.world.invoke("cleanup/expire", {})["purged"] > 0


def _metrics(line: str) -> Iterator[Metric]:
    """The metrics of a line in CloudWatch's embedded format."""
    written = json.loads(line)
    for directive in written["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, str(written[name])) for name in names)
            for metric in directive["Metrics"]:
                yield Metric(directive["Namespace"], metric["Name"], dimensions)
