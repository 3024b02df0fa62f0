"""What a question may cost of a language model, and that nothing is asked for beyond it."""

from __future__ import annotations

import pytest

from consilium.errors import ModelError
from consilium.pipeline.budget import UNCOUNTED_TOKENS, Allowance, Budget, Spent
from consilium.ports import ModelReply


class _Clock:
    now = 100.0

    def __call__(self):
        return self.now


def _reply(tokens_in=10, tokens_out=5, cost=None):
    return ModelReply({}, "some-model", tokens_in, tokens_out, 1.0, cost)


def test_what_is_left_of_the_time_shrinks_as_it_passes():
    clock = _Clock()
    budget = Budget(Allowance(seconds=30), clock)
    clock.now += 12
    assert budget.remaining_seconds == 18


@pytest.mark.parametrize(
    "allowance,passed,replies,said",
    [
        (Allowance(seconds=30), 30, [], "30 seconds"),
        (Allowance(tokens=1_000), 0, [_reply(900, 100)], "1,000 tokens"),
        (Allowance(cost=0.05), 0, [_reply(cost=0.02), _reply(cost=0.03)], "0.05 US dollars"),
    ],
)
def test_a_budget_that_is_used_up_says_which_part_of_it(allowance, passed, replies, said):
    clock = _Clock()
    budget = Budget(allowance, clock)
    clock.now += passed
    for reply in replies:
        budget.spend(reply)
    with pytest.raises(ModelError, match=said):
        _ = budget.remaining_seconds


def test_a_budget_is_not_used_up_before_its_end():
    budget = Budget(Allowance(tokens=1_000, cost=0.05, seconds=30), _Clock())
    budget.spend(_reply(900, 99, 0.049))
    assert budget.remaining_seconds == 30


def test_a_reply_that_goes_over_the_budget_is_still_noted():
    budget = Budget(Allowance(tokens=10))
    budget.spend(_reply(900, 99, 0.01))
    assert budget.spent == Spent(1, 900, 99, 0.01, 0)


def test_a_service_that_counts_no_tokens_does_not_evade_the_budget():
    budget = Budget(Allowance(tokens=2 * UNCOUNTED_TOKENS), _Clock())
    budget.spend(_reply(None, None))
    assert budget.remaining_seconds > 0
    budget.spend(_reply(None, None))
    with pytest.raises(ModelError, match="tokens"):
        _ = budget.remaining_seconds


def test_replies_without_a_price_are_told_apart():
    budget = Budget()
    budget.spend(_reply(cost=0.5))
    budget.spend(_reply())
    assert (budget.spent.cost, budget.spent.unpriced) == (0.5, 1)
