"""Hand the options of a security key to the script of its page, in an attribute: no script stands in a page."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """The value as JSON; the template escapes it as any other text."""
    return json.dumps(value, cls=DjangoJSONEncoder)
