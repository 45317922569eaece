"""What the tokens of five sign-in providers claim, each after that provider's own documentation (docs/signin.md)."""

from dataclasses import dataclass
from typing import Any

type Claims = dict[str, Any]

AUTH0: Claims = {"iss": "https://my-domain.auth0.com/", "aud": "https://api.example.com", "azp": "my_client_id"}
COGNITO: Claims = {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example", "auth_time": 1795752844}
ENTRA: Claims = {
    "iss": "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
    "aud": "00001111-aaaa-2222-bbbb-3333cccc4444",
    "azp": "11112222-bbbb-3333-cccc-4444dddd5555",
    "tid": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
    "ver": "2.0",
}
CLERK: Claims = {"iss": "https://clean-mayfly-62.clerk.accounts.dev", "aud": "roster"}
KEYCLOAK: Claims = {"iss": "https://id.example.com/realms/product", "aud": ["roster", "account"], "typ": "Bearer"}
ADA: Claims = {"name": "Ada Archer", "email": "ada@example.com"}
VERIFIED = ADA | {"email_verified": True}
SCOPES = "roster/billing roster/read"


@dataclass(frozen=True, eq=False)
class Provider:
    """A provider: the parameters of template.yaml for it, and what its tokens claim."""

    name: str
    parameters: dict[str, str]
    person: Claims
    machine: Claims
    impostors: list[Claims]  # tokens of people that claim all that people can make theirs claim
    verified: str = "email_verified"

    def __str__(self) -> str:
        return self.name


PROVIDERS = [
    Provider(
        "Cognito",
        {"Issuer": COGNITO["iss"], "Audience": "app1client,billing1client", "MachineRule": "client_id={sub}"},
        person=COGNITO
        | VERIFIED
        | {
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "aud": "app1client",
            "token_use": "id",
            "cognito:username": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "origin_jti": "cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee",
        },
        machine=COGNITO
        | {
            "sub": "billing1client",
            "client_id": "billing1client",
            "token_use": "access",
            "scope": SCOPES,
            "version": 2,
        },
        impostors=[
            # The person's access token.
            COGNITO
            | {"sub": "aaaa-bbbb", "client_id": "app1client", "token_use": "access", "scope": f"openid {SCOPES}"},
            # The same by a machine's client, and an ID token with attributes of the person's own.
            COGNITO | {"sub": "aaaa-bbbb", "client_id": "billing1client", "token_use": "access", "scope": SCOPES},
            COGNITO
            | VERIFIED
            | {
                "sub": "aaaa-bbbb",
                "aud": "app1client",
                "token_use": "id",
                "cognito:username": "billing1client",
                "custom:client_id": "aaaa-bbbb",
                "custom:gty": "client-credentials",
                "nickname": "billing1client",
                "profile": SCOPES,
            },
        ],
    ),
    Provider(
        "Auth0",
        {"Issuer": AUTH0["iss"], "Audience": AUTH0["aud"], "MachineRule": "gty=client-credentials"},
        person=AUTH0
        | VERIFIED
        | {
            "sub": "auth0|123456",
            "aud": ["https://api.example.com", "https://my-domain.auth0.com/userinfo"],
            "scope": "openid profile email",
        },
        machine=AUTH0 | {"sub": "my_client_id@clients", "gty": "client-credentials", "scope": SCOPES},
        impostors=[
            AUTH0 | VERIFIED | {"sub": "auth0|my_client_id@clients", "scope": SCOPES, "permissions": SCOPES.split()},
            AUTH0 | VERIFIED | {"sub": "auth0|123456", "gty": "password", "scope": SCOPES},
            AUTH0 | VERIFIED | {"sub": "auth0|123456", "gty": ["refresh_token", "client-credentials"], "scope": SCOPES},
        ],
    ),
    Provider(
        "Entra ID",
        {
            "Issuer": ENTRA["iss"],
            "Audience": ENTRA["aud"],
            "EmailVerifiedClaim": "xms_edov",
            "MachineRule": "idtyp=app",
            "ScopeClaim": "roles",
        },
        person=ENTRA
        | ADA
        | {
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
            "oid": "aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb",
            "preferred_username": "ada@example.com",
            "scp": "access_as_user",
            "xms_edov": True,
        },
        machine=ENTRA
        | {
            "sub": "bbbbbbbb-1111-2222-3333-cccccccccccc",
            "oid": "bbbbbbbb-1111-2222-3333-cccccccccccc",
            "idtyp": "app",
            "roles": SCOPES.split(),
        },
        impostors=[
            ENTRA | ADA | {"sub": "AAAA", "scp": SCOPES, "roles": SCOPES.split(), "xms_edov": True},
            ENTRA | ADA | {"sub": "AAAA", "oid": "AAAA", "idtyp": "user", "roles": SCOPES.split()},
            ENTRA | ADA | {"sub": "AAAA", "preferred_username": "app", "roles": ["app", *SCOPES.split()]},
        ],
        verified="xms_edov",
    ),
    Provider(
        "Clerk",
        {"Issuer": CLERK["iss"], "Audience": CLERK["aud"], "MachineRule": "machine=roster"},
        person=CLERK
        | VERIFIED
        | {"sub": "user_1deJLArSTiWiF1YdsEWysnhJLLY", "azp": "https://app.example.com", "jti": "10db7f531a90cb2faea4"},
        machine=CLERK
        | {
            "sub": "mch_2vYVtestTESTtestTESTtestTESTtest",
            "jti": "mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE",
            "scopes": "mch_1xxxxx",
            "machine": "roster",
            "scope": SCOPES,
        },
        impostors=[
            CLERK | VERIFIED | {"sub": "user_1deJ", "scope": SCOPES, "scopes": "machine"},
            CLERK | VERIFIED | {"sub": "user_1deJ", "unsafe_meta": {"machine": "roster", "scope": SCOPES}},
        ],
    ),
    Provider(
        "Keycloak",
        {
            "Issuer": KEYCLOAK["iss"],
            "Audience": "roster",
            "MachineRule": "client_id=roster-billing,client_id=roster-backend",
        },
        person=KEYCLOAK
        | VERIFIED
        | {
            "sub": "1d2d88f8-8b68-4b6b-883f-1af68b598612",
            "azp": "app",
            "auth_time": 1795752844,
            "scope": "openid email profile",
            "preferred_username": "ada",
        },
        machine=KEYCLOAK
        | {
            "sub": "b4768e19-2d00-43ac-b675-647e370c6f7c",
            "azp": "roster-billing",
            "client_id": "roster-billing",
            "scope": f"{SCOPES} email profile",
            "preferred_username": "service-account-roster-billing",
            "email_verified": False,
            "clientAddress": "172.18.0.1",
        },
        impostors=[
            KEYCLOAK | VERIFIED | {"sub": "1d2d", "azp": "roster-billing", "scope": SCOPES},
            KEYCLOAK | VERIFIED | {"sub": "1d2d", "azp": "app", "client_id": "app", "scope": SCOPES},
            KEYCLOAK
            | VERIFIED
            | {"sub": "1d2d", "azp": "app", "preferred_username": "service-account-roster-billing", "scope": SCOPES},
        ],
    ),
]
