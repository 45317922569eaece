"""Calls to the API from inside of the server, by people and machines of its own: no socket, and no line in the log."""

from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp

from local import Json
from local.issuer import Issuer, TokenRequest


class CallError(Exception):
    """A call that was not answered as it should be; its text is a sentence."""


class Person:
    """Somebody with a fixed id and address: `Ann Archer` is ann, at ann@example.com."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.user_id = name.partition(" ")[0].lower()
        self.email = f"{self.user_id}@example.com"

    def claims(self, **more: Json) -> dict[str, Json]:
        """Return what their token says: the body that /_local/token takes."""
        return {"sub": self.user_id, "email": self.email, "name": self.name, **more}


class Calls:
    """The API's gateway, as a client sees it."""

    def __init__(self, gateway: ASGIApp, issuer: Issuer, address: str) -> None:
        self._issuer = issuer
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url=address)

    async def __call__(self, claims: Mapping[str, Json], method: str, path: str, body: Json = None) -> Json:
        """Call with a token of these claims, and return what is answered. Raises CallError if that is no success."""
        token = self._issuer.token(TokenRequest.model_validate(claims))["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self._client.request(method, path, json=body, headers=headers)
        if not answer.is_success:
            raise CallError(f"{method} {path} by {claims.get('name', 'a machine')}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None
