"""What an operation is, and how its request and its answer are made of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import quote

from . import coding
from .bodies import BytesSource, Source, source_of
from .coding import (
    ANY,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INT32,
    INT64,
    STRING,
    TIMESTAMP,
    ListOf,
    MapOf,
    Nullable,
)
from .errors import DecodingError, GatewayError, InvalidCallError, ResponseError
from .headers import Headers
from .messages import Reply
from .options import Package
from .unset import UNSET

# What modules of operations name.
__all__ = [
    "ANY",
    "BOOLEAN",
    "BYTES",
    "BinaryOutput",
    "DATE",
    "DOUBLE",
    "INT32",
    "INT64",
    "Identity",
    "JSONOutput",
    "ListOf",
    "MapOf",
    "NoOutput",
    "Nullable",
    "Operation",
    "Package",
    "Pagination",
    "Parameter",
    "Payload",
    "STRING",
    "Slot",
    "TIMESTAMP",
    "TextOutput",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter of the path, the query or the header."""

    name: str
    place: str
    """`path`, `query` or `header`."""
    separator: str | None = None
    """What joins the elements of a list; None: the parameter comes once for each."""


@dataclasses.dataclass(frozen=True)
class Slot:
    """A place in a path that takes the value of a parameter."""

    parameter: int
    greedy: bool = False
    """Whether slashes of the value stay."""


class Output(Generic[T_co]):
    """What a successful answer gives."""

    accept = "*/*"

    def _read(self, reply: Reply) -> T_co:
        """The value. Raises DecodingError."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class NoOutput(Output[None]):
    """Nothing."""

    accept = "application/json"

    def _read(self, reply: Reply) -> None:
        return None


@dataclasses.dataclass(frozen=True)
class JSONOutput(Output[T]):
    """JSON of a type."""

    accept = "application/json"
    type: coding.Type[T]
    optional: bool = False
    """Whether some answers have no body, which then is None."""

    def _read(self, reply: Reply) -> T:
        if not reply.content:
            if self.optional:
                return coding.decode(self.type, None)
            raise _undecodable(reply, "the answer has no body")
        try:
            return coding.decode(self.type, coding.parse(reply.content))
        except coding.Mismatch as error:
            raise _undecodable(reply, f"the answer is not as promised: {error}", error.path) from error
        except ValueError as error:
            raise _undecodable(reply, f"the answer is no JSON: {error}") from error


@dataclasses.dataclass(frozen=True)
class TextOutput(Output[str]):
    """Text."""

    def _read(self, reply: Reply) -> str:
        charset = _charset(reply.headers)
        try:
            return reply.content.decode(charset)
        except (UnicodeDecodeError, LookupError) as error:
            raise _undecodable(reply, f"the answer is no {charset} text") from error


@dataclasses.dataclass(frozen=True)
class BinaryOutput(Output[bytes]):
    """Bytes."""

    def _read(self, reply: Reply) -> bytes:
        return reply.content


def _undecodable(reply: Reply, message: str, path: str = "$") -> DecodingError:
    return DecodingError(message, path=path, status=reply.status, headers=reply.headers, content=reply.content)


def _charset(headers: Headers) -> str:
    """The character set that `Content-Type` names."""
    for part in headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or "utf-8"
    return "utf-8"


@dataclasses.dataclass(frozen=True)
class Payload:
    """The body that an operation takes."""

    kind: str
    """`json`, `text` or `binary`."""
    media_type: str
    required: bool = False
    nullable: bool = False
    """Whether None is JSON null; else None is no body."""


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who is calling."""

    kind: str
    """`sigv4`, `token`, `bearer`, `basic` or `key`."""
    name: str = "Authorization"
    in_query: bool = False


@dataclasses.dataclass(frozen=True)
class Pagination:
    """How to page through results."""

    input: int
    """Index of the parameter that takes the token."""
    output: tuple[str, ...]
    items: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Operation(Generic[T]):
    """One call of an API, as data."""

    name: str
    method: str | None
    """None: the caller says it."""
    path: tuple[str | Slot, ...]
    output: Output[T]
    parameters: tuple[Parameter, ...] = ()
    payload: Payload | None = None
    errors: tuple[tuple[int, type[ResponseError]], ...] = ()
    default_error: type[ResponseError] | None = None
    identity: Identity | None = None
    needs_api_key: bool = False
    pagination: Pagination | None = None


Arguments: TypeAlias = "tuple[object, ...]"


