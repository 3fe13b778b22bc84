"""What ties an answer of the identity provider to the browser that asked."""

import base64
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """What one attempt sends along and expects back: known to one browser, good for one time."""

    state: str
    nonce: str
    verifier: str
    """Whose SHA-256 the provider is shown first, and itself last (PKCE, RFC 7636)."""


def proof_of(secret: str) -> Proof:
    """The proof of a browser's secret; nobody knows any of it who does not know the secret."""
    return Proof(*(_derived(secret, use) for use in ("state", "nonce", "verifier")))


def _derived(secret: str, use: str) -> str:
    """43 characters, others for each use."""
    digest = hmac.digest(secret.encode("utf-8", "replace"), use.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
