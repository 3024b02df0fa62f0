"""A small OpenID Connect provider on a socket of this machine, strict where the standard is."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, WORD = "consilium", "between provider and site"


class Provider(ThreadingHTTPServer):
    """Says of everybody who comes that they are ``claims``, unless ``refuses`` is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.refuses = False
        self.names_itself = self.publishes = self.issuer
        self.moved = False
        self.granted: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        if asked["client_id"] != CLIENT or "openid" not in asked["scope"].split():
            self.faults.append("authorize")
        code = secrets.token_urlsafe()
        self.granted[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, for whoever knows the client's word and the verifier of the code."""
        asked = self.granted.pop(sent.get("code", ""), None)
        if (
            asked is None
            or sent.get("client_secret") != WORD
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            self.faults.append("token")
            return None
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked.get("code_challenge"):
            self.faults.append("verifier")
            return None
        now, access = int(time.time()), secrets.token_urlsafe()
        self.tokens[access] = self.claims
        body = {"iss": self.names_itself, "aud": CLIENT, "iat": now, "exp": now + 60, **self.claims}
        signed = jwt.encode(body, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        provider, parts = self.server, urlsplit(self.path)
        if parts.path.startswith("/.well-known/") and provider.moved and parts.query != "moved":
            self.send_response(302)
            self.send_header("Location", f"{parts.path}?moved")
            self.end_headers()
        elif parts.path == "/.well-known/openid-configuration":
            ways = {name: f"{provider.issuer}/{name.split('_')[0]}" for name in (
                "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
            )}  # fmt: skip
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            self._say({"issuer": provider.publishes, **ways, **methods})
        elif parts.path == "/authorization":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.send_response(302)
            self.send_header("Location", provider.authorize(asked))
            self.end_headers()
        elif parts.path == "/userinfo":
            held = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._say(provider.tokens.get(held))
        elif parts.path == "/jwks":
            public = json.loads(RSAAlgorithm.to_jwk(provider.key.public_key()))
            self._say({"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]})
        else:
            self._say(None)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._say(self.server.token({name: values[0] for name, values in sent.items()}))

    def _say(self, body: dict[str, Any] | None) -> None:
        self.send_response(200 if body is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body or {"error": "invalid_request"}).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""
