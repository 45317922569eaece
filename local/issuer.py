"""A local OpenID Connect issuer, and the check of its tokens that API Gateway's JWT authorizer makes."""

import json
import time
import uuid
from collections.abc import Collection
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import BaseModel, ConfigDict, Field

# Verifying a signature costs more than the rest of the gateway. Nothing but time makes a good token a bad one.
_REMEMBERED = 10_000


class TokenRequest(BaseModel):
    """Whom a token is for: a person with an address, or a machine."""

    model_config = ConfigDict(extra="forbid")

    sub: str | None = None
    email: str | None = None
    email_verified: bool | str | int | None = True
    name: str | None = None
    scope: str | None = None
    client_id: str | None = None
    auth_time: int | None = None
    locale: str | None = None
    expires_in: int = Field(default=86_400, ge=-(10**9), le=10**9)

    def claims(self) -> dict[str, Any]:
        given = [name for name in (self.sub, self.client_id, str(uuid.uuid4())) if name is not None]
        nobody = self.email is None and self.client_id is None
        verified = None if self.email is None else self.email_verified
        said = {
            "sub": given[0],
            "client_id": given[0] if nobody else self.client_id,  # which makes it a machine
            "email": self.email,
            "email_verified": verified,
            "name": self.name,
            "scope": self.scope,
            "auth_time": self.auth_time,
            "locale": self.locale,
        }
        return {claim: value for claim, value in said.items() if value is not None}


class Issuer:
    """Signs tokens with a key that lives as long as the server, and knows its own."""

    def __init__(self, address: str, audience: Collection[str]) -> None:
        self.address = address
        self._audience = set(audience)
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid.uuid4().hex
        self._verified: dict[str, dict[str, Any]] = {}

    def token(self, request: TokenRequest) -> dict[str, Any]:
        """Sign a token, and return what a token endpoint answers."""
        now = int(time.time())
        claims = request.claims() | {
            "iss": self.address,
            "aud": min(self._audience),
            "iat": now,
            "exp": now + request.expires_in,
            "jti": str(uuid.uuid4()),
        }
        signed = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})
        return {"access_token": signed, "token_type": "Bearer", "expires_in": request.expires_in}

    def claims(self, token: str) -> dict[str, Any] | None:
        """Return a good token's claims, and of any other None."""
        claims = self._verified.get(token)
        if claims is None:
            claims = self._verify(token)
            if claims is None:
                return None
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            self._verified[token] = claims
        return claims if claims["exp"] > time.time() else None

    def _verify(self, token: str) -> dict[str, Any] | None:
        # Beyond what PyJWT checks here, the authorizer looks at `aud`, or at `client_id` where there is no `aud`.
        try:
            decoded = jwt.decode_complete(
                token,
                self._key.public_key(),
                algorithms=["RS256", "RS384", "RS512"],
                issuer=self.address,
                options={"require": ["exp", "iss"], "verify_aud": False, "verify_sub": False, "verify_jti": False},
            )
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            return None
        claims: dict[str, Any] = decoded["payload"]
        named = claims.get("aud", claims.get("client_id"))
        audience = named if isinstance(named, list) else [named]
        ours = decoded["header"].get("kid") == self._key_id
        return claims if ours and not self._audience.isdisjoint(map(str, audience)) else None

    def key_set(self) -> dict[str, Any]:
        """Return the public key, as a JWKS."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [public | {"kid": self._key_id, "alg": "RS256", "use": "sig"}]}

    def configuration(self) -> dict[str, Any]:
        """Return what stands at .well-known/openid-configuration."""
        return {
            "issuer": self.address,
            "jwks_uri": f"{self.address}/jwks.json",
            "token_endpoint": f"{self.address}/token",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        }
