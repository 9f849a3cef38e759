"""The JSON Schema of pipeline files, as an independent validator sees it."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from agents import BINARY

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "Tests" / "AgentTests" / "Broken"

# Broken in their shape: what a schema can see. What else is broken takes a compiler.
SHAPES = [
    "a-list",
    "kind-as-text",
    "missing-option",
    "missing-sections",
    "near-miss-choice",
    "no-kind",
    "option-beside-kind",
    "pipeline-name",
    "quoted-number",
    "sink-kind-as-source",
    "step-outside",
    "steps-as-mapping",
    "test-shapes",
    "two-kinds",
    "two-steps-in-one",
    "unknown-option",
    "unknown-section",
    "unknown-source-kind",
    "unknown-step",
    "wrong-unit-duration",
    "wrong-unit-size",
    "yes-for-true",
]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema: `yes` and `12:30` are texts, and so are dates."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
    ("merge", r"^<<$", ["<"]),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def documents(path):
    return [document for document in yaml.load_all(path.read_text(), CoreLoader) if document is not None]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(subprocess.run([BINARY, "schema"], capture_output=True, check=True).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_pipelines_that_come_along_are_valid(path, validator):
    found = documents(path)
    assert found
    for document in found:
        validator.validate(document)


def test_the_starter_file_is_valid(validator, tmp_path):
    text = subprocess.run([BINARY, "init", "-"], capture_output=True, check=True, text=True).stdout
    path = tmp_path / "starter.yaml"
    path.write_text(text)
    validator.validate(documents(path)[0])


@pytest.mark.parametrize("name", SHAPES)
def test_what_has_the_wrong_shape_is_rejected(name, validator):
    found = documents(BROKEN / f"{name}.yaml")
    assert any(not validator.is_valid(document) for document in found), f"{name} is valid"


def test_every_option_is_described_and_has_the_default_of_its_type(validator):
    schema = validator.schema
    seen = 0
    for group in ("source", "sink", "store"):
        for kind, shape in schema["$defs"][group]["properties"].items():
            options = next((s for s in [shape, *shape.get("anyOf", [])] if "properties" in s), None)
            if options is None:
                continue
            for name, option in options["properties"].items():
                seen += 1
                assert option.get("description", "").endswith("."), f"{kind}.{name}"
                if "default" in option:
                    shape_of_default = {key: value for key, value in option.items() if key not in ("default", "description")}
                    jsonschema.validate(option["default"], {"$defs": schema["$defs"], **shape_of_default})
    assert seen > 40
