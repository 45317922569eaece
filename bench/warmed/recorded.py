"""What each operation asks of AWS, and what it is answered: recorded once, with moto, to be answered again."""

import pickle
import sys
from copy import deepcopy
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from bench.warmed.calls import Call, Recording
from bench.warmed.ears import ears
from local.template import REGION
from tests.deployment import TABLE, empty_aws
from tests.operations import OPERATIONS, Act, set_up
from tests.world import CONTEXT, World

MEMBERS = 50  # on the page that is measured
MORE: dict[str, Act] = {
    "members/read a page of 50": lambda it: it.viewer.get(it.team.path("members"), limit=MEMBERS),
    "activity/read a page of 50": lambda it: it.admin.get(it.team.path("activity"), limit=MEMBERS),
}


class Recorder(World):
    """A world that keeps its last invocation."""

    def __init__(self, pack: str) -> None:
        super().__init__(pack)
        self.last = Recording("", {}, [])
        self._calls: list[Call] = []

    def invoke(self, function: str, payload: Any, context: LambdaContext = CONTEXT) -> Any:  # noqa: ANN401 (as it is there)
        self._calls = []
        reply = super().invoke(function, payload, context)
        self.last, self._calls = Recording(function, payload, self._calls), []
        return reply

    def hear(self, call: Call) -> None:
        """Keep a call."""
        self._calls.append(call)


def record() -> dict[str, Recording]:
    """Record each operation, on a table that is made for it."""
    recorder = Recorder("credentials")
    ears.append(recorder.hear)
    recordings = {}
    with empty_aws():
        scene = set_up(recorder, crowd=MEMBERS)
        tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
        before = deepcopy(tables[TABLE].items)
        for name, act in (OPERATIONS | MORE).items():
            if act(scene).status >= HTTPStatus.BAD_REQUEST:
                raise AssertionError(name)
            recordings[name] = recorder.last
            tables[TABLE].items = deepcopy(before)
    return recordings


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(record()))
