// The scenarios of SCENARIOS.md, by name.
import type { JSONValue, SocketContractSocket } from "socket-contract";
import {
  base64,
  failure,
  kind,
  refusal,
  report,
  run,
  said,
  texts,
  variable,
  type Kit,
  type Options,
  type Result,
} from "./support.js";

const failureText = '{"message":"Internal server error","connectionId":"c=","requestId":"r="}';
const once: Options = { reconnect: false };

async function violation(kit: Kit, name: string, options: Options, number?: number): Promise<Result> {
  const socket = await kit.connect("/chat", options);
  const result = await failure(() => run(socket, name, undefined, number));
  return { result, closes: await kit.closes() };
}

/** How receiving everything ends. */
async function rest(socket: SocketContractSocket): Promise<Result> {
  let isOver = false;
  const result = await failure(async () => {
    for await (const message of socket) void message;
    isOver = true;
  });
  return isOver ? "end" : result;
}

/** JSON as text; numbers beyond those of JavaScript are whole ones. */
const jsonText = (value: JSONValue): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `big${inner}` : inner)).replace(/"big(\d+)"/g, "$1");

export const scenarios: { readonly [name: string]: (kit: Kit) => Promise<Result> } = {
  "socket.head": async (kit) => {
    const request = { room: "a b&c", tags: ["x", "y z"], xTrace: "t" };
    return report(await kit.connect("/chat", {}, {}, request), "head");
  },
  "socket.join": async (kit) => {
    const socket = await kit.connect();
    socket.join({ room: "r", since: "2024-02-29" });
    const message = await socket.receive(30_000);
    if (message.value?.kind !== "Joined") return kind(message);
    const { room, members } = message.value.value;
    return { kind: kind(message), room, members: String(members) };
  },
  "socket.say": async (kit) => {
    const socket = await kit.connect();
    socket.say({ text: "ü 😀" });
    const message = await socket.receive(30_000);
    const { text, at } = said(message);
    return { kind: kind(message), text, at: at?.getTime() ?? null, wire: message.text ?? null };
  },
  "socket.wire": async (kit) => {
    const socket = await kit.connect();
    const calls = [
      () => socket.lookAround(),
      () => socket.lookAround({ a: 1, action: "x" }),
      () => socket.sendAnything({ b: [null] }),
      () => socket.sendAnything([1]),
    ];
    const results: Result[] = [];
    for (const call of calls) {
      call();
      results.push({ wire: texts(await socket.receive(30_000))[0] ?? null });
    }
    return results;
  },
  "socket.no-object": async (kit) => {
    const socket = await kit.connect();
    return failure(() => socket.lookAround([1]));
  },
  "socket.kinds": async (kit) => {
    const socket = await kit.connect();
    const sent = [
      '{"type":"whispered","text":"w"}',
      '{"room":"r","members":1}',
      failureText,
      '{"message":"Bad request body","connectionId":"c=","messageId":"m="}',
      '{"type":"other"}',
      '{"type":"said"}',
      "no JSON",
      "7",
    ];
    const found: Result[] = [];
    for (const text of sent) found.push(kind(await run(socket, "send", text)));
    return [...found, kind(await run(socket, "bytes"))];
  },
  "socket.failure": async (kit) => {
    const { value } = await run(await kit.connect(), "send", failureText);
    if (value?.kind !== "MessageFailure") return null;
    const { message, connectionId, requestId, messageId } = value.value;
    return { message, connection: connectionId, request: requestId ?? null, messageId: messageId ?? null };
  },
  "socket.invalid": async (kit) => {
    const socket = await kit.connect();
    socket.sendAnything({ action: "say" });
    return refusal(await socket.receive(30_000));
  },
  "socket.fault": async (kit) => refusal(await run(await kit.connect(), "fault")),
  "socket.unknown": async (kit) => {
    const socket = await kit.connect();
    const results: Result[] = [];
    for (const text of ['{"type":"other","n":9007199254740993}', "no JSON"]) {
      const message = await run(socket, "send", text);
      if (message.value?.kind !== "unknown") return kind(message);
      results.push({ wire: message.text ?? null, json: { wire: jsonText(message.value.value) } });
    }
    return results;
  },
  "socket.fragments": async (kit) => {
    const socket = await kit.connect();
    const first = await run(socket, "fragments");
    return { text: said(first).text, texts: texts(await socket.receive(30_000)) };
  },
  "socket.frames": async (kit) => {
    const socket = await kit.connect();
    socket.say({ text: "x".repeat(100_000) });
    await socket.receive(30_000);
    return report(socket, "frames");
  },
  "socket.long": async (kit) => {
    const socket = await kit.connect();
    let length = 0;
    const result = await failure(async () => {
      socket.say({ text: "x".repeat(100_000) });
      length = said(await socket.receive(30_000)).text.length;
    });
    return length > 0 ? length : result;
  },
  "socket.big": async (kit) => said(await run(await kit.connect(), "big", undefined, 200_000)).text.length,
  "socket.too-big": async (kit) => violation(kit, "big", { reconnect: false, maxMessageBytes: 1000 }, 2000),
  "socket.bytes": async (kit) => {
    const socket = await kit.connect();
    socket.sendBytes(new Uint8Array([255, 0]));
    const { data } = await run(socket, "mirror");
    return data === undefined ? null : base64(data);
  },
  "socket.masked": async (kit) => violation(kit, "masked", once),
  "socket.reserved": async (kit) => violation(kit, "reserved", once),
  "socket.surrogate": async (kit) => violation(kit, "surrogate", once),
  "socket.opcode": async (kit) => violation(kit, "opcode", once),
  "socket.close": async (kit) => {
    const socket = await kit.connect();
    await socket.close(3001, "bye");
    return { result: await rest(socket), closes: await kit.closes() };
  },
  "socket.closed": async (kit) => {
    const socket = await kit.connect();
    return failure(() => run(socket, "close", "why", 4001));
  },
  "socket.restart": async (kit) => {
    const socket = await kit.connect("/chat", once);
    return failure(() => run(socket, "close", undefined, 1001));
  },
  "socket.ended": async (kit) => {
    const socket = await kit.connect();
    socket.run({ name: "close", number: 1000 });
    return rest(socket);
  },
  "socket.send-closed": async (kit) => {
    const socket = await kit.connect();
    await socket.close();
    return failure(() => socket.say({ text: "x" }));
  },
  "socket.reconnect": async (kit) => {
    const socket = await kit.connect("/flaky", { onReconnect: kit.again });
    const { text } = said(await run(socket, "drop"));
    return { text, waits: kit.waits, reconnects: kit.reconnects };
  },
  "socket.reconnect-close": async (kit) => {
    const socket = await kit.connect("/chat", { onReconnect: kit.again });
    const { text } = said(await run(socket, "close", undefined, 1012));
    return { text, waits: kit.waits, reconnects: kit.reconnects };
  },
  "socket.reconnect-off": async (kit) => {
    const socket = await kit.connect("/chat", once);
    return failure(() => run(socket, "drop"));
  },
  "socket.reconnect-gives-up": async (kit) => {
    const socket = await kit.connect("/gone", { maxReconnects: 3 });
    return { result: await failure(() => run(socket, "drop")), waits: kit.waits };
  },
  "socket.reconnect-refused": async (kit) => {
    const socket = await kit.connect("/forbidden");
    return { result: await failure(() => run(socket, "drop")), waits: kit.waits };
  },
  "socket.refused": async (kit) => failure(() => kit.connect("/refuse-403")),
  "socket.garbled": async (kit) => failure(() => kit.connect("/garbled")),
  "socket.port": async (kit) => failure(() => kit.connect(variable("CONTRACT_REFUSED_URL"))),
  "socket.timeout": async (kit) => failure(() => kit.connect(variable("CONTRACT_SILENT_URL"), {}, { timeoutMs: 200 })),
  "socket.protocol": async (kit) => (await kit.connect("/protocol-b", { protocols: ["a", "b"] })).protocol ?? null,
  "socket.protocol-none": async (kit) => (await kit.connect()).protocol ?? null,
  "socket.protocol-unasked": async (kit) => failure(() => kit.connect("/protocol-c", { protocols: ["a"] })),
  "socket.key-missing": async (kit) => failure(() => kit.connect("/chat", {}, { apiKey: undefined as never })),
  "socket.key-wrong": async (kit) => failure(() => kit.connect("/chat", {}, { apiKey: "contract-key-9876543210" })),
  "socket.unauthorized": async (kit) => failure(() => kit.connect("/guarded")),
  "socket.denied": async (kit) => failure(() => kit.connect("/guarded", {}, {}, { xTrace: "deny" })),
  "socket.authorized": async (kit) => report(await kit.connect("/guarded", {}, {}, { xTrace: "allow" }), "caller"),
  "socket.break": async (kit) => failure(() => kit.connect("/chat", {}, {}, { xTrace: "a\r\nX: b" })),
  // The standard WebSocket sends no pings.
  "socket.ping": async () => null,
  "socket.keep-alive": async () => null,
  "socket.kept-alive": async () => null,
  "socket.receive-timeout": async (kit) => {
    const socket = await kit.connect();
    const result = await failure(() => socket.receive(100));
    socket.say({ text: "x" });
    return { result, text: said(await socket.receive(30_000)).text };
  },
};
