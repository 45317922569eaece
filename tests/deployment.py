"""The deployment that tests run in: the functions' environment as the template sets it, before they are imported."""

import os

from local.template import Stack

TABLE = "roster"
LINK_KEY = "alias/links"
PACKS = ("credentials", "teams", "certificates")
PARAMETERS = {
    "Issuer": "https://issuer.example.com",
    "Audience": "roster",
    "AppUrl": "https://app.example.com",
    "AllowedOrigins": "https://app.example.com",
    "PublicUrl": "https://api.example.com",
    "MailFrom": "roster@example.com",
    "ProductName": "Badges",
}
STACKS = {
    pack: Stack(PARAMETERS | {"Pack": pack}, {"Table": TABLE, "LinkKey": LINK_KEY, "LinkKey.Arn": LINK_KEY})
    for pack in PACKS
}

os.environ |= {
    name: str(value)
    for function in STACKS["credentials"].functions.values()
    for name, value in function.environment.items()
}
os.environ |= {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}
