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


_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)
_KINDS = (
    (ssl.SSLError, "TLS: no secure connection could be agreed on", False),
    (ConnectionRefusedError, "connection refused", True),
    (ConnectionError, RESET, True),
    (TimeoutError, "timed out, connecting", True),
)


class Fault(Exception):
    """No answer. `is_counted`: the target did not serve the request; otherwise it could not be put at all."""

    def __init__(self, words: str, *, is_counted: bool) -> None:
        super().__init__(words)
        self.words = words
        self.is_counted = is_counted


def fault_of(error: BaseException) -> Fault:
    """By the class and number of the system's own error, which stands at the end of the chain of the libraries' errors.
    TLS errors are of this family too."""
    found: OSError = ConnectionResetError()
    cause: BaseException | None = error
    while cause is not None:
        found = cause if isinstance(cause, OSError) else found
        cause = cause.__cause__ or cause.__context__
    if isinstance(found, ssl.SSLCertVerificationError):
        code = found.verify_code
        words = _CERTIFICATE.get(code, f"the certificate is not accepted (code {code})")
        return Fault(f"TLS: {words}", is_counted=False)
    for kind, words, is_counted in _KINDS:
        if isinstance(found, kind):
            return Fault(words, is_counted=is_counted)
    is_unreachable = found.errno in _UNREACHABLE
    return Fault("no route to the host" if is_unreachable else "no connection", is_counted=False)
