"""The server as `python -m local` starts it: real handlers in their processes, and how it all ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from local.__main__ import origin
from local.template import TEMPLATE
from tests import described

PATIENCE = 120  # seconds: what hangs fails, and what is slow on a busy machine does not

numbers = count()


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server on any port, and wait for its first line, which has its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "--port", "0", *arguments],
        cwd=TEMPLATE.parent,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()


class Client(httpx.Client):
    """Calls the API as whoever it is given; every answer is held against its description."""

    def request(self, method: str, url: Any, **rest: Any) -> httpx.Response:
        answer = super().request(method, url, **rest)
        described.check_served(answer)
        return answer

    def headers_of(self, **claims: Any) -> dict[str, str]:
        token = self.post("/_local/token", json=claims).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def person(self) -> dict[str, str]:
        name = f"u{next(numbers)}"
        return self.headers_of(sub=name, email=f"{name}@example.com", name=name)

    def organization(self, headers: dict[str, str]) -> dict[str, Any]:
        answer = self.post("/organizations", json={"name": "Acme"}, headers=headers)
        assert answer.status_code == 201, answer.text
        founded: dict[str, Any] = answer.json()
        return founded

    def now(self) -> datetime:
        return datetime.fromisoformat(self.get("/_local/clock").json()["now"])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with started() as (process, address):
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    with Client(base_url=server, timeout=PATIENCE) as client:
        yield client
        client.post("/_local/reset")


def test_it_is_healthy_once_it_says_where_it_is(client: Client) -> None:
    assert client.get("/_local/health").status_code == 200


def test_its_links_lead_to_itself(client: Client, server: str) -> None:
    answer = client.post("/organizations", json={"name": "Acme"}, headers=client.person())

    assert answer.headers["location"] == f"{server}/organizations/{answer.json()['id']}"


def demo_origin(server: str) -> str:
    """Where the demo's app has its place: the API's port less 5,000."""
    return f"http://localhost:{int(server.rpartition(':')[2]) - 5000}"


def test_an_invitation_is_mailed_by_itself_and_its_link_works(client: Client, server: str) -> None:
    ada = client.person()
    organization = client.organization(ada)
    invitation = {"email": "Bob@example.com", "roles": ["viewer"]}
    assert client.post(f"/organizations/{organization['id']}/invitations", json=invitation, headers=ada).is_success
    client.post("/_local/run/notify/send")

    (mail,) = client.get("/_local/mailbox?to=bob@example.com").json()["items"]
    (link,) = mail["links"]
    opened = client.post("/invitations/preview", json={"token": link.partition("#")[2]}).json()
    assert link.startswith(f"{demo_origin(server)}/invitation#")
    assert opened["organization_id"] == organization["id"]


def test_an_emptied_mailbox_stays_empty_once_the_stream_is_drained(client: Client) -> None:
    ada = client.person()
    path = f"/organizations/{client.organization(ada)['id']}/invitations"
    client.post(path, json={"email": "bob@example.com", "roles": ["viewer"]}, headers=ada)
    client.post("/_local/run/notify/send")
    assert client.delete("/_local/mailbox").status_code == 204
    client.post("/_local/run/notify/send")

    assert client.get("/_local/mailbox").json() == {"items": []}


def test_what_happens_is_published_as_eventbridge_hands_it_over(client: Client) -> None:
    ada = client.person()
    organization = client.organization(ada)["id"]
    client.patch(f"/organizations/{organization}", json={"name": "Next"}, headers=ada)
    client.post("/_local/run/notify/publish")

    events = client.get("/_local/events").json()["items"]
    assert [event["detail-type"] for event in events] == ["organization.created", "organization.updated"]
    assert {event["source"] for event in events} == {"roster"}
    assert {event["detail"]["organization_id"] for event in events} == {organization}
    assert client.delete("/_local/events").status_code == 204
    client.post("/_local/run/notify/publish")
    assert client.get("/_local/events").json() == {"items": []}


def test_what_putevents_would_not_take_is_refused(client: Client) -> None:
    assert client.post("/_local/eventbridge", json={"Entries": [{"Source": "roster"}]}).status_code == 400
    assert client.get("/_local/events").json() == {"items": []}


def test_the_clock_reaches_every_worker(client: Client) -> None:
    before = client.now()
    moved = client.post("/_local/clock", json={"advance": "P1DT2H"})
    assert datetime.fromisoformat(moved.json()["now"]) >= before + timedelta(days=1, hours=2)

    with ThreadPoolExecutor(8) as threads:
        founded = list(threads.map(client.organization, [client.person() for _ in range(8)]))
    for organization in founded:
        assert datetime.fromisoformat(organization["created_at"]) >= before + timedelta(days=1, hours=2)


def test_a_reset_leaves_nothing_and_sets_the_clock_right(client: Client) -> None:
    real = client.now()
    ada = client.person()
    path = f"/organizations/{client.organization(ada)['id']}"
    client.post(f"{path}/invitations", json={"email": "bob@example.com", "roles": ["viewer"]}, headers=ada)
    client.post("/_local/run/notify/send")
    client.post("/_local/clock", json={"advance": "P7D"})
    assert client.post("/_local/reset").status_code == 204

    assert client.get(path, headers=ada).status_code == 404
    assert client.get("/_local/mailbox").json() == {"items": []}
    assert client.get("/_local/events").json() == {"items": []}
    assert client.now() < real + timedelta(days=1)


def test_mail_arrives_after_a_reset_too(client: Client) -> None:
    client.post("/_local/reset")
    ada = client.person()
    path = f"/organizations/{client.organization(ada)['id']}/invitations"
    client.post(path, json={"email": "bob@example.com", "roles": ["viewer"]}, headers=ada)
    client.post("/_local/run/notify/send")

    assert len(client.get("/_local/mailbox").json()["items"]) == 1


def invited(client: Client, headers: dict[str, str]) -> tuple[str, str]:
    """Invite Bob; return the invitation's path and the log's."""
    organization = f"/organizations/{client.organization(headers)['id']}"
    invitation = {"email": "bob@example.com", "roles": ["viewer"]}
    answer = client.post(f"{organization}/invitations", json=invitation, headers=headers)
    client.post("/_local/run/notify/send")
    return f"{organization}/invitations/{answer.json()['id']}", f"{organization}/activity"


def test_a_bounce_that_is_fed_in_is_seen_on_the_invitation(client: Client) -> None:
    ada = client.person()
    invitation, log = invited(client, ada)
    (mail,) = client.get("/_local/mailbox").json()["items"]
    told = {"bounce": {"bounceType": "Permanent"}, "mail": {"messageId": mail["message_id"]}}
    event = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": told}

    outcomes = [client.post("/_local/run/notify/feedback", json=event).json()["outcome"] for _ in range(2)]

    assert outcomes == ["bounced", "known"]
    assert client.get(invitation, headers=ada).json()["delivery"] == "bounced"
    types = [item["type"] for item in client.get(log, headers=ada).json()["items"]]
    assert types == ["invitation.bounced", "invitation.sent", "organization.created"]


def test_the_sweep_run_twice_expires_an_invitation_once(client: Client) -> None:
    ada = client.person()
    invitation, log = invited(client, ada)
    client.post("/_local/clock", json={"advance": "P7DT1S"})

    for _ in range(2):
        assert client.post("/_local/run/cleanup/expire").json().keys() == {"expired", "purged"}

    assert client.get(invitation, headers=ada).json()["status"] == "expired"
    types = [item["type"] for item in client.get(log, headers=ada).json()["items"]]
    assert types == ["invitation.expired", "invitation.sent", "organization.created"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/_local/token", "{", 400),
        ("/_local/token", "[]", 422),
        ("/_local/token", '{"sub": 1}', 422),
        ("/_local/token", '{"subject": "ada"}', 422),
        ("/_local/clock", "{}", 422),
        ("/_local/clock", '{"advance": "tomorrow"}', 422),
        ("/_local/clock", '{"advance": "-PT1H"}', 422),
        ("/_local/clock", '{"advance": "P999999D"}', 422),
        ("/_local/run/notify/send", "{", 400),
        ("/_local/run/notify/nothing", "{}", 404),
        ("/_local/run/members/leave", "{}", 404),
        ("/_local/nothing", "{}", 404),
        ("/_local/health", "{}", 404),
    ],
)
def test_bad_input_is_refused_with_a_message(client: Client, path: str, body: str, status: int) -> None:
    answer = client.post(path, content=body)

    assert answer.status_code == status
    assert list(answer.json()) == ["message"]


def test_the_issuer_is_where_its_tokens_say(client: Client, server: str) -> None:
    configuration = client.get("/_local/.well-known/openid-configuration").json()

    assert configuration["issuer"] == f"{server}/_local"
    assert client.get(configuration["jwks_uri"]).json()["keys"][0]["kty"] == "RSA"


def preflight(address: str, origin: str) -> httpx.Headers:
    """What a browser is told that asks for a page of this origin."""
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    return httpx.options(f"{address}/me", headers=asked, timeout=PATIENCE).headers


def allowed(address: str, origin: str) -> bool:
    """Whether an API may be called by pages of this origin."""
    return bool(preflight(address, origin).get("access-control-allow-origin") == origin)


def test_the_pages_that_may_call_it_are_the_demos(server: str) -> None:
    assert allowed(server, demo_origin(server))
    assert not allowed(server, "http://localhost:3000")
    assert preflight(server, demo_origin(server))["access-control-max-age"] == "7200"


def test_a_products_own_app_takes_the_demos_place() -> None:
    with (
        started("--workers", "1", "--app", "HTTP://LocalHost:5173/") as (_, address),
        Client(base_url=address, timeout=PATIENCE) as client,
    ):
        assert allowed(address, "http://localhost:5173")
        assert not allowed(address, demo_origin(address))
        invited(client, client.person())
        (mail,) = client.get("/_local/mailbox").json()["items"]
        assert mail["links"][0].startswith("http://localhost:5173/invitation#")


def test_being_terminated_ends_it_and_all_its_children() -> None:
    with started("--workers", "1", "--pack", "teams", VERBOSE="1") as (process, address):
        assert httpx.get(f"{address}/_local/health", timeout=PATIENCE).status_code == 200
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)  # its children have its stderr too: this waits for them all

        assert (process.returncode, said) == (0, "")


def test_its_children_end_even_if_it_is_killed() -> None:
    with started("--workers", "1", VERBOSE="1") as (process, _):
        process.kill()
        process.communicate(timeout=PATIENCE)


def _refused(*arguments: str) -> str:
    """Start what must be refused, and return the one sentence that it says."""
    command = [sys.executable, "-m", "local", *arguments]
    run = subprocess.run(command, cwd=TEMPLATE.parent, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (run.returncode, run.stdout) == (2, "")
    (sentence,) = run.stderr.splitlines()
    return sentence


def test_a_taken_port_is_refused(server: str) -> None:
    port = server.rpartition(":")[2]

    assert _refused("--port", port).startswith(f"Port {port} cannot be opened")


def test_a_pack_that_does_not_exist_is_refused() -> None:
    assert "credentials" in _refused("--pack", "nothing")


@pytest.mark.parametrize(
    "app",
    [
        *(
            "localhost:5173",
            "5173",
            "//localhost",
            "ftp://localhost",
            "javascript://x",
            "http://",
            "http://:5173",
            "null",
        ),
        *("http://localhost:5173/app", "http://localhost?x", "http://localhost#x", "http://ann@localhost", "*", " "),
        *("http://localhost:0", "http://localhost:65536", "http://localhost:x", "http://a,http://b", "http://a b"),
        *("http://-a", "http://a-", "http://ä.example.com", "http://localhost:5173\n", "http://localhost//"),
    ],
)
def test_an_app_that_is_no_origin_is_refused(app: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        origin(app)

    assert ended.value.code == 2
    assert "is no origin of an app" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("app", "written"),
    [
        ("http://localhost:5173/", "http://localhost:5173"),
        ("HTTPS://App.Example.COM:0443", "https://app.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("", ""),
    ],
)
def test_an_app_is_written_as_browsers_write_its_origin(app: str, written: str) -> None:
    assert origin(app) == written


def test_an_app_or_a_port_that_cannot_be_served_ends_it_with_a_sentence() -> None:
    assert "is no origin of an app" in _refused("--port", "0", "--app", "http://localhost:5173/app")
    assert "leaves none for the demo's app" in _refused("--port", "5000")


@pytest.mark.parametrize("arguments", [("--port", "http"), ("--port", "65536"), ("--workers", "0"), ("--packs", "x")])
def test_an_argument_that_makes_no_sense_is_refused(arguments: tuple[str, ...]) -> None:
    assert _refused(*arguments)
