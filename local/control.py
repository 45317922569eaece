"""The routes under /_local: health, the pack, tokens, mailbox, bus, clock, routeless functions, reset, seed."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local import Json, pages, terminal
from local.bus import Bus
from local.calls import CallError
from local.demo import Demo
from local.issuer import Issuer, TokenRequest
from local.mailbox import Mailbox
from local.streams import Pump
from local.template import Stack
from local.workers import InvocationError, Workers
from roster.policy.permissions import ROSTER_PERMISSIONS

SES = "/_local/ses"  # where the functions' SESv2 client sends to
EVENTBRIDGE = "/_local/eventbridge"  # and their EventBridge client
LONGEST = timedelta(days=36_500)


class ClockRequest(BaseModel):
    """How far to move the clock: an ISO 8601 duration."""

    model_config = ConfigDict(extra="forbid")

    advance: timedelta = Field(strict=True)


class Control:
    """What the routes under /_local do."""

    def __init__(
        self,
        stack: Stack,
        issuer: Issuer,
        workers: Workers,
        *,
        pump: Pump,
        mailbox: Mailbox,
        bus: Bus,
        demo: Demo,
        empty_table: Callable[[], Awaitable[None]],
    ) -> None:
        self._stack, self._issuer, self._workers = stack, issuer, workers
        self._pump, self._mailbox, self._bus, self._demo = pump, mailbox, bus, demo
        self._empty_table = empty_table
        self._fed = [source.function for source in stack.streams]
        routed = {route.function.name for route in stack.routes}
        self._routeless = {name: function for name, function in stack.functions.items() if name not in routed}

    def routes(self) -> list[Route]:
        return [
            Route("/_local/health", self.health),
            Route("/_local/pack", self.pack),
            Route("/_local/token", self.token, methods=["POST"]),
            Route("/_local/jwks.json", self.key_set),
            Route("/_local/.well-known/openid-configuration", self.configuration),
            Route("/_local/mailbox", self.mailbox, methods=["GET", "DELETE"]),
            Route(f"{SES}/v2/email/outbound-emails", self.mail, methods=["POST"]),
            Route("/_local/events", self.events, methods=["GET", "DELETE"]),
            Route(EVENTBRIDGE, self.put_events, methods=["POST"]),
            Route("/_local/clock", self.clock, methods=["GET", "POST"]),
            Route("/_local/run/{folder}/{file}", self.run, methods=["POST"]),
            Route("/_local/reset", self.reset, methods=["POST"]),
            Route("/_local/seed", self.seed, methods=["GET", "POST"]),
            *pages.routes(),
        ]

    async def health(self, _: Request) -> Response:
        """Answer: whoever can ask is answered by a server that is ready."""
        return JSONResponse({"status": "ready"})

    async def pack(self, _: Request) -> Response:
        """Return what a product knows of its own pack: its plans from the first to the last, and what it asks for."""
        pack = self._demo.pack
        own = {name: title for name, title in pack.permission_titles.items() if name not in ROSTER_PERMISSIONS}
        plans = [{"id": plan.name, "title": plan.title} for plan in pack.plans.values()]
        return JSONResponse({"id": pack.name, "title": pack.title, "plans": plans, "permissions": own})

    async def token(self, request: Request) -> Response:
        """Sign a token."""
        return JSONResponse(self._issuer.token(await _valid(TokenRequest, request)))

    async def key_set(self, _: Request) -> Response:
        """Return the issuer's keys."""
        return JSONResponse(self._issuer.key_set())

    async def configuration(self, _: Request) -> Response:
        """Return what the issuer says of itself."""
        return JSONResponse(self._issuer.configuration())

    async def mailbox(self, request: Request) -> Response:
        """Return the mails that have arrived, or forget them."""
        if request.method == "DELETE":
            self._mailbox.empty()
            return Response(status_code=204)
        return JSONResponse({"items": self._mailbox.items(request.query_params.get("to"))})

    async def mail(self, request: Request) -> Response:
        """Take a mail, as SESv2's SendEmail does."""
        try:
            message_id = self._mailbox.receive(await _json(request), self._workers.now())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise HTTPException(400, f"Not a raw message: {error!r}") from error
        return JSONResponse({"MessageId": message_id})

    async def events(self, request: Request) -> Response:
        """Return the events that were published, or forget them."""
        if request.method == "DELETE":
            self._bus.items.clear()
            return Response(status_code=204)
        return JSONResponse({"items": self._bus.items})

    async def put_events(self, request: Request) -> Response:
        """Take events, as EventBridge's PutEvents does."""
        try:
            return JSONResponse(self._bus.put(await _json(request)))
        except (KeyError, TypeError, ValueError) as error:
            raise HTTPException(400, f"Not what PutEvents takes: {error!r}") from error

    async def clock(self, request: Request) -> Response:
        """Tell the time that handlers see, or move it forward first."""
        if request.method == "POST":
            advance = (await _valid(ClockRequest, request)).advance
            if not timedelta() <= advance <= LONGEST - self._workers.clock_offset:
                raise HTTPException(422, "advance: the clock moves forward only, and by a hundred years at most")
            self._workers.clock_offset += advance
        return JSONResponse({"now": f"{self._workers.now():%Y-%m-%dT%H:%M:%SZ}"})

    async def run(self, request: Request) -> Response:
        """Run a function that has no route; one that the stream feeds drains it."""
        function = self._routeless.get("{folder}/{file}".format(**request.path_params))
        if function is None:
            raise HTTPException(404)
        event = await _json(request)
        if function in self._fed:
            await self._pump.drain()
            return JSONResponse({})
        try:
            return JSONResponse(await self._workers.invoke(function, self._mailbox.tagged(event)))
        except InvocationError as error:
            terminal.say(f"{function.name}: {error}", error=True)
            raise HTTPException(500) from error

    async def reset(self, _: Request) -> Response:
        """Start anew, once nothing is in flight."""
        async with self._pump.lock:
            await self._empty()
            self._workers.clock_offset = timedelta()
        return Response(status_code=204)

    async def seed(self, request: Request) -> Response:
        """Tell what was made last; or make the demo in an emptied table, with the clock as it is, and tell that."""
        if request.method == "POST":
            async with self._pump.lock:
                await self._empty()
                try:
                    await self._demo.make()
                except (CallError, InvocationError) as error:
                    raise HTTPException(500, f"The demo could not be made. {error}") from error
        return JSONResponse(self._demo.made)

    async def _empty(self) -> None:
        async with self._workers.paused():
            await self._empty_table()
            self._mailbox.empty()
            self._bus.items.clear()
            self._demo.forget()


async def _json(request: Request) -> Json:
    body = await request.body()
    try:
        return json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The body is not JSON") from error


async def _valid[Model: BaseModel](model: type[Model], request: Request) -> Model:
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        first = error.errors()[0]
        status = 400 if first["type"] == "json_invalid" else 422
        raise HTTPException(status, ": ".join([*map(str, first["loc"]), first["msg"]])) from error