def target(operation: Operation[T], arguments: Arguments) -> str:
    """Path and query of a call. Raises InvalidCallError."""
    path: list[str] = []
    for piece in operation.path:
        if isinstance(piece, str):
            path.append(piece)
            continue
        name = operation.parameters[piece.parameter].name
        text = ",".join(_texts(name, arguments[piece.parameter]))
        if not text:
            raise InvalidCallError(f"the path parameter {name!r} is empty")
        if text in (".", ".."):
            raise InvalidCallError(f"the path parameter {name!r} is {text!r}, which means another path")
        path.append(_percent(text, "/" if piece.greedy else ""))
    query = [
        f"{_percent(parameter.name)}={_percent(value)}"
        for parameter, value in _values(operation, arguments, "query")
    ]
    return "".join(path) + ("?" + "&".join(query) if query else "")


def header_fields(operation: Operation[T], arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Header parameters of a call. Raises InvalidCallError."""
    for parameter, value in _values(operation, arguments, "header"):
        yield parameter.name, value


def _values(operation: Operation[T], arguments: Arguments, place: str) -> Iterator[tuple[Parameter, str]]:
    for parameter, argument in zip(operation.parameters, arguments):
        if parameter.place != place or argument is None or argument is UNSET:
            continue
        texts = _texts(parameter.name, argument)
        if parameter.separator is not None and texts and isinstance(argument, (list, tuple)):
            texts = [parameter.separator.join(texts)]
        for text in texts:
            yield parameter, text


def _texts(name: str, argument: object) -> list[str]:
    """The elements of a list, or the one value."""
    if isinstance(argument, (list, tuple)):
        return [text for item in argument for text in _texts(name, item)]
    if isinstance(argument, bool):
        return ["true" if argument else "false"]
    if argument is None or isinstance(argument, dict):
        raise InvalidCallError(f"the parameter {name!r} cannot be {argument!r}")
    try:
        return [str(coding.encode(argument))]
    except (ValueError, TypeError) as error:
        raise InvalidCallError(f"the parameter {name!r}: {error}") from error


def _percent(text: str, safe: str = "") -> str:
    try:
        # `quote` keeps exactly the unreserved characters of RFC 3986 besides those in `safe`.
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise InvalidCallError("a parameter has a surrogate, which has no UTF-8") from None


def body_source(operation: Operation[T], body: object, threaded: bool) -> Source | None:
    """The body of a call. Raises InvalidCallError."""
    payload = operation.payload
    if payload is None or body is UNSET or (body is None and not payload.nullable):
        if payload is not None and payload.required:
            raise InvalidCallError(f"{operation.name} needs a body")
        return None
    if payload.kind == "binary":
        return source_of(body, threaded)
    if payload.kind == "text":
        if not isinstance(body, str):
            raise InvalidCallError(f"a text body is str, not {type(body).__name__}")
        try:
            return BytesSource(body.encode())
        except UnicodeEncodeError:
            raise InvalidCallError("the text has a surrogate, which has no UTF-8") from None
    try:
        return BytesSource(coding.write(body))
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCallError(f"the body cannot be written: {error}") from error


def check_headers(fields: Iterable[tuple[str, str]]) -> None:
    """Refuses what would end a header before its time. Raises InvalidCallError."""
    for name, value in fields:
        if not isinstance(value, str):
            raise InvalidCallError(f"the header {name!r} is {type(value).__name__}, not str")
        if not name or any(character in name for character in "\r\n\0: "):
            raise InvalidCallError(f"{name!r} cannot be the name of a header")
        if any(character in value for character in "\r\n\0"):
            raise InvalidCallError(f"the header {name!r} has a line break or NUL in its value")


def response_error(operation: Operation[T], reply: Reply) -> ResponseError:
    """The error of an answer that is not 2xx."""
    try:
        json: object = coding.parse(reply.content)
    except ValueError:
        json = UNSET
    message = None
    if isinstance(json, dict):
        message = next((json[key] for key in ("message", "Message") if isinstance(json.get(key), str)), None)
    plain = ResponseError(reply.status, reply.headers, reply.content, message)
    if "x-amzn-errortype" in reply.headers:
        return GatewayError(reply.status, reply.headers, reply.content, message)
    declared = dict(operation.errors).get(reply.status, operation.default_error)
    if declared is None:
        return plain
    if declared._body_type is None:
        return declared(reply.status, reply.headers, reply.content, message)
    try:
        body = coding.decode(declared._body_type, json)
    except coding.Mismatch:
        return plain
    return declared(reply.status, reply.headers, reply.content, message, body)


def now() -> dt.datetime:
    """The time that signatures carry."""
    return dt.datetime.now(dt.timezone.utc)
