"""Roster on a table that keeps DynamoDB's time: the gateway, and as many workers as there may be callers."""

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from socket import create_server
from typing import Any

import httpx
import uvicorn

from bench.contending.front import Front
from local.engine import LINK_KEY, ROOT, Engine, shed_environment
from local.gateway import Gateway
from local.issuer import Issuer, TokenRequest
from local.server import Server
from local.template import Stack
from local.workers import Workers

ADDRESS = "http://localhost"
PARAMETERS = {
    "Pack": "credentials",
    "Issuer": ADDRESS,
    "Audience": "roster",
    "AppUrl": ADDRESS,
    "AllowedOrigins": ADDRESS,
    "PublicUrl": ADDRESS,
    "MailFrom": "roster@example.com",
}
TABLE = "roster"


class Caller:
    """Somebody with a token, who calls the API as a client does."""

    def __init__(self, client: httpx.AsyncClient, issuer: Issuer, **claims: str) -> None:
        token = issuer.token(TokenRequest.model_validate(claims))["access_token"]
        issuer.claims(token)  # which is remembered: the authorizer's time is no part of this
        self.id = claims["sub"]
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Make a request."""
        return await self._client.request(method, path, json=body, headers=self._headers)

    async def done(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 (JSON)
        """Make a request that must succeed, and return what it is answered."""
        return (await self.call(method, path, body)).raise_for_status().json()


class Stage:
    """What is served, and who calls it."""

    def __init__(self, front: Front, gateway: Gateway, issuer: Issuer) -> None:
        self.front, self._issuer = front, issuer
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url=ADDRESS, timeout=60)

    def person(self, name: str) -> Caller:
        """Somebody who signs in, with a verified address."""
        return Caller(self._client, self._issuer, sub=name, name=name, email=f"{name}@example.com")

    def machine(self, scopes: str) -> Caller:
        """A back end of the product's own."""
        return Caller(self._client, self._issuer, sub="backend", client_id="backend", scope=scopes)


@asynccontextmanager
async def staged(size: int, functions: Collection[str]) -> AsyncIterator[Stage]:
    """Serve some of the functions, with so many workers."""
    shed_environment()
    stack = Stack(PARAMETERS, {"Table": TABLE, "LinkKey": LINK_KEY, "LinkKey.Arn": LINK_KEY})
    used = {name: stack.functions[name] for name in functions}
    engine = Engine(TABLE)
    listener = create_server(("127.0.0.1", 0), backlog=1024)
    environment = {
        **os.environ,
        **{name: value for function in used.values() for name, value in function.environment.items()},
        "AWS_ENDPOINT_URL": engine.address,
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{listener.getsockname()[1]}",
    }
    workers = Workers(size, used, environment, ROOT)
    front = Front(engine.table_address)
    server = Server(uvicorn.Config(front, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        issuer, *_ = await asyncio.gather(
            asyncio.to_thread(Issuer, stack.issuer, stack.audience),
            asyncio.to_thread(engine.prepare, stack),
            workers.start(),
        )
        yield Stage(front, Gateway(stack.routes, issuer, workers.invoke), issuer)
    finally:
        await workers.close()
        server.should_exit = True
        await serving
        engine.close()
