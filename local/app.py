"""The demo's app, as `make run` builds it: served at an origin of its own, with a policy as strict as hosts have."""

from html import escape
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.template import TEMPLATE

BUILT = TEMPLATE.parent / "web" / "demo" / "dist"
PHONES = TEMPLATE.parent / "build" / "app-links" / ".well-known"  # where `make app-links` writes
LINKS = ("apple-app-site-association", "assetlinks.json")  # what phones ask an app's host for
PAGES = ("/", "/team", "/invitation")  # which the app tells apart itself
_PLACE = "{{api}}"  # in the page, where the API's address goes


def is_built() -> bool:
    """Tell whether there is something to serve."""
    return (BUILT / "index.html").is_file()


def policy(api: str) -> str:
    """Return the content security policy: what a host may ask of Roster's elements, and no picture but our own."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {api}; "
        "require-trusted-types-for 'script'; trusted-types lit-html roster; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


def application(api: str, origin: str, built: Path = BUILT, phones: Path = PHONES) -> ASGIApp:
    """Return the app at an origin, whose pages call the API at an address."""

    async def page(_: Request) -> Response:
        text = (built / "index.html").read_text(encoding="utf-8").replace(_PLACE, escape(api))
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    async def missing(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = (built / "404.html").read_text(encoding="utf-8")
        return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})

    async def links(request: Request) -> Response:
        file = phones / request.url.path.rpartition("/")[2]
        if not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, media_type="application/json")

    files = Mount("/", StaticFiles(directory=built))
    routes = [*(Route(path, page) for path in PAGES), *(Route(f"/.well-known/{name}", links) for name in LINKS), files]
    app = Starlette(routes=routes, exception_handlers={HTTPException: missing})
    return _Strict(_OneOrigin(app, origin), policy(api))


class _OneOrigin:
    """An ASGI application before another, which leads whoever came by another name of the host to its one origin."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app, self._origin = app, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        here = f"{request.url.scheme}://{request.headers.get('host', '')}"
        if here == self._origin:
            await self._app(scope, receive, send)
            return
        query = f"?{request.url.query}" if request.url.query else ""
        path = scope["raw_path"].decode("latin-1")
        await RedirectResponse(f"{self._origin}/{path.lstrip('/')}{query}")(scope, receive, send)


class _Strict:
    """An ASGI application before another, with the headers that keep strangers out."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-cache")  # it may have been built anew: ask
            await send(message)

        await self._app(scope, receive, marked)
