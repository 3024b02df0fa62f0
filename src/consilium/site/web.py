"""The web process: uvicorn over the ASGI application, with the site's own logs.

python -m consilium.site.web HOST PORT [PID of the process to end with]
"""

from __future__ import annotations

import sys

import uvicorn

from consilium.site.parentage import end_with

_SECONDS_TO_END = 3
# Beyond it a newcomer hears 503: room for every stream and for pages, below the usual 1,024 open files.
MOST_CONNECTIONS = 800


def main(host: str, port: str, parent: str = "") -> None:
    """Serve until it is ended; streams that are still open then get a few seconds."""
    if parent:
        end_with(int(parent))
    uvicorn.run(
        "consilium.site.asgi:application",
        host=host,
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        # The visitor's address and scheme, as a proxy on this host tells them; of proxies elsewhere
        # only those named in FORWARDED_ALLOW_IPS are believed.
        proxy_headers=True,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_TO_END,
        lifespan="off",
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
