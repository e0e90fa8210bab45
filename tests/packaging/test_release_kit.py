"""What a release is made of agrees with itself: versions, names, manifests, workflows, placeholders."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.blocks import blocks_of, check_commands
from tests.packaging.building import NAMES, ROOT, build
from tests.packaging.test_names import project
from vimeo_toolkit import __version__
from vimeo_toolkit.cli.app import app

BUNDLE = ROOT / "adapters" / "vimeo-mcp" / "bundle"
SERVER = json.loads((ROOT / "server.json").read_text())
MANIFEST = json.loads((BUNDLE / "manifest.json").read_text())
WORKFLOWS = {path.stem: path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")}
KIT = [
    *(ROOT / ".github").rglob("*.*"),
    *(ROOT / "adapters").glob("*/*.toml"),
    *(ROOT / "adapters").glob("*/*.md"),
    *BUNDLE.glob("*.*"),
    *(ROOT / name for name in ("RELEASING.md", "CODE_OF_CONDUCT.md", "server.json", "pyproject.toml")),
    ROOT / "skills" / "vimeo-toolkit" / "SKILL.md",
]


def test_the_version_is_one_everywhere(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from set_version import PLACES  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    for name, pattern in PLACES.items():
        text = (ROOT / name).read_text()
        found = [text[match.end(1) : match.end()] for match in re.finditer(pattern, text)]
        assert found
        assert set(found) == {__version__}, name
    # A place that the script does not know of would show the old version after a release.
    known = {ROOT / name for name in PLACES}
    for path in {*KIT} - known - {ROOT / "RELEASING.md"}:
        assert f'"{__version__}"' not in path.read_text(), path


@pytest.mark.parametrize("version", ["1", "0.2", "v0.2.0", "0.2.0 ", ""])
def test_a_version_that_is_none_is_refused_and_changes_nothing(version: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "set_version.py"), version]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Give one version" in done.stderr


def test_the_entry_of_the_mcp_registry() -> None:
    """Limits of the registry's schema of 2025-12-11: its own fields, names and lengths."""
    assert set(SERVER) == {
        *("$schema", "name", "title", "description", "version", "websiteUrl", "repository", "packages"),
    }
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER["name"])
    assert 1 <= len(SERVER["description"]) <= 100
    assert 1 <= len(SERVER["title"]) <= 100
    [package] = SERVER["packages"]
    assert package["identifier"] in NAMES
    assert package["transport"] == {"type": "stdio"}
    marker = f"mcp-name: {SERVER['name']}"
    assert marker in (ROOT / "adapters" / package["identifier"] / "README.md").read_text()
    assert package["identifier"] in project(package["identifier"])["scripts"]
    options = [argument["name"] for argument in package["packageArguments"]]
    assert check_commands(f"vimeo-toolkit mcp {' '.join(options)}") == 1


def test_the_manifest_of_the_desktop_bundle() -> None:
    """Version 0.4 of the format allows these fields and no others."""
    assert set(MANIFEST) <= {
        *("manifest_version", "name", "display_name", "version", "description", "author", "repository"),
        *("documentation", "support", "server", "user_config", "tools_generated", "keywords", "license"),
        "compatibility",
    }
    server = MANIFEST["server"]
    assert server["type"] == "uv"
    assert (BUNDLE / server["entry_point"]).is_file()
    told = json.dumps(server["mcp_config"])
    assert set(re.findall(r"\$\{user_config\.(\w+)\}", told)) == set(MANIFEST["user_config"])
    assert MANIFEST["compatibility"]["runtimes"]["python"] == project("vimeo-toolkit")["requires-python"]
    assert MANIFEST["description"] == SERVER["description"]


def test_the_bundle_is_the_same_at_every_build(tmp_path: Path) -> None:
    for name in ("one.mcpb", "two.mcpb"):
        command = [sys.executable, str(ROOT / "scripts" / "bundle.py"), name]
        subprocess.run(command, check=True, cwd=tmp_path)
    assert (tmp_path / "one.mcpb").read_bytes() == (tmp_path / "two.mcpb").read_bytes()
    names = zipfile.ZipFile(tmp_path / "one.mcpb").namelist()
    assert {"manifest.json", "pyproject.toml", MANIFEST["server"]["entry_point"]} <= set(names)


