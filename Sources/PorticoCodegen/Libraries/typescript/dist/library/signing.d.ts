import type { Credentials } from "./credentials.js";
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
/** The headers that sign a request with Signature Version 4. */
export declare function sign(request: SignableRequest, context: SigningContext): Promise<{
    [name: string]: string;
}>;
/** The address of a GET with its signature in the query, for five minutes. */
export declare function presign(url: string, context: SigningContext): Promise<string>;
/** Everything but unreserved characters (RFC 3986) percent-encoded. */
export declare function percentEncode(text: string): string;
