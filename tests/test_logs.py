"""What is logged: ids and outcomes of every operation, and nothing that somebody could have written."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Mailer
from tests.operations import OPERATIONS, set_up
from tests.world import Caller, Reply, World

SECRETS = ("canary", "@", "Acme", "Next", "new@", "://")


class Cage(World):
    """A world whose people have canaries for names and addresses, and who get every request wrong at first."""

    def person(self, name: str | None, **claims: Any) -> Caller:
        return super().person(f"Canary {name}", **claims)

    def call(self, method: str, path: str, **request: Any) -> Reply:
        query = {"canary": "Canary", "limit": "canary", "status": "canary"}
        body = {"canary": "Canary", "email": "canary@", "name": "://"}
        wrong = {"query": query} if method == "GET" else {"body": body}
        super().call(method, path, **request | wrong)
        return super().call(method, path, **request)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_canary_is_ever_logged(
    deploy: Callable[[str], World], log: list[str], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    world = Cage(deploy("credentials").pack)
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    scene = set_up(world, crowd=0)
    team = scene.team
    team.invite("canary@example.com", "viewer", message="A canary sings")
    tokens = [team.token(invitation) for invitation in (scene.invitation,)]

    assert OPERATIONS[name](scene).status < 500
    assert Mailer(world).deliver() == []

    answered = [json.loads(line) for line in log if '"route":' in line]
    assert {"answered", "refused"} <= {entry["message"] for entry in answered}
    assert all({"request_id", "function", "status"} <= entry.keys() for entry in answered)
    assert all("actor_id" in entry for entry in answered if "preview" not in entry["route"])
    assert all("organization_id" in entry for entry in answered if "{organization_id}" in entry["route"])
    said = "\n".join(log) + capsys.readouterr().out
    assert '"Changes"' in said
    assert '"Refusals"' in said
    words = re.sub(r"[\w+/=-]{15,}", "", said)  # without ids, which are random and could spell anything short
    assert not [secret for secret in SECRETS if secret.lower() in words.lower()]
    assert not [secret for secret in ("canary", *(token.rpartition(".")[2] for token in tokens)) if secret in said]
