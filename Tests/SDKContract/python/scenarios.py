"""The scenarios, in the order of SCENARIOS.md."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import contract
from contract import UNSET, AsyncClient, CallOptions, Credentials, errors, models
from kit import ECHO, GATEWAY, REFUSED, SILENT, Kit, Stopwatch, described, failure, milliseconds, text64, variant

Scenario = Callable[[Kit], Awaitable[object]]
S = TypeVar("S", bound=Scenario)

SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str) -> Callable[[S], S]:
    """Gives a function the name of a scenario."""

    def add(function: S) -> S:
        SCENARIOS[name] = function
        return function

    return add


KEY = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session/token==")
GATEWAY_KEY = "contract-key-0123456789"
BIG = 9223372036854775807
LEAST = -9223372036854775808
DAY = dt.date(2024, 2, 29)
BLUE = models.Color.DARK_BLUE


def header(echo: models.Echo, name: str) -> object:
    """The values of a header that a server was sent, or None."""
    return echo.headers.get(name)


def sent(echo: models.Echo) -> str:
    """The body that a server was sent."""
    return echo.body.decode()


# auth


@scenario("auth.api-key")
async def api_key(kit: Kit) -> object:
    return header(await kit.client(ECHO, api_key="key-123").call_with_api_key(), "x-api-key")


@scenario("auth.api-key-missing")
async def api_key_missing(kit: Kit) -> object:
    return {**await failure(kit.client(ECHO).call_with_api_key()), "attempts": kit.attempts}


@scenario("auth.api-key-unneeded")
async def api_key_unneeded(kit: Kit) -> object:
    return header(await kit.client(ECHO, api_key="key-123").call_query(), "x-api-key")


@scenario("auth.token")
async def token(kit: Kit) -> object:
    return header(await kit.client(ECHO, token="raw-token").call_with_token(), "authorization")


@scenario("auth.token-callback")
async def token_callback(kit: Kit) -> object:
    count = 0

    def plain() -> str:
        nonlocal count
        count += 1
        return f"token-{count}"

    async def asynchronous() -> str:
        return plain()

    client = kit.client(ECHO + "/flaky", token=asynchronous if kit.is_async else plain)
    return {"authorization": header(await client.call_with_token(), "authorization"), "attempts": kit.attempts}


@scenario("auth.token-missing")
async def token_missing(kit: Kit) -> object:
    return await failure(kit.client(ECHO).call_with_token())


@scenario("auth.token-refused")
async def token_refused(kit: Kit) -> object:
    return {"result": await failure(kit.client(GATEWAY).retry_get("refused")), "attempts": kit.attempts}


@scenario("auth.custom-token")
async def custom_token(kit: Kit) -> object:
    echo = await kit.client(ECHO, token="raw-token").call_with_custom_token()
    return {name: header(echo, name) for name in ("x-custom-token", "authorization")}


@scenario("auth.bearer")
async def bearer(kit: Kit) -> object:
    return header(await kit.client(ECHO, token="raw-token").call_with_bearer(), "authorization")


@scenario("auth.basic")
async def basic(kit: Kit) -> object:
    client = kit.client(ECHO, username="Aladdin", password="open:sesame ü")
    return header(await client.call_with_basic(), "authorization")


@scenario("auth.basic-missing")
async def basic_missing(kit: Kit) -> object:
    return await failure(kit.client(ECHO).call_with_basic())


@scenario("auth.header-key")
async def header_key(kit: Kit) -> object:
    return header(await kit.client(ECHO, keys={"X-Partner-Key": "p-1"}).call_with_header_key(), "x-partner-key")


@scenario("auth.query-key")
async def query_key(kit: Kit) -> object:
    return (await kit.client(ECHO, keys={"partner key": "a b&c"}).call_with_query_key()).target


@scenario("auth.key-missing")
async def key_missing(kit: Kit) -> object:
    return await failure(kit.client(ECHO).call_with_header_key())


@scenario("auth.signed")
async def signed(kit: Kit) -> object:
    client = kit.client(ECHO, credentials=KEY, region="eu-west-1", api_key="key-123")
    body = models.Thing(id="ü")
    response = await client.with_response(client.call_signed, "a b/c", body, filter=["z", "a b", ""])
    echo = response.value
    return {
        "signature": response.headers["x-contract-signature"],
        "target": echo.target,
        "token": header(echo, "x-amz-security-token"),
        "key": header(echo, "x-api-key"),
        "wire": sent(echo),
    }


@scenario("auth.signed-hook")
async def signed_hook(kit: Kit) -> object:
    def before(request: contract.Request) -> None:
        request.headers["X-Hook"] = "signed"

    client = kit.client(ECHO, credentials=KEY, region="eu-west-1", api_key="key-123", before_attempt=before)
    response = await client.with_response(client.call_signed, "x", models.Thing(id="y"))
    authorization = ",".join(response.value.headers["authorization"])
    return {
        "signature": response.headers["x-contract-signature"],
        "hook": header(response.value, "x-hook"),
        "signed": ";x-hook" in authorization,
    }


@scenario("auth.signed-provider")
async def signed_provider(kit: Kit) -> object:
    calls = 0

    def plain() -> Credentials:
        nonlocal calls
        calls += 1
        return Credentials(KEY.access_key_id, KEY.secret_access_key)

    async def asynchronous() -> Credentials:
        return plain()

    provider = asynchronous if kit.is_async else plain
    client = kit.client(ECHO + "/flaky", credentials=provider, region="us-east-1", api_key="key-123")
    options = CallOptions(idempotency_key="k")
    response = await client.with_response(client.call_signed, "x", models.Thing(id="y"), options=options)
    return {"signature": response.headers["x-contract-signature"], "calls": 1 <= calls <= 3}


@scenario("auth.signed-environment")
async def signed_environment(kit: Kit) -> object:
    client = kit.client(ECHO, region="us-east-1", api_key="key-123")
    response = await client.with_response(client.call_signed, "x", models.Thing(id="y"))
    return {
        "signature": response.headers["x-contract-signature"],
        "token": header(response.value, "x-amz-security-token"),
    }


@scenario("auth.signed-gateway")
async def signed_gateway(kit: Kit) -> object:
    client = kit.client(GATEWAY, region="us-east-1", api_key=GATEWAY_KEY)
    return header(await client.call_signed("a b/c", models.Thing(id="ü"), filter=["z", "a b", ""]), "x-caller")


@scenario("auth.signed-stranger")
async def signed_stranger(kit: Kit) -> object:
    stranger = Credentials(KEY.access_key_id, KEY.secret_access_key)
    client = kit.client(GATEWAY, credentials=stranger, region="us-east-1", api_key=GATEWAY_KEY)
    return await failure(client.call_signed("x", models.Thing(id="y")))


@scenario("auth.vectors")
async def vectors(kit: Kit) -> object:
    result: dict[str, str] = {}
    with open(os.environ["CONTRACT_VECTORS"], encoding="utf-8") as file:
        entries: list[dict[str, Any]] = json.load(file)
    for entry in entries:
        time = dt.datetime.strptime(entry["time"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.timezone.utc)
        given = [(name, value) for name, value in entry["headers"]]
        headers = contract.sign(
            entry["method"],
            entry["url"],
            given,
            base64.b64decode(entry["body"]),
            Credentials(entry["accessKeyId"], entry["secretAccessKey"], entry["sessionToken"]),
            entry["region"],
            entry["service"],
            time,
        )
        added = [[name, value] for name, value in headers if (name, value) not in given and name != "Authorization"]
        right = added == entry["added"] and headers[: len(given)] == given
        result[entry["name"]] = dict(headers)["Authorization"] if right else f"other headers: {headers}"
    return result


# wire


@scenario("wire.path")
async def path(kit: Kit) -> object:
    return (await kit.client(ECHO).call_path("a b/c%ü~.-_!*'()", "x/y z/%/ü?#")).target


@scenario("wire.path-empty")
async def path_empty(kit: Kit) -> object:
    client = kit.client(ECHO)
    return [await failure(client.call_path("", "x")), await failure(client.call_path("x", ""))]


@scenario("wire.path-typed")
async def path_typed(kit: Kit) -> object:
    return (await kit.client(ECHO).call_typed_path(BIG, DAY, BLUE)).target


@scenario("wire.base-slash")
async def base_slash(kit: Kit) -> object:
    return (await kit.client(ECHO + "/").call_path("a", "b")).target


@scenario("wire.query")
async def query(kit: Kit) -> object:
    echo = await kit.client(ECHO).call_query(
        text="a b+c&d=e/f?ü'()*!~",
        flag=False,
        count=-1,
        ratio=0.5,
        when=dt.datetime(2024, 2, 29, 23, 59, 59, 500_000, dt.timezone.utc),
        day=DAY,
        color=BLUE,
        tags=["a", "b&c", ""],
        commas=["a", "b c"],
        blanks=["a", "b"],
        pipes=[1, 2],
        filter_name="x",
    )
    return echo.target


@scenario("wire.query-none")
async def query_none(kit: Kit) -> object:
    return (await kit.client(ECHO).call_query()).target


@scenario("wire.query-empty")
async def query_empty(kit: Kit) -> object:
    return (await kit.client(ECHO).call_query(text="", tags=[], commas=[])).target


@scenario("wire.headers")
async def headers(kit: Kit) -> object:
    echo = await kit.client(ECHO).call_headers("a  b", x_flag=True, x_count=LEAST, x_tags=["a", "b c"])
    return {name: header(echo, f"x-{name}") for name in ("required", "flag", "count", "tags")}


@scenario("wire.header-break")
async def header_break(kit: Kit) -> object:
    client = kit.client(ECHO)
    return [await failure(client.call_headers(text)) for text in ("a\r\nX-Evil: 1", "a\nb")]


@scenario("wire.any")
async def any_method(kit: Kit) -> object:
    client = kit.client(ECHO)
    echoes = [await client.call_any("PATCH", "x", body=models.Thing(id="y")), await client.call_any("DELETE", "x")]
    return [{"method": echo.method, "type": header(echo, "content-type"), "wire": sent(echo)} for echo in echoes]


@scenario("wire.user-agent")
async def user_agent(kit: Kit) -> object:
    return header(await kit.client(ECHO).call_query(), "user-agent")


@scenario("wire.accept")
async def accept(kit: Kit) -> object:
    client = kit.client(ECHO)
    answers = [
        (await client.with_response(client.call_query)).headers,
        (await client.with_response(client.echo_text, "x")).headers,
        (await client.with_response(client.download, 1)).headers,
    ]
    return [answer["x-contract-accept"] for answer in answers]


@scenario("wire.text")
async def text(kit: Kit) -> object:
    return await kit.client(GATEWAY).echo_text('Grüße\n"quoted" \\ 😀')


@scenario("wire.upload")
async def upload(kit: Kit) -> object:
    return text64((await kit.client(GATEWAY).upload_bytes(bytes(range(256)))).data)


@scenario("wire.upload-stream")
async def upload_stream(kit: Kit) -> object:
    pieces = [bytes([number]) * 65_536 for number in range(4)]
    echo = await kit.client(ECHO).stream_bytes(iter(pieces))
    return {
        "size": len(echo.body),
        "same": echo.body == b"".join(pieces),
        "encoding": header(echo, "transfer-encoding"),
        "type": header(echo, "content-type"),
    }


@scenario("wire.upload-retried")
async def upload_retried(kit: Kit) -> object:
    options = CallOptions(idempotency_key="k")
    echo = await kit.client(ECHO + "/flaky").stream_bytes(b"\1\2\3", options=options)
    return {"body": text64(echo.body), "attempts": kit.attempts}


@scenario("wire.upload-stream-not-retried")
async def upload_stream_not_retried(kit: Kit) -> object:
    def pieces() -> Iterator[bytes]:
        yield b"\1\2\3"

    call = kit.client(ECHO + "/flaky").stream_bytes(pieces(), options=CallOptions(idempotency_key="k"))
    return {"result": await failure(call), "attempts": kit.attempts}


@scenario("wire.download")
async def download(kit: Kit) -> object:
    return text64(await kit.client(ECHO).download(256))


@scenario("wire.download-stream")
async def download_stream(kit: Kit) -> object:
    client = kit.client(ECHO)
    size = total = 0
    async with await client.download_stream(1_000_000, hold="gate") as stream:
        async for piece in stream:
            if size == 0:
                await client.open_gate("gate")
            size += len(piece)
            total += sum(piece)
    return {"size": size, "sum": total}


@scenario("wire.download-error")
async def download_error(kit: Kit) -> object:
    return await failure(kit.client(GATEWAY + "/nothing").download_stream(1))


@scenario("wire.download-broken")
async def download_broken(kit: Kit) -> object:
    size = 0
    async with await kit.client(ECHO + "/truncated").download_stream(1000) as stream:
        try:
            async for piece in stream:
                size += len(piece)
        except errors.APIError as error:
            return described(error) if size == 500 else {"size": size}
    return {"error": "none"}


# retry


async def retried(kit: Kit, client: AsyncClient, plan: str, post: bool = False, key: str | None = None) -> object:
    """An answer, or an error, with attempts and waits."""
    options = CallOptions(idempotency_key=key)
    try:
        answer = await (client.retry_post if post else client.retry_get)(plan, options=options)
    except errors.APIError as error:
        return {"result": described(error), "attempts": kit.attempts, "waits": kit.waits}
    result: dict[str, object] = {"attempt": answer.attempt, "attempts": kit.attempts, "waits": kit.waits}
    if key is not None:
        result["idempotencyKey"] = answer.idempotency_key
    return result


@scenario("retry.throttled")
async def throttled(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "throttled")


@scenario("retry.throttled-post")
async def throttled_post(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "throttled", post=True)


@scenario("retry.flaky")
async def flaky(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "flaky")


@scenario("retry.flaky-post")
async def flaky_post(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "flaky", post=True)


@scenario("retry.flaky-post-key")
async def flaky_post_key(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "flaky", post=True, key="key-1")


@scenario("retry.exhausted")
async def exhausted(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "dead")


@scenario("retry.never")
async def never(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY, max_retries=0), "dead")


@scenario("retry.longest-wait")
async def longest_wait(kit: Kit) -> object:
    await failure(kit.client(GATEWAY, max_retries=9).retry_get("dead"))
    return kit.waits


@scenario("retry.patient")
async def patient(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY), "patient")


@scenario("retry.past-deadline")
async def past_deadline(kit: Kit) -> object:
    return await retried(kit, kit.client(GATEWAY, deadline=1), "throttled")


@scenario("retry.date")
async def date(kit: Kit) -> object:
    await kit.client(ECHO + "/date").call_query()
    return {"attempts": kit.attempts, "waited": len(kit.waits) == 1 and 7_000 <= kit.waits[0] <= 10_000}


@scenario("retry.refused")
async def refused(kit: Kit) -> object:
    return await retried(kit, kit.client(REFUSED), "x")


@scenario("retry.refused-post")
async def refused_post(kit: Kit) -> object:
    return await retried(kit, kit.client(REFUSED), "x", post=True)


@scenario("retry.broken")
async def broken(kit: Kit) -> object:
    echo = await kit.client(ECHO + "/broken").call_query()
    return {"method": echo.method, "attempts": kit.attempts}


@scenario("retry.truncated")
async def truncated(kit: Kit) -> object:
    return {"result": await failure(kit.client(ECHO + "/truncated").call_query()), "attempts": kit.attempts}


@scenario("retry.hooks")
async def hooks(kit: Kit) -> object:
    before: list[int] = []

    def plain(request: contract.Request) -> None:
        before.append(request.attempt)
        request.headers["X-Hook"] = f"attempt-{request.attempt}"

    async def asynchronous(request: contract.Request) -> None:
        plain(request)

    client = kit.client(GATEWAY, before_attempt=asynchronous if kit.is_async else plain)
    answer = await client.retry_get("flaky")
    durations = all(seconds >= 0 for seconds in kit.durations)
    return {"hook": answer.hook, "before": before, "after": kit.attempts, "durations": durations}


# time


@scenario("time.attempt")
async def attempt(kit: Kit) -> object:
    return await retried(kit, kit.client(SILENT, timeout=0.2, max_retries=1), "x")


@scenario("time.slow-body")
async def slow_body(kit: Kit) -> object:
    client = kit.client(ECHO + "/slow", timeout=0.3, max_retries=0)
    return {"result": await failure(client.call_query()), "attempts": kit.attempts}


@scenario("time.deadline")
async def deadline(kit: Kit) -> object:
    watch = Stopwatch()
    result = await failure(kit.client(SILENT, deadline=0.3).retry_get("x"))
    return {"result": result, "attempts": kit.attempts, "quick": watch.is_quick}


@scenario("time.cancel")
async def cancel(kit: Kit) -> object:
    watch = Stopwatch()
    client = kit.client(SILENT)
    cancelled = await kit.cancelled(lambda: client.retry_get("x"), 0.1)
    return {"cancelled": cancelled, "waits": kit.waits, "quick": watch.is_quick}


# paging


@scenario("paging.items")
async def items(kit: Kit) -> object:
    return [thing.id async for thing in kit.client(GATEWAY).list_things_items()]


@scenario("paging.pages")
async def pages(kit: Kit) -> object:
    return [len(page.things) async for page in kit.client(GATEWAY).list_things_pages(limit=2)]


@scenario("paging.lazy")
async def lazy(kit: Kit) -> object:
    async for thing in kit.client(GATEWAY).list_things_items():
        return {"id": thing.id, "attempts": kit.attempts}
    return None


@scenario("paging.loop")
async def loop(kit: Kit) -> object:
    async def read() -> None:
        async for _ in kit.client(GATEWAY).list_things_items(mode="loop"):
            pass

    return await failure(read())


@scenario("paging.resume")
async def resume(kit: Kit) -> object:
    return [thing.id async for thing in kit.client(GATEWAY).list_things_items(token="page 2&more")]


# values


async def echoed(client: AsyncClient, value: models.Scalars) -> dict[str, object]:
    """The fields of scalars that came back, with what was on the wire."""
    response = await client.with_response(client.echo_scalars, value)
    came = response.value
    return {
        "wire": response.content.decode(),
        "kind": came.kind,
        "text": came.text,
        "flag": came.flag,
        "small": came.small,
        "big": str(came.big),
        "whole": str(came.whole),
        "ratio": came.ratio,
        "when": milliseconds(came.when),
        "day": came.day.isoformat(),
        "data": text64(came.data),
        "color": came.color,
    }


@scenario("values.scalars")
async def scalars(kit: Kit) -> object:
    value = models.Scalars(
        text='A ü 😀 " \\ / \n \0 </script> \u2028',
        flag=True,
        small=2147483647,
        big=BIG,
        whole=9007199254740991,
        ratio=0.1,
        when=dt.datetime(2024, 2, 29, 23, 59, 59, 120_000, dt.timezone.utc),
        day=DAY,
        data=b"\x00\xff\xfe",
        color=BLUE,
    )
    return await echoed(kit.client(GATEWAY), value)


@scenario("values.least")
async def least(kit: Kit) -> object:
    value = models.Scalars(
        text="",
        flag=False,
        small=-2147483648,
        big=LEAST,
        whole=-9007199254740991,
        ratio=-1.5e300,
        when=dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc),
        day=dt.date(1970, 1, 1),
        data=b"",
        color=models.Color("ultraviolet"),
    )
    return await echoed(kit.client(GATEWAY), value)


@scenario("values.unknown")
async def unknown(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    return await echoed(client, await client.read_scalars())


@scenario("values.times")
async def times(kit: Kit) -> object:
    came = await kit.client(GATEWAY).read_times()
    return {"times": [milliseconds(time) for time in came.times], "days": [day.isoformat() for day in came.days]}


@scenario("values.nullable-write")
async def nullable_write(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    values = [
        models.Nullables(must=None),
        models.Nullables(must=None, may=None, number=None, thing=None),
        models.Nullables(must="m", plain="p", may="", number=0, thing=models.Thing(id="t")),
    ]
    responses = [await client.with_response(client.echo_nullables, value) for value in values]
    return [{"wire": response.content.decode()} for response in responses]


@scenario("values.nullable-read")
async def nullable_read(kit: Kit) -> object:
    def state(value: object, is_nullable: bool = True) -> str:
        if value is UNSET or (value is None and not is_nullable):
            return "absent"
        return "null" if value is None else "value"

    client = kit.client(GATEWAY)
    result = []
    for name in ("absent", "null", "value"):
        came = await client.read_nullables(name)
        result.append(
            {
                "must": state(came.must),
                "plain": state(came.plain, is_nullable=False),
                "may": state(came.may),
                "number": state(came.number),
                "thing": state(came.thing),
            }
        )
    return result


@scenario("values.open")
async def open_thing(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    value = models.OpenThing(
        name="n",
        loose={"list": [1, 0.5, None, "t", True], "big": BIG},
        additional_properties={"extra": BIG, "more": -1},
    )
    response = await client.with_response(client.echo_open, value)
    extra = response.value.additional_properties
    return {
        "wire": response.content.decode(),
        "name": response.value.name,
        "extra": str(extra["extra"]),
        "names": sorted(extra),
    }


@scenario("values.collections")
async def collections(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    value = models.Collections(
        matrix=[[1, 2], [], [3]],
        labels={"a": "b", "": "c d"},
        groups={"g": [models.Thing(id="x", count=1)], "h": []},
        colors=[models.Color.RED, BLUE, models.Color("infrared")],
        maybes=["a", None],
        days={"d": DAY},
    )
    response = await client.with_response(client.echo_collections, value)
    came = response.value
    return {
        "wire": response.content.decode(),
        "matrix": came.matrix,
        "maybes": came.maybes,
        "colors": came.colors,
        "day": (came.days or {})["d"].isoformat(),
    }


@scenario("values.empty")
async def empty(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    response = await client.with_response(client.echo_collections, models.Collections())
    return {"wire": response.content.decode(), "matrix": response.value.matrix, "labels": response.value.labels}


@scenario("values.tree")
async def tree(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    value = models.Tree(
        value=1,
        next=models.Tree(value=2, next=models.Tree(value=3)),
        children=[models.Tree(value=4), models.Tree(value=5, children=[])],
    )
    response = await client.with_response(client.echo_tree, value)
    middle = response.value.next
    deep = middle.next if middle else None
    return {"wire": response.content.decode(), "deep": deep.value if deep else None}


@scenario("values.merged")
async def merged(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    response = await client.with_response(client.echo_merged, models.NamedThing(id="i", count=2, name="n"))
    came = response.value
    return {"wire": response.content.decode(), "id": came.id, "count": came.count, "name": came.name}


SHAPES: dict[type, str] = {models.Circle: "Circle", models.Square: "Square"}
ANSWERS: dict[type, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    list: "list",
    models.Circle: "Circle",
    models.Problem: "Problem",
}


async def shapes(client: AsyncClient, values: list[models.Shape]) -> object:
    """What came back of shapes."""
    response = await client.with_response(client.echo_shapes, values)
    return {"wire": response.content.decode(), "variants": [variant(value, SHAPES) for value in response.value]}


@scenario("values.shapes-write")
async def shapes_write(kit: Kit) -> object:
    values: list[models.Shape] = [
        models.Circle(kind="circle", radius=1.5),
        models.Circle(kind="round", radius=0.5),
        models.Square(kind="square", side=3),
    ]
    return await shapes(kit.client(GATEWAY), values)


@scenario("values.shapes-read")
async def shapes_read(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    return await shapes(client, await client.read_shapes())


async def answers(client: AsyncClient, values: list[models.Answer]) -> object:
    """What came back of answers."""
    response = await client.with_response(client.echo_answers, values)
    return {"wire": response.content.decode(), "variants": [variant(value, ANSWERS) for value in response.value]}


@scenario("values.answers-write")
async def answers_write(kit: Kit) -> object:
    values: list[models.Answer] = [
        "t",
        LEAST,
        False,
        ["x"],
        models.Circle(kind="k", radius=0.25),
        models.Problem(code="c", message="m"),
    ]
    return await answers(kit.client(GATEWAY), values)


@scenario("values.answers-read")
async def answers_read(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    return await answers(client, await client.read_answers())


@scenario("values.json")
async def any_json(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    value: contract.JSON = {"n": BIG, "least": LEAST, "d": 0.1, "t": "ü\0", "l": [True, None, {}], "": []}
    response = await client.with_response(client.echo_json, value)
    return {"wire": response.content.decode()}


# errors


def failing(
    name: str, url: str, call: Callable[[AsyncClient], Awaitable[object]], **options: Any
) -> None:
    """A scenario whose result is the error of one call."""

    async def fail(kit: Kit) -> object:
        return await failure(call(kit.client(url, **options)))

    scenario(name)(fail)


failing("errors.declared", GATEWAY, lambda client: client.get_thing("missing"))
failing("errors.declared-other", GATEWAY, lambda client: client.get_thing("conflict"))
failing("errors.default", GATEWAY, lambda client: client.get_thing("teapot"))
failing("errors.garbled", GATEWAY, lambda client: client.get_thing("garbled"))
failing("errors.undeclared", GATEWAY, lambda client: client.get_undeclared("teapot"))


@scenario("errors.raw")
async def raw_error(kit: Kit) -> object:
    try:
        await kit.client(GATEWAY).get_undeclared("missing")
    except errors.ResponseError as error:
        return {
            "type": error.headers["Content-Type"],
            "wire": error.content.decode(),
            "requestId": error.request_id is not None,
        }
    return None


failing("errors.gateway-route", GATEWAY + "/nothing", lambda client: client.get_thing("x"))
failing("errors.gateway-key", GATEWAY, lambda client: client.call_with_api_key(), api_key="wrong")
failing("errors.gateway-denied", GATEWAY, lambda client: client.call_with_bearer(), token="t")
failing("errors.gateway-validator", GATEWAY, lambda client: client.create_thing(models.NewThing(name="")))
failing("errors.decoding-type", GATEWAY, lambda client: client.read_broken("type"))
failing("errors.decoding-missing", GATEWAY, lambda client: client.read_broken("missing"))
failing("errors.decoding-overflow", GATEWAY, lambda client: client.read_broken("overflow"))
failing("errors.decoding-text", GATEWAY, lambda client: client.read_broken("text"))


@scenario("errors.redirect")
async def redirect(kit: Kit) -> object:
    return {"result": await failure(kit.client(GATEWAY).call_redirect()), "attempts": kit.attempts}


# calls


@scenario("calls.created")
async def created(kit: Kit) -> object:
    return (await kit.client(GATEWAY).create_thing(models.NewThing(name="n"))).name


@scenario("calls.several")
async def several(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    result = []
    for name in ("x", "new", "later"):
        response = await client.with_response(client.put_thing, name, models.Thing(id="q"))
        result.append({"status": response.status, "id": response.value.id if response.value else None})
    return result


@scenario("calls.nothing")
async def nothing(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    deleted = await client.with_response(client.delete_thing, "x")
    return [deleted.status, (await client.with_response(client.head_thing, "x")).status]


@scenario("calls.raw")
async def raw(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    response = await client.with_response(client.get_thing, "x")
    return {
        "status": response.status,
        "type": response.headers["CONTENT-TYPE"],
        "requestId": response.request_id is not None,
        "wire": response.content.decode(),
        "id": response.value.id,
        "count": response.value.count,
    }


@scenario("calls.header-twice")
async def header_twice(kit: Kit) -> object:
    client = kit.client(GATEWAY)
    found = (await client.with_response(client.read_headers)).headers
    return {"multi": ", ".join(found.get_all("x-multi")), "single": found["x-single"]}


@scenario("calls.deprecated")
async def deprecated(kit: Kit) -> object:
    return (await kit.client(GATEWAY).call_deprecated()).id


@scenario("calls.concurrent")
async def concurrent(kit: Kit) -> object:
    client = kit.client(GATEWAY)

    def call(name: str) -> Callable[[], Awaitable[bool]]:
        async def same() -> bool:
            return (await client.get_thing(name)).id == name

        return same

    return sum(await kit.together([call(f"t{number}") for number in range(20)]))


@scenario("calls.addresses")
async def addresses(kit: Kit) -> object:
    return [
        contract.execute_api_url("abc123", "eu-central-1", "prod"),
        contract.execute_api_url("abc123", "cn-north-1", "prod"),
        contract.custom_domain_url("api.example.com"),
        contract.custom_domain_url("api.example.com", "v1"),
    ]
