"""The frames of RFC 6455, as a client writes and reads them; no bytes move here."""

from __future__ import annotations

import dataclasses
import os
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
# API Gateway takes longer messages, but no longer frames.
FRAME_BYTES = 32768


class ProtocolError(Exception):
    """What the server sent is not as RFC 6455 has it; `code` is what the connection is closed with."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Event:
    """A whole message or control frame."""

    opcode: int
    data: bytes
    text: str = ""
    """The text of a text message, or the reason of a close frame."""
    code: int = 1005
    """The code of a close frame."""


def encode(opcode: int, data: bytes) -> bytes:
    """A message or control frame in as many frames as it needs."""
    pieces = [data[start : start + FRAME_BYTES] for start in range(0, len(data), FRAME_BYTES)] or [b""]
    frames: list[bytes] = []
    for index, piece in enumerate(pieces):
        final = 0x80 if index == len(pieces) - 1 else 0
        frames += (bytes((final | (0 if index else opcode),)), _length(len(piece)))
        key = os.urandom(4)
        frames += (key, masked(piece, key))
    return b"".join(frames)


def _length(size: int) -> bytes:
    if size < 126:
        return bytes((0x80 | size,))
    return b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size)


def masked(data: bytes, key: bytes) -> bytes:
    """The bytes with the key over and over them."""
    repeated = (key * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(data), "big")


def close_payload(code: int, reason: str) -> bytes:
    """What a close frame carries. Raises ValueError for what none may carry."""
    if not (code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011) or 3000 <= code <= 4999):
        raise ValueError(f"{code} is no code that a client may close with")
    data = struct.pack(">H", code) + reason.encode()
    if len(data) > 125:
        raise ValueError("the reason is longer than 123 bytes")
    return data


class Decoder:
    """Reads frames from whatever pieces the bytes come in."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._opcode = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Takes bytes that came."""
        self._buffer += data

    def next(self) -> Event | None:
        """The next event of what was fed; None until more is. Raises ProtocolError."""
        while True:
            frame = self._frame()
            if frame is None:
                return None
            final, opcode, data = frame
            if opcode >= 8:
                return _control(opcode, data)
            if opcode:
                self._opcode = opcode
            self._parts.append(data)
            if final:
                opcode, whole = self._opcode, b"".join(self._parts)
                self._opcode, self._parts, self._size = 0, [], 0
                return Event(opcode, whole, _text(whole)) if opcode == TEXT else Event(opcode, whole)

    def _frame(self) -> tuple[bool, int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        final, opcode = bool(first & 0x80), first & 0x0F
        self._check(first, second, final, opcode)
        size, start = second & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if opcode < 8 and self._size + size > self._limit:
            raise ProtocolError(1009, f"the message has more than {self._limit} bytes")
        if len(buffer) < start + size:
            return None
        data = bytes(buffer[start : start + size])
        del buffer[: start + size]
        if opcode < 8:
            self._size += size
        return final, opcode, data

    def _check(self, first: int, second: int, final: bool, opcode: int) -> None:
        if first & 0x70:
            raise ProtocolError(1002, "a frame has a reserved bit")
        if second & 0x80:
            raise ProtocolError(1002, "a frame of the server is masked")
        if opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG):
            raise ProtocolError(1002, f"a frame has opcode {opcode}")
        if opcode >= 8:
            if not final or second & 0x7F > 125:
                raise ProtocolError(1002, "a control frame is in parts or too long")
        elif (opcode == 0) != (self._opcode != 0):
            raise ProtocolError(1002, "a part of a message is out of place")


def _control(opcode: int, data: bytes) -> Event:
    if opcode != CLOSE or not data:
        return Event(opcode, data)
    code = int.from_bytes(data[:2], "big") if len(data) > 1 else 0
    if not 1000 <= code <= 4999 or code in (1004, 1005, 1006, 1015):
        raise ProtocolError(1002, "a close frame has no code that it may have")
    return Event(opcode, data, _text(data[2:]), code)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ProtocolError(1007, "a text message is no UTF-8") from None
