"""Everything that `make run` starts, and how it ends."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from socket import socket
from typing import Any, cast

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from local import app as demo_app
from local import terminal, tour
from local.bus import Bus
from local.calls import CallError, Calls
from local.control import EVENTBRIDGE, SES, Control
from local.cors import CorsGateway
from local.demo import Demo
from local.engine import LINK_KEY, ROOT, Engine, shed_environment
from local.gateway import Gateway, refusal
from local.issuer import Issuer
from local.mailbox import Mailbox
from local.ports import Ports
from local.schedule import Scheduler
from local.streams import Pump
from local.template import Stack
from local.workers import InvocationError, Workers
from roster.policy.pack import load

INNER = (SES, EVENTBRIDGE)  # what the functions themselves call

type Work = Callable[[], Coroutine[Any, Any, None]]


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to us: it would end by raising them again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(pack: str, ports: Ports, size: int, *, app: str, seeded: bool) -> None:
    """Serve a pack to an app's origin, on listening sockets with so many workers, until Ctrl-C or SIGTERM."""
    shed_environment()
    with suppress(asyncio.CancelledError):
        uvloop.run(_serve(pack, ports, size, app=app, seeded=seeded))
    terminal.flush()


def _stack(pack: str, address: str, app: str, table: str) -> Stack:
    parameters = {
        "Pack": pack,
        "Issuer": f"{address}/_local",
        "Audience": "roster",
        "AppUrl": app,
        "AllowedOrigins": app,
        "PublicUrl": address,
        "MailFrom": "roster@example.com",
        "EventBus": "local",
    }
    return Stack(parameters, {"Table": table, "LinkKey": LINK_KEY, "LinkKey.Arn": LINK_KEY})


def _environment(stack: Stack, engine: Engine, address: str) -> dict[str, str]:
    """Return the functions' environment. They share processes here, so it is all of theirs in one."""
    endpoints = {
        "AWS_ENDPOINT_URL": engine.address,
        "AWS_ENDPOINT_URL_DYNAMODB": engine.table_address,
        "AWS_ENDPOINT_URL_SESV2": f"{address}{SES}",
        "AWS_ENDPOINT_URL_EVENTBRIDGE": f"{address}{EVENTBRIDGE}",
    }
    shared = {name: value for function in stack.functions.values() for name, value in function.environment.items()}
    return {**os.environ, **endpoints, **{name: str(value) for name, value in shared.items()}}


async def _serve(pack: str, ports: Ports, size: int, *, app: str, seeded: bool) -> None:
    serving = cast("asyncio.Task[None]", asyncio.current_task())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    port = ports.api.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as at_the_end:
        engine = Engine(f"roster-{port}")  # it comes up while the rest is made ready
        at_the_end.callback(engine.close)
        stack = _stack(pack, address, app, engine.table)
        workers = Workers(size, stack.functions, _environment(stack, engine, address), ROOT)
        at_the_end.push_async_callback(workers.close)
        issuer, *_ = await asyncio.gather(
            asyncio.to_thread(Issuer, stack.issuer, stack.audience),
            asyncio.to_thread(engine.prepare, stack),
            workers.start(),
        )
        pump = Pump(engine.streams, stack.streams, workers.invoke)
        pump.seek(engine.stream_arn())

        async def empty_table() -> None:
            await asyncio.to_thread(engine.empty, stack)
            pump.seek(engine.stream_arn())

        gateway, mailbox, bus = Gateway(stack.routes, issuer, workers.invoke), Mailbox(), Bus()
        calls = Calls(gateway, issuer, address)
        demo = Demo(load(pack), calls, workers, pump=pump, mailbox=mailbox, functions=stack.functions)
        control = Control(
            stack, issuer, workers, pump=pump, mailbox=mailbox, bus=bus, demo=demo, empty_table=empty_table
        )
        door = Door(_application(control, gateway, stack))

        async def open_up() -> None:
            made = seeded and await _seed(demo, pump)
            terminal.say(tour.greeting(pack, address, app, demo=bool(ports.app), seeded=made))
            door.open()

        scheduler = Scheduler(stack.schedules, workers.now, workers.invoke)
        served = {_server(door): [ports.api]}
        if ports.app:
            served[_server(demo_app.application(address, app))] = ports.app
        await _until_cancelled(served, open_up, pump.run, scheduler.run)


async def _seed(demo: Demo, pump: Pump) -> bool:
    """Make the demo, and tell whether it was made; a pack that it does not fit is served all the same."""
    try:
        async with pump.lock:
            await demo.make()
    except (CallError, InvocationError) as error:
        terminal.say(f"The demo could not be made, or only in part. {error}", error=True)
        return False
    return True


class Door:
    """An ASGI application before another: until it is open, all wait but the functions with their mails and events."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._open = app, asyncio.Event()

    def open(self) -> None:
        """Let everybody in."""
        self._open.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(INNER):
            await self._open.wait()
        await self._app(scope, receive, send)


def _application(control: Control, gateway: Gateway, stack: Stack) -> ASGIApp:
    app = Starlette(routes=[*control.routes(), Mount("", gateway)], exception_handlers={HTTPException: _refused})
    return terminal.AccessLog(CorsGateway(app, stack.cors), unless=INNER)


async def _refused(_: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    return refusal(refused.status_code, refused.detail)


def _server(app: ASGIApp) -> Server:
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


async def _until_cancelled(served: Mapping[Server, list[socket]], first: Work, *beside: Work) -> None:
    """Serve on these sockets; do the first work, and then the rest beside it."""
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # that a client sent nonsense is no news
    serving = asyncio.gather(*(server.serve(sockets=sockets) for server, sockets in served.items()))
    tasks: list[asyncio.Task[None]] = []
    try:
        await first()
        tasks += [asyncio.create_task(one()) for one in beside]
        await asyncio.shield(serving)
    finally:
        for task in tasks:
            task.cancel()
        for server in served:
            server.should_exit = True
        await serving
