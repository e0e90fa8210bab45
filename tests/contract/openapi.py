"""Check requests and answers against the facts of the API's OpenAPI document (`facts.json`, see its script).

The document types list answers as bare arrays where the API sends an envelope, and puts `fields`, which every
method but DELETE takes, into prose: both are allowed for here.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.contract.wire import STATUSES, overruled

FACTS = Path(__file__).parent / "facts.json"

WEBHOOKS = re.compile(r"/apps/\d+/webhooks(/\d+)?")
"""Not in the document (2024): checked against the contract's text instead."""

TAGS = re.compile(r"/videos/\d+/tags")
"""Its list of tags is in Vimeo's guide, not in the document."""

ITEMS = re.compile(r"/(?:me|users/\d+)/projects/\d+/items")
"""The document has no schema of what a folder holds."""


@cache
def _facts() -> dict[str, Any]:
    return dict(json.loads(FACTS.read_text()))


@cache
def document() -> dict[str, Any]:
    """Return the document's operations and schemas as JSON Schema understands them."""
    loaded = {"paths": _facts()["paths"], "components": {"schemas": _facts()["schemas"]}}
    _nullable(loaded)
    return loaded


def tools_59() -> list[dict[str, Any]]:
    """Return the hosted connector's tools: name, set, inputs, method and path of each."""
    return list(_facts()["tools"])


def _nullable(node: Any) -> None:
    """OpenAPI 3.0's `nullable` as JSON Schema's type list, in place."""
    if isinstance(node, dict):
        for value in node.values():
            _nullable(value)
        if node.get("type") == "array" and "enum" in node:
            # The document puts the values of a list's items beside the list.
            node["items"] = {**node.get("items", {}), "enum": node.pop("enum")}
        if node.pop("nullable", False):
            if isinstance(node.get("type"), str):
                node["type"] = [node["type"], "null"]
                if "enum" in node and None not in node["enum"]:
                    node["enum"] = [*node["enum"], None]
            elif "$ref" in node or "allOf" in node:
                inner = {name: node.pop(name) for name in ("$ref", "allOf") if name in node}
                node["anyOf"] = [inner, {"type": "null"}]
    elif isinstance(node, list):
        for value in node:
            _nullable(value)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The document's path templates, those with the fewest names in braces first."""
    return [
        (template, re.compile(re.sub(r"\\\{[^}]+\}", "[^/]+", re.escape(template))))
        for template in sorted(document()["paths"], key=lambda each: each.count("{"))
    ]


def operation(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The document's path template and operation for a request."""
    for template, pattern in _patterns():
        if pattern.fullmatch(path) and method.lower() in document()["paths"][template]:
            return template, document()["paths"][template][method.lower()]
    raise AssertionError(f"The document has no {method} {path}")


def problems_of_request(method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
    """What the document does not allow in this request."""
    if WEBHOOKS.fullmatch(path):
        return _webhook_problems(method, query, body)
    _, found = operation(method, path)
    parameters = {each["name"]: each for each in map(_resolved, found.get("parameters", []))}
    problems = []
    for name, value in query.items():
        if name == "fields" and method != "DELETE":
            continue
        declared = parameters.get(name)
        if declared is None or declared["in"] != "query":
            problems.append(f"{name} is not a query parameter of {method} {path}")
            continue
        schema = _resolved(declared["schema"])
        allowed = schema.get("enum")
        if allowed and value not in allowed:
            problems.append(f"{name}={value} is not one of {allowed}")
        if schema.get("type") in ("number", "integer") and not value.isdigit():
            problems.append(f"{name}={value} is not a number")
    problems += [
        f"{name} is missing"
        for name, declared in parameters.items()
        if declared["in"] == "query" and declared.get("required") and name not in query
    ]
    if body is not None:
        content = found.get("requestBody", {}).get("content", {})
        if not content:
            if not (method == "PUT" and TAGS.fullmatch(path)):
                problems.append(f"{method} {path} takes no body")
        else:
            schema = next(iter(content.values()))["schema"]
            problems += _schema_problems(schema, body)
            known = _resolved(schema).get("properties")
            if known and isinstance(body, dict):
                problems += [f"{name} is not a body field" for name in body if name not in known]
    return problems


def problems_of_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """What the document does not allow in this answer."""
    if WEBHOOKS.fullmatch(path):
        return []
    _, found = operation(method, path)
    answer = found["responses"].get(str(STATUSES.get((method, path, status), status)))
    if answer is None:
        return [f"{method} {path} has no status {status}"]
    content = _resolved(answer).get("content")
    if not content:
        return [] if body is None or ITEMS.fullmatch(path) else [f"{method} {path} {status} has no body"]
    schema = next(iter(content.values()))["schema"]
    if isinstance(body, dict) and {"data", "paging"} <= set(body):
        return _schema_problems(schema, body["data"])
    return _schema_problems(schema, body)


def _webhook_problems(method: str, query: dict[str, str], body: Any) -> list[str]:
    problems = [f"{name} is unknown" for name in query if name not in ("page", "per_page", "fields")]
    if method == "POST":
        problems += [
            f"{name} is unknown"
            for name in body
            if name not in ("webhook_url", "webhook_type", "is_enabled", "secret")
        ]
        if not isinstance(body.get("is_enabled"), bool):
            problems.append("is_enabled is not a boolean")
    elif body is not None:
        problems.append("no body is expected")
    return problems


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


@cache
def _registry() -> Registry[Any]:
    resource: Resource[Any] = DRAFT202012.create_resource(document())
    registry: Registry[Any] = Registry().with_resource("urn:document", resource)
    return registry


def _schema_problems(schema: dict[str, Any], value: Any) -> list[str]:
    anchored = json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))
    validator = Draft202012Validator(anchored, registry=_registry())
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator.iter_errors(value)
        if not overruled(error)
    ]
