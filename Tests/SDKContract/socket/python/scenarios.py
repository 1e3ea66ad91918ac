"""The scenarios of SCENARIOS.md, by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from kit import REFUSED, SILENT, URL, Kit, Message, caught, described, json_text, kind, milliseconds, said
from kit import text64, texts
from socket_contract import AsyncSocket, SocketOptions, UnknownValue, errors, models

Scenario = Callable[[Kit], Awaitable[object]]
SCENARIOS: dict[str, Scenario] = {}
FAILURE = '{"message":"Internal server error","connectionId":"c=","requestId":"r="}'
ONCE = SocketOptions(reconnect=False)


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """Enters a scenario."""

    def enter(function: Scenario) -> Scenario:
        SCENARIOS["socket." + name] = function
        return function

    return enter


async def run(socket: AsyncSocket, name: str, text: str | None = None, number: int | None = None) -> Message:
    """What the first message after a command is."""
    await socket.run(models.Command(name=name, text=text, number=number))
    return await socket.receive(30)


@scenario("head")
async def head(kit: Kit) -> object:
    return await kit.report(await kit.connect(room="a b&c", tags=["x", "y z"], trace="t"), "head")


@scenario("join")
async def join(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.join(models.Join(room="r", since=dt.date(2024, 2, 29)))
    message = await socket.receive(30)
    assert isinstance(message.value, models.Joined)
    return {"kind": kind(message), "room": message.value.room, "members": str(message.value.members)}


@scenario("say")
async def say(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.say(models.Say(text="ü 😀"))
    message = await socket.receive(30)
    value = said(message)
    return {"kind": kind(message), "text": value.text, "at": milliseconds(value.at), "wire": message.text}


@scenario("wire")
async def wire(kit: Kit) -> object:
    socket = await kit.connect()
    calls: list[Callable[[], Awaitable[None]]] = [
        lambda: socket.look_around(),
        lambda: socket.look_around({"a": 1, "action": "x"}),
        lambda: socket.send_anything({"b": [None]}),
        lambda: socket.send_anything([1]),
    ]
    results: list[object] = []
    for call in calls:
        await call()
        results.append({"wire": texts(await socket.receive(30))[0]})
    return results


@scenario("no-object")
async def no_object(kit: Kit) -> object:
    socket = await kit.connect()
    return await caught(lambda: socket.look_around([1]))


@scenario("kinds")
async def kinds(kit: Kit) -> object:
    socket = await kit.connect()
    sent = [
        '{"type":"whispered","text":"w"}',
        '{"room":"r","members":1}',
        FAILURE,
        '{"message":"Bad request body","connectionId":"c=","messageId":"m="}',
        '{"type":"other"}',
        '{"type":"said"}',
        "no JSON",
        "7",
    ]
    found = [kind(await run(socket, "send", text)) for text in sent]
    return [*found, kind(await run(socket, "bytes"))]


@scenario("failure")
async def failure(kit: Kit) -> object:
    value = (await run(await kit.connect(), "send", FAILURE)).value
    assert isinstance(value, models.MessageFailure)
    return {
        "message": value.message, "connection": value.connection_id, "request": value.request_id,
        "messageId": value.message_id,
    }  # fmt: skip


def refusal(message: Message) -> object:
    """What the gateway says of a message that failed, and which ids it tells."""
    value = message.value
    assert isinstance(value, models.MessageFailure), message
    return {
        "message": value.message, "connection": bool(value.connection_id), "request": bool(value.request_id),
        "messageId": bool(value.message_id),
    }  # fmt: skip


@scenario("invalid")
async def invalid(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.send_anything({"action": "say"})
    return refusal(await socket.receive(30))


@scenario("fault")
async def fault(kit: Kit) -> object:
    return refusal(await run(await kit.connect(), "fault"))


@scenario("unknown")
async def unknown(kit: Kit) -> object:
    socket = await kit.connect()
    results: list[object] = []
    for text in ('{"type":"other","n":9007199254740993}', "no JSON"):
        message = await run(socket, "send", text)
        assert isinstance(message.value, UnknownValue)
        results.append({"wire": message.text, "json": {"wire": json_text(message.value.json)}})
    return results


@scenario("fragments")
async def fragments(kit: Kit) -> object:
    socket = await kit.connect()
    first = await run(socket, "fragments")
    return {"text": said(first).text, "texts": texts(await socket.receive(30))}


@scenario("frames")
async def frames(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.say(models.Say(text="x" * 100_000))
    await socket.receive(30)
    return await kit.report(socket, "frames")


@scenario("long")
async def long(kit: Kit) -> object:
    socket = await kit.connect()
    try:
        await socket.say(models.Say(text="x" * 100_000))
        return len(said(await socket.receive(30)).text)
    except errors.APIError as error:
        return described(error)


@scenario("big")
async def big(kit: Kit) -> object:
    return len(said(await run(await kit.connect(), "big", number=200_000)).text)


async def violation(kit: Kit, name: str, options: SocketOptions, number: int | None = None) -> object:
    socket = await kit.connect(options=options)
    result = await caught(lambda: run(socket, name, number=number))
    return {"result": result, "closes": await kit.closes()}


@scenario("too-big")
async def too_big(kit: Kit) -> object:
    return await violation(kit, "big", SocketOptions(reconnect=False, max_message_bytes=1000), 2000)


@scenario("bytes")
async def bytes_(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.send_bytes(b"\xff\x00")
    return text64((await run(socket, "mirror")).data)


@scenario("masked")
async def masked(kit: Kit) -> object:
    return await violation(kit, "masked", ONCE)


@scenario("reserved")
async def reserved(kit: Kit) -> object:
    return await violation(kit, "reserved", ONCE)


@scenario("surrogate")
async def surrogate(kit: Kit) -> object:
    return await violation(kit, "surrogate", ONCE)


@scenario("opcode")
async def opcode(kit: Kit) -> object:
    return await violation(kit, "opcode", ONCE)


async def rest(socket: AsyncSocket) -> object:
    """How receiving everything ends."""

    async def go() -> None:
        async for _ in socket:
            pass

    result = await caught(go)
    return "end" if result == "no error: None" else result


@scenario("close")
async def close(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.aclose(3001, "bye")
    return {"result": await rest(socket), "closes": await kit.closes()}


@scenario("closed")
async def closed(kit: Kit) -> object:
    socket = await kit.connect()
    return await caught(lambda: run(socket, "close", "why", 4001))


@scenario("restart")
async def restart(kit: Kit) -> object:
    socket = await kit.connect(options=ONCE)
    return await caught(lambda: run(socket, "close", number=1001))


@scenario("ended")
async def ended(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.run(models.Command(name="close", number=1000))
    return await rest(socket)


@scenario("send-closed")
async def send_closed(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.aclose()
    return await caught(lambda: socket.say(models.Say(text="x")))


@scenario("reconnect")
async def reconnect(kit: Kit) -> object:
    socket = await kit.connect(URL + "/flaky", options=SocketOptions(on_reconnect=kit.again))
    message = await run(socket, "drop")
    return {"text": said(message).text, "waits": kit.waits, "reconnects": kit.reconnects}


@scenario("reconnect-close")
async def reconnect_close(kit: Kit) -> object:
    socket = await kit.connect(options=SocketOptions(on_reconnect=kit.again))
    message = await run(socket, "close", number=1012)
    return {"text": said(message).text, "waits": kit.waits, "reconnects": kit.reconnects}


@scenario("reconnect-off")
async def reconnect_off(kit: Kit) -> object:
    socket = await kit.connect(options=ONCE)
    return await caught(lambda: run(socket, "drop"))


@scenario("reconnect-gives-up")
async def reconnect_gives_up(kit: Kit) -> object:
    socket = await kit.connect(URL + "/gone", options=SocketOptions(max_reconnects=3))
    return {"result": await caught(lambda: run(socket, "drop")), "waits": kit.waits}


@scenario("reconnect-refused")
async def reconnect_refused(kit: Kit) -> object:
    socket = await kit.connect(URL + "/forbidden")
    return {"result": await caught(lambda: run(socket, "drop")), "waits": kit.waits}


@scenario("refused")
async def refused(kit: Kit) -> object:
    return await caught(lambda: kit.connect(URL + "/refuse-403"))


@scenario("garbled")
async def garbled(kit: Kit) -> object:
    return await caught(lambda: kit.connect(URL + "/garbled"))


@scenario("port")
async def port(kit: Kit) -> object:
    return await caught(lambda: kit.connect(REFUSED))


@scenario("timeout")
async def timeout(kit: Kit) -> object:
    return await caught(lambda: kit.connect(SILENT, timeout=0.2))


@scenario("protocol")
async def protocol(kit: Kit) -> object:
    socket = await kit.connect(URL + "/protocol-b", options=SocketOptions(subprotocols=("a", "b")))
    return socket.subprotocol


@scenario("protocol-none")
async def protocol_none(kit: Kit) -> object:
    return (await kit.connect()).subprotocol


@scenario("protocol-unasked")
async def protocol_unasked(kit: Kit) -> object:
    return await caught(lambda: kit.connect(URL + "/protocol-c", options=SocketOptions(subprotocols=("a",))))


@scenario("key-missing")
async def key_missing(kit: Kit) -> object:
    return await caught(lambda: kit.connect(api_key=None))


@scenario("key-wrong")
async def key_wrong(kit: Kit) -> object:
    return await caught(lambda: kit.connect(api_key="contract-key-9876543210"))


@scenario("unauthorized")
async def unauthorized(kit: Kit) -> object:
    return await caught(lambda: kit.connect(URL + "/guarded"))


@scenario("denied")
async def denied(kit: Kit) -> object:
    return await caught(lambda: kit.connect(URL + "/guarded", trace="deny"))


@scenario("authorized")
async def authorized(kit: Kit) -> object:
    return await kit.report(await kit.connect(URL + "/guarded", trace="allow"), "caller")


@scenario("break")
async def break_(kit: Kit) -> object:
    return await caught(lambda: kit.connect(trace="a\r\nX: b"))


@scenario("ping")
async def ping(kit: Kit) -> object:
    socket = await kit.connect()
    await socket.ping()
    await socket.ping()
    return await kit.report(socket, "pings")


@scenario("keep-alive")
async def keep_alive(kit: Kit) -> object:
    socket = await kit.connect(URL + "/mute", options=SocketOptions(reconnect=False, ping_interval=0.1))
    return await caught(lambda: socket.receive(30))


@scenario("kept-alive")
async def kept_alive(kit: Kit) -> object:
    socket = await kit.connect(options=SocketOptions(reconnect=False, ping_interval=0.5))
    result = await caught(lambda: socket.receive(1.3))
    await socket.say(models.Say(text="x"))
    return {"result": result, "text": said(await socket.receive(30)).text}


@scenario("receive-timeout")
async def receive_timeout(kit: Kit) -> object:
    socket = await kit.connect()
    result = await caught(lambda: socket.receive(0.1))
    await socket.say(models.Say(text="x"))
    return {"result": result, "text": said(await socket.receive(30)).text}
