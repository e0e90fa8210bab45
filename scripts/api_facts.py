"""Take from Vimeo's OpenAPI document the facts that the contract tests need, and none of its sentences.

    uv run python scripts/api_facts.py DOCUMENT TOOLS

`DOCUMENT` is the OpenAPI document (version 3.4, 2024) and `TOOLS` the hosted connector's tools as JSON. Writes
`tests/contract/facts.json`: for each operation its parameters, body, answers and scopes, for each schema its types,
enumerations and required fields. Schemas that no operation reaches are left out. Run it again when the document
changes; a test compares the file with a fresh one where the document is at hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parents[1] / "tests" / "contract" / "facts.json"

VALUES = ("type", "nullable", "enum", "format", "minimum", "maximum", "minItems", "maxItems")
"""Of a schema: what constrains a value. Titles, descriptions and examples are left out."""


def schema_facts(node: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that a validator looks at."""
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    facts = {name: node[name] for name in VALUES if name in node}
    if isinstance(node.get("required"), list):
        facts["required"] = node["required"]
    if "properties" in node:
        facts["properties"] = {name: schema_facts(each) for name, each in node["properties"].items()}
    for name in ("items", "additionalProperties", "not"):
        if isinstance(node.get(name), dict):
            facts[name] = schema_facts(node[name])
        elif name in node:
            facts[name] = node[name]
    for name in ("allOf", "anyOf", "oneOf"):
        if name in node:
            facts[name] = [schema_facts(each) for each in node[name]]
    return facts


def _content(node: dict[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": schema_facts(each["schema"])} for kind, each in node.get("content", {}).items()}


def operation_facts(operation: dict[str, Any]) -> dict[str, Any]:
    """An operation's parameters, body, answers and scopes."""
    facts: dict[str, Any] = {}
    if operation.get("parameters"):
        facts["parameters"] = [
            {
                **{name: each[name] for name in ("name", "in", "required") if name in each},
                "schema": schema_facts(each["schema"]),
            }
            for each in operation["parameters"]
        ]
    if "requestBody" in operation:
        facts["requestBody"] = {"content": _content(operation["requestBody"])}
    facts["responses"] = {
        status: {"content": content} if (content := _content(answer)) else {}
        for status, answer in operation.get("responses", {}).items()
    }
    if scopes := [scope for each in operation.get("security", ()) for scope in each.get("oauth2", ())]:
        facts["scopes"] = sorted(scopes)
    if operation.get("deprecated"):
        facts["deprecated"] = True
    return facts


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


def facts(document: dict[str, Any], tools: list[dict[str, Any]]) -> dict[str, Any]:
    """The document's operations and the schemas that they reach, and the tools' names and inputs."""
    paths = {
        path: {
            method: operation_facts(each)
            for method, each in sorted(operations.items())
            if method != "parameters"
        }
        for path, operations in sorted(document["paths"].items())
    }
    everything = {name: schema_facts(each) for name, each in document["components"]["schemas"].items()}
    reached: set[str] = set()
    found = _references(paths)
    while found:
        reached |= found
        found = _references([everything[name] for name in found]) - reached
    return {
        "paths": paths,
        "components": {"schemas": {name: everything[name] for name in sorted(reached)}},
        "tools": [
            {name: each[name] for name in ("tool", "set", "input", "method", "path")} for each in tools
        ],
    }


def text(document: Path, tools: Path) -> str:
    """The file's content: JSON with one operation, schema or tool a line."""
    made = facts(json.loads(document.read_text()), json.loads(tools.read_text()))
    lines = ["{"]
    for title, table in (("paths", made["paths"]), ("schemas", made["components"]["schemas"])):
        rows = [
            f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in table.items()
        ]
        lines += [f'"{title}": {{', ",\n".join(rows), "},"]
    lines += [
        '"tools": [',
        ",\n".join(json.dumps(each, separators=(",", ":")) for each in made["tools"]),
        "]",
        "}",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the file."""
    document, tools = map(Path, sys.argv[1:])
    FACTS.write_text(text(document, tools))
    print(f"{FACTS.name}: {FACTS.stat().st_size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
