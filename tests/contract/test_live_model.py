"""A live language model does what the others of the contract do; only where the environment names one for this."""

from __future__ import annotations

import os

import pytest

from consilium.adapters.models.probe import probe
from consilium.settings import from_environment

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        os.environ.get("CONSILIUM_TEST_LIVE") != "1",
        reason="no live language model is named (CONSILIUM_TEST_LIVE=1 beside CONSILIUM_MODEL…)",
    ),
]


def test_each_live_model_that_is_set_keeps_to_a_shape():
    service = from_environment().model
    assert service is not None, "set CONSILIUM_MODEL"
    found = [probe(service, name) for name in service.models]
    assert [each.trouble for each in found] == [None] * len(found)
    assert {each.reply.value["chosen_word"] for each in found} == {"fever"}
