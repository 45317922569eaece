"""Builds what is deployed into build/, laid out as the repository is, so that template.yaml holds there unchanged.

No container: the layer's wheels are Lambda's (arm64), whatever this machine is. As those cannot be imported here, the
same lock is then installed for this machine, and every function of the template imported against it. What they
import of the layer is compiled into it: Lambda's disk is read-only, so each cold start would compile it anew.
"""

import io
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from samtranslator.yaml_helper import yaml_parse

from tools.release import stamp

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LAYER = BUILD / "layers" / "shared"
LAYER_LIMIT, ZIPPED_LIMIT = 12_000_000, 4_500_000  # bytes: what a cold start has to load
LAMBDA = (3, 13)  # the Python of the template: bytecode of another one is nothing to it
PROVIDED = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"]  # by Lambda's runtime

IMPORT = """
import importlib, sys
paths, handlers = sys.argv[1].split(":"), sys.argv[2:]
sys.path[:0] = paths
for handler in handlers:
    module, name = handler.rsplit(".", 1)
    if not callable(getattr(importlib.import_module(module), name)):
        sys.exit(f"{handler} cannot be called")
files = (getattr(module, "__file__", None) or "" for module in sys.modules.values())
print(*(file for file in files if file.endswith(".py")), sep="\\n")
"""


def main() -> None:
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(ROOT / "functions", BUILD / "functions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", BUILD)
    build_layer(LAYER)

    template = yaml_parse((BUILD / "template.yaml").read_text())
    modules = import_functions(template)
    print(f"functions: {len(handlers_of(template))}, each imported against the same lock built for this machine")
    if sys.version_info[:2] == LAMBDA:
        compile_modules(LAYER, modules)
    else:
        print("bytecode: none, as this Python is not Lambda's. Cold starts take longer.")

    size, zipped = sizes(LAYER)
    print(
        f"layer: {size / 1e6:.1f} MB unzipped, of {LAYER_LIMIT / 1e6:.0f}; "
        f"{zipped / 1e6:.1f} MB zipped, of {ZIPPED_LIMIT / 1e6:.1f}"
    )
    if size > LAYER_LIMIT or zipped > ZIPPED_LIMIT:
        sys.exit("The layer is too large.")
    print(f"release: {stamp(BUILD, os.environ.get('PARAMETERS', ''))}")


def build_layer(folder: Path, **variables: str) -> None:
    settings = {"UV": find_uv(), "ARTIFACTS_DIR": str(folder), **variables}
    arguments = [f"{name}={value}" for name, value in settings.items()]
    subprocess.run(["make", "--silent", "-C", ROOT / "layers" / "shared", "build-SharedLayer", *arguments], check=True)


def find_uv() -> str:
    return str(Path(sys.executable).with_name("uv"))


def import_functions(template: dict[str, Any]) -> list[Path]:
    """Imports every handler in an interpreter that sees what Lambda would show it, and nothing of this environment.

    Returns the layer's modules that were imported, by their places in the layer.
    """
    handlers = handlers_of(template)
    with TemporaryDirectory() as temporary:
        paths = ":".join(map(str, lay_out(Path(temporary))))
        environment = {**environment_of(template), "AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]}
        # -I -S: neither the environment's variables, nor this folder, nor any installed package.
        command = [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", IMPORT, paths, *handlers]
        imported = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
        layer = Path(temporary, "layer")
        return sorted(
            file.relative_to(layer) for file in map(Path, imported.splitlines()) if file.is_relative_to(layer)
        )


def compile_modules(layer: Path, modules: Iterable[Path]) -> None:
    """Compiles modules of a layer, without docstrings, which nobody reads there.

    Python takes this bytecode as it is, whatever times a zip gives to files.
    """
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for module in modules:
        source, place = layer / module, Path("/opt", module)
        kept = cache_from_source(str(source))
        py_compile.compile(str(source), kept, str(place), doraise=True, optimize=2, invalidation_mode=mode)


def sizes(layer: Path) -> tuple[int, int]:
    """Returns a layer's bytes, unzipped and zipped."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for file in layer.rglob("*"):
            archive.write(file, file.relative_to(layer))
        return sum(entry.file_size for entry in archive.infolist()), packed.tell()


def handlers_of(template: dict[str, Any]) -> list[str]:
    functions = [resource for resource in template["Resources"].values() if resource["Type"].endswith("::Function")]
    return [function["Properties"]["Handler"] for function in functions]


def lay_out(folder: Path, provided: Iterable[str] = PROVIDED) -> list[Path]:
    """Lays out what Lambda would show a function, for this machine: its code, the same lock, and what Lambda has."""
    layer = folder / "layer"
    build_layer(layer, PLATFORM="", PYTHON_VERSION=f"{sys.version_info.major}.{sys.version_info.minor}")
    built = (file.relative_to(LAYER) for file in LAYER.rglob("*.pyc"))
    compile_modules(layer, (file.parents[1] / f"{file.name.split('.')[0]}.py" for file in built))
    link_provided(folder / "provided", provided)
    return [BUILD / "functions", folder / "layer" / "python", folder / "provided"]


def environment_of(template: dict[str, Any]) -> dict[str, str]:
    """Gives every variable its parameter's default, and a word that means nothing where there is none."""
    defaults = {name: str(parameter.get("Default", "unset")) for name, parameter in template["Parameters"].items()}
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    return {
        name: defaults.get(value.get("Ref", ""), "unset") if isinstance(value, dict) else value
        for name, value in variables.items()
    }


def link_provided(folder: Path, modules: Iterable[str]) -> None:
    folder.mkdir()
    for name in modules:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            sys.exit(f"{name} is not installed here, though Lambda has it.")
        source = Path(spec.origin)
        source = source.parent if source.name == "__init__.py" else source
        (folder / source.name).symlink_to(source)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)  # what was started has said what is wrong
