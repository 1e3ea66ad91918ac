import type { Credentials } from "./credentials.js";
import { OptionError } from "./errors.js";

/** A request to sign. */
export interface SignableRequest {
  readonly method: string;
  /** The whole address, percent-encoded. */
  readonly url: string;
  /** Names and values; `host` is taken from the address unless it is among them. */
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: Uint8Array;
}

/** Who signs, for what, and when. */
export interface SigningContext {
  readonly credentials: Credentials;
  readonly region: string;
  /** `execute-api` unless given. */
  readonly service?: string;
  readonly time: Date;
}

/** Headers that proxies and transports add or change, and those that signing itself sets. */
const unsignedHeaders = new Set([
  "accept-encoding",
  "authorization",
  "connection",
  "content-length",
  "expect",
  "transfer-encoding",
  "user-agent",
  "x-amz-date",
  "x-amz-security-token",
  "x-amzn-trace-id",
]);

const algorithm = "AWS4-HMAC-SHA256";

/** The headers that sign a request with Signature Version 4. */
export async function sign(request: SignableRequest, context: SigningContext): Promise<{ [name: string]: string }> {
  const { credentials } = context;
  const subtle = await subtleCrypto();
  const date = stampOf(context);
  const { host, path, query } = partsOf(request.url);

  const added: { [name: string]: string } = { "x-amz-date": date };
  if (credentials.sessionToken !== undefined) added["x-amz-security-token"] = credentials.sessionToken;
  const sent = [...request.headers].filter(([name]) => !unsignedHeaders.has(name.toLowerCase()));
  if (!sent.some(([name]) => name.toLowerCase() === "host")) sent.push(["host", host]);
  const headers = canonicalHeaders([...sent, ...Object.entries(added)]);
  const signedHeaders = headers.map(([name]) => name).join(";");

  const canonicalRequest = [
    request.method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value}`),
    "",
    signedHeaders,
    await sha256(subtle, request.body),
  ].join("\n");

  const signature = await signatureOf(subtle, canonicalRequest, context);
  const credential = `${credentials.accessKeyId}/${scopeOf(context)}`;
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { ...added, authorization };
}

/** The address of a GET with its signature in the query, for five minutes. */
export async function presign(url: string, context: SigningContext): Promise<string> {
  const { credentials } = context;
  const subtle = await subtleCrypto();
  const { host, path, query } = partsOf(url);
  const added: [string, string][] = [
    ["X-Amz-Algorithm", algorithm],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${scopeOf(context)}`],
    ["X-Amz-Date", stampOf(context)],
    ["X-Amz-Expires", "300"],
    ["X-Amz-SignedHeaders", "host"],
  ];
  if (credentials.sessionToken !== undefined) added.push(["X-Amz-Security-Token", credentials.sessionToken]);
  const parameters = added.map(([name, value]) => `${name}=${percentEncode(value)}`);
  const whole = [query, ...parameters].filter((part) => part !== "").join("&");
  const canonicalRequest = [
    "GET",
    canonicalPath(path),
    canonicalQuery(whole),
    `host:${host}`,
    "",
    "host",
    await sha256(subtle, new Uint8Array()),
  ].join("\n");
  const signature = await signatureOf(subtle, canonicalRequest, context);
  return `${url.split("?", 1)[0] ?? url}?${whole}&X-Amz-Signature=${signature}`;
}

function stampOf({ time }: SigningContext): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, "");
}

function scopeOf(context: SigningContext): string {
  return `${stampOf(context).slice(0, 8)}/${context.region}/${context.service ?? "execute-api"}/aws4_request`;
}

async function signatureOf(subtle: SubtleCrypto, canonicalRequest: string, context: SigningContext): Promise<string> {
  const scope = scopeOf(context);
  const text = [algorithm, stampOf(context), scope, await sha256(subtle, utf8(canonicalRequest))].join("\n");
  let key: Uint8Array = utf8("AWS4" + context.credentials.secretAccessKey);
  for (const step of scope.split("/")) key = await hmac(subtle, key, step);
  return hex(await hmac(subtle, key, text));
}

/** The parts of an address as they are written; `URL` would rewrite some of them. */
function partsOf(url: string): { host: string; path: string; query: string } {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url);
  const [, authority = "", path = "", query = ""] = match ?? [];
  // A default port is not sent.
  const port = /^https:/i.test(url) ? ":443" : ":80";
  const host = authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
  return { host: host.toLowerCase(), path: path === "" ? "/" : path, query };
}

/** Each segment percent-encoded once more, as services other than S3 expect, without dot and empty segments. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "." && segment !== "") segments.push(percentEncode(segment));
  }
  return "/" + segments.join("/") + (segments.length > 0 && path.endsWith("/") ? "/" : "");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair): readonly [string, string] => {
    const at = pair.indexOf("=");
    return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
  });
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function canonicalHeaders(headers: readonly (readonly [string, string])[]): [string, string][] {
  const values = new Map<string, string>();
  for (const [anyCase, value] of headers) {
    const name = anyCase.toLowerCase();
    const folded = value.trim().replace(/\s+/g, " ");
    const before = values.get(name);
    values.set(name, before === undefined ? folded : `${before},${folded}`);
  }
  return [...values].sort((a, b) => compare(a[0], b[0]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything but unreserved characters (RFC 3986) percent-encoded. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => "%" + character.charCodeAt(0).toString(16).toUpperCase(),
  );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256(subtle: SubtleCrypto, bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await subtle.digest("SHA-256", bytes as BufferSource)));
}

async function hmac(subtle: SubtleCrypto, key: Uint8Array, text: string): Promise<Uint8Array> {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const imported = await subtle.importKey("raw", key as BufferSource, hash, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, utf8(text) as BufferSource));
}

async function subtleCrypto(): Promise<SubtleCrypto> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle !== undefined) return subtle;
  // Node 18 has it in a module only. Its name is a variable, so that bundlers for browsers leave it alone.
  const nodeModule = "node:crypto";
  try {
    const { webcrypto } = (await import(nodeModule)) as { webcrypto: Crypto };
    return webcrypto.subtle;
  } catch (error) {
    throw new OptionError("signing needs crypto.subtle, which browsers have in secure contexts only", error);
  }
}
