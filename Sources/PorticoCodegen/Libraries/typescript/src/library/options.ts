import { environmentVariable, type Credentials, type CredentialsProvider } from "./credentials.js";
import { OptionError } from "./errors.js";
import { percentEncode } from "./signing.js";

/** An API's stage at its default address: `https://{apiId}.execute-api.{region}.amazonaws.com/{stage}`. */
export interface StageEndpoint {
  readonly apiId: string;
  readonly region: string;
  readonly stage: string;
}

/** An API at a custom domain name: `https://{domain}/{basePath}`. */
export interface DomainEndpoint {
  readonly domain: string;
  readonly basePath?: string;
}

/** A request as it is about to be sent. */
export interface AttemptRequest {
  /** Name of the operation. */
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  /** Headers may be changed before an attempt; the signature covers the changes. */
  readonly headers: Headers;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** How an attempt ended. */
export interface AttemptResult {
  readonly request: AttemptRequest;
  /** Status of the answer, if there was one. */
  readonly status: number | undefined;
  /** The error that the attempt ended with, if it did. */
  readonly error: unknown;
  readonly durationMs: number;
}

/** Functions that see what is sent and received. What they throw ends the call. */
export interface Hooks {
  /** Runs before each attempt, and before signing. */
  beforeAttempt?(request: AttemptRequest): void | Promise<void>;
  /** Runs after each attempt, whether it was answered or failed. */
  afterAttempt?(result: AttemptResult): void | Promise<void>;
}

/** The part of `fetch` that clients use. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Options of a client. */
export interface ClientOptions {
  /** Where the API is: a base URL, a stage of an API, or a custom domain name. */
  readonly endpoint?: string | StageEndpoint | DomainEndpoint;
  /** API key, sent as `x-api-key` to operations that need one. */
  readonly apiKey?: string;
  /** Token, or a function that gives one for each attempt. */
  readonly token?: string | (() => string | Promise<string>);
  /** User and password of basic authentication. */
  readonly basic?: { readonly user: string; readonly password: string };
  /** Other keys, by the name of the header or query parameter that carries them. */
  readonly keys?: { readonly [name: string]: string };
  /** Credentials for signing, or a function that gives them; from the environment unless given. */
  readonly credentials?: Credentials | CredentialsProvider;
  /** Region for signing; from the endpoint or `AWS_REGION` unless given. */
  readonly region?: string;
  /** Longest time of one attempt in milliseconds: 30,000 unless given. */
  readonly timeoutMs?: number;
  /** Longest time of a call with all of its attempts in milliseconds: without limit unless given. */
  readonly deadlineMs?: number;
  /** Attempts after the first one: 3 unless given. */
  readonly maxRetries?: number;
  /** Headers of every request. */
  readonly headers?: { readonly [name: string]: string };
  readonly hooks?: Hooks;
  /** Sends the requests: the global `fetch` unless given. */
  readonly fetch?: Fetch;
  /** Waits between attempts; tests need not wait. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to below 1, for the waits between attempts: `Math.random` unless given. */
  readonly random?: () => number;
  /** The time, for signing and deadlines. */
  readonly now?: () => Date;
}

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest time of one attempt in milliseconds. */
  readonly timeoutMs?: number;
  /** Longest time of the call with all of its attempts in milliseconds. */
  readonly deadlineMs?: number;
  /** Attempts after the first one. */
  readonly maxRetries?: number;
  /** Headers of this request; they replace those of the same name. */
  readonly headers?: { readonly [name: string]: string };
  /** Makes repeating harmless: sent as `Idempotency-Key` with every attempt, so that any call may be repeated. */
  readonly idempotencyKey?: string;
  /** Media type of the body instead of the one that the API declares. */
  readonly contentType?: string;
}

/** The base URL of an endpoint, without slash at its end. */
export function baseURL(endpoint: string | StageEndpoint | DomainEndpoint): string {
  // A connection is opened by a request of HTTP.
  const text = addressOf(endpoint).replace(/\/+$/, "").replace(/^ws(?=s?:\/\/)/i, "http");
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new OptionError(`option "endpoint": no URL: ${text}`, error);
  }
  if (!/^https?:$/.test(url.protocol)) throw new OptionError(`option "endpoint": neither http nor https: ${text}`);
  if (url.username !== "" || url.password !== "" || /[?#]/.test(text)) {
    throw new OptionError(`option "endpoint": a base URL has no user, query or fragment: ${text}`);
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function addressOf(endpoint: string | StageEndpoint | DomainEndpoint): string {
  if (typeof endpoint === "string") return endpoint;
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
export function signingRegion(options: ClientOptions, base: string): string | undefined {
  if (options.region !== undefined) return options.region;
  const match = /^https?:\/\/[^/]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(base);
  return match?.[1] ?? environmentVariable("AWS_REGION") ?? environmentVariable("AWS_DEFAULT_REGION");
}
