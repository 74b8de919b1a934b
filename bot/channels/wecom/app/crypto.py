"""Signature and encryption of a callback, as page 90968 defines them (known as WXBizMsgCrypt).

Ciphertext is base64 of AES-256-CBC over ``16 random bytes | length (uint32, big-endian) | message | receive id``,
padded with PKCS#7 to 32 bytes; key and IV come from the EncodingAESKey.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wecom.errors import CallbackRefusedError
from bot.channels.wecom.limits import AES_KEY_CHARACTERS, PADDING_BYTES

_NOISE_BYTES = 16
_KEY_BYTES = 32
_HEAD = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted message with what proves it."""

    ciphertext: str
    signature: str
    timestamp: str
    nonce: str


class CallbackCrypto:
    """Opens and seals the messages of one callback address."""

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        """Take the three values of the app's page; ValueError when the key can't be one.

        ``receive_id`` is the corpid; an empty one stands for messages that are sealed without any.
        """
        self._token = token
        self._receive_id = receive_id.encode()
        self._key = _aes_key(encoding_aes_key)

    def signature(self, timestamp: str, nonce: str, ciphertext: str) -> str:
        """Return the ``msg_signature`` of a message."""
        parts = sorted((self._token, timestamp, nonce, ciphertext))
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, ciphertext: str) -> str:
        """Return the plain message; CallbackRefusedError for anything that is not WeCom's or not for us."""
        expected = self.signature(timestamp, nonce, ciphertext)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise CallbackRefusedError
        try:
            return self._decrypt(ciphertext)
        except (ValueError, struct.error) as error:
            raise CallbackRefusedError from error

    def seal(self, message: str, timestamp: str, nonce: str) -> Sealed:
        """Encrypt and sign a passive answer."""
        text = message.encode()
        plain = secrets.token_bytes(_NOISE_BYTES) + _HEAD.pack(len(text)) + text + self._receive_id
        padder = padding.PKCS7(PADDING_BYTES * 8).padder()
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        ciphertext = base64.b64encode(sealed).decode()
        return Sealed(ciphertext, self.signature(timestamp, nonce, ciphertext), timestamp, nonce)

    def _decrypt(self, ciphertext: str) -> str:
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(base64.b64decode(ciphertext, validate=True)) + decryptor.finalize()
        unpadder = padding.PKCS7(PADDING_BYTES * 8).unpadder()
        plain = (unpadder.update(padded) + unpadder.finalize())[_NOISE_BYTES:]
        (length,) = _HEAD.unpack_from(plain)
        end = _HEAD.size + length
        message, receive_id = plain[_HEAD.size : end], plain[end:]
        if len(message) != length or not hmac.compare_digest(receive_id, self._receive_id):
            raise ValueError("length or receive id")
        return message.decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:_NOISE_BYTES]))


def _aes_key(encoding_aes_key: str) -> bytes:
    try:
        key = base64.b64decode(encoding_aes_key + "=", validate=True)
    except binascii.Error:
        key = b""
    if len(encoding_aes_key) != AES_KEY_CHARACTERS or len(key) != _KEY_BYTES:
        raise ValueError(f"EncodingAESKey must be {AES_KEY_CHARACTERS} letters and digits")
    return key
