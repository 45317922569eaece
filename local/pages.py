"""The API's description, at /_local/openapi.json, and as pages to read and try, at /_local/docs.

The pages are Scalar's, from a package of the lock. The policy of the page lets it ask nobody but this server.
"""

import json
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from local.template import TEMPLATE

DESCRIPTION = TEMPLATE.parent / "docs" / "openapi.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Nothing of Scalar's own services: they are elsewhere.
CONFIGURATION = {
    "agent": {"disabled": True},
    "mcp": {"disabled": True},
    "telemetry": False,
    "hideClientButton": True,
    "showDeveloperTools": "never",
    "withDefaultFonts": False,
    "persistAuth": False,
    "defaultHttpClient": {"targetKey": "shell", "clientKey": "curl"},
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roster API</title>
<link rel="icon" href="data:,">
</head>
<body>
<script id="api-reference" type="application/json" data-url="/_local/openapi.json" data-configuration='{}'></script>
<script src="/_local/docs/scalar.js"></script>
</body>
</html>
"""


def routes() -> list[Route]:
    """Return what serves the description and its pages."""
    return [
        Route("/_local/openapi.json", _description),
        Route("/_local/docs", _page),
        Route("/_local/docs/scalar.js", _scalar),
    ]


async def _description(request: Request) -> Response:
    """Return the document as it is, but for the server: this one."""
    document = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    document["servers"] = [{"url": str(request.base_url).rstrip("/"), "description": "`make run`"}]
    return Response(json.dumps(document, ensure_ascii=False), media_type="application/json")


async def _page(_: Request) -> Response:
    page = PAGE.replace("{}", json.dumps(CONFIGURATION))
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


async def _scalar(_: Request) -> Response:
    return FileResponse(scalar(), media_type="text/javascript")


def scalar() -> Path:
    """Return where Scalar's script is, without importing the package around it."""
    found = find_spec("star_openapi_scalar")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("star-openapi-scalar is not installed: run `make setup`")
    return Path(found.submodule_search_locations[0]) / "templates" / "scalar" / "js" / "scalar.standalone.js"
