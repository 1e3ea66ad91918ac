// errors.* and calls.*
import { ConflictError, ContractClient, DefaultError, NotFoundError, ResponseError, type Problem } from "contract";
import { failure, gateway, orNull, recorded, variable, wireOf, type Result } from "./support.js";

const problem = ({ code, message, detail }: Problem): Result => ({ code, message, detail: orNull(detail) });

export const callScenarios: { readonly [name: string]: () => Promise<Result> } = {
  "errors.declared": () =>
    failure(
      () => gateway().client.getThing({ id: "missing" }),
      (error) => (error instanceof NotFoundError ? problem(error.body) : error.name),
    ),
  "errors.declared-other": () =>
    failure(
      () => gateway().client.getThing({ id: "conflict" }),
      (error) =>
        error instanceof ConflictError ? { id: error.body.id, count: orNull(error.body.count) } : error.name,
    ),
  "errors.default": () =>
    failure(
      () => gateway().client.getThing({ id: "teapot" }),
      (error) => (error instanceof DefaultError ? problem(error.body) : error.name),
    ),
  "errors.garbled": () => failure(() => gateway().client.getThing({ id: "garbled" })),
  "errors.undeclared": () => failure(() => gateway().client.getUndeclared({ id: "teapot" })),
  "errors.raw": async () => {
    try {
      await gateway().client.getUndeclared({ id: "missing" });
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      const { headers, bytes, requestId } = error;
      const wire = new TextDecoder().decode(bytes);
      return { type: headers.get("content-type"), wire, requestId: requestId !== undefined };
    }
    return null;
  },
  "errors.gateway-route": () =>
    failure(() => recorded(variable("CONTRACT_URL") + "/nothing").client.getThing({ id: "x" })),
  "errors.gateway-key": () => failure(() => gateway({ apiKey: "wrong" }).client.callWithApiKey()),
  "errors.gateway-denied": () => failure(() => gateway({ token: "t" }).client.callWithBearer()),
  "errors.gateway-validator": () => failure(() => gateway().client.createThing({ body: { name: "" } })),
  "errors.decoding-type": () => failure(() => gateway().client.readBroken({ kind: "type" })),
  "errors.decoding-missing": () => failure(() => gateway().client.readBroken({ kind: "missing" })),
  "errors.decoding-overflow": () => failure(() => gateway().client.readBroken({ kind: "overflow" })),
  "errors.decoding-text": () => failure(() => gateway().client.readBroken({ kind: "text" })),
  "errors.redirect": async () => {
    const { client, attempts } = gateway();
    return { result: await failure(() => client.callRedirect()), attempts };
  },

  "calls.created": async () => (await gateway().client.createThing({ body: { name: "n" } })).name,
  "calls.several": async () => {
    const results: Result[] = [];
    for (const id of ["x", "new", "later"]) {
      const { status, value } = await gateway().client.putThing({ id, body: { id: "q" } }).withResponse();
      results.push({ status, id: orNull(value?.id) });
    }
    return results;
  },
  "calls.nothing": async () => [
    (await gateway().client.deleteThing({ id: "x" }).withResponse()).status,
    (await gateway().client.headThing({ id: "x" }).withResponse()).status,
  ],
  "calls.raw": async () => {
    const response = await gateway().client.getThing({ id: "x" }).withResponse();
    const { status, headers, requestId, value } = response;
    return {
      status,
      type: headers.get("CONTENT-TYPE"),
      requestId: requestId !== undefined,
      wire: wireOf(response),
      id: value.id,
      count: orNull(value.count),
    };
  },
  "calls.header-twice": async () => {
    const { headers } = await gateway().client.readHeaders().withResponse();
    return { multi: headers.get("x-multi"), single: headers.get("x-single") };
  },
  "calls.deprecated": async () => (await gateway().client.callDeprecated()).id,
  "calls.concurrent": async () => {
    const { client } = gateway();
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const things = await Promise.all(ids.map((id) => client.getThing({ id })));
    return things.filter((thing, index) => thing.id === ids[index]).length;
  },
  "calls.addresses": async () =>
    [
      { apiId: "abc123", region: "eu-central-1", stage: "prod" },
      { apiId: "abc123", region: "cn-north-1", stage: "prod" },
      { domain: "api.example.com" },
      { domain: "api.example.com", basePath: "v1" },
    ].map((endpoint) => new ContractClient({ endpoint }).baseURL),
};
