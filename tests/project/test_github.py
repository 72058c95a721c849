"""The workflows and issue forms are in order: they can't be run here, but they can be read."""

import re

import pytest
import yaml
from notebook_form import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def load(path):
    """Read a file of YAML."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(workflow):
    """Return the steps of all jobs."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_there_are_a_workflow_and_an_issue_form():
    assert "test.yml" in {path.name for path in WORKFLOWS}
    assert FORMS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_uses_official_actions_only(path):
    used = [step["uses"] for step in steps(load(path)) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", name)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_runs_commands_that_readme_gives(path):
    runs = [step["run"] for step in steps(load(path)) if "run" in step]
    lines = [line for run in runs for line in run.splitlines()]
    assert lines
    for line in [line for line in lines if not line.startswith("apt-get update")]:
        command = re.sub(r"\$\{\{.*?\}\}", "3.12", line)
        if command.startswith("make "):
            target = command.split()[1]
            assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), command
            command = f"make {target}"
        assert command in README, f"README does not give `{command}`"


def test_tests_run_on_three_systems_and_weekly():
    workflow = load(ROOT / ".github" / "workflows" / "test.yml")
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.13"]
    assert "schedule" in workflow[True]  # YAML reads the word `on` as true


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_form_has_what_github_asks_for(path):
    form = load(path)
    assert {"name", "description", "body"} <= set(form)
    fields = [item for item in form["body"] if item["type"] != "markdown"]
    ids = [item["id"] for item in fields]
    assert len(ids) == len(set(ids))
    assert {"notebook", "cell", "environment"} <= set(ids)
    assert all(item["attributes"]["label"] for item in fields)
