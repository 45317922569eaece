"""A sample deployment, for what runs the functions without AWS and without a server: its parameters and resources."""

from local.template import ACCOUNT, REGION

PACKS = ("credentials", "teams", "certificates")
TABLE = "roster"
LINK_KEY = "alias/links"
PARAMETERS = {
    "Issuer": "https://issuer.example.com",
    "Audience": "roster",
    "AppUrl": "https://app.example.com",
    "AllowedOrigins": "https://app.example.com",
    "PublicUrl": "https://api.example.com",
    "MailFrom": "roster@example.com",
    "ProductName": "Badges",
    "EventBus": "events",
}
RESOURCES = {
    "Table": TABLE,
    "Table.Arn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}",
    "LinkKey": LINK_KEY,
    "LinkKey.Arn": LINK_KEY,
}
