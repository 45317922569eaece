"""`make smoke` writes one thing of the token's person, and puts it back, whatever happens in between."""

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.local.test_server import PATIENCE, started
from tools.smoke import NOBODY, smoke

NOTHING = "not looked at: whether something can be written, and is put back."
BUSY = httpx.Response(503, json={"message": "Service Unavailable"})

type Meet = Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response]


class Way(httpx.HTTPTransport):
    """The way to the server, on which a request meets something, before it goes on or after."""

    def __init__(self, meet: Meet) -> None:
        super().__init__()
        self._meet = meet

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._meet(request, lambda: self._answer(request))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        answer.read()
        return answer


class Person:
    """Somebody with a token, and what they see of themselves."""

    def __init__(self, server: str, **claims: str) -> None:
        self._server = server
        self.token = str(httpx.post(f"{server}/_local/token", json=claims, timeout=PATIENCE).json()["access_token"])

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.request(method, f"{self._server}{path}", json=body, headers=headers, timeout=PATIENCE)
        return answer.raise_for_status().json()

    def seen(self) -> list[Any]:
        """Who they are, and the logs of their organizations."""
        organizations = [one["organization"]["id"] for one in self.call("GET", "/me/organizations")["items"]]
        logs = [self.call("GET", f"/organizations/{one}/activity") for one in organizations]
        return [self.call("PATCH", "/me", {}), *logs]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with started("--workers", "1") as (_, address):
        httpx.get(f"{address}/_local/health", timeout=PATIENCE)
        yield address


@pytest.fixture
def ada(server: str) -> Iterator[Person]:
    """Somebody whom Roster does not know."""
    yield Person(server, sub="ada", email="ada@example.com")
    httpx.post(f"{server}/_local/reset", timeout=PATIENCE)


@pytest.fixture
def grace(server: str) -> Iterator[Person]:
    """Somebody in an organization of her own."""
    person = Person(server, sub="grace", email="grace@example.com")
    person.call("POST", "/organizations", {"name": "Acme"})
    yield person
    httpx.post(f"{server}/_local/reset", timeout=PATIENCE)


def look(server: str, person: Person, meet: Meet = lambda _, answer: answer()) -> int:
    """Look at the server on this way, and return how much was wrong."""
    with httpx.Client(base_url=server, timeout=PATIENCE, transport=Way(meet)) as api:
        return smoke(api, origin=None, token=person.token)


def sets(request: httpx.Request, body: dict[str, Any]) -> bool:
    """Tell whether a request is this change of a person."""
    return request.method == "PATCH" and json.loads(request.content) == body


def switches(request: httpx.Request, *, to: bool) -> bool:
    return sets(request, {"email_notifications": to})


@pytest.mark.parametrize("mail", ["on", "off"])
def test_something_is_written_and_read_and_all_is_as_before(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str], mail: str
) -> None:
    wish, kept = mail == "on", []
    grace.call("PATCH", "/me", {"email_notifications": wish})
    before = grace.seen()

    def meet(request: httpx.Request, answer: Callable[[], httpx.Response]) -> httpx.Response:
        answered = answer()
        if request.method == "PATCH" and answered.is_success:
            kept.append(grace.seen()[0]["email_notifications"])
        return answered

    wrong = look(server, grace, meet)

    said = capsys.readouterr().out
    assert wrong == 0, said
    assert kept == [wish, not wish, not wish, wish, wish]
    assert "ok    something can be written, and is put back" in said
    assert f'If it is killed: PATCH /me {{"email_notifications": {json.dumps(wish)}}}' in said
    assert grace.seen() == before


