"""Look at what was deployed from outside: is every route there, does it want a token, does it answer app and people.

Nothing is left behind: whatever could change something is called with a body that it must refuse. So every function
with a route starts, what a token may read is read, and the key of the links is asked. One thing is written, and put
back: whether a person wants mail about what others do. If it is killed in between, nothing else is left behind.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

import httpx

from local.template import Cors, Route, Stack

# Only routes, methods and headers are read from the template; what these would be in a stack makes no difference.
PARAMETERS = {
    "Issuer": "https://issuer.example.com",
    "Audience": "roster",
    "AppUrl": "https://app.example.com",
    "AllowedOrigins": "https://app.example.com",
    "MailFrom": "roster@example.com",
}
NOBODY = "roster-smoke"  # the id of nothing, and the one field that no body has
FORGED = f"{NOBODY}.{NOBODY}.{NOBODY}.{'A' * 43}"  # looks like a link's token, so that KMS is asked
STRANGER = "https://roster-smoke.invalid"
READS = ("GET /me/organizations", "GET /me/invitations", "GET /organizations")  # what has no id in it
TIMEOUT = 30
WISH = "email_notifications"
TRIES = 3  # at putting back what was written

type Fault = str
type Check = Callable[[httpx.Client], Iterator[Fault]]


class NotLookedAt(Exception):
    """Why something is not looked at."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__.partition("\n")[0])
    parser.add_argument("--url", required=True, help="where the API is, the stack's output ApiUrl: URL=https://…")
    parser.add_argument("--origin", help="an origin whose pages may call it: ORIGIN=https://app.example.com")
    parser.add_argument("--token", help="a person's token; the environment's TOKEN is not shown in lists of processes")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    given.token = given.token or os.environ.get("TOKEN")
    if not given.url.startswith(("https://", "http://")):
        sys.exit("Say where the API is: make smoke URL=https://… (the stack's output ApiUrl).")
    with httpx.Client(base_url=given.url, timeout=TIMEOUT) as api:
        sys.exit(1 if smoke(api, origin=given.origin, token=given.token) else 0)


def smoke(api: httpx.Client, *, origin: str | None, token: str | None) -> int:
    """Look at everything, print what was seen, and return how much was wrong."""
    stack = Stack(PARAMETERS, {})
    checks: list[tuple[str, Check]] = [
        ("every route is there and wants a token", lambda api: unsigned(api, stack.routes)),
        ("the preview answers without one, and knows a forged link", preview),
    ]
    if origin:
        checks.append((f"pages of {origin} may call it, and others may not", lambda api: cors(api, stack, origin)))
    else:
        print("not looked at: who may call it from a browser. ORIGIN=https://… says whose pages may.")
    if token:
        checks.append(
            (
                "every function with a route starts, and something can be read",
                lambda api: signed_in(api, stack.routes, token),
            )
        )
        checks.append(("something can be written, and is put back", lambda api: written(api, token)))
    else:
        print("not looked at: what it does for people. TOKEN=… is a token of one.")
    wrong = 0
    for sentence, check in checks:
        try:
            faults = list(_tried(api, check))
        except NotLookedAt as reason:
            print(f"not looked at: whether {sentence}. {reason}")
            continue
        wrong += len(faults)
        print(f"{'WRONG' if faults else 'ok   '} {sentence}", *faults, sep="\n      ")
    print(f"{wrong} wrong at {api.base_url}" if wrong else f"Nothing that was looked at is wrong at {api.base_url}")
    return wrong


def _tried(api: httpx.Client, check: Check) -> Iterator[Fault]:
    try:
        yield from check(api)
    except httpx.HTTPError as error:
        yield f"no answer: {str(error) or type(error).__name__}"


def unsigned(api: httpx.Client, routes: Iterable[Route]) -> Iterator[Fault]:
    """Call every route but the open one without a token, and with one that nobody signed."""
    for route in routes:
        if not route.signed_in:
            continue
        for headers in ({}, {"Authorization": "Bearer nonsense"}):
            answer = call(api, route, **headers)
            if answer.status_code == HTTPStatus.UNAUTHORIZED and message(answer) == "Unauthorized":
                continue
            yield f"{named(route)}: {told(answer)}" + ", and should want a token: 401"
            break


def preview(api: httpx.Client) -> Iterator[Fault]:
    answer = api.post("/invitations/preview", json={"token": FORGED})
    if (answer.status_code, code(answer)) != (HTTPStatus.NOT_FOUND, "not_found"):
        yield f"POST /invitations/preview: {told(answer)}, and should know no such link: 404 not_found"


def cors(api: httpx.Client, stack: Stack, origin: str) -> Iterator[Fault]:
    """Ask as a browser does, before each method and after an answer."""
    for method in stack.cors.methods.split(","):
        asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": stack.cors.headers}
        granted = api.options("/me/organizations", headers={"Origin": origin} | asked).headers
        if granted.get("access-control-allow-origin") != origin:
            yield f"{method}: pages of {origin} may not. AllowedOrigins is to have exactly this origin"
            return
        if lacking := _lacking(stack.cors, granted, method):
            yield f"{method}: the preflight grants no {', '.join(lacking)}"
    answer = api.get("/me/organizations", headers={"Origin": origin})
    hidden = _words(stack.cors.exposed) - _words(answer.headers.get("access-control-expose-headers", ""))
    if hidden:
        yield f"pages cannot read {', '.join(sorted(hidden))} in answers"
    refused = api.options("/me", headers={"Origin": STRANGER, "Access-Control-Request-Method": "GET"})
    if refused.headers.get("access-control-allow-origin") in {STRANGER, "*"}:
        yield "pages of any origin may call it. AllowedOrigins is too wide"