def test_the_skill_keeps_to_its_format_and_names_commands_that_are_there() -> None:
    path = ROOT / "skills" / "vimeo-toolkit" / "SKILL.md"
    _, front, body = path.read_text().split("---\n", 2)
    fields: dict[str, Any] = yaml.safe_load(front)
    assert set(fields) <= {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
    assert fields["name"] == path.parent.name
    assert len(fields["description"]) <= 1024
    assert len(fields["compatibility"]) <= 500
    assert len(body.splitlines()) < 500
    assert sum(check_commands(block.code) for block in blocks_of(path)) >= 8
    assert app is not None


def test_the_workflows_run_what_is_there() -> None:
    assert set(WORKFLOWS) == {"tests", "matrix", "release"}
    pythons = [
        each.rpartition(" ")[2]
        for each in project("vimeo-toolkit")["classifiers"]
        if re.search(r":: 3\.\d+$", each)
    ]
    for name in ("tests", "matrix"):
        jobs = yaml.safe_load(WORKFLOWS[name])["jobs"]
        assert jobs[name]["strategy"]["matrix"]["python"] == pythons
    for text in WORKFLOWS.values():
        for script in re.findall(r"scripts/[\w.]+", text):
            assert (ROOT / script).exists(), script
        for group in re.findall(r"--group (\w+)", text):
            assert group in (ROOT / "pyproject.toml").read_text()


def test_what_publishes_has_no_stored_secret_and_only_the_rights_that_it_needs() -> None:
    release = yaml.safe_load(WORKFLOWS["release"])
    assert release["permissions"] == {"contents": "read"}
    publish = release["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"] == "release"
    assert all("run" not in step for step in publish["steps"])
    for text in WORKFLOWS.values():
        assert "secrets." not in text
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")


HOSTS = {
    "127.0.0.1",
    "OWNER.github.io",
    "example.com",
    "github.com",
    "static.modelcontextprotocol.io",
    "vimeo.com",
    "www.w3.org",
}
"""All that the kit may name: what installs and publishes takes its registry from its own settings."""


def test_nothing_names_another_host_or_this_machine() -> None:
    host = re.compile(
        r"(?<=://)[\w.-]+|(?<![\w.-])(?:[\w-]+\.)+(?:com|dev|io|net|org)(?![\w.-])", re.IGNORECASE
    )
    folder = re.compile(r"/(?:tmp|root|home)/")
    for path in KIT:
        if path.is_file():
            text = path.read_text()
            assert {found.rstrip(".") for found in host.findall(text)} <= HOSTS, path
            assert not folder.search(text), path


def test_every_placeholder_is_marked_where_it_can_be() -> None:
    """JSON has no comments; everywhere else the word stands beside it, so that one search finds them all."""
    for path in KIT:
        if path.is_file() and path.suffix != ".json" and path.name != "RELEASING.md":
            text = path.read_text()
            if re.search(r"\bOWNER\b|@example\.com", text):
                assert "PLACEHOLDER" in text, path


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_would_be_uploaded_is_clean(tmp_path: Path) -> None:
    pytest.importorskip("twine", reason="needs the group `release`")
    made = build(tmp_path, "--all-packages")
    assert len(made) == 2 * len(NAMES)
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == len(made)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_sdist_passes_its_own_tests(tmp_path: Path) -> None:
    """Unpacked elsewhere, without git and without this checkout: a quick part of them."""
    [made] = build(tmp_path / "dist", "--sdist")
    with tarfile.open(made) as archive:
        # Windows cannot even check out a file with such a sign in its name.
        assert not [name for name in archive.getnames() if set(name) & set(':<>"|?*\\')]
        archive.extractall(tmp_path, filter="data")
    root = tmp_path / made.name.removesuffix(".tar.gz")
    code = (
        "import sys, pathlib, vimeo_toolkit, langchain_vimeo, vimeo_mcp, pytest\n"
        "for module in (vimeo_toolkit, langchain_vimeo, vimeo_mcp):\n"
        "    assert pathlib.Path(module.__file__).is_relative_to(pathlib.Path.cwd()), module.__file__\n"
        "sys.exit(pytest.main(['-q', '-n', '0', '-p', 'no:cacheprovider', *sys.argv[1:]]))\n"
    )
    tests = (
        *("tests/unit/test_ids.py", "tests/unit/test_result.py", "tests/stores/test_cipher.py"),
        *("tests/rules/test_arrows.py", "tests/rules/test_errors.py", "tests/docs/test_contributing.py"),
        *("tests/packaging/test_names.py", "tests/packaging/test_release_kit.py"),
    )
    paths = [root, *(root / "adapters").iterdir()]
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *tests],
        cwd=root,
        env={
            "PYTHONPATH": ":".join(map(str, paths)),
            "PATH": str(Path(sys.executable).parent),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