def test_of_who_is_in_no_organization_roster_keeps_nothing(
    server: str, ada: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = []

    def meet(request: httpx.Request, answer: Callable[[], httpx.Response]) -> httpx.Response:
        if request.method != "GET":
            bodies.append(json.loads(request.content))
        return answer()

    assert look(server, ada, meet) == 0

    assert f"{NOTHING} This person is in no organization" in capsys.readouterr().out
    assert all(NOBODY in body or "token" in body for body in bodies)


def test_a_machine_writes_nothing(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Person(server, sub="billing", client_id="billing", scope="roster/read")

    assert look(server, machine) == 0

    assert f"{NOTHING} The token is a machine's" in capsys.readouterr().out


def test_where_it_cannot_be_asked_who_somebody_is_nothing_is_written(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = look(server, grace, lambda request, answer: BUSY if request.url.path == "/me/organizations" else answer())

    assert wrong > 0
    assert f"{NOTHING} GET /me/organizations: 503 Service Unavailable" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("number", "raised"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)],
    ids=["by Ctrl-C", "by a pipeline that is cancelled"],
)
def test_whoever_interrupts_it_leaves_nothing_behind(
    server: str, grace: Person, number: signal.Signals, raised: type[BaseException]
) -> None:
    # Whoever starts the tests in the background of a shell has Ctrl-C ignored.
    inherited = signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    before, handled = grace.seen(), signal.getsignal(number)

    def meet(request: httpx.Request, answer: Callable[[], httpx.Response]) -> httpx.Response:
        answered = answer()
        if switches(request, to=False):
            signal.raise_signal(number)
        return answered

    with pytest.raises(raised):
        look(server, grace, meet)

    assert grace.seen() == before
    assert signal.getsignal(number) == handled
    signal.signal(number, inherited)


def test_what_was_written_is_put_back_when_the_answer_is_lost(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    before = grace.seen()

    def meet(request: httpx.Request, answer: Callable[[], httpx.Response]) -> httpx.Response:
        answered = answer()
        if switches(request, to=False):
            raise httpx.ReadTimeout("The read operation timed out", request=request)
        return answered

    assert look(server, grace, meet) == 1

    assert "no answer: The read operation timed out" in capsys.readouterr().out
    assert grace.seen() == before


def test_what_is_not_put_back_at_once_is_tried_again(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    before = grace.seen()
    failures: list[httpx.Response | httpx.ReadTimeout] = [httpx.ReadTimeout("slow"), BUSY]

    def meet(request: httpx.Request, answer: Callable[[], httpx.Response]) -> httpx.Response:
        if not failures or not switches(request, to=True):
            return answer()
        failure = failures.pop(0)
        if isinstance(failure, httpx.Response):
            return failure
        raise failure

    assert look(server, grace, meet) == 0

    assert (failures, grace.seen()) == ([], before)
    assert "was not put back" not in capsys.readouterr().out


def test_what_cannot_be_put_back_is_said_with_how_to_do_it(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = look(server, grace, lambda request, answer: BUSY if switches(request, to=True) else answer())

    assert wrong == 1
    said = capsys.readouterr().out
    assert 'was not put back. Call PATCH /me {"email_notifications": true} with this token' in said
    assert "the person is not as before" in said


def test_a_write_that_is_answered_and_not_done_is_named(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    me = grace.seen()[0]

    wrong = look(
        server,
        grace,
        lambda request, answer: httpx.Response(200, json=me) if switches(request, to=False) else answer(),
    )

    assert wrong == 1
    assert "PATCH /me: email_notifications was set to false, and is true" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "PATCH /me: 503 Service Unavailable, and should be what Roster keeps of the person: 200"),
        ({"email_notifications": False}, "PATCH /me: 503 Service Unavailable, and should write email_notifications"),
    ],
    ids=["as it is", "as it was to be"],
)
def test_who_cannot_write_is_told(
    server: str, grace: Person, capsys: pytest.CaptureFixture[str], body: dict[str, Any], told: str
) -> None:
    before = grace.seen()

    wrong = look(server, grace, lambda request, answer: BUSY if sets(request, body) else answer())

    assert wrong == 1
    assert told in capsys.readouterr().out
    assert grace.seen() == before
