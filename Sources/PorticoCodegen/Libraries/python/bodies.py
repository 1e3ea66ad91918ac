"""Bodies of requests: bytes, files and other sources of bytes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Protocol, TypeAlias, cast

from .errors import InvalidCallError

CHUNK = 65_536


class Readable(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


Body: TypeAlias = "bytes | bytearray | memoryview | Readable | Iterable[bytes]"
"""Bytes, a file, or anything that gives pieces of bytes."""
AsyncBody: TypeAlias = "Body | AsyncIterable[bytes]"
"""As `Body`, or anything that gives pieces of bytes asynchronously."""


class BytesSource:
    """Bytes in memory."""

    repeatable = True

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def length(self) -> int | None:
        """How many there are."""
        return len(self.data)

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of them at once."""
        if self.data:
            yield self.data


class FileSource:
    """A file, from where it stands."""

    def __init__(self, file: Readable, threaded: bool) -> None:
        self._file = file
        self._threaded = threaded
        self._start: int | None = None
        self._length: int | None = None
        self._begun = False
        seekable = getattr(file, "seekable", None)
        if seekable is not None and seekable():
            start = file.tell()  # type: ignore[attr-defined]
            self._length = max(file.seek(0, os.SEEK_END) - start, 0)  # type: ignore[attr-defined]
            file.seek(start)  # type: ignore[attr-defined]
            self._start = start

    @property
    def length(self) -> int | None:
        """The rest of the file, if it can seek."""
        return self._length

    @property
    def repeatable(self) -> bool:
        """Whether it can be read from its beginning."""
        return self._start is not None or not self._begun

    async def chunks(self) -> AsyncIterator[bytes]:
        """The rest of the file."""
        if self._begun and self._start is not None:
            self._file.seek(self._start)  # type: ignore[attr-defined]
        self._begun = True
        left = self._length
        while left is None or left > 0:
            size = CHUNK if left is None else min(CHUNK, left)
            piece = await asyncio.to_thread(self._file.read, size) if self._threaded else self._file.read(size)
            if not piece:
                break
            if left is not None:
                left -= len(piece)
            yield _checked(piece)
        if left:
            raise InvalidCallError("the file became shorter while it was sent")


class IterableSource:
    """Pieces of bytes."""

    length = None

    def __init__(self, pieces: Iterable[bytes] | AsyncIterable[bytes]) -> None:
        self._pieces = pieces
        self._begun = False
        # What is its own iterator is used up by the first reading.
        self._once = hasattr(pieces, "__next__") or hasattr(pieces, "__anext__")

    @property
    def repeatable(self) -> bool:
        """Whether it can be read from its beginning."""
        return not (self._once and self._begun)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces, without empty ones."""
        self._begun = True
        if isinstance(self._pieces, AsyncIterable):
            async for piece in self._pieces:
                if piece:
                    yield _checked(piece)
        else:
            for piece in self._pieces:
                if piece:
                    yield _checked(piece)


Source: TypeAlias = "BytesSource | FileSource | IterableSource"


def source_of(body: object, threaded: bool) -> Source:
    """The source of what a caller gave; with `threaded`, files are read outside of the event loop."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return BytesSource(bytes(body))
    if hasattr(body, "read"):
        return FileSource(cast(Readable, body), threaded)
    if isinstance(body, Iterable) and not isinstance(body, str):
        return IterableSource(body)
    if threaded and isinstance(body, AsyncIterable):
        return IterableSource(body)
    raise InvalidCallError(f"a binary body is bytes or a source of bytes, not {type(body).__name__}")


async def read_all(source: Source) -> BytesSource:
    """The source in memory."""
    if isinstance(source, BytesSource):
        return source
    return BytesSource(b"".join([piece async for piece in source.chunks()]))


def _checked(piece: object) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(piece)
    raise InvalidCallError(f"a source of bytes gave {type(piece).__name__}")
