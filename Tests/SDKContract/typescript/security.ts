// auth.*
import { sign, type Credentials } from "contract";
import { echo, failure, fileText, gateway, header, repeatable, sentBody, variable, type Result } from "./support.js";

const credentials: Credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const withSession: Credentials = { ...credentials, sessionToken: "session/token==" };
const apiKey = "key-123";
const gatewayKey = "contract-key-0123456789";

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  readonly region: string;
  readonly service: string;
  readonly time: string;
}

async function signedVector(vector: Vector): Promise<string> {
  const { method, url, headers, accessKeyId, secretAccessKey, sessionToken, region, service } = vector;
  const body = Uint8Array.from(atob(vector.body), (character) => character.charCodeAt(0));
  const time = new Date(vector.time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
  const signed = await sign({ method, url, headers, body }, { credentials: keys, region, service, time });
  return signed["authorization"] ?? "";
}

export const securityScenarios: { readonly [name: string]: () => Promise<Result> } = {
  "auth.api-key": async () => header(await echo({ apiKey }).client.callWithApiKey(), "x-api-key"),
  "auth.api-key-missing": async () => {
    const { client, attempts } = echo();
    return { ...(await failure(() => client.callWithApiKey())), attempts };
  },
  "auth.api-key-unneeded": async () => header(await echo({ apiKey }).client.callQuery(), "x-api-key"),
  "auth.token": async () => header(await echo({ token: "raw-token" }).client.callWithToken(), "authorization"),
  "auth.token-callback": async () => {
    let count = 0;
    const { client, attempts } = echo({ token: async () => `token-${(count += 1)}` }, "/flaky");
    return { authorization: header(await client.callWithToken(), "authorization"), attempts };
  },
  "auth.token-missing": () => failure(() => echo().client.callWithToken()),
  "auth.token-refused": async () => {
    const { client, attempts } = gateway();
    return { result: await failure(() => client.retryGet({ plan: "refused" })), attempts };
  },
  "auth.custom-token": async () => {
    const sent = await echo({ token: "raw-token" }).client.callWithCustomToken();
    return { "x-custom-token": header(sent, "x-custom-token"), authorization: header(sent, "authorization") };
  },
  "auth.bearer": async () => header(await echo({ token: "raw-token" }).client.callWithBearer(), "authorization"),
  "auth.basic": async () => {
    const { client } = echo({ basic: { user: "Aladdin", password: "open:sesame ü" } });
    return header(await client.callWithBasic(), "authorization");
  },
  "auth.basic-missing": () => failure(() => echo().client.callWithBasic()),
  "auth.header-key": async () => {
    const { client } = echo({ keys: { "X-Partner-Key": "p-1" } });
    return header(await client.callWithHeaderKey(), "x-partner-key");
  },
  "auth.query-key": async () => (await echo({ keys: { "partner key": "a b&c" } }).client.callWithQueryKey()).target,
  "auth.key-missing": () => failure(() => echo().client.callWithHeaderKey()),
  "auth.signed": async () => {
    const { client } = echo({ credentials: withSession, region: "eu-west-1", apiKey });
    const request = { name: "a b/c", filter: ["z", "a b", ""], body: { id: "ü" } };
    const { value, headers } = await client.callSigned(request).withResponse();
    return {
      signature: headers.get("x-contract-signature"),
      target: value.target,
      token: header(value, "x-amz-security-token"),
      key: header(value, "x-api-key"),
      wire: sentBody(value),
    };
  },
  "auth.signed-hook": async () => {
    const { client } = echo({
      credentials: withSession,
      region: "eu-west-1",
      apiKey,
      hooks: { beforeAttempt: ({ headers }) => headers.set("X-Hook", "signed") },
    });
    const { value, headers } = await client.callSigned({ name: "x", body: { id: "y" } }).withResponse();
    const signed = value.headers["authorization"]?.join().includes(";x-hook") === true;
    return { signature: headers.get("x-contract-signature"), hook: header(value, "x-hook"), signed };
  },
  "auth.signed-provider": async () => {
    let calls = 0;
    const provider = async () => {
      calls += 1;
      return credentials;
    };
    const { client } = echo({ credentials: provider, region: "us-east-1", apiKey }, "/flaky");
    const call = client.callSigned({ name: "x", body: { id: "y" } }, repeatable("k"));
    const { headers } = await call.withResponse();
    return { signature: headers.get("x-contract-signature"), calls: calls >= 1 && calls <= 3 };
  },
  "auth.signed-environment": async () => {
    const { client } = echo({ region: "us-east-1", apiKey });
    const { value, headers } = await client.callSigned({ name: "x", body: { id: "y" } }).withResponse();
    return { signature: headers.get("x-contract-signature"), token: header(value, "x-amz-security-token") };
  },
  "auth.signed-gateway": async () => {
    const { client } = gateway({ region: "us-east-1", apiKey: gatewayKey });
    const request = { name: "a b/c", filter: ["z", "a b", ""], body: { id: "ü" } };
    return header(await client.callSigned(request), "x-caller");
  },
  "auth.signed-stranger": () => {
    const { client } = gateway({ credentials, region: "us-east-1", apiKey: gatewayKey });
    return failure(() => client.callSigned({ name: "x", body: { id: "y" } }));
  },
  "auth.vectors": async () => {
    const vectors = JSON.parse(await fileText(variable("CONTRACT_VECTORS"))) as Vector[];
    const results: { [name: string]: Result } = {};
    for (const vector of vectors) results[vector.name] = await signedVector(vector);
    return results;
  },
};
