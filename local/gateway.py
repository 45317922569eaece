"""The HTTP API's front: finds the route, checks the token, calls the function, and answers itself what it must."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local import Json, events, terminal
from local.issuer import Issuer
from local.routing import Router
from local.template import Function, Route
from local.workers import InvocationError

type Invoke = Callable[[Function, Json], Awaitable[Json]]

# API Gateway's quotas.
PATIENCE = 30  # seconds for an integration
BODY_LIMIT = 10 * 1024 * 1024
HEAD_LIMIT = 10_240
REQUEST_ID = "apigw-requestid"  # the header that each answer of API Gateway has


class Gateway:
    """The API, as an ASGI application."""

    def __init__(self, routes: Iterable[Route], issuer: Issuer, invoke: Invoke) -> None:
        self._router, self._issuer, self._invoke = Router(routes), issuer, invoke

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive))
        answer.headers.setdefault(REQUEST_ID, events.request_id())
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if _head_size(request) > HEAD_LIMIT:
            return refusal(431, "Request Header Fields Too Large")
        route, parameters = self._router.find(request.method, request.scope["raw_path"].decode("latin-1"))
        if route is None:
            return refusal(404, "Not Found")
        claims = None
        if route.signed_in:
            token = ",".join(request.headers.getlist("authorization"))
            claims = self._issuer.claims(token[7:].strip() if token[:7].lower() == "bearer " else token)
            if claims is None:
                return refusal(401, "Unauthorized", {"www-authenticate": "Bearer"})
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if body is None:
            return refusal(413, "Request Entity Too Large")
        event = events.event(request, body, route, parameters, claims)
        answer = await self._call(route, event)
        answer.headers[REQUEST_ID] = event["requestContext"]["requestId"]
        return answer

    async def _call(self, route: Route, event: Json) -> Response:
        invocation = asyncio.ensure_future(self._invoke(route.function, event))
        done, _ = await asyncio.wait({invocation}, timeout=PATIENCE)
        if not done:  # it runs on, as it does behind the real gateway
            return refusal(503, "Service Unavailable")
        try:
            return events.response(invocation.result())
        except (InvocationError, events.MalformedReplyError) as error:
            terminal.say(f"{route.method} {route.path}: {error}", error=True)
            return refusal(500, "Internal Server Error")


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return an answer of the gateway's own."""
    return JSONResponse({"message": message}, status, headers)


def _head_size(request: Request) -> int:
    line = len(request.scope["raw_path"]) + len(request.scope["query_string"])
    return line + sum(len(name) + len(value) for name, value in request.scope["headers"])


async def _body(request: Request) -> bytes | None:
    """Return the body, or None if it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
