"""The interface itself: its parts, its errors and its description."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from consilium.site.api import asking, publishing, reading, shapes
from consilium.site.api.callers import problems
from consilium.site.api.problems import Problem, tell_problems

ROOT = "/api/v1/"
_ABOUT = (
    "Ask clinical questions and read the articles that answer them. Every sentence of an article shows the words "
    "it rests on. For education only; not medical advice."
)


class Interface(NinjaAPI):
    """The interface, with the article contract in its description."""

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,  # noqa: ARG002 - the framework's signature
        path_params: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> OpenAPISchema:
        """The OpenAPI 3.1 document."""
        document = super().get_openapi_schema(path_prefix=ROOT)
        components = document["components"]["schemas"]
        components.update(_contract())
        components["Problem"] = shapes.Problem.model_json_schema()
        return document


def _contract() -> dict[str, Any]:
    """The schema of the article contract, as components."""
    text = resources.files("consilium.adapters.contract").joinpath("article.schema.json").read_text("utf-8")
    schema = json.loads(text.replace('"#/$defs/', '"#/components/schemas/'))
    parts: dict[str, Any] = schema.pop("$defs")
    article = {name: value for name, value in schema.items() if name not in {"$schema", "$id"}}
    return {**parts, "Article": article}


api = Interface(
    title="Consilium",
    version="1",
    description=_ABOUT,
    urls_namespace="api-1",
    docs_url=None,
    openapi_url="/openapi.json",
)
tell_problems(api)
api.add_router("", asking.router)
api.add_router("", reading.router)
api.add_router("", publishing.router)


@api.get("/health", response=shapes.Health, url_name="api-health", operation_id="health", tags=["Operating"])
def health(request: HttpRequest) -> shapes.Health:  # noqa: ARG001 - the framework's name
    """The process answers."""
    return shapes.Health(status="ok")


@api.get(
    "/ready",
    response=shapes.Health,
    url_name="api-ready",
    operation_id="ready",
    tags=["Operating"],
    openapi_extra={"responses": problems(503)},
)
def ready(request: HttpRequest) -> shapes.Health:  # noqa: ARG001
    """The database answers as well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as fault:
        raise Problem(
            503, "The database does not answer; try again in a few seconds.", Retry_After="5"
        ) from fault
    return shapes.Health(status="ok")
