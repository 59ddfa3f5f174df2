"""An OpenID Connect provider on this machine: discovery, keys, token and userinfo."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "my-account", "a-secret-of-the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", **header: str) -> str:
    """A token with these claims; as it should be where nothing else is given."""
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "1", **header})


class Provider:
    """Says what `claims` says of whoever brings a code that it gave."""

    def __init__(self) -> None:
        self.issuer = ""
        self.claims: dict[str, Any] = {
            "sub": "urn:fdc:1234",
            "email": "ada@example.org",
            "email_verified": True,
        }
        self.token: dict[str, Any] = {}  # instead of what is right; None: left out
        self.sign = signed
        self.given: dict[str, tuple[str, str, bool]] = {}
        self.asked: list[str] = []
        self.is_down = False
        self.padded = self.moved = ""  # the path whose answer is huge, or elsewhere

    def code_for(self, query: dict[str, list[str]]) -> str:
        """As after signing in there: the code, bound to challenge (PKCE) and nonce."""
        assert query["response_type"] == ["code"] and query["client_id"] == [CLIENT]
        assert query["code_challenge_method"] == ["S256"]
        code = f"code-{len(self.given)}"
        afresh = query.get("max_age") == ["0"]
        self.given[code] = query["code_challenge"][0], query["nonce"][0], afresh
        return code

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if self.is_down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
            names |= {"jwks_uri": "jwks", "userinfo_endpoint": "userinfo"}
            return 200, {
                "issuer": self.issuer,
                **{name: f"{self.issuer}/{at}" for name, at in names.items()},
            }
        if path == "/jwks":
            key = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
            return 200, {"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]}
        if path == "/userinfo":
            return 200, self.claims
        return self._token(form)

    def _token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known, nonce, afresh = self.given.pop(form["code"][0], ("", "", False))
        if known != challenge or form["client_secret"] != [SECRET]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce}
        right |= {"auth_time": now} if afresh else {}
        claims = right | {"sub": self.claims["sub"]} | self.token
        token = self.sign({name: claim for name, claim in claims.items() if claim is not None})
        answer = {"access_token": "t", "token_type": "Bearer"}
        return 200, answer | ({"id_token": token} if token else {})


@contextmanager
def serving(provider: Provider) -> Iterator[None]:
    """Serve it on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, said = provider.answer(self.path, parse_qs(form))
            padding = " " * 1_000_000 if self.path == provider.padded else ""
            body = (json.dumps(said) + padding).encode()
            if self.path == provider.moved:
                self.send_response(307)
                self.send_header("Location", f"{provider.issuer}/elsewhere{self.path}")
                self.end_headers()
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()
