"""Variables, secrets and addresses: what is used, and what may be shown of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan.model import Variable
from deploytui.probes.variable import Secret, Unset, Variables, address, display_url

DECLARED = (
    Variable("app_url", ask="base URL of the application"),
    Variable("region", value="eu"),
    Variable("key", env="APP_KEY", is_secret=True),
)


def variables(given_: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None) -> Variables:
    return Variables(DECLARED, given_ or {}, environ or {})


def test_values_come_from_the_command_line_then_the_plan_then_the_environment() -> None:
    known = variables({"app_url": "http://app", "region": "us"}, {"APP_KEY": "k1"})
    assert known.fill("${app_url}/${region}/${key}").text.reveal() == "http://app/us/k1"
    assert variables().fill("${region}").text.reveal() == "eu"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${app_url}/health", "app_url is not set (--set app_url=…)"),
        ("${other}", "other is not set (--set other=…)"),
        ("${key}", "key is not set (APP_KEY in the environment, or --set key=…)"),
    ],
)
def test_what_is_not_set_is_said_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(Unset) as caught:
        variables().fill(text)
    assert str(caught.value) == words


def test_an_empty_value_is_not_set() -> None:
    with pytest.raises(Unset):
        variables({"app_url": ""}).fill("${app_url}")


def test_a_secret_is_used_and_shown_as_a_mask() -> None:
    filled = variables({}, {"APP_KEY": "s3cret"}).fill("a/${key}/${region}")
    assert filled.text.reveal() == "a/s3cret/eu"
    assert filled.shown == "a/•••/eu"
    assert "s3cret" not in repr(filled)
    assert "s3cret" not in f"{filled.text} {filled.text!r} {filled.text!s}"


def test_secrets_compare_and_hash_by_their_text() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_tokens_come_from_the_environment() -> None:
    assert variables().token("") is None
    assert variables({}, {"TOKEN": " abc\n"}).token("TOKEN") == Secret("abc")
    with pytest.raises(Unset, match="TOKEN is not set in the environment"):
        variables().token("TOKEN")
    with pytest.raises(Unset) as caught:
        variables({}, {"TOKEN": "s3cret\x00"}).token("TOKEN")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "authority"),
    [
        ("http://app", "app", 80, "/", "app"),
        ("https://app:443/health", "app", 443, "/health", "app"),
        ("https://app:8443/a b?q=1 2".replace(" ", "%20"), "app", 8443, "/a%20b?q=1%202", "app:8443"),
        ("HTTP://App.Example:8080/ü#part", "app.example", 8080, "/%C3%BC", "app.example:8080"),
        ("http://[::1]:8080/", "::1", 8080, "/", "[::1]:8080"),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, "/", "xn--bcher-kva.example"),
    ],
)
def test_addresses(url: str, host: str, port: int, target: str, authority: str) -> None:
    found = address(variables({"app_url": url}).fill("${app_url}"))
    assert (found.host, found.port, found.target.reveal(), found.authority) == (host, port, target, authority)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://app/",
        "app.example/health",
        "http://",
        "http:///health",
        "http://app:99999/",
        "http://app:x/",
        "http://user:pa/ss@app/",
        "http://[::1/",
        "http://a b/",
        "http://app/\r\nX-Evil: 1",
        "http://app/\x1b[31m",
        "http://" + "a" * 64 + ".example/",
        "http://a..b/",
    ],
)
def test_what_is_no_web_address_is_not_asked_and_not_shown(url: str) -> None:
    with pytest.raises(Unset) as caught:
        address(variables({"app_url": url}).fill("${app_url}"))
    words = str(caught.value)
    assert words.startswith("its address")
    assert "pa" not in words
    assert words.isprintable()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pw@app:8443/health?key=1&b=2#x", "https://app:8443/health?…"),
        ("http://app/health", "http://app/health"),
        ("http://app", "http://app"),
        ("http://app?key=1", "http://app?…"),
        ("http://app/#token=1", "http://app/"),
        ("http://us/er:pw@app/", "http://us/…"),
        ("http://a@b@app/", "http://app/"),
        ("http://app/\x1b[31m", "http://app/␛[31m"),
    ],
)
def test_what_is_shown_of_an_address(url: str, shown: str) -> None:
    assert display_url(url) == shown


@given(st.text(alphabet="abc/@:?#[]%.", max_size=30))
def test_no_login_and_no_query_is_ever_shown(tail: str) -> None:
    for url in (
        f"http://user:s3cret@app/{tail}",
        f"http://app/{tail}?k=s3cret",
        f"http://{tail}:s3cret@app/",
    ):
        shown = display_url(url)
        assert "s3cret" not in shown
        assert "@" not in shown
