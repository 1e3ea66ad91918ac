// values.*
import type { Answer, Nullables, Scalars, Shape } from "contract";
import { base64, gateway, orNull, wireOf, type Result } from "./support.js";

const scalars: Scalars = {
  text: 'A ü 😀 " \\ / \n \u0000 </script> \u2028',
  flag: true,
  small: 2147483647,
  big: 9223372036854775807n,
  whole: 9007199254740991,
  ratio: 0.1,
  when: new Date("2024-02-29T23:59:59.120Z"),
  day: "2024-02-29",
  data: new Uint8Array([0, 255, 254]),
  color: "dark blue",
};

const least: Scalars = {
  text: "",
  flag: false,
  small: -2147483648,
  big: -9223372036854775808n,
  whole: -9007199254740991,
  ratio: -1.5e300,
  when: new Date("1970-01-01T00:00:00Z"),
  day: "1970-01-01",
  data: new Uint8Array(),
  color: "ultraviolet",
};

async function echoed(body: Scalars): Promise<Result> {
  const response = await gateway().client.echoScalars({ body }).withResponse();
  const { kind, text, flag, small, big, whole, ratio, when, day, data, color } = response.value;
  return {
    wire: wireOf(response),
    kind: orNull(kind),
    text,
    flag,
    small,
    big: String(big),
    whole: String(whole),
    ratio,
    when: when.getTime(),
    day,
    data: base64(data),
    color,
  };
}

async function nullablesWire(body: Nullables): Promise<Result> {
  return { wire: wireOf(await gateway().client.echoNullables({ body }).withResponse()) };
}

function state(value: unknown): Result {
  return value === undefined ? "absent" : value === null ? "null" : "value";
}

async function shapes(body: Shape[]): Promise<Result> {
  const response = await gateway().client.echoShapes({ body }).withResponse();
  return { wire: wireOf(response), variants: response.value.map(({ kind }) => kind) };
}

async function answers(body: Answer[]): Promise<Result> {
  const response = await gateway().client.echoAnswers({ body }).withResponse();
  return { wire: wireOf(response), variants: response.value.map(({ kind }) => kind) };
}

export const valueScenarios: { readonly [name: string]: () => Promise<Result> } = {
  "values.scalars": () => echoed(scalars),
  "values.least": () => echoed(least),
  "values.unknown": async () => echoed(await gateway().client.readScalars()),
  "values.times": async () => {
    const { times, days } = await gateway().client.readTimes();
    return { times: times.map((time) => time.getTime()), days };
  },
  "values.nullable-write": async () => [
    await nullablesWire({ must: null }),
    await nullablesWire({ must: null, may: null, number: null, thing: null }),
    await nullablesWire({ must: "m", plain: "p", may: "", number: 0n, thing: { id: "t" } }),
  ],
  "values.nullable-read": async () => {
    const results: Result[] = [];
    for (const asked of ["absent", "null", "value"]) {
      const { must, plain, may, number, thing } = await gateway().client.readNullables({ state: asked });
      results.push({
        must: state(must),
        plain: state(plain),
        may: state(may),
        number: state(number),
        thing: state(thing),
      });
    }
    return results;
  },
  "values.open": async () => {
    const body = {
      name: "n",
      loose: { list: [1, 0.5, null, "t", true], big: 9223372036854775807n },
      additionalProperties: { extra: 9223372036854775807n, more: -1n },
    };
    const response = await gateway().client.echoOpen({ body }).withResponse();
    const { name, additionalProperties = {} } = response.value;
    return {
      wire: wireOf(response),
      name,
      extra: String(additionalProperties["extra"]),
      names: Object.keys(additionalProperties).sort(),
    };
  },
  "values.collections": async () => {
    const body = {
      matrix: [[1, 2], [], [3]],
      labels: { a: "b", "": "c d" },
      groups: { g: [{ id: "x", count: 1 }], h: [] },
      colors: ["red", "dark blue", "infrared"],
      maybes: ["a", null],
      days: { d: "2024-02-29" },
    };
    const response = await gateway().client.echoCollections({ body }).withResponse();
    const { matrix, maybes, colors, days } = response.value;
    return {
      wire: wireOf(response),
      matrix: orNull(matrix),
      maybes: orNull(maybes),
      colors: orNull(colors),
      day: orNull(days?.["d"]),
    };
  },
  "values.empty": async () => {
    const response = await gateway().client.echoCollections({ body: {} }).withResponse();
    const { matrix, labels } = response.value;
    return { wire: wireOf(response), matrix: orNull(matrix), labels: orNull(labels) };
  },
  "values.tree": async () => {
    const body = {
      value: 1,
      next: { value: 2, next: { value: 3 } },
      children: [{ value: 4 }, { value: 5, children: [] }],
    };
    const response = await gateway().client.echoTree({ body }).withResponse();
    return { wire: wireOf(response), deep: orNull(response.value.next?.next?.value) };
  },
  "values.merged": async () => {
    const response = await gateway().client.echoMerged({ body: { id: "i", count: 2, name: "n" } }).withResponse();
    const { id, count, name } = response.value;
    return { wire: wireOf(response), id, count: orNull(count), name };
  },
  "values.shapes-write": () =>
    shapes([
      { kind: "Circle", value: { kind: "circle", radius: 1.5 } },
      { kind: "Circle", value: { kind: "round", radius: 0.5 } },
      { kind: "Square", value: { side: 3 } },
    ]),
  "values.shapes-read": async () => shapes(await gateway().client.readShapes()),
  "values.answers-write": () =>
    answers([
      { kind: "string", value: "t" },
      { kind: "integer", value: -9223372036854775808n },
      { kind: "boolean", value: false },
      { kind: "list", value: ["x"] },
      { kind: "Circle", value: { kind: "k", radius: 0.25 } },
      { kind: "Problem", value: { code: "c", message: "m" } },
    ]),
  "values.answers-read": async () => answers(await gateway().client.readAnswers()),
  "values.json": async () => {
    const body = {
      n: 9223372036854775807n,
      least: -9223372036854775808n,
      d: 0.1,
      t: "ü\u0000",
      l: [true, null, {}],
      "": [],
    };
    return { wire: wireOf(await gateway().client.echoJson({ body }).withResponse()) };
  },
};
