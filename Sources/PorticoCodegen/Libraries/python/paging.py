"""Pages of a list, each called for with the token that the page before it gave."""

from __future__ import annotations

from typing import Any

from .errors import PagingError
from .models import follow
from .operations import Arguments, Operation


class NextToken:
    """What the next page is asked for with."""

    def __init__(self, operation: Operation[Any]) -> None:
        self._operation = operation
        self._last: object = None

    def arguments_after(self, page: object, arguments: Arguments) -> Arguments | None:
        """The arguments of the next call; None after the last page. Raises PagingError."""
        pagination = self._operation.pagination
        token = None if pagination is None else follow(page, pagination.output)
        if pagination is None or token is None or token == "":
            return None
        if token == self._last:
            raise PagingError(f"{self._operation.name} gave the same token twice: {token!r}")
        self._last = token
        index = pagination.input
        return (*arguments[:index], token, *arguments[index + 1 :])


def items_of(operation: Operation[Any], page: object) -> list[Any]:
    """The items of a page; none if it has no list of them."""
    items = None if operation.pagination is None else follow(page, operation.pagination.items)
    return items if isinstance(items, list) else []
