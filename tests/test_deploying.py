"""`make deploy`: what SAM is asked, by a person and by a pipeline. A program in its place notes how it is called."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[1]
SAM = """#!{python}
import json, os, pathlib, sys
calls = pathlib.Path("calls.json")
before = json.loads(calls.read_text()) if calls.exists() else []
calls.write_text(json.dumps([*before, sys.argv[1:]]))
if "--guided" in sys.argv and os.environ.get("ANSWERS"):
    pathlib.Path("samconfig.toml").write_text(os.environ["ANSWERS"])
sys.exit(int(os.environ.get("FAILS", "0")))
"""
ANSWERS = """version = 0.1
[default.deploy.parameters]
stack_name = "badges"
resolve_s3 = true
capabilities = "CAPABILITY_IAM"
parameter_overrides = "ProductName=\\"Badges\\" AlarmEmail=\\"ops@example.com\\""
[production.deploy.parameters]
stack_name = "badges-production"
"""


@dataclass
class Run:
    """What came of a call."""

    status: int
    said: str
    complained: str
    calls: list[list[str]]  # of SAM, with their arguments

    @property
    def release(self) -> str:
        return self.said.partition("release: ")[2].split()[0]


@dataclass
class Deploying:
    """A folder with something built."""

    folder: Path

    def run(self, *arguments: str, **environment: str) -> Run:
        (self.folder / "calls.json").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "tools.deploy", "--folder", str(self.folder), *arguments],
            cwd=ROOT,
            env={"PATH": str(self.folder / "bin")} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        calls = self.folder / "calls.json"
        return Run(done.returncode, done.stdout, done.stderr, json.loads(calls.read_text()) if calls.exists() else [])


@pytest.fixture
def deploying(tmp_path: Path) -> Deploying:
    (tmp_path / "build" / "functions").mkdir(parents=True)
    template = "Globals:\n  Function:\n    Description: unreleased # says which\n"
    (tmp_path / "build" / "template.yaml").write_text(template)
    (tmp_path / "bin").mkdir()
    sam = tmp_path / "bin" / "sam"
    sam.write_text(SAM.replace("{python}", sys.executable))
    sam.chmod(0o755)
    return Deploying(tmp_path)


def configured(deploying: Deploying) -> Deploying:
    """With answers from an earlier time."""
    (deploying.folder / "samconfig.toml").write_text(ANSWERS)
    return deploying


def test_the_first_time_it_asks_and_then_deploys_what_was_answered(deploying: Deploying) -> None:
    run = deploying.run(ANSWERS=ANSWERS)

    asked, deployed = run.calls
    assert run.status == 0
    assert asked[-2:] == ["--guided", "--no-execute-changeset"]
    assert "--guided" not in deployed
    assert "--confirm-changeset" in deployed
    assert configured(deploying).run().release == run.release


def test_then_it_deploys_as_samconfig_says_and_a_person_confirms(deploying: Deploying) -> None:
    (call,) = configured(deploying).run().calls

    assert call[:2] == ["deploy", "--template-file"]
    assert call[call.index("--config-env") + 1] == "default"
    assert {"--confirm-changeset", "--no-fail-on-empty-changeset"} <= set(call)
    assert call[call.index("--on-failure") + 1] == "DELETE"
    assert not {"--resolve-s3", "--stack-name", "--capabilities", "--parameter-overrides"} & set(call)


def test_a_stage_is_a_section_of_samconfig(deploying: Deploying) -> None:
    (call,) = configured(deploying).run("--stage", "production").calls

    assert call[call.index("--config-env") + 1] == "production"
    assert {"--resolve-s3", "--capabilities"} <= set(call)


@pytest.mark.parametrize(
    ("arguments", "environment", "asks"),
    [
        ((), {"CI": "true"}, False),
        (("--confirm", "no"), {}, False),
        (("--confirm", "yes"), {"CI": "true"}, True),
        ((), {"CI": "false"}, True),
    ],
    ids=["a pipeline", "told not to", "a pipeline, told to", "no pipeline"],
)
def test_a_pipeline_is_not_asked(
    deploying: Deploying,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    asks: bool,  # noqa: FBT001
) -> None:
    (call,) = configured(deploying).run(*arguments, **environment).calls

    assert ("--confirm-changeset" in call, "--no-confirm-changeset" in call) == (asks, not asks)


def test_a_pipeline_may_give_the_parameters_without_samconfig(deploying: Deploying) -> None:
    given = 'Issuer=https://issuer.example.com/?a=b ProductName="Acme Badges"'

    run = deploying.run("--stack", "badges", "--parameters", given, CI="true")

    (call,) = run.calls
    assert call[call.index("--stack-name") + 1] == "badges"
    assert call[call.index("--parameter-overrides") + 1 :] == [
        'Issuer="https://issuer.example.com/?a=b"',
        'ProductName="Acme Badges"',
    ]
    assert not {"--config-file", "--config-env"} & set(call)
    assert not (deploying.folder / "samconfig.toml").exists()


def test_a_pipeline_without_parameters_is_told_what_to_give(deploying: Deploying) -> None:
    run = deploying.run(CI="true")

    assert (run.status, run.calls) == (1, [])
    assert "give PARAMETERS" in run.complained


def test_answers_that_were_not_kept_deploy_nothing(deploying: Deploying) -> None:
    run = deploying.run()

    assert run.status == 1
    assert len(run.calls) == 1
    assert "nothing was deployed" in run.complained


def test_another_parameter_is_another_release_and_the_same_ones_are_the_same(deploying: Deploying) -> None:
    def release(name: str) -> str:
        return deploying.run("--stack", "badges", "--parameters", f"ProductName={name}", CI="true").release

    assert release("Badges") == release("Badges")
    assert release("Badges") != release("Teams")


def test_alarms_that_reach_nobody_are_told(deploying: Deploying) -> None:
    nobody = "Alarms reach nobody"

    def said(parameters: str) -> str:
        return deploying.run("--stack", "badges", CI="true", PARAMETERS=parameters).said

    assert nobody in said("ProductName=Badges AlarmEmail=")
    assert nobody not in said("AlarmTopic=arn:aws:sns:x:1:y")
    assert nobody not in configured(deploying).run().said


def test_a_pipeline_names_its_stack(deploying: Deploying) -> None:
    run = deploying.run("--parameters", "ProductName=Badges", CI="true")

    assert (run.status, run.calls) == (1, [])
    assert run.complained.startswith("Name the stack: STACK=.")


def test_what_fails_ends_as_sam_does(deploying: Deploying) -> None:
    assert configured(deploying).run(FAILS="3").status == 3
    assert deploying.run("--guided", "yes", FAILS="2").status == 2


def test_without_sam_it_says_how_to_get_it(deploying: Deploying) -> None:
    (deploying.folder / "bin" / "sam").unlink()

    run = deploying.run()

    assert run.status == 1
    assert "docs/deploy.md says how to get it" in run.complained


def test_the_workflow_calls_what_make_has_with_no_key_and_each_stage_the_same() -> None:
    workflow = yaml_parse((ROOT / "deploy" / "github-actions.yml").read_text(encoding="utf-8"))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    jobs = workflow["jobs"]
    said = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]

    called = {target for line in said for target in re.findall(r"^make ([a-z-]+)", line, re.MULTILINE)}

    assert called == {"check", "test", "build", "deploy", "smoke"}
    assert called <= targets
    assert jobs["production"]["steps"] == jobs["staging"]["steps"]
    assert (jobs["staging"]["needs"], jobs["production"]["needs"]) == ("check", "staging")
    assert all(jobs[stage]["permissions"]["id-token"] == "write" for stage in ("staging", "production"))
    assert "aws-access-key-id" not in str(workflow)
