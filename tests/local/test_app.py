"""The demo's app as it is served: the paths that there are, their headers, and the ports that it and the API have."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from local import app
from local.ports import DEMO_BELOW, PortError, Ports, listen

API, ORIGIN = "http://127.0.0.1:8000", "http://localhost:3000"


class Client:
    """Asks for a path."""

    def __init__(self, built: Path) -> None:
        self._transport = httpx.ASGITransport(app.application(API, ORIGIN, built, built / "phones"))

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: dict[str, str] | None) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url=ORIGIN) as client:
            return await client.get(f"{ORIGIN}{path}", headers=headers)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """Something built, and served at the app's origin."""
    (tmp_path / "index.html").write_text('<meta name="roster-api" content="{{api}}">')
    (tmp_path / "404.html").write_text("There is no such page")
    (tmp_path / "app.js").write_text("export {}")
    (tmp_path.parent / "secret").write_text("secret")
    return Client(tmp_path)


@pytest.mark.parametrize("path", ["/", "/team", "/invitation", "/team?tab=members"])
def test_each_page_is_the_app_which_is_told_where_the_api_is(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (200, f'<meta name="roster-api" content="{API}">')
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_built_is_served_and_asked_for_again_whenever_it_is_wanted(client: Client) -> None:
    answer = client.get("/app.js")
    again = client.get("/app.js", headers={"If-None-Match": answer.headers["etag"]})

    assert (answer.text, answer.headers["content-type"]) == ("export {}", "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/nothing", "/team/", "/invitation/x", "/..%2fsecret", "/%2e%2e/secret"])
def test_another_path_is_a_page_that_says_so(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (404, "There is no such page")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", ["apple-app-site-association", "assetlinks.json"])
def test_phones_get_what_was_made_for_them_as_json(client: Client, tmp_path: Path, name: str) -> None:
    before = client.get(f"/.well-known/{name}")
    phones = tmp_path / "phones"
    phones.mkdir()
    (phones / name).write_text('{"applinks": {}}')
    answer = client.get(f"/.well-known/{name}")

    assert (before.status_code, before.text) == (404, "There is no such page")
    assert (answer.status_code, answer.json()) == (200, {"applinks": {}})
    assert answer.headers["content-type"] == "application/json"
    assert client.get("/.well-known/secret").status_code == 404


@pytest.mark.parametrize("path", ["/", "/app.js", "/nothing"])
def test_every_answer_has_the_strict_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers

    policy = dict(part.partition(" ")[::2] for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": API,
        "require-trusted-types-for": "'script'",
        "trusted-types": "lit-html roster",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "[::1]:3000", "evil.example"])
def test_who_comes_by_another_name_of_the_host_is_led_to_the_origin_that_the_api_knows(
    client: Client, host: str
) -> None:
    answer = client.get("/team?tab=members", headers={"Host": host})
    astray = client.get("//evil.example/", headers={"Host": host})

    assert (answer.status_code, answer.headers["location"]) == (307, f"{ORIGIN}/team?tab=members")
    assert astray.headers["location"] == f"{ORIGIN}/evil.example/"


@contextmanager
def listening(port: int, *, demo: bool) -> Iterator[Ports]:
    ports = listen(port, demo=demo)
    try:
        yield ports
    finally:
        for opened in (ports.api, *ports.app):
            opened.close()


def test_a_free_pair_of_ports_is_picked_and_a_taken_one_refused() -> None:
    with listening(0, demo=True) as ports:
        port = ports.api.getsockname()[1]
        assert {opened.getsockname()[1] for opened in ports.app} == {port - DEMO_BELOW}
        assert ports.app[0].getsockname()[0] == "127.0.0.1"

        with pytest.raises(PortError, match=rf"^Port {port} cannot be opened \(.+\)\. Choose another, as in `make run"):
            listen(port, demo=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_taken_port_of_the_app_is_refused_and_leaves_nothing_open(host: str) -> None:
    with listening(0, demo=True) as held:
        port = held.api.getsockname()[1]
        free = [opened for opened in held.app if opened.getsockname()[0] != host]
        if len(free) == len(held.app):
            pytest.skip(f"This machine has no {host}")
        for opened in (held.api, *free):
            opened.close()

        with pytest.raises(PortError, match=rf"^Port {port - DEMO_BELOW} cannot be opened .* an app of your own"):
            listen(port, demo=True)
        with listening(port, demo=False) as ports:  # the API's port is free again, and needs no other
            assert ports.app == []
