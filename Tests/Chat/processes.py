#!/usr/bin/env python3
"""Two gateways of one WebSocket API that find each other's connections through Redis.

    Tests/Chat/processes.py --portico .build/debug/portico [--redis /usr/bin/redis-server]

Needs `websockets` and `boto3` of PyPI. Calls `@connections` of one gateway for clients of the other, kills a gateway, and
kills the server between them. Ends with 1, and says why, when something is not as it should be.
"""

import argparse
import asyncio
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
import websockets

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SPEC = """
openapi: 3.0.1
info: {title: processes, version: "1"}
x-portico-stages: {dev: {}, other: {}}
x-portico-identities:
  test:
    accessKeyId: AKIDEXAMPLE
    secretAccessKey: ${env.TEST_SECRET}
    policies: {Statement: [{Effect: Allow, Action: "execute-api:ManageConnections", Resource: "*"}]}
x-portico-websocket:
  routeSelectionExpression: $request.body.action
  routes:
    $default:
      routeResponse: $default
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {$default: '{"statusCode": 200}'}
        responses: {$default: {responseTemplates: {$default: $context.connectionId}}}
"""


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r}, not {wanted!r}")
    print(f"ok    {what}")


class Gateway:
    def __init__(self, options, folder, redis, name):
        self.log = pathlib.Path(folder, f"{name}.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [options.portico, "serve", f"{folder}/api.yaml", "--no-watch", "--port", "0", "--admin-port", "0",
                 "--shared-store", f"redis://127.0.0.1:{redis}", "--state", f"{folder}/{name}"],
                env={**os.environ, "TEST_SECRET": SECRET}, stdout=log, stderr=log)
        self.port = self.number(r"stage dev +http://127.0.0.1:(\d+)/")
        self.admin = self.number(r"admin +http://127.0.0.1:(\d+)/")

    def number(self, pattern):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = re.search(pattern, self.log.read_text())
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"a gateway does not serve: {self.log.read_text()}")

    def client(self, stage="dev"):
        # Each call is made once, so that its own answer shows.
        return boto3.client(
            "apigatewaymanagementapi", endpoint_url=f"http://127.0.0.1:{self.port}/{stage}", region_name="us-east-1",
            aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET,
            config=botocore.config.Config(retries={"total_max_attempts": 1}))

    async def connect(self, **settings):
        socket = await websockets.connect(f"ws://127.0.0.1:{self.port}/dev", **settings)
        await socket.send("{}")
        return socket, await socket.recv()

    def metrics(self):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics").read().decode()


async def post(client, connection, data):
    """What comes of it: `sent`, or the error's code."""
    return await call(client.post_to_connection, ConnectionId=connection, Data=data)


async def call(operation, **arguments):
    try:
        await asyncio.to_thread(operation, **arguments)
        return "sent"
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


async def wait(what, limit, condition):
    deadline = time.monotonic() + limit
    while True:
        found = await condition()
        if found is True:
            print(f"ok    {what}")
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: timed out; the last answer was {found!r}")
        await asyncio.sleep(0.1)


