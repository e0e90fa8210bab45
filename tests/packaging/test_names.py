"""The distributions that only bring vimeo-toolkit with an extra: no files, one version, and none is missed."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.building import NAMES, ROOT, Environment, build
from vimeo_toolkit import __version__

IMPORTS = (
    "import vimeo_toolkit, langchain_vimeo, llama_index.readers.vimeo, llama_index.tools.vimeo, vimeo_mcp\n"
    "print('all')"
)


def project(name: str) -> dict[str, Any]:
    folder = ROOT if name == "vimeo-toolkit" else ROOT / "adapters" / name
    declared: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return declared


def test_the_names_that_people_look_for() -> None:
    assert NAMES == (
        "vimeo-toolkit",
        "langchain-vimeo",
        "llama-index-readers-vimeo",
        "llama-index-tools-vimeo",
        "vimeo-mcp",
    )


@pytest.mark.parametrize("name", NAMES)
def test_one_version_one_python_one_set_of_classifiers(name: str) -> None:
    own, main = project(name), project("vimeo-toolkit")
    assert own["name"] == name
    assert own["version"] == __version__
    assert own["requires-python"] == main["requires-python"]
    of_python = "Programming Language"
    assert [each for each in own["classifiers"] if each.startswith(of_python)] == [
        each for each in main["classifiers"] if each.startswith(of_python)
    ]


@pytest.mark.parametrize("name", NAMES[1:])
def test_each_brings_the_toolkit_with_an_extra_of_the_same_version(name: str) -> None:
    [brought] = project(name)["dependencies"]
    extras = brought.removeprefix("vimeo-toolkit[").removesuffix(f"]=={__version__}").split(",")
    assert set(extras) <= set(project("vimeo-toolkit")["optional-dependencies"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_all_are_installed_and_each_goes_without_breaking_the_others(tmp_path: Path) -> None:
    made = build(tmp_path / "dist", "--wheel", "--all-packages")
    assert len(made) == len(NAMES)
    for wheel in made:
        if not wheel.name.startswith("vimeo_toolkit"):
            files = zipfile.ZipFile(wheel).namelist()
            assert all(".dist-info/" in name for name in files), files
    environment = Environment(tmp_path / "environment")
    environment.install(*map(str, made))
    assert environment.run(IMPORTS, tmp_path).strip() == "all"
    script = environment.scripts / "vimeo-mcp"
    assert script.is_file()
    for name in NAMES[1:]:
        environment.uninstall(name)
        assert environment.run(IMPORTS, tmp_path).strip() == "all"
    assert not script.exists()
