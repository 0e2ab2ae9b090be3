"""The description of the JSON twins: OpenAPI 3.1, made from the tables of views, filters and records."""

from __future__ import annotations

from typing import Any

import msgspec

from comity import __version__
from comity.ledger.filters import FILTERS, SEARCHED, VALUES
from comity.web.doing import Action
from comity.web.settings import TEXT_LIMIT
from comity.web.view import Param, View


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer."""

    error: str


def description(views: tuple[View, ...], actions: tuple[Action, ...]) -> dict[str, Any]:
    """The whole description."""
    types = [Failure, *(view.response for view in views), *(action.response for action in actions)]
    named = [one for one in dict.fromkeys(types) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    # Types of different rooms may have one name: the references say what they are called here.
    found, components = msgspec.json.schema_components(named, ref_template="#/components/schemas/{name}")
    refs = dict(zip(named, found))
    components = _modern(components)
    paths: dict[str, Any] = {}
    for view in views:
        paths[_path(view)] = {"get": _operation(view, refs)}
    for action in actions:
        paths[_plain(action.path)] = {"post": _posting(action, refs)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comity",
            "version": __version__,
            "description": (
                "Every page of the reading room has a twin in JSON under its own address with .json, and its tables "
                "under .csv. Pages are by keyset: follow `next`. Answers carry an ETag of the ledger's state."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _modern(schema: Any) -> Any:
    """Tuples as arrays of so many of any of their types: tools that read ``prefixItems`` are few."""
    if isinstance(schema, (list, tuple)):
        return [_modern(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _modern(value) for name, value in schema.items()}
    if "prefixItems" in made:
        kinds = made.pop("prefixItems")
        made["items"] = {"anyOf": [one for n, one in enumerate(kinds) if one not in kinds[:n]]}
    return made


def _plain(path: str) -> str:
    return path.replace(":path}", "}")


def _path(view: View) -> str:
    return "/index.json" if view.path == "/" else f"{_plain(view.path)}.json"


AS_OF = Param(
    "as_of", "the ledger as it stood: a snapshot number, a date (its end) or a time in UTC; default: as it is"
)

Refs = dict[type, dict[str, Any]]


def _content(kind: type, refs: Refs) -> dict[str, Any]:
    return {"application/json": {"schema": refs[kind]}}


def _failures(refs: Refs, **words: str) -> dict[str, Any]:
    content = _content(Failure, refs)
    return {code.removeprefix("s"): {"description": said, "content": content} for code, said in words.items()}


def _operation(view: View, refs: Refs) -> dict[str, Any]:
    parameters = [_parameter(param, "path") for param in view.ids]
    if view.relation:
        if view.searched and view.relation in SEARCHED:
            parameters.append(
                _parameter(Param("text", 'search words: "a phrase", one OR another, -not', example="talks"))
            )
        parameters += [_filter(view.relation, name) for name in FILTERS[view.relation]]
    parameters += [_parameter(param) for param in view.params]
    parameters.append(_parameter(AS_OF))
    return {
        "summary": view.summary,
        "operationId": view.name,
        "parameters": parameters,
        "responses": {
            "200": {"description": view.summary, "content": _content(view.response, refs)},
            **_failures(
                refs,
                s400="A parameter that is not known, or a value that it cannot have",
                s404="No such record",
                s501="A package of an extra is not installed",
                s503="The ledger is busy, or the answer takes long: ask again",
            ),
        },
    }


def _parameter(param: Param, where: str = "query") -> dict[str, Any]:
    schema: dict[str, Any] = {"type": param.kind}
    if param.values:
        schema["enum"] = list(param.values)
    if param.least is not None:
        schema["minimum"] = param.least
    if param.most is not None:
        schema["maximum"] = param.most
    if where == "path":
        schema["minLength"] = 1
    made = {
        "name": param.name,
        "in": where,
        "description": param.meaning,
        "required": where == "path",
        "schema": schema,
    }
    if param.example is not None:
        made["example"] = param.example
    return made


_EXAMPLES = {
    "dyad": "CHN-RUS", "between": "CHN-RUS", "source": "CHN", "target": "RUS", "country": "CHN", "type": "CONSULT",
    "since": "2022-10", "until": "2022", "actor": "Putin", "speaker": "Lavrov", "sector": "GOV", "report": "demo-1",
    "min_confidence": "0.5", "background": "no", "about": "UKR", "asserted": "default",
}  # fmt: skip


def _filter(relation: str, name: str) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string", "minLength": 1}
    if name in VALUES:
        one = {"type": "string", "enum": list(VALUES[name])}
    made: dict[str, Any] = {
        "name": name,
        "in": "query",
        "description": FILTERS[relation][name].meaning + "; given several times, any will do",
        "required": False,
        "schema": {"type": "array", "items": one},
        "explode": True,
    }
    if name in _EXAMPLES:
        made["example"] = [_EXAMPLES[name]]
    return made


def _posting(action: Action, refs: Refs) -> dict[str, Any]:
    properties = {name: {"type": "string", "description": said} for name, said in action.fields.items()}
    if "text" in properties:
        properties["text"]["maxLength"] = TEXT_LIMIT  # type: ignore[assignment]
    ids = [_parameter(Param("id", "id of the record, or the beginning of it"), "path")] if "{id" in action.path else []
    header = _parameter(Param("x-comity-form", "the secret of this server's forms, as its pages hold it"), "header")
    return {
        "summary": action.summary,
        "operationId": action.make.__name__,
        "parameters": [*ids, header],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": properties}}},
        },
        "responses": {
            "200": {"description": action.summary, "content": _content(action.response, refs)},
            **_failures(
                refs,
                s400="A field that is missing, or a value that it cannot have",
                s403="Not one of this server's forms, or the server is for reading only",
                s404="No such record",
                s408="It took too long to arrive",
                s413="It is too large",
                s422="It cannot be coded",
                s501="A package of an extra is not installed",
                s503="The ledger is busy",
            ),
        },
    }
