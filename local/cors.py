"""CORS, as the HTTP API does it: its headers override the function's, and preflights never reach one."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.template import Cors


class CorsGateway:
    """An ASGI application before another, with the template's CORS configuration."""

    def __init__(self, app: ASGIApp, cors: Cors) -> None:
        self._app, self._cors = app, cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin", "")
        allowed = {"access-control-allow-origin": origin} if origin in self._cors.origins else {}
        if scope["method"] == "OPTIONS":
            granted = {
                "access-control-allow-methods": self._cors.methods,
                "access-control-allow-headers": self._cors.headers,
                "access-control-max-age": str(self._cors.max_age),
            }
            await Response(status_code=204, headers=allowed | granted if allowed else {})(scope, receive, send)
            return
        if allowed:
            allowed["access-control-expose-headers"] = self._cors.exposed
        extra = [(name.encode(), value.encode()) for name, value in allowed.items()]

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [header for header in message["headers"] if not header[0].startswith(b"access-control-")]
                message = {**message, "headers": own + extra}
            await send(message)

        await self._app(scope, receive, marked)
