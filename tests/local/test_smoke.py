"""`make smoke` against the served system: whole, and with one thing broken on the way to it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from local.template import TEMPLATE
from tests.local.test_server import PATIENCE, started
from tools.smoke import smoke

ORIGIN = "http://localhost:5173"

type Break = Callable[[httpx.Request, httpx.Response], httpx.Response]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with started("--workers", "1", "--app", ORIGIN) as (_, address):
        httpx.get(f"{address}/_local/health", timeout=PATIENCE)
        yield address


@pytest.fixture
def token(server: str) -> str:
    said = httpx.post(f"{server}/_local/token", json={"sub": "ada", "email": "ada@example.com"}, timeout=PATIENCE)
    return str(said.json()["access_token"])


class Broken(httpx.HTTPTransport):
    """The way to the server, with a break."""

    def __init__(self, spoil: Break) -> None:
        super().__init__()
        self._spoil = spoil

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        answer.read()
        return self._spoil(request, answer)


def looked_at(server: str, spoil: Break, capsys: pytest.CaptureFixture[str], **given: Any) -> tuple[int, str]:
    """How much was wrong, and what was said, with this break."""
    with httpx.Client(base_url=server, timeout=PATIENCE, transport=Broken(spoil)) as api:
        wrong = smoke(api, **{"origin": None, "token": None} | given)
    return wrong, capsys.readouterr().out


def only(method: str, path: str, answer: httpx.Response) -> Break:
    """Another answer to one route, called at a path that ends so."""

    def spoil(request: httpx.Request, real: httpx.Response) -> httpx.Response:
        return answer if (request.method, request.url.path) == (method, path) else real

    return spoil


def changed(name: str, value: str) -> Break:
    """Another header in all answers that have it."""

    def spoil(_: httpx.Request, real: httpx.Response) -> httpx.Response:
        if name in real.headers:
            real.headers[name] = value
        return real

    return spoil


def test_what_is_whole_passes_and_nothing_is_left_behind(server: str, token: str) -> None:
    command = [sys.executable, "-m", "tools.smoke", "--url", f"{server}/", "--origin", ORIGIN]
    environment = {"TOKEN": token, "PATH": ""}

    run = subprocess.run(
        command, cwd=TEMPLATE.parent, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert [line[:5] for line in run.stdout.splitlines()] == ["ok   "] * 4 + ["not l", "Nothi"]
    assert token not in run.stdout
    signed_in = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server}/me/organizations", headers=signed_in, timeout=PATIENCE).json()["items"] == []
    assert httpx.get(f"{server}/_local/mailbox", timeout=PATIENCE).json()["items"] == []


def test_a_machines_token_is_as_good(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    scopes = "roster/read roster/billing roster/provision roster/users roster/move roster/support roster/activity"
    claims = {"sub": "billing", "client_id": "billing", "scope": scopes}
    said = httpx.post(f"{server}/_local/token", json=claims, timeout=PATIENCE).json()

    wrong, out = looked_at(server, lambda _, real: real, capsys, token=said["access_token"])

    assert wrong == 0, out


def test_a_token_that_may_read_nothing_is_named(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    claims = {"sub": "ada", "client_id": "ada", "email": "ada@example.com"}  # as when MachineRule fits people
    said = httpx.post(f"{server}/_local/token", json=claims, timeout=PATIENCE).json()

    wrong, out = looked_at(server, lambda _, real: real, capsys, token=said["access_token"])

    assert wrong == 1
    assert "nothing can be read with the token: MachineRule fits a person's" in out


def test_it_says_what_it_was_not_told_to_look_at(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, said = looked_at(server, lambda _, real: real, capsys)

    assert wrong == 0
    assert said.count("not looked at:") == 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(404, json={"message": "Not Found"}), "404 Not Found"),
        (httpx.Response(500, json={"message": "Internal Server Error"}), "500 Internal Server Error"),
        (httpx.Response(401, json={"message": "This route checks no token"}), "401 This route checks no token"),
        (httpx.Response(200, text="<html>"), "200, and"),
    ],
    ids=["a route that is not there", "a function that fails", "a route without an authorizer", "another site"],
)
def test_a_route_that_does_not_ask_for_a_token_is_named(
    server: str, capsys: pytest.CaptureFixture[str], answer: httpx.Response, told: str
) -> None:
    wrong, said = looked_at(server, only("PUT", "/me", answer), capsys)

    assert wrong == 1
    assert f"PUT /me: {told}" in said


def test_a_preview_that_cannot_ask_for_its_link_is_named(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    spoil = only("POST", "/invitations/preview", httpx.Response(500, json={"message": "Internal Server Error"}))

    assert "POST /invitations/preview: 500" in looked_at(server, spoil, capsys)[1]


def test_a_function_that_does_not_start_is_named(server: str, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    def spoil(request: httpx.Request, real: httpx.Response) -> httpx.Response:
        fails = request.headers.get("authorization", "").endswith(token) and request.url.path.endswith("/leave")
        return httpx.Response(500, json={"message": "Internal Server Error"}) if fails else real

    wrong, said = looked_at(server, spoil, capsys, token=token)

    assert wrong == 1
    assert "POST /organizations/{organization_id}/leave: 500 Internal Server Error" in said


def test_a_token_that_is_not_taken_is_said_once(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, said = looked_at(server, lambda _, real: real, capsys, token="a.b.c")

    assert wrong == 2
    assert "compare Issuer and Audience" in said


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("access-control-allow-origin", "https://other.example.com", "pages of http://localhost:5173 may not"),
        ("access-control-allow-methods", "GET,POST", "grants no patch"),
        ("access-control-allow-headers", "authorization,content-type", "grants no idempotency-key, if-match"),
        ("access-control-expose-headers", "location", "cannot read apigw-requestid, etag, link, retry-after"),
    ],
)
def test_what_pages_may_not_do_is_named(
    server: str, capsys: pytest.CaptureFixture[str], name: str, value: str, told: str
) -> None:
    wrong, said = looked_at(server, changed(name, value), capsys, origin=ORIGIN)

    assert wrong > 0
    assert told in said


def test_an_api_that_any_page_may_call_is_named(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    def spoil(request: httpx.Request, real: httpx.Response) -> httpx.Response:
        if "origin" in request.headers:
            real.headers["access-control-allow-origin"] = request.headers["origin"]
        return real

    assert "pages of any origin may call it" in looked_at(server, spoil, capsys, origin=ORIGIN)[1]


def test_where_nobody_answers_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    with httpx.Client(base_url="https://api.example.com", transport=httpx.MockTransport(unreachable)) as api:
        assert smoke(api, origin=ORIGIN, token="t") == 5

    assert "no answer: Connection refused" in capsys.readouterr().out


def test_without_an_address_it_ends_with_a_sentence() -> None:
    command = [sys.executable, "-m", "tools.smoke", "--url", ""]

    run = subprocess.run(command, cwd=TEMPLATE.parent, capture_output=True, text=True, check=False, timeout=PATIENCE)

    assert run.returncode == 1
    assert run.stderr.startswith("Say where the API is: make smoke URL=")