async def run(options, folder):
    pathlib.Path(folder, "api.yaml").write_text(SPEC)
    link = pathlib.Path(folder, "redis-server")
    link.symlink_to(options.redis)
    with socket.create_server(("127.0.0.1", 0)) as free:
        redis_port = free.getsockname()[1]
    processes = contextlib.ExitStack()
    with processes:
        def start_redis():
            process = subprocess.Popen(
                [str(link), "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                 "--dir", folder], stdout=subprocess.DEVNULL)
            processes.callback(process.kill)
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", redis_port), 1):
                    return process
                time.sleep(0.05)
            raise SystemExit("redis-server does not answer")

        def start(name):
            gateway = Gateway(options, folder, redis_port, name)
            processes.callback(gateway.process.kill)
            return gateway

        redis = start_redis()
        one, two = start("one"), start("two")
        here, there = one.client(), two.client()
        alice, at_one = await one.connect()
        bob, at_two = await two.connect()

        # A server without contents does not say of anybody that he is gone.
        async def reaches():
            answer = await post(there, at_one, b"first")
            return answer == "sent" or answer
        await wait("a message goes from one process to a client of the other", 20, reaches)
        expect("it arrives", await alice.recv(), "first")
        for body in ["ünïcode \N{WAVING HAND SIGN}\n answer 1 gone", "x" * 131_072]:
            expect("another", await post(here, at_two, body.encode()), "sent")
            expect("as it was sent", await bob.recv(), body)
        for number in range(200):
            await asyncio.to_thread(there.post_to_connection, ConnectionId=at_one, Data=str(number).encode())
        expect("in their order", [await alice.recv() for _ in range(200)], [str(number) for number in range(200)])

        mine = await asyncio.to_thread(here.get_connection, ConnectionId=at_one)
        theirs = await asyncio.to_thread(there.get_connection, ConnectionId=at_one)
        for name in ("ConnectedAt", "LastActiveAt", "Identity"):
            expect(f"both tell the same {name}", theirs[name], mine[name])
        expect("with the client's address", theirs["Identity"]["SourceIp"], "127.0.0.1")

        async def gone(connection, client=there):
            answer = await post(client, connection, b"x")
            return answer == "GoneException" or answer
        await wait("nobody is there whom nobody has", 20, lambda: gone("AAAAAAAAAAAAAAA="))
        expect("a stage has its own connections", await post(two.client("other"), at_one, b"x"), "GoneException")
        expect("a call that is too long", await post(there, at_one, b"x" * 131_073), "PayloadTooLargeException")

        # A client that takes nothing: its buffer is full at last.
        lazy, at_lazy = await one.connect(max_queue=1)
        lazy.transport.pause_reading()
        answers = set()
        for _ in range(400):
            answers.add(await post(there, at_lazy, b"y" * 131_072))
            if answers != {"sent"}:
                break
        expect("a client that takes nothing", answers, {"sent", "LimitExceededException"})
        lazy.transport.abort()

        expect("the other process ends a connection", await call(there.delete_connection, ConnectionId=at_one), "sent")
        with contextlib.suppress(websockets.ConnectionClosed):
            await alice.recv()
        expect("with the code of a normal end", alice.close_code, 1000)
        await wait("it is gone then", 10, lambda: gone(at_one))

        # A process that is killed says nothing any more; its connections are gone with it.
        three = start("three")
        carol, at_three = await three.connect()
        expect("a client of a third process", await post(here, at_three, b"x"), "sent")
        three.process.send_signal(signal.SIGKILL)
        three.process.wait()
        await wait("the clients of a process that was killed are gone", 20, lambda: gone(at_three, here))

        # Without Redis each process has its own clients.
        redis.send_signal(signal.SIGKILL)
        redis.wait()
        await wait("Redis is missed", 20, lambda: missed(here, at_two))
        dave, at_dave = await one.connect()
        for client, connection in [(dave, at_dave)]:
            expect("a client of one's own still hears", await post(here, connection, b"still"), "sent")
            expect("as before", await client.recv(), "still")

        async def said():
            return "only WebSocket connections of this process" in one.log.read_text()
        await wait("the log says so", 20, said)
        metrics = one.metrics()
        for line in ('portico_shared_store_connected{connection="connections"} 0',
                     'portico_shared_store_connected{connection="calls"} 0'):
            expect("and so do the metrics", line in metrics, True)
        failures = re.search(r'portico_shared_store_failures_total\{connection="calls"\} (\d+)', metrics)
        expect("which count what failed", int(failures[1]) > 0, True)

        # One that has lost everything is told everything.
        start_redis()

        async def again():
            answers = [await post(here, at_two, b"again"), await post(there, at_dave, b"again")]
            if "GoneException" in answers:
                raise SystemExit("somebody who is connected is said to be gone")
            return answers == ["sent", "sent"] or answers
        await wait("all are found again", 30, again)
        expect("and hear", {await bob.recv(), await dave.recv()}, {"again"})

        async def well():
            return "can be called again" in one.log.read_text()
        await wait("the log says that, too", 20, well)
        for gateway in (one, two):
            gateway.process.send_signal(signal.SIGTERM)
        for client in (bob, dave):
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await client.recv()
            expect("a gateway that ends says that it goes away", client.close_code, 1001)
        for gateway in (one, two):
            expect("and ends", gateway.process.wait(20), 0)


async def missed(client, connection):
    answer = await post(client, connection, b"x")
    if answer == "GoneException":
        raise SystemExit("somebody who is connected is said to be gone")
    return answer in ("InternalServerError", "500") or answer


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--portico", required=True)
    parser.add_argument("--redis", default=shutil.which("redis-server") or shutil.which("valkey-server")
                        or shutil.which("redis-check-rdb"))
    given = parser.parse_args()
    if not given.redis:
        sys.exit("redis-server is missing; run: scripts/setup --tests")
    with tempfile.TemporaryDirectory() as place:
        try:
            asyncio.run(run(given, place))
        except BaseException as problem:
            for log in pathlib.Path(place).glob("*.log"):
                print(f"--- {log.name}\n{log.read_text()}", file=sys.stderr)
            if isinstance(problem, SystemExit):
                print(problem, file=sys.stderr)
                sys.exit(1)
            raise
