"""JSON to Python values and back.

Decoding is told what to expect by a `Type`; encoding looks at the values themselves, because each of them knows what
it is.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from . import times
from .unset import Unset

JSON: TypeAlias = "None | bool | int | float | str | list[JSON] | dict[str, JSON]"
"""Any JSON value."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Mismatch(Exception):
    """JSON that is not of the expected type; every list and object on the way out adds its key to the path."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.keys: list[str | int] = []

    def within(self, key: str | int) -> Mismatch:
        """The same, seen from the value that holds `key`."""
        self.keys.append(key)
        return self

    @property
    def path(self) -> str:
        """Where it is, such as `$.pets[3].name`."""
        parts = ["$"]
        for key in reversed(self.keys):
            if isinstance(key, int):
                parts.append(f"[{key}]")
            elif key.isidentifier():
                parts.append(f".{key}")
            else:
                parts.append(f"[{json.dumps(key)}]")
        return "".join(parts)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class Type(Protocol[T_co]):
    """What JSON is decoded to. Classes of models are types too, by their class method of this name."""

    def _decode(self, value: object) -> T_co:
        """The value. Raises Mismatch."""


def kind_of(value: object) -> str:
    """What JSON calls a decoded value, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def mismatch(expected: str, value: object) -> Mismatch:
    """The complaint that a value is of another kind."""
    return Mismatch(f"expected {expected}, found {kind_of(value)}")


@dataclasses.dataclass(frozen=True)
class Scalar(Generic[T]):
    """A type that one function decodes."""

    decode: Callable[[object], T]

    def _decode(self, value: object) -> T:
        return self.decode(value)


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise mismatch("a string", value)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise mismatch("a boolean", value)


def _integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    # JSON has one kind of number: `1.0` and `1e3` are whole.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise Mismatch("expected a whole number") if isinstance(value, float) else mismatch("a whole number", value)


def _sized(bits: int) -> Callable[[object], int]:
    limit = 1 << (bits - 1)

    def decode(value: object) -> int:
        number = _integer(value)
        if -limit <= number < limit:
            return number
        raise Mismatch(f"the number does not fit into {bits} bits")

    return decode


def _double(value: object) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise Mismatch("the number does not fit into 64 bits") from None
    raise mismatch("a number", value)


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_string(value), validate=True)
    except (binascii.Error, ValueError):
        raise Mismatch("not Base64") from None


def _timestamp(value: object) -> dt.datetime:
    try:
        return times.parse_timestamp(_string(value))
    except ValueError as error:
        raise Mismatch(str(error)) from None


def _date(value: object) -> dt.date:
    try:
        return times.parse_date(_string(value))
    except ValueError as error:
        raise Mismatch(str(error)) from None


def _json(value: object) -> JSON:
    return value  # type: ignore[return-value]  # It comes from the parser.


STRING = Scalar(_string)
BOOLEAN = Scalar(_boolean)
INT32 = Scalar(_sized(32))
INT64 = Scalar(_sized(64))
DOUBLE = Scalar(_double)
BYTES = Scalar(_bytes)
TIMESTAMP = Scalar(_timestamp)
DATE = Scalar(_date)
ANY = Scalar(_json)


@dataclasses.dataclass(frozen=True)
class ListOf(Generic[T]):
    """A list."""

    element: Type[T]

    def _decode(self, value: object) -> list[T]:
        if not isinstance(value, list):
            raise mismatch("an array", value)
        decode = self.element._decode
        decoded: list[T] = []
        try:
            for item in value:
                decoded.append(decode(item))
        except Mismatch as error:
            raise error.within(len(decoded)) from None
        return decoded


@dataclasses.dataclass(frozen=True)
class MapOf(Generic[T]):
    """A map from text."""

    element: Type[T]

    def _decode(self, value: object) -> dict[str, T]:
        if not isinstance(value, dict):
            raise mismatch("an object", value)
        decode = self.element._decode
        decoded: dict[str, T] = {}
        key = ""
        try:
            for key, item in value.items():
                decoded[key] = decode(item)
        except Mismatch as error:
            raise error.within(key) from None
        return decoded


@dataclasses.dataclass(frozen=True)
class Nullable(Generic[T]):
    """A type or JSON null."""

    inner: Type[T]

    def _decode(self, value: object) -> T | None:
        return None if value is None else self.inner._decode(value)


class Encodable:
    """A value that knows its own JSON."""

    __slots__ = ()

    def _encode(self) -> object:
        """Values that `encode` takes."""
        raise NotImplementedError


def encode(value: object) -> JSON:
    """A value as JSON. Raises ValueError or TypeError for values that have none."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        # Enumerations are text of a class of their own.
        return value if type(value) is str else str.__str__(value)
    if isinstance(value, Encodable):
        return encode(value._encode())
    if isinstance(value, Mapping):
        return {_key(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError(f"JSON has no number {value}")
        return value
    if isinstance(value, dt.datetime):
        return times.format_timestamp(value)
    if isinstance(value, dt.date):
        return times.format_date(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Unset):
        raise ValueError("UNSET has no JSON")
    raise TypeError(f"{type(value).__name__} has no JSON")


def _key(key: object) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    raise TypeError(f"keys of JSON objects are text, not {type(key).__name__}")


def write(value: object) -> bytes:
    """A value as the bytes of JSON text. Raises ValueError or TypeError."""
    plain = encode(value)
    try:
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8, only an escape.
        return json.dumps(plain, separators=(",", ":")).encode()


def parse(data: bytes) -> JSON:
    """JSON text as plain values. Raises ValueError."""
    try:
        parsed: JSON = json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None
    return parsed


def _refuse(name: str) -> Any:
    raise ValueError(f"JSON has no number {name}")


def decode(type_: Type[T], value: object) -> T:
    """Plain values as a type. Raises Mismatch."""
    try:
        return type_._decode(value)
    except RecursionError:
        raise Mismatch("nested too deeply") from None
