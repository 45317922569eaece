"""What `make run` prints when it is ready: where it is, what it runs, and lines to paste."""

import json

from local import Json
from local.demo import ANN, BOB
from roster.policy.pack import load

_SEEDED = [
    "Two organizations are there already: Ann's (ann@example.com), with somebody in every role, and Bob's.",
    "POST /_local/seed makes them anew and lists them with their people; POST /_local/reset empties everything.",
]


def greeting(name: str, address: str, app: str, *, demo: bool, seeded: bool) -> str:
    """Return the first lines; the very first has the API's address, and the next one the app's."""
    pack = load(name)
    plans, role = list(pack.plans.values()), list(pack.roles)[-1]
    token = f"{address}/_local/token"
    lines = [
        f"Roster ({name}) is ready at {address}",
        f"Open {app}/team in a browser: the demo's app, with the mailbox beside it. Mailed links lead there, too."
        if demo
        else f"Mailed links lead to {app}, whose pages may call the API. Roster serves nothing there.",
        f"Roles: {', '.join(pack.roles)}. Plans: {', '.join(pack.plans)}; a new organization is on {plans[0].name}.",
        *(_SEEDED if seeded else ()),
        "Sign in, create an organization, invite somebody, read their mail:",
        "",
        f"TOKEN=$({_curl(token, ANN.claims())} | cut -d'\"' -f4)",
        f"ORG=$({_curl(f'{address}/organizations', {'name': 'Acme'}, 'TOKEN')} | cut -d'\"' -f4); echo $ORG",
    ]
    if plans[0].members == 1:  # nobody can be invited before the product's billing has raised the plan
        lines += [
            f"BILLING=$({_curl(token, {'client_id': 'billing', 'scope': 'roster/billing'})} | cut -d'\"' -f4)",
            _curl(f"-X PUT {address}/organizations/$ORG/plan", {"plan": plans[1].name}, "BILLING"),
        ]
    invitation = {"email": BOB.email, "roles": [role]}
    return "\n".join(
        [
            *lines,
            _curl(f"{address}/organizations/$ORG/invitations", invitation, "TOKEN"),
            f"sleep 2; curl -s {address}/_local/mailbox",
            "",
        ]
    )


def _curl(url: str, body: Json, token: str = "") -> str:
    signed_in = f'-H "Authorization: Bearer ${token}" ' if token else ""
    return f"curl -s {url} {signed_in}-H 'Content-Type: application/json' -d '{json.dumps(body)}'"
