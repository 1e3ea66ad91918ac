// wire.*
import {
  base64,
  echo,
  failure,
  gateway,
  header,
  orNull,
  pieces,
  recorded,
  repeatable,
  sentBody,
  variable,
  type Result,
} from "./support.js";

const allBytes = Uint8Array.from({ length: 256 }, (_, index) => index);

export const wireScenarios: { readonly [name: string]: () => Promise<Result> } = {
  "wire.path": async () => {
    const request = { segment: "a b/c%ü~.-_!*'()", rest: "x/y z/%/ü?#" };
    return (await echo().client.callPath(request)).target;
  },
  "wire.path-empty": async () => [
    await failure(() => echo().client.callPath({ segment: "", rest: "x" })),
    await failure(() => echo().client.callPath({ segment: "x", rest: "" })),
  ],
  "wire.path-typed": async () => {
    const request = { count: 9223372036854775807n, day: "2024-02-29", color: "dark blue" };
    return (await echo().client.callTypedPath(request)).target;
  },
  "wire.base-slash": async () => (await echo({}, "/").client.callPath({ segment: "a", rest: "b" })).target,
  "wire.query": async () => {
    const echoed = await echo().client.callQuery({
      text: "a b+c&d=e/f?ü'()*!~",
      flag: false,
      count: -1n,
      ratio: 0.5,
      when: new Date("2024-02-29T23:59:59.5Z"),
      day: "2024-02-29",
      color: "dark blue",
      tags: ["a", "b&c", ""],
      commas: ["a", "b c"],
      blanks: ["a", "b"],
      pipes: [1, 2],
      filterName: "x",
    });
    return echoed.target;
  },
  "wire.query-none": async () => (await echo().client.callQuery()).target,
  "wire.query-empty": async () => (await echo().client.callQuery({ text: "", tags: [], commas: [] })).target,
  "wire.headers": async () => {
    const request = { xRequired: "a  b", xFlag: true, xCount: -9223372036854775808n, xTags: ["a", "b c"] };
    const echoed = await echo().client.callHeaders(request);
    return {
      required: header(echoed, "x-required"),
      flag: header(echoed, "x-flag"),
      count: header(echoed, "x-count"),
      tags: header(echoed, "x-tags"),
    };
  },
  "wire.header-break": async () => [
    await failure(() => echo().client.callHeaders({ xRequired: "a\r\nX-Evil: 1" })),
    await failure(() => echo().client.callHeaders({ xRequired: "a\nb" })),
  ],
  "wire.any": async () => {
    const { client } = echo();
    const calls = [
      await client.callAny("PATCH", { id: "x", body: { id: "y" } }),
      await client.callAny("DELETE", { id: "x" }),
    ];
    return calls.map((echoed) => ({
      method: echoed.method,
      type: header(echoed, "content-type"),
      wire: sentBody(echoed),
    }));
  },
  "wire.user-agent": async () => header(await echo().client.callQuery(), "user-agent"),
  "wire.accept": async () => {
    const { client } = echo();
    const answers = [
      await client.callQuery().withResponse(),
      await client.echoText({ body: "x" }).withResponse(),
      await client.download({ size: 1 }).withResponse(),
    ];
    return answers.map(({ headers }) => headers.get("x-contract-accept"));
  },
  "wire.text": async () => gateway().client.echoText({ body: 'Grüße\n"quoted" \\ 😀' }),
  "wire.upload": async () => base64((await gateway().client.uploadBytes({ body: allBytes })).data),
  "wire.upload-stream": async () => {
    const chunks = [0, 1, 2, 3].map((byte) => new Uint8Array(65_536).fill(byte));
    const echoed = await echo().client.streamBytes({ body: pieces(...chunks) });
    return {
      size: echoed.body.length,
      same: echoed.body.every((byte, index) => byte === Math.floor(index / 65_536)),
      encoding: header(echoed, "transfer-encoding"),
      type: header(echoed, "content-type"),
    };
  },
  "wire.upload-retried": async () => {
    const { client, attempts } = echo({}, "/flaky");
    const echoed = await client.streamBytes({ body: new Uint8Array([1, 2, 3]) }, repeatable("k"));
    return { body: base64(echoed.body), attempts };
  },
  "wire.upload-stream-not-retried": async () => {
    const { client, attempts } = echo({}, "/flaky");
    const body = pieces(new Uint8Array([1, 2, 3]));
    return { result: await failure(() => client.streamBytes({ body }, repeatable("k"))), attempts };
  },
  "wire.download": async () => base64(await echo().client.download({ size: 256 })),
  "wire.download-stream": async () => {
    const { client } = echo();
    let size = 0;
    let sum = 0;
    for await (const chunk of await client.downloadStream({ size: 1_000_000, hold: "gate" })) {
      if (size === 0) await client.openGate({ name: "gate" });
      size += chunk.length;
      for (const byte of chunk) sum += byte;
    }
    return { size, sum };
  },
  "wire.download-error": () => {
    const { client } = recorded(variable("CONTRACT_URL") + "/nothing");
    return failure(() => client.downloadStream({ size: 1 }));
  },
  "wire.download-broken": async () => {
    const response = await echo({}, "/truncated").client.downloadStream({ size: 1000 });
    let size = 0;
    const error = await failure(async () => {
      for await (const chunk of response) size += chunk.length;
    });
    return size === 500 ? error : { ...error, size: orNull(size) };
  },
};
