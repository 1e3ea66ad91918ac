// @ts-self-types="./signing.d.ts"
import { OptionError } from "./errors.js";
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
export async function sign(request, context) {
    const { credentials } = context;
    const subtle = await subtleCrypto();
    const date = stampOf(context);
    const { host, path, query } = partsOf(request.url);
    const added = { "x-amz-date": date };
    if (credentials.sessionToken !== undefined)
        added["x-amz-security-token"] = credentials.sessionToken;
    const sent = [...request.headers].filter(([name]) => !unsignedHeaders.has(name.toLowerCase()));
    if (!sent.some(([name]) => name.toLowerCase() === "host"))
        sent.push(["host", host]);
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
export async function presign(url, context) {
    const { credentials } = context;
    const subtle = await subtleCrypto();
    const { host, path, query } = partsOf(url);
    const added = [
        ["X-Amz-Algorithm", algorithm],
        ["X-Amz-Credential", `${credentials.accessKeyId}/${scopeOf(context)}`],
        ["X-Amz-Date", stampOf(context)],
        ["X-Amz-Expires", "300"],
        ["X-Amz-SignedHeaders", "host"],
    ];
    if (credentials.sessionToken !== undefined)
        added.push(["X-Amz-Security-Token", credentials.sessionToken]);
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
function stampOf({ time }) {
    return time.toISOString().replace(/[-:]|\.\d+/g, "");
}
function scopeOf(context) {
    return `${stampOf(context).slice(0, 8)}/${context.region}/${context.service ?? "execute-api"}/aws4_request`;
}
async function signatureOf(subtle, canonicalRequest, context) {
    const scope = scopeOf(context);
    const text = [algorithm, stampOf(context), scope, await sha256(subtle, utf8(canonicalRequest))].join("\n");
    let key = utf8("AWS4" + context.credentials.secretAccessKey);
    for (const step of scope.split("/"))
        key = await hmac(subtle, key, step);
    return hex(await hmac(subtle, key, text));
}
/** The parts of an address as they are written; `URL` would rewrite some of them. */
function partsOf(url) {
    const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url);
    const [, authority = "", path = "", query = ""] = match ?? [];
    // A default port is not sent.
    const port = /^https:/i.test(url) ? ":443" : ":80";
    const host = authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
    return { host: host.toLowerCase(), path: path === "" ? "/" : path, query };
}
/** Each segment percent-encoded once more, as services other than S3 expect, without dot and empty segments. */
function canonicalPath(path) {
    const segments = [];
    for (const segment of path.split("/")) {
        if (segment === "..")
            segments.pop();
        else if (segment !== "." && segment !== "")
            segments.push(percentEncode(segment));
    }
    return "/" + segments.join("/") + (segments.length > 0 && path.endsWith("/") ? "/" : "");
}
function canonicalQuery(query) {
    if (query === "")
        return "";
    const pairs = query.split("&").map((pair) => {
        const at = pair.indexOf("=");
        return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    });
    pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
    return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}
function canonicalHeaders(headers) {
    const values = new Map();
    for (const [anyCase, value] of headers) {
        const name = anyCase.toLowerCase();
        const folded = value.trim().replace(/\s+/g, " ");
        const before = values.get(name);
        values.set(name, before === undefined ? folded : `${before},${folded}`);
    }
    return [...values].sort((a, b) => compare(a[0], b[0]));
}
function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
/** Everything but unreserved characters (RFC 3986) percent-encoded. */
export function percentEncode(text) {
    return encodeURIComponent(text).replace(/[!'()*]/g, (character) => "%" + character.charCodeAt(0).toString(16).toUpperCase());
}
function utf8(text) {
    return new TextEncoder().encode(text);
}
function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
async function sha256(subtle, bytes) {
    return hex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}
async function hmac(subtle, key, text) {
    const hash = { name: "HMAC", hash: "SHA-256" };
    const imported = await subtle.importKey("raw", key, hash, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", imported, utf8(text)));
}
async function subtleCrypto() {
    const subtle = globalThis.crypto?.subtle;
    if (subtle !== undefined)
        return subtle;
    // Node 18 has it in a module only. Its name is a variable, so that bundlers for browsers leave it alone.
    const nodeModule = "node:crypto";
    try {
        const { webcrypto } = (await import(nodeModule));
        return webcrypto.subtle;
    }
    catch (error) {
        throw new OptionError("signing needs crypto.subtle, which browsers have in secure contexts only", error);
    }
}
