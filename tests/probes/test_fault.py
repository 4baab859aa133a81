"""Errors of the system in our own words: never their text."""

from __future__ import annotations

import errno
import ssl

import pytest

from deploytui.probes.fault import fault_of


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "text with a s3cret")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "words", "is_counted"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "s3cret"), "connection refused", True),
        (ConnectionResetError(), "connection reset", True),
        (BrokenPipeError(), "connection reset", True),
        (TimeoutError(errno.ETIMEDOUT, "s3cret"), "timed out, connecting", True),
        (OSError(errno.EHOSTUNREACH, "s3cret"), "no route to the host", False),
        (OSError(errno.ENETUNREACH, "s3cret"), "no route to the host", False),
        (OSError(errno.EMFILE, "s3cret"), "no connection", False),
        (certificate(10), "TLS: the certificate has expired", False),
        (certificate(62), "TLS: the certificate is for another host", False),
        (certificate(999), "TLS: the certificate is not accepted (code 999)", False),
        (ssl.SSLError(1, "s3cret"), "TLS: no secure connection could be agreed on", False),
    ],
)
def test_words(error: OSError, words: str, is_counted: bool) -> None:
    fault = fault_of(error)
    assert (fault.words, fault.is_counted) == (words, is_counted)
