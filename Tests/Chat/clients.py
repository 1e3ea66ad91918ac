#!/usr/bin/env python3
"""Many clients of specs/chat.yaml: all join, all send, and all get everything, once, in the order of each sender.

    Tests/Chat/clients.py --url ws://127.0.0.1:8080/dev [--url ...] [--clients 100] [--messages 2] [--talkers 100]

Needs `websockets` of PyPI. With several addresses, which share a room, the clients take turns. Prints one line of JSON
with what was counted; ends with 1, and says why, when something is missing, twice or out of order.
"""

import argparse
import asyncio
import collections
import json
import sys
import time

import websockets

# Processes of the function behind $connect: beyond them a gateway refuses, as Lambda does.
AT_ONCE = 8


class Client:
    def __init__(self, number, url):
        self.name = f"client {number}"
        self.url = url
        self.said = []
        self.joined = asyncio.Event()
        self.members = asyncio.Event()
        self.names = []
        self.problem = None

    async def connect(self, turns):
        async with turns:
            # Functions are installed with the first call, which may take longer than a gateway waits.
            deadline = time.monotonic() + 300
            while True:
                try:
                    self.socket = await websockets.connect(self.url, open_timeout=60, max_queue=None)
                    break
                except (websockets.InvalidStatus, OSError) as error:
                    if time.monotonic() > deadline:
                        raise SystemExit(f"{self.name} cannot connect: {error}")
                    await asyncio.sleep(0.5)
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        try:
            async for text in self.socket:
                message = json.loads(text)
                kind = message.get("type")
                if kind == "said":
                    self.said.append(message)
                elif kind == "joined":
                    if message["you"]:
                        self.joined.set()
                elif kind == "members":
                    self.names = message["names"]
                    self.members.set()
                elif kind != "left":
                    self.problem = text
        except websockets.ConnectionClosed as error:
            self.problem = str(error)

    async def tell(self, **message):
        await self.socket.send(json.dumps(message))


async def wait(what, limit, condition, clients):
    deadline = time.monotonic() + limit
    while not condition():
        for client in clients:
            if client.problem:
                raise SystemExit(f"{client.name}: {client.problem}")
        if time.monotonic() > deadline:
            raise SystemExit(f"timed out waiting for {what}")
        await asyncio.sleep(0.02)


async def main(given):
    clients = [Client(number, given.url[number % len(given.url)]) for number in range(given.clients)]
    turns = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(client.connect(turns) for client in clients))
    begun = time.monotonic()
    await asyncio.gather(*(client.tell(action="join", room=given.room, name=client.name) for client in clients))
    await wait("all to join", given.limit, lambda: all(client.joined.is_set() for client in clients), clients)
    joined = time.monotonic()

    await clients[0].tell(action="who")
    await wait("the list of members", 60, clients[0].members.is_set, clients)
    if sorted(clients[0].names) != sorted(client.name for client in clients):
        raise SystemExit(f"in the room are {clients[0].names}")

    talkers = {client.name for client in clients[:given.talkers]}
    texts = {client.name: [f"{number} — ünïcode \N{WAVING HAND SIGN} of {client.name}"
                           for number in range(given.messages if client.name in talkers else 1)]
             for client in clients}

    async def say(client):
        # One after the other, without waiting for anything.
        for text in texts[client.name]:
            await client.tell(action="send", text=text)

    await asyncio.gather(*(say(client) for client in clients))
    expected = sum(map(len, texts.values()))
    await wait(
        "all messages", given.limit, lambda: all(len(client.said) >= expected for client in clients), clients)
    ended = time.monotonic()
    # What comes twice comes late.
    await asyncio.sleep(0.5)

    for client in clients:
        ids = collections.Counter(message["id"] for message in client.said)
        if len(ids) != expected or len(client.said) != expected:
            raise SystemExit(f"{client.name} got {len(client.said)} messages, {len(ids)} different ones, of {expected}")
        by_sender = collections.defaultdict(list)
        for message in client.said:
            by_sender[message["name"]].append(message["text"])
            if message["you"] != (message["name"] == client.name):
                raise SystemExit(f"{client.name} takes a message of {message['name']} for somebody else's")
        if dict(by_sender) != texts:
            raise SystemExit(f"{client.name} got something out of order: {dict(by_sender)}")
        if client.problem:
            raise SystemExit(f"{client.name}: {client.problem}")
    for client in clients:
        await client.socket.close()
    print(json.dumps({
        "clients": given.clients, "messages": expected, "deliveries": expected * given.clients,
        "joinSeconds": round(joined - begun, 2), "sendSeconds": round(ended - joined, 2)}))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--url", action="append", required=True)
    options.add_argument("--clients", type=int, default=100)
    options.add_argument("--messages", type=int, default=2)
    options.add_argument("--talkers", type=int, default=1_000_000, help="clients that send so many; others send one")
    options.add_argument("--room", default="everybody")
    options.add_argument("--limit", type=float, default=300, help="seconds for each part")
    try:
        asyncio.run(main(options.parse_args()))
    except SystemExit as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
