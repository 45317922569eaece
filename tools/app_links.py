"""Write the two files that let a phone open the link of an invitation in the product's own app.

`apple-app-site-association` is for iOS (universal links), `assetlinks.json` for Android (app links). The host of AppUrl
serves them at /.well-known/, as application/json and without a redirect. docs/mobile.md says the rest.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.arguments import Parser, refuse

FOLDER = Path("build/app-links/.well-known")
APPLE = "apple-app-site-association"
ANDROID = "assetlinks.json"

TEAM = r"[A-Z0-9]{10}"
BUNDLE = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
PACKAGE = r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+"
CERTIFICATE = r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}"
APP = r"https?://[^\s/?#]+(/[^\s/?#]+)*"


def arguments() -> argparse.Namespace:
    parser = Parser(
        usage="make app-links TEAM=… BUNDLE=… PACKAGE=… CERTIFICATE=… [APP=…]",
        description=__doc__.partition("\n")[0],
        epilog="Who has an app for one of the two systems leaves out the other's pair.",
    )
    parser.add_argument("--team", default="", help="TEAM: Apple's Team ID, 10 capital letters and digits")
    parser.add_argument("--bundle", default="", help="BUNDLE: the iOS app's bundle ID, such as com.example.app")
    parser.add_argument(
        "--package", default="", help="PACKAGE: the Android app's package name, such as com.example.app"
    )
    parser.add_argument(
        "--certificate",
        default="",
        help="CERTIFICATE: the SHA-256 fingerprint of the certificate that signs the Android app, 32 pairs of "
        "hexadecimal digits with colons between them; several stand with a comma or a blank between them",
    )
    parser.add_argument("--app", default="", help="APP: the deployment's AppUrl, which matters only if it has a path")
    return parser.parse_args()


def main() -> None:
    """Write the files of the systems that there is an app for, and say where they belong."""
    given = arguments()
    certificates = [*re.findall(r"[^\s,]+", given.certificate)]
    _check(given, certificates)
    files = {
        **({APPLE: apple(given.team, given.bundle, urlsplit(given.app).path)} if given.team else {}),
        **({ANDROID: android(given.package, certificates)} if given.package else {}),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in (APPLE, ANDROID):
        (FOLDER / name).unlink(missing_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        print(FOLDER / name)
    print("Serve them from the host of AppUrl at /.well-known/, as application/json, by https and without a redirect.")


def apple(team: str, bundle: str, path: str = "") -> dict[str, Any]:
    """Return what Apple reads: the app opens the one path of all invitations."""
    links = {"appIDs": [f"{team}.{bundle}"], "components": [{"/": f"{path}/invitation"}]}
    return {"applinks": {"details": [links]}}


def android(package: str, certificates: list[str]) -> list[dict[str, Any]]:
    """Return what Android reads: which app may open the host's links. Its paths stand in the app's manifest."""
    fingerprints = [certificate.upper() for certificate in certificates]
    target = {"namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": fingerprints}
    return [{"relation": ["delegate_permission/common.handle_all_urls"], "target": target}]


def _check(given: argparse.Namespace, certificates: list[str]) -> None:
    """Refuse what is no name of an app, by a sentence that says what would be one."""
    if not any((given.team, given.bundle, given.package, certificates)):
        refuse("Give TEAM and BUNDLE for an iOS app, PACKAGE and CERTIFICATE for an Android app, or all four.")
    if bool(given.team) != bool(given.bundle):
        refuse("An iOS app needs both TEAM and BUNDLE.")
    if bool(given.package) != bool(certificates):
        refuse("An Android app needs both PACKAGE and CERTIFICATE.")
    _match(TEAM, given.team, "no Team ID of Apple: TEAM is 10 capital letters and digits, such as A1B2C3D4E5.")
    _match(BUNDLE, given.bundle, "no bundle ID of an iOS app: BUNDLE looks like com.example.app.")
    _match(PACKAGE, given.package, "no package name of an Android app: PACKAGE looks like com.example.app.")
    for one in certificates:
        _match(
            CERTIFICATE,
            one,
            "no SHA-256 fingerprint: CERTIFICATE is 32 pairs of hexadecimal digits with colons between them, as "
            "`keytool -list -v` and the Play Console show it.",
        )
    _match(APP, given.app, "no AppUrl: APP looks like https://app.example.com, without a slash at its end.")


def _match(pattern: str, text: str, sentence: str) -> None:
    if text and not re.fullmatch(pattern, text, re.ASCII):
        refuse(f"{text!r} is {sentence}")


if __name__ == "__main__":
    main()
