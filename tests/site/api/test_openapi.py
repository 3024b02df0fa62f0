"""The description of the interface: kept, valid, and true of what the interface does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import CHECKS, load_all_checks

from consilium.adapters.contract.check import validator
from consilium.site.api.service import api

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "docs/reference/openapi.json"
REFERENCE = (ROOT / "docs/reference/api.md").read_text("utf-8")


def _described() -> dict:
    return json.loads(json.dumps(api.get_openapi_schema()))


def test_the_kept_description_is_that_of_the_interface():
    kept = json.loads(KEPT.read_text("utf-8"))
    assert kept == _described(), (
        "The interface differs from docs/reference/openapi.json. If nothing breaks for those who "
        "use it, renew the file by `make openapi`; else it takes a new version of the interface."
    )


def test_the_description_is_served(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.json() == _described()
    assert answer.json()["openapi"].startswith("3.1.")


def test_the_article_of_the_description_is_that_of_the_contract():
    parts = _described()["components"]["schemas"]
    contract = validator().schema
    text = json.dumps(contract["$defs"]).replace("#/$defs/", "#/components/schemas/")
    assert json.loads(text).items() <= parts.items()
    assert parts["Article"]["properties"].keys() == contract["properties"].keys()


def test_every_reference_within_the_description_leads_somewhere():
    document = _described()
    text = json.dumps(document)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names - document["components"]["schemas"].keys() == set()
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_address_is_in_the_reference():
    for path, methods in _described()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path.removeprefix('/api/v1')}`" in REFERENCE


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
load_all_checks()
# Told apart by the tests of authorisation, with people who exist.
_ELSEWHERE = {"ignored_auth", "positive_data_acceptance", "use_after_free", "ensure_resource_availability"}
_WANTED = [check for check in CHECKS.get_all() if check.__name__ not in _ELSEWHERE]


@pytest.fixture
def service(token, working):
    """A token for the real application, by WSGI; a worker answers while it waits."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)  # the connection is that of the test
    yield token("ask", "read", "publish")
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.enable_socket  # the event loop of the stream of events
@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_interface(case, service):
    case.call_and_validate(headers={"Authorization": f"Bearer {service}"}, checks=_WANTED)
