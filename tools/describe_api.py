"""Write docs/reference/openapi.json from the interface: ``make openapi``."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

KEPT = Path(__file__).resolve().parents[1] / "docs/reference/openapi.json"


def main() -> None:
    """Describe the interface as it is in this working tree; no data of a site is touched."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CONSILIUM_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "consilium.site.settings"}
        import django  # noqa: PLC0415 - reads the settings named above

        django.setup()
        from consilium.site.api.service import api  # noqa: PLC0415 - needs Django

        KEPT.write_text(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
