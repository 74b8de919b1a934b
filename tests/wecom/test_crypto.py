"""Callback encryption against Tencent's published samples and two independent implementations."""

from __future__ import annotations

import base64
import struct
import warnings

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.documents import write_envelope
from bot.channels.wecom.errors import CallbackRefusedError

with warnings.catch_warnings():
    # Both are old packages that are here only to disagree with us.
    warnings.simplefilter("ignore")
    from wechatpy.enterprise.crypto import WeChatCrypto
    from wx_crypt import WXBizMsgCrypt, WxChannel_Wecom

TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
STAMP, NONCE = "1409659813", "1372623149"

ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)

TEXTS = [
    *("x" * length for length in range(70)),
    *("教" * length for length in range(1, 24)),
    "诊疗量占比不低于20%、10% 👩‍⚕️🏥",
    "\n\t <xml>&amp;",
    "万" * 3000,
]


@pytest.fixture
def ours() -> CallbackCrypto:
    """Our own, with the samples' values."""
    return CallbackCrypto(TOKEN, KEY, CORP)


def test_published_echo_opens(ours: CallbackCrypto) -> None:
    """The published verification of an address gives the published number."""
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert ours.open(signature, "1409659589", "263014780", ECHO) == "1616140317555161061"


def test_published_message_opens(ours: CallbackCrypto) -> None:
    """The published message of a member gives the published text."""
    opened = ours.open("477715d11cdb4164915debcba66cb864d751f3e6", STAMP, NONCE, MESSAGE)
    assert "<Content><![CDATA[hello]]></Content>" in opened
    assert "<MsgId>4561255354251345929</MsgId>" in opened


@pytest.mark.parametrize("receive_id", [CORP, ""])
def test_wechatpy_and_we_read_each_other(receive_id: str) -> None:
    """Messages of every length near the padding's borders, Chinese and emoji pass both ways."""
    ours, theirs = CallbackCrypto(TOKEN, KEY, receive_id), WeChatCrypto(TOKEN, KEY, receive_id)
    for text in TEXTS:
        sealed = ours.seal(text, STAMP, NONCE)
        opened = theirs.decrypt_message(write_envelope(sealed), sealed.signature, STAMP, NONCE)
        assert opened == text
        fields = xmltodict.parse(theirs.encrypt_message(text, NONCE, STAMP))["xml"]
        assert ours.open(fields["MsgSignature"], STAMP, NONCE, fields["Encrypt"]) == text


@pytest.mark.parametrize("receive_id", [CORP, ""])
def test_wx_crypt_and_we_read_each_other(receive_id: str) -> None:
    """The same against wx-crypt, which stands on another AES library."""
    ours, theirs = CallbackCrypto(TOKEN, KEY, receive_id), WXBizMsgCrypt(TOKEN, KEY, receive_id, WxChannel_Wecom)
    for text in TEXTS:
        sealed = ours.seal(text, STAMP, NONCE)
        code, opened = theirs.DecryptMsg(write_envelope(sealed), sealed.signature, STAMP, NONCE)
        assert (code, opened.decode()) == (0, text)
        code, document = theirs.EncryptMsg(text.encode(), NONCE, STAMP)
        fields = xmltodict.parse(document)["xml"]
        assert ours.open(fields["MsgSignature"], STAMP, NONCE, fields["Encrypt"]) == text


def damaged(kind: str) -> tuple[str, str, str, str]:
    """Return the four values of a message that must be refused; signed rightly unless the signature is the point."""
    ours = CallbackCrypto(TOKEN, KEY, CORP)
    sealed = ours.seal("教委负责什么", STAMP, NONCE)
    raw = base64.b64decode(sealed.ciphertext)
    ciphertext = {
        "tampered": base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode(),
        "truncated": base64.b64encode(raw[:-16]).decode(),
        "cut inside a block": base64.b64encode(raw[:-5]).decode(),
        "empty": "",
        "not base64": "教委",
        "padding of zeros": encrypted(bytes(64)),
        "padding longer than a block": encrypted(bytes(32) + bytes([33]) * 32),
        "length beyond the end": encrypted(bytes(16) + struct.pack(">I", 1000) + b"x" * 12 + bytes([32]) * 32),
        "too short for a length": encrypted(bytes(16) + bytes([16]) * 16),
        "another corporation": CallbackCrypto(TOKEN, KEY, "other").seal("x", STAMP, NONCE).ciphertext,
        "no receive id": CallbackCrypto(TOKEN, KEY, "").seal("x", STAMP, NONCE).ciphertext,
        "not UTF-8": encrypted(padded(bytes(16) + struct.pack(">I", 2) + b"\xff\xfe" + CORP.encode())),
    }.get(kind, sealed.ciphertext)
    signature = "0" * 40 if kind == "wrong signature" else ours.signature(STAMP, NONCE, ciphertext)
    return signature, STAMP, "1" if kind == "another nonce" else NONCE, ciphertext


def encrypted(plain: bytes) -> str:
    """Encrypt bytes as they are."""
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(plain: bytes) -> bytes:
    """Pad to 32 bytes as the platform does."""
    missing = 32 - len(plain) % 32
    return plain + bytes([missing]) * missing


@pytest.mark.parametrize(
    "kind",
    [
        "wrong signature",
        "another nonce",
        "tampered",
        "truncated",
        "cut inside a block",
        "empty",
        "not base64",
        "padding of zeros",
        "padding longer than a block",
        "length beyond the end",
        "too short for a length",
        "another corporation",
        "no receive id",
        "not UTF-8",
    ],
)
def test_refusals_do_not_say_why(ours: CallbackCrypto, kind: str) -> None:
    """Whatever is wrong with a message, the refusal is the same, so nobody can learn from it."""
    with pytest.raises(CallbackRefusedError) as refused:
        ours.open(*damaged(kind))
    assert str(refused.value) == "callback refused"


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", "*" * 43])
def test_wrong_key_is_named(key: str) -> None:
    """An EncodingAESKey that can't be one is refused where it is set, not at the first message."""
    with pytest.raises(ValueError, match="EncodingAESKey"):
        CallbackCrypto(TOKEN, key, CORP)


def test_same_message_looks_different_each_time(ours: CallbackCrypto) -> None:
    """The random bytes keep equal answers from being recognised."""
    assert ours.seal("x", STAMP, NONCE).ciphertext != ours.seal("x", STAMP, NONCE).ciphertext
