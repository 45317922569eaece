"""`make app-links`: what phones read, to the letter, or one sentence and nothing written."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FINGERPRINT = ":".join(f"{number:02X}" for number in range(0xA0, 0xC0))
OTHER = ":".join(f"{number:02X}" for number in range(32))
BOTH = {"team": "A1B2C3D4E5", "bundle": "com.example.app", "package": "com.example.app_2", "certificate": FINGERPRINT}


def run(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    return called(folder, *(f"--{name}={value}" for name, value in given.items()))


def called(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.app_links", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def written(folder: Path) -> dict[str, Any]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): json.loads(path.read_text()) for path in files}


APPLE = {
    "applinks": {"details": [{"appIDs": ["A1B2C3D4E5.com.example.app"], "components": [{"/": "/invitation"}]}]},
}
ANDROID = [
    {
        "relation": ["delegate_permission/common.handle_all_urls"],
        "target": {
            "namespace": "android_app",
            "package_name": "com.example.app_2",
            "sha256_cert_fingerprints": [FINGERPRINT],
        },
    }
]


def test_both_files_are_written_as_the_platforms_read_them(tmp_path: Path) -> None:
    ran = run(tmp_path, **BOTH)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert written(tmp_path) == {
        "build/app-links/.well-known/apple-app-site-association": APPLE,
        "build/app-links/.well-known/assetlinks.json": ANDROID,
    }
    assert ran.stdout == (
        "build/app-links/.well-known/apple-app-site-association\n"
        "build/app-links/.well-known/assetlinks.json\n"
        "Serve them from the host of AppUrl at /.well-known/, as application/json, by https and without a redirect.\n"
    )


def test_an_app_may_be_signed_by_several_certificates(tmp_path: Path) -> None:
    run(tmp_path, **BOTH | {"certificate": f"{FINGERPRINT.lower()}, {OTHER}"})

    (links,) = written(tmp_path)["build/app-links/.well-known/assetlinks.json"]
    assert links["target"]["sha256_cert_fingerprints"] == [FINGERPRINT, OTHER]


def test_the_path_of_the_app_is_in_the_pattern(tmp_path: Path) -> None:
    run(tmp_path, **BOTH, app="https://example.com/app/v2")

    (details,) = written(tmp_path)["build/app-links/.well-known/apple-app-site-association"]["applinks"]["details"]
    assert details["components"] == [{"/": "/app/v2/invitation"}]


def test_who_has_an_app_for_one_system_gets_its_file_alone(tmp_path: Path) -> None:
    run(tmp_path, **BOTH)
    ran = run(tmp_path, team="A1B2C3D4E5", bundle="com.example.app", package="", certificate="")

    assert ran.returncode == 0
    assert written(tmp_path) == {"build/app-links/.well-known/apple-app-site-association": APPLE}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"team": "a1b2c3d4e5"}, "'a1b2c3d4e5' is no Team ID of Apple"),
        ({"team": "A1B2C3D4E"}, "'A1B2C3D4E' is no Team ID of Apple"),
        ({"team": ""}, "An iOS app needs both TEAM and BUNDLE."),
        ({"bundle": ""}, "An iOS app needs both TEAM and BUNDLE."),
        ({"bundle": "com.example.*"}, "'com.example.*' is no bundle ID of an iOS app"),
        ({"bundle": "com.example.app\n"}, r"'com.example.app\n' is no bundle ID of an iOS app"),
        ({"package": ""}, "An Android app needs both PACKAGE and CERTIFICATE."),
        ({"package": "app"}, "'app' is no package name of an Android app"),
        ({"package": "com.2example.app"}, "'com.2example.app' is no package name of an Android app"),
        ({"package": "com.example-app"}, "'com.example-app' is no package name of an Android app"),
        ({"certificate": " , "}, "An Android app needs both PACKAGE and CERTIFICATE."),
        ({"certificate": FINGERPRINT[:-3]}, "is no SHA-256 fingerprint"),
        ({"certificate": FINGERPRINT.replace(":", "")}, "is no SHA-256 fingerprint"),
        ({"certificate": f"{FINGERPRINT} {FINGERPRINT[:59]}"}, "is no SHA-256 fingerprint"),  # SHA-1 is shorter
        ({"app": "app.example.com"}, "'app.example.com' is no AppUrl"),
        ({"app": "https://app.example.com/"}, "'https://app.example.com/' is no AppUrl"),
        ({"teams": "A1B2C3D4E5"}, "--help tells what there is."),
        (dict.fromkeys(BOTH, ""), "Give TEAM and BUNDLE for an iOS app, PACKAGE and CERTIFICATE for an Android app"),
    ],
)
def test_bad_input_gets_one_sentence_and_writes_nothing(tmp_path: Path, wrong: dict[str, str], sentence: str) -> None:
    ran = run(tmp_path, **BOTH | wrong)

    assert ran.returncode == 2
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert (ran.stdout, written(tmp_path)) == ("", {})


def test_bad_input_leaves_what_was_written_before(tmp_path: Path) -> None:
    run(tmp_path, **BOTH)
    before = written(tmp_path)

    run(tmp_path, **BOTH | {"team": "?"})

    assert written(tmp_path) == before


def test_help_names_every_variable(tmp_path: Path) -> None:
    ran = called(tmp_path, "--help")

    assert ran.returncode == 0

    for variable in ("TEAM", "BUNDLE", "PACKAGE", "CERTIFICATE", "APP"):
        assert f"{variable}: " in ran.stdout
