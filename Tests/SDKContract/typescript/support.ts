// What scenarios share: clients that record what they do, and the forms in which results are compared.
import {
  ContractClient,
  DeclaredError,
  DecodingError,
  GatewayError,
  OptionError,
  PagingError,
  ResponseError,
  SDKError,
  TimeoutError,
  TransportError,
  type CallOptions,
  type ClientOptions,
  type Echo,
  type RawResponse,
} from "contract";

/** What a scenario reports. */
export type Result = null | boolean | number | string | Result[] | { [name: string]: Result };

/** Results as JSON text. */
export const JSONText = (value: Result): string => JSON.stringify(value);

// The compiler is given no types of Node.
declare const process: { readonly env: { readonly [name: string]: string | undefined } };

/** A variable of the environment that the driver sets. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The text of a file. */
export async function fileText(path: string): Promise<string> {
  const nodeModule = "node:fs/promises";
  const files = (await import(nodeModule)) as { readFile(path: string, encoding: "utf8"): Promise<string> };
  return files.readFile(path, "utf8");
}

/** A client with what it did. */
export interface Recorded {
  readonly client: ContractClient;
  readonly waits: number[];
  readonly attempts: (number | string)[];
}

/** A client whose waits end at once and are recorded, as the attempts are. */
export function recorded(endpoint: string, options: ClientOptions = {}): Recorded {
  const waits: number[] = [];
  const attempts: (number | string)[] = [];
  const client = new ContractClient({
    endpoint,
    sleep: async (milliseconds) => {
      waits.push(Math.round(milliseconds));
    },
    random: () => 0.5,
    ...options,
    hooks: {
      ...options.hooks,
      afterAttempt: async (result) => {
        attempts.push(result.status ?? "failed");
        await options.hooks?.afterAttempt?.(result);
      },
    },
  });
  return { client, waits, attempts };
}

/** A client of the gateway. */
export const gateway = (options?: ClientOptions): Recorded => recorded(variable("CONTRACT_URL"), options);

/** A client of the echo server. */
export const echo = (options?: ClientOptions, word = ""): Recorded =>
  recorded(variable("CONTRACT_ECHO_URL") + word, options);

/** The error that work ends with, as results describe it. */
export async function failure(
  work: () => PromiseLike<unknown>,
  body?: (error: DeclaredError<unknown>) => Result,
): Promise<{ [name: string]: Result }> {
  try {
    await work();
  } catch (error) {
    return described(error, body);
  }
  return { error: "none" };
}

function described(error: unknown, body?: (error: DeclaredError<unknown>) => Result): { [name: string]: Result } {
  if (!(error instanceof SDKError)) return { error: "foreign", type: String(error) };
  if (error instanceof DecodingError) return { error: "decoding", path: error.path.replace(/^\$\.?/, "") };
  if (error instanceof TimeoutError) return { error: "timeout" };
  if (error instanceof TransportError) return { error: "transport" };
  if (error instanceof OptionError) return { error: "argument" };
  if (error instanceof PagingError) return { error: "paging" };
  if (!(error instanceof ResponseError)) return { error: "foreign", type: error.name };
  const { status } = error;
  const message = error.serviceMessage ?? null;
  const requestId = error.requestId !== undefined;
  if (error instanceof GatewayError) {
    return { error: "gateway", status, errorType: error.errorType ?? null, message, requestId };
  }
  if (error instanceof DeclaredError) {
    return { error: "declared", status, message, requestId, body: body?.(error) ?? null };
  }
  return { error: "response", status, message };
}

/** The body of an answer as it came over the wire. */
export const wireOf = (response: RawResponse): string => new TextDecoder().decode(response.bytes);

/** The body of a request as the echo server got it. */
export const sentBody = (echo: Echo): string => new TextDecoder().decode(echo.body);

/** The values of a header as the echo server got it. */
export const header = (echo: Echo, name: string): Result => echo.headers[name] ?? null;

/** Bytes as Base64 text. */
export const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** `null` for what is not there. */
export const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;

/** Options of a call that may be repeated. */
export const repeatable = (key: string): CallOptions => ({ idempotencyKey: key });

/** Pieces of a stream, which can be read only once. */
export async function* pieces(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield chunk;
}
