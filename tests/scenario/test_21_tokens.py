"""Goal: a Bearer token opens the service only if this service's secret signed exactly that."""
import hashlib
import time

import pytest

from conftest import TOKEN_SECRET
from vocabulary import base64url, bearer, claims, expect_detail, expect_status, sha256, sign

HS256 = {"alg": "HS256", "typ": "JWT"}
NOW = int(time.time())


def good(**members):
    return sign(TOKEN_SECRET, HS256, claims(**members))


def without(*names):
    return {name: value for name, value in claims().items() if name not in names}


def headed(**header):
    return sign(TOKEN_SECRET, header, claims())


def unsigned(header):
    return base64url(header) + "." + good().split(".")[1] + "."


def flipped(index):
    """The signature with one bit of one character's meaning changed."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    head, payload, signature = good().split(".")
    other = letters[letters.index(signature[index]) ^ (4 if index == 42 else 1)]
    return f"{head}.{payload}.{signature[:index]}{other}{signature[index + 1:]}"


def with_unused_bits():
    """The same bytes in another spelling: base64url of 32 bytes leaves two bits unused."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = good()
    return token[:-1] + letters[letters.index(token[-1]) | 1]


FORGERIES = {
    # no signature, another algorithm
    **{f"alg {alg}": unsigned(b'{"alg":"%s","typ":"JWT"}' % alg.encode())
       for alg in ("none", "None", "NONE", "nOnE")},
    **{f"alg {alg}, signed": headed(alg=alg, typ="JWT")
       for alg in ("none", "hs256", "HS256 ", " HS256", "RS256", "ES256", "PS256", "EdDSA", "")},
    "HS384": sign(TOKEN_SECRET, {"alg": "HS384", "typ": "JWT"}, claims(), hashlib.sha384),
    "HS512": sign(TOKEN_SECRET, {"alg": "HS512", "typ": "JWT"}, claims(), hashlib.sha512),
    "alg missing": headed(typ="JWT"),
    "alg null": headed(alg=None, typ="JWT"),
    "alg a number": headed(alg=256, typ="JWT"),
    "alg a list": headed(alg=["HS256"], typ="JWT"),
    "alg twice": sign(TOKEN_SECRET, b'{"alg":"none","alg":"HS256"}', claims()),
    "typ a number": headed(alg="HS256", typ=5),
    "typ of another kind": headed(alg="HS256", typ="at+jwt"),
    "crit": headed(alg="HS256", typ="JWT", crit=["x"], x=1),
    # another key
    "blank key": sign("", HS256, claims()),
    "guessed key": sign("secret", HS256, claims()),
    "key in the header": headed(alg="HS256", typ="JWT", jwk={"kty": "oct", "k": "c2VjcmV0"}),
    "key from a URL": headed(alg="HS256", typ="JWT", jku="http://127.0.0.1/keys"),
    "key chain": headed(alg="HS256", typ="JWT", x5c=["AAAA"]),
    "key from a file": headed(alg="HS256", typ="JWT", kid="../../dev/null"),
    "key from a command": headed(alg="HS256", typ="JWT", kid="|sleep 10"),
    "key from a query": headed(alg="HS256", typ="JWT", kid="' UNION SELECT '1"),
    # the signature
    "signature empty": good().rsplit(".", 1)[0] + ".",
    "signature cut": good()[:-1],
    "signature longer": good() + "A",
    "signature padded": good() + "=",
    "signature in another spelling": with_unused_bits(),
    "payload changed": ".".join((good().split(".")[0], base64url(b'{"user_id":"root"}'),
                                 good().split(".")[2])),
    # what it says
    "expired": good(exp=NOW - 600),
    "exp missing": sign(TOKEN_SECRET, HS256, without("exp")),
    "exp a text": good(exp=str(NOW + 600)),
    "exp a fraction far away": good(exp=1e300),
    "exp negative": good(exp=-1),
    "exp over 2^63": good(exp=2 ** 63),
    "exp too far": good(exp=NOW + 90000),
    "iat in the future": good(iat=NOW + 3600, exp=NOW + 3700),
    "nbf in the future": good(nbf=NOW + 3600),
    "iss": good(iss="someone"),
    "aud": good(aud="agnostic"),
    "refresh token": good(type="refresh"),
    "type missing": sign(TOKEN_SECRET, HS256, without("type")),
    "user_id missing": sign(TOKEN_SECRET, HS256, without("user_id")),
    "user_id empty": good(user_id=""),
    "user_id a number": good(user_id=7),
    "user_id with NUL": sign(TOKEN_SECRET, HS256, claims(user_id="root\0x")),
    "exp twice": sign(TOKEN_SECRET, HS256, b'{"user_id":"u","type":"access","exp":1,"exp":%d}'
                      % (NOW + 600)),
    "payload a list": sign(TOKEN_SECRET, HS256, [1]),
    "payload a text": sign(TOKEN_SECRET, HS256, "x"),
    "payload no JSON": sign(TOKEN_SECRET, HS256, b"{"),
    "payload with a tail": sign(TOKEN_SECRET, HS256, b'{"user_id":"u"}x'),
    # the shape
    "one part": "x",
    "two parts": good().rsplit(".", 1)[0],
    "four parts": good() + ".x",
    "five parts": "a.b.c.d.e",
    "dots": "." * 50,
    "a space inside": good().replace(".", " .", 1),
    "standard base64": good().replace(".", ".+/", 1),
    "over 4096 bytes": good(pad="x" * 4096),
    "nothing": "",
}


def refused(reply):
    if reply.header("x-request-id") is None:  # the web server's own refusal of the header
        return reply.status in (400, 431)
    return reply.status == 401 and reply.header("www-authenticate").startswith("Bearer")


def test_a_good_token_opens_the_service(stack):
    me = expect_status(stack.get("/api/auth/me", key=None, headers=bearer(good())), 200).json
    assert me["user_id"] == "u-1" and me["role"] == "qa_engineer"


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(stack, name):
    reply = stack.get("/api/auth/me", key=None, headers=bearer(FORGERIES[name]))
    assert refused(reply), reply
    if reply.header("x-request-id") and FORGERIES[name]:
        expect_detail(reply, 401, "Invalid or expired token")


def test_no_character_of_the_signature_may_change(stack):
    for index in range(43):
        reply = stack.get("/api/auth/me", key=None, headers=bearer(flipped(index)))
        expect_status(reply, 401)


def test_two_authorization_headers_are_refused(stack):
    reply = stack.raw(("GET /api/auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       f"Authorization: Bearer {good()}\r\n"
                       f"Authorization: Bearer {good()}\r\n\r\n").encode())
    assert reply.status in (400, 401)


def test_a_blacklisted_token_is_refused_at_once(stack):
    token = good(user_id="logged-out")
    expect_status(stack.get("/api/auth/me", key=None, headers=bearer(token)), 200)
    stack.redis("SETEX", f"blacklist_token:{sha256(token)}", 3600, 1)
    expect_status(stack.get("/api/auth/me", key=None, headers=bearer(token)), 401)


def test_without_a_secret_bearer_is_switched_off(new_stack):
    service = new_stack()
    expect_status(service.get("/api/auth/me", key=None, headers=bearer(good())), 401)
