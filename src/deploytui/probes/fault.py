"""Why a target gave no answer, in our own words: a library's or the peer's text is never shown."""

from __future__ import annotations

import errno
import ssl

RESET = "connection reset"
CLOSED = "closed the connection without an answer"
CUT_OFF = "the answer was cut off"
NOT_HTTP = "the answer is not HTTP"
EXPIRED = "TLS: the certificate has expired"

# OpenSSL's X509_V_ERR numbers.
_CERTIFICATE = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "the certificate's chain ends in one that is not trusted here",
    20: "the certificate's issuer is not trusted here",
    21: "the certificate's issuer is not trusted here",
    62: "the certificate is for another host",
    64: "the certificate is for another host",
}


class Fault(Exception):
    """No answer. `is_counted`: the target did not serve the request; otherwise it could not be put at all."""

    def __init__(self, words: str, *, is_counted: bool) -> None:
        super().__init__(words)
        self.words = words
        self.is_counted = is_counted


def fault_of(error: OSError) -> Fault:
    """The fault behind an error of the system, by its class and number. TLS errors are of this family too."""
    if isinstance(error, ssl.SSLCertVerificationError):
        words = _CERTIFICATE.get(
            error.verify_code, f"the certificate is not accepted (code {error.verify_code})"
        )
        return Fault(f"TLS: {words}", is_counted=False)
    if isinstance(error, ssl.SSLError):
        return Fault("TLS: no secure connection could be agreed on", is_counted=False)
    if isinstance(error, ConnectionRefusedError):
        return Fault("connection refused", is_counted=True)
    if isinstance(error, ConnectionError):
        return Fault(RESET, is_counted=True)
    if isinstance(error, TimeoutError):
        return Fault("timed out, connecting", is_counted=True)
    if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL):
        return Fault("no route to the host", is_counted=False)
    return Fault("no connection", is_counted=False)