def _lacking(wanted: Cors, granted: httpx.Headers, method: str) -> list[str]:
    methods = _words(granted.get("access-control-allow-methods", ""))
    headers = _words(granted.get("access-control-allow-headers", ""))
    return [*({method.lower()} - methods), *sorted(_words(wanted.headers) - headers)]


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",")}


def signed_in(api: httpx.Client, routes: Iterable[Route], token: str) -> Iterator[Fault]:
    """Call every route with a token: lists are read, nothing has the ids, and no body is taken."""
    read = False
    for route in routes:
        if not route.signed_in:
            continue
        answer = call(api, route, Authorization=f"Bearer {token}")
        read |= answer.status_code == HTTPStatus.OK
        refused = answer.is_client_error and code(answer) is not None
        if named(route) not in READS:
            if not refused:
                yield f"{named(route)}: {told(answer)}, and should refuse what it was asked"
        elif answer.status_code != HTTPStatus.OK and code(answer) != "forbidden":  # people or machines only
            yield f"{named(route)}: {told(answer)}, and should be a page: 200"
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            yield "the token is not taken: compare Issuer and Audience with its iss and aud, and see whether it is old"
            return
    if not read:
        yield "nothing can be read with the token: MachineRule fits a person's, or a machine's has no roster/read"


def written(api: httpx.Client, token: str) -> Iterator[Fault]:
    """Switch a person's wish for mail of others' doings, and put it back, whatever happens in between."""
    signed = {"Authorization": f"Bearer {token}"}
    mine = api.get("/me/organizations", params={"limit": 1}, headers=signed)
    if code(mine) == "forbidden":
        raise NotLookedAt("The token is a machine's, and this is a person's to write.")
    if mine.status_code != HTTPStatus.OK:
        raise NotLookedAt(f"GET /me/organizations: {told(mine)}")
    if not _object(mine).get("items"):  # Roster may know nothing of them yet, and would keep them from then on
        raise NotLookedAt("This person is in no organization. Create one, or accept an invitation, with this token.")

    before = _prefer(api, signed, {})  # no change, so nothing is written
    if WISH not in _object(before):
        yield f"PATCH /me: {told(before)}, and should be what Roster keeps of the person: 200"
        return
    wish = _object(before)[WISH]
    back = {WISH: wish}
    rescue = f"If it is killed: PATCH /me {json.dumps(back)}"
    print(f"writing: it switches {WISH} of the token's person, and back. {rescue}", flush=True)
    with _ends_in_order():
        try:
            yield from _switched(api, signed, to=not wish)
        finally:
            if not _put_back(api, signed, back):
                print(f"{WISH} was not put back. Call PATCH /me {json.dumps(back)} with this token.")
    after = _prefer(api, signed, {})
    if _object(after) != _object(before):
        yield f"PATCH /me: {told(after)}, and the person is not as before"


def _switched(api: httpx.Client, signed: dict[str, str], *, to: bool) -> Iterator[Fault]:
    answer = _prefer(api, signed, {WISH: to})
    if answer.status_code != HTTPStatus.OK:
        yield f"PATCH /me: {told(answer)}, and should write {WISH}: 200"
        return
    found = _object(_prefer(api, signed, {})).get(WISH)
    if found is not to:
        yield f"PATCH /me: {WISH} was set to {json.dumps(to)}, and is {json.dumps(found)}"


def _put_back(api: httpx.Client, signed: dict[str, str], back: dict[str, bool]) -> bool:
    for _ in range(TRIES):
        with suppress(httpx.HTTPError):
            if _prefer(api, signed, back).status_code == HTTPStatus.OK:
                return True
    return False


def _prefer(api: httpx.Client, signed: dict[str, str], wishes: dict[str, bool]) -> httpx.Response:
    return api.patch("/me", json=wishes, headers=signed)


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """Let whoever ends the process, such as a pipeline that is cancelled, interrupt it, so that `finally` holds."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def call(api: httpx.Client, route: Route, **headers: str) -> httpx.Response:
    """Call a route so that it changes nothing: of ids that nothing has, and with a body that it must refuse."""
    path = route.path.format_map({f"{kind}_id": NOBODY for kind in ("organization", "invitation", "user", "role")})
    body = None if route.method == "GET" else {NOBODY: True}
    return api.request(route.method, path, json=body, headers=headers)


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def told(answer: httpx.Response) -> str:
    return " ".join(str(part) for part in (answer.status_code, code(answer) or message(answer)) if part)


def code(answer: httpx.Response) -> str | None:
    """Return the code of a problem, which only Roster's functions answer."""
    problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return str(_object(answer).get("code")) if problem else None


def message(answer: httpx.Response) -> str | None:
    """Return what the gateway says, if it answered itself."""
    said = _object(answer).get("message")
    return None if said is None else str(said)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(answer.text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


if __name__ == "__main__":
    main()
