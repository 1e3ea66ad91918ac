"""What goes wrong in a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .headers import Headers

if TYPE_CHECKING:
    from .coding import Type


class APIError(Exception):
    """Base of every error of this package."""


class InvalidCallError(APIError, ValueError):
    """The call cannot be sent: an argument is wrong, or the client lacks an option that the operation needs."""


class TransportError(APIError):
    """No answer came: there was no connection, or it broke. `__cause__` tells why."""


class CallTimeoutError(APIError, TimeoutError):
    """An attempt took longer than `timeout`, or the call longer than `deadline`."""


class DecodingError(APIError):
    """A successful answer is not what the API promises."""

    def __init__(
        self, message: str, *, path: str = "$", status: int = 0, headers: Headers | None = None, content: bytes = b""
    ) -> None:
        super().__init__(message)
        self.path = path
        """Where in the JSON it is not, such as `$.pets[3].name`; `$` is the whole."""
        self.status = status
        """Status of the answer; 0 if there was none."""
        self.headers = headers or Headers()
        self.content = content
        """Bytes of the answer."""


class PagingError(APIError):
    """The API gave the same page token twice in a row, so there would be no end of pages."""


class ConnectionClosedError(APIError):
    """A connection has ended, and is not opened again."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"the connection is closed: {code}" + (f", {reason}" if reason else ""))
        self.code = code
        """The code of the close frame; 1005 if it had none, 1006 if there was no close frame."""
        self.reason = reason


class ResponseError(APIError):
    """An answer whose status is not 2xx."""

    _body_type: ClassVar[Type[object] | None] = None

    def __init__(self, status: int, headers: Headers, content: bytes, message: str | None, body: object = None) -> None:
        super().__init__(f"{status}: {message}" if message else f"status {status}")
        self.status = status
        self.headers = headers
        self.content = content
        """Bytes of the body."""
        self.message = message
        """What the body says in `message`, if it does."""
        self.body = body
        """The decoded body of a declared error; None for other errors."""

    @property
    def request_id(self) -> str | None:
        """What the gateway calls the request."""
        return request_id(self.headers)

    @property
    def error_type(self) -> str | None:
        """Kind of error, of the header `x-amzn-errortype`."""
        return error_type(self.headers)


class GatewayError(ResponseError):
    """An answer that the gateway made itself, before or instead of the API's backend."""


def request_id(headers: Headers) -> str | None:
    """What the gateway calls the request; REST and HTTP APIs tell it in different headers."""
    return headers.get("x-amzn-requestid", headers.get("apigw-requestid"))


def error_type(headers: Headers) -> str | None:
    """`x-amzn-errortype` without what follows the first colon."""
    value = headers.get("x-amzn-errortype")
    return None if value is None else value.split(":", 1)[0]
