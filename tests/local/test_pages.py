"""The API's description as `make run` serves it: the document, and pages that ask nobody else for anything."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from local import pages
from tests.described import DOCUMENT
from tools.browser import chromium

PATIENCE = 120


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The pages alone, on any port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=pages.routes()), log_config=None, ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE)


def test_the_document_names_the_server_that_it_comes_from(address: str) -> None:
    answer = httpx.get(f"{address}/_local/openapi.json")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == DOCUMENT | {"servers": [{"url": address, "description": "`make run`"}]}


def test_the_page_may_ask_nobody_else(address: str) -> None:
    answer = httpx.get(f"{address}/_local/docs")

    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert "'unsafe-inline'" not in policy["script-src"]
    for path in re.findall(r'(?:src|href|data-url)="([^"]+)"', answer.text):
        assert path.startswith(("/_local/", "data:"))


def test_its_script_comes_from_a_package_of_the_lock(address: str) -> None:
    assert httpx.get(f"{address}/_local/docs/scalar.js").content == pages.scalar().read_bytes()


def test_a_browser_shows_every_group_of_operations_and_asks_nothing_of_others(address: str, tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--enable-logging=stderr")
    quiet = (
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        f"--user-data-dir={tmp_path}",
    )
    run = subprocess.run(
        [chromium(), *flags, *quiet, f"--log-net-log={log}", "--dump-dom", f"{address}/_local/docs"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )

    for tag in DOCUMENT["tags"]:
        assert f">{tag['name']}" in run.stdout
    assert "Content Security Policy" not in run.stderr
    asked = {url for url in re.findall(r'"url":"(https?://[^"]+)"', log.read_text()) if "/_local/" in url}
    assert asked == {f"{address}/_local/{path}" for path in ("docs", "docs/scalar.js", "openapi.json")}
