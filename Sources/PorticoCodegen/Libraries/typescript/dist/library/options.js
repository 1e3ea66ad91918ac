// @ts-self-types="./options.d.ts"
import { environmentVariable } from "./credentials.js";
import { OptionError } from "./errors.js";
import { percentEncode } from "./signing.js";
/** The base URL of an endpoint, without slash at its end. */
export function baseURL(endpoint) {
    // A connection is opened by a request of HTTP.
    const text = addressOf(endpoint).replace(/\/+$/, "").replace(/^ws(?=s?:\/\/)/i, "http");
    let url;
    try {
        url = new URL(text);
    }
    catch (error) {
        throw new OptionError(`option "endpoint": no URL: ${text}`, error);
    }
    if (!/^https?:$/.test(url.protocol))
        throw new OptionError(`option "endpoint": neither http nor https: ${text}`);
    if (url.username !== "" || url.password !== "" || /[?#]/.test(text)) {
        throw new OptionError(`option "endpoint": a base URL has no user, query or fragment: ${text}`);
    }
    return url.origin + url.pathname.replace(/\/+$/, "");
}
function addressOf(endpoint) {
    if (typeof endpoint === "string")
        return endpoint;
    if ("apiId" in endpoint) {
        const { apiId, region, stage } = endpoint;
        const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        // The stage `$default` of an HTTP API is at the root.
        return `https://${apiId}.execute-api.${region}.${suffix}/${stage === "$default" ? "" : percentEncode(stage)}`;
    }
    const basePath = (endpoint.basePath ?? "").split("/").map(percentEncode).join("/").replace(/^\/+/, "");
    return `https://${endpoint.domain}/${basePath}`;
}
/** The region to sign for; nothing if nothing tells it. */
export function signingRegion(options, base) {
    if (options.region !== undefined)
        return options.region;
    const match = /^https?:\/\/[^/]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(base);
    return match?.[1] ?? environmentVariable("AWS_REGION") ?? environmentVariable("AWS_DEFAULT_REGION");
}
