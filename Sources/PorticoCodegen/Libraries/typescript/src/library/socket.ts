import type { ClientCore } from "./client.js";
import { decode } from "./decode.js";
import { encode } from "./encode.js";
import { OptionError, SDKError, TimeoutError, TransportError } from "./errors.js";
import { isObject, JSONError, parseJSON, writeJSON, type JSONValue } from "./json.js";
import type { OperationSpec } from "./operations.js";
import { firstWait, longestWait } from "./retry.js";
import type { Schemas, TypeSpec } from "./types.js";

/** The connection has ended, and is not opened again. */
export class ConnectionClosedError extends SDKError {
  override readonly name: string = "ConnectionClosedError";
  /** The code of the close frame; 1005 if it had none, 1006 if there was no close frame. */
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string) {
    super(`the connection is closed: ${code}${reason === "" ? "" : `, ${reason}`}`);
    this.code = code;
    this.reason = reason;
  }
}

/** The part of the standard `WebSocket` that connections use. */
export interface WebSocketLike {
  binaryType: string;
  readonly protocol: string;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** Opens a WebSocket with subprotocols and headers. */
export type WebSocketFactory = (
  url: string,
  protocols: string[],
  headers: { [name: string]: string },
) => WebSocketLike;

/** How a connection behaves. `Socket` is the class of the connection. */
export interface SocketOptions<Socket> {
  /** Subprotocols that are offered to the server, the best one first. */
  readonly protocols?: readonly string[];
  /** Headers of the handshake; browsers send none. */
  readonly headers?: { readonly [name: string]: string };
  /** Longest time that opening takes in milliseconds: the client's `timeoutMs` unless given. */
  readonly timeoutMs?: number;
  /** Gives up opening; a connection that is open stays. */
  readonly signal?: AbortSignal;
  /** Whether a lost connection is opened again: it is unless this is `false`. */
  readonly reconnect?: boolean;
  /** How often that is tried in a row: 10 times unless given. */
  readonly maxReconnects?: number;
  /** Called after each success: the server knows nothing of the connection before. */
  onReconnect?(socket: Socket): void | Promise<void>;
  /** A longer message ends the connection: 1,048,576 unless given. */
  readonly maxMessageBytes?: number;
  /** As many messages may wait to be received: 1,000 unless given. With more the connection ends. */
  readonly maxWaiting?: number;
  /** Opens the WebSocket instead of the global one, which Node has from version 22 on. It can send headers. */
  readonly webSocket?: WebSocketFactory;
}

/** A message that came. */
export interface SocketMessage<Incoming> {
  /** What it says; JSON of no known type, and text that is no JSON, have the kind `"unknown"`. Bytes say nothing. */
  readonly value: Incoming | undefined;
  /** The text as it came; nothing for bytes. */
  readonly text: string | undefined;
  /** The bytes of a binary message. */
  readonly data: Uint8Array | undefined;
}

/** A kind of connection, as data. */
export interface SocketSpec<Incoming> {
  readonly operation: OperationSpec<void>;
  readonly incoming: TypeSpec;
  /** Names on the way to the member of a message that holds its route's key. */
  readonly selection?: readonly string[];
  /** Never set: it ties the connection to the type of what comes. */
  readonly incomingType?: Incoming;
}

/** What a connection is opened with. */
export interface SocketSetup<Incoming> {
  readonly core: ClientCore;
  readonly spec: SocketSpec<Incoming>;
  readonly schemas: Schemas;
  readonly request: object;
  // The hook takes the class that is generated, which this module does not know.
  readonly options: SocketOptions<never>;
}

/** Ends of a connection that the next one may not meet. */
const passing = [1001, 1005, 1006, 1011, 1012, 1013, 1014];

/** Codes of the standard are not for programs to close with. */
const closeTooLong = 4009;
const closeTooMany = 4008;

/**
 * A connection. What comes is received one by one, or iterated over; lost connections are opened again by themselves.
 */
export class SocketBase<Incoming> {
  readonly #setup: SocketSetup<Incoming>;
  #socket: WebSocketLike | undefined;
  #waiting: SocketMessage<Incoming>[] = [];
  #receiver: { resolve: () => void } | undefined;
  #ending: SDKError | undefined;
  #closed: (() => void)[] = [];
  #isClosing = false;
  #protocol = "";
  /** What this side ended the connection for. */
  #violation: number | undefined;

  constructor(setup: SocketSetup<Incoming>) {
    this.#setup = setup;
  }

  /** Opens the connection; clients do that. */
  async open(): Promise<this> {
    await this.#open();
    return this;
  }

  /** The subprotocol that the server selected. */
  get protocol(): string | undefined {
    return this.#protocol === "" ? undefined : this.#protocol;
  }

  /**
   * The next message. It rejects with a `TimeoutError` if none comes in time, and with what ended the connection:
   * a `ConnectionClosedError`, or the error that kept it from being opened again.
   */
  async receive(timeoutMs?: number): Promise<SocketMessage<Incoming>> {
    if (this.#receiver !== undefined) throw new OptionError("somebody receives from this connection already");
    const message = this.#waiting.shift();
    if (message !== undefined) return message;
    if (this.#ending !== undefined) throw this.#ending;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#receiver = { resolve };
      if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    this.#receiver = undefined;
    const next = this.#waiting.shift();
    if (next !== undefined) return next;
    throw this.#ending ?? new TimeoutError(`no message in ${timeoutMs} ms`);
  }

  /** Messages until the connection ends; it ends well if this side closed it, or the server with 1000. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SocketMessage<Incoming>, void, undefined> {
    for (;;) {
      let message: SocketMessage<Incoming>;
      try {
        message = await this.receive();
      } catch (error) {
        const isOver = error instanceof ConnectionClosedError && (this.#isClosing || error.code === 1000);
        if (isOver) return;
        throw error;
      }
      yield message;
    }
  }

  /** Sends text as it is. It throws a `TransportError` while there is no connection. */
  sendText(text: string): void {
    this.#send(text);
  }

  /** Sends a binary message, which API Gateway refuses. */
  sendBytes(data: Uint8Array): void {
    this.#send(data);
  }

  /** Closes the connection, and waits up to 5 seconds for the server to do the same. */
  async close(code = 1000, reason = ""): Promise<void> {
    if (this.#ending !== undefined || this.#isClosing) return;
    const socket = this.#socket;
    try {
      socket?.close(code, reason);
    } catch (error) {
      throw new OptionError("a connection is closed with 1000 or 3000 to 4999, and a reason of at most 123 bytes", error);
    }
    this.#isClosing = true;
    const ending = new ConnectionClosedError(code, reason);
    if (socket === undefined) return this.#end(ending);
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#closed.push(resolve);
      timer = setTimeout(resolve, 5000);
    });
    clearTimeout(timer);
    this.#end(ending);
  }

  /** Sends JSON to a route. */
  protected sendMessage(key: string | undefined, message: unknown, type: TypeSpec): void {
    const { schemas, spec } = this.#setup;
    let json: JSONValue;
    try {
      json = message === undefined ? {} : encode(message, type, schemas);
      const path = spec.selection ?? [];
      if (key !== undefined && path.length > 0) json = withMember(json, path, key);
      this.#send(writeJSON(json));
    } catch (error) {
      throw error instanceof JSONError ? new OptionError(`the message: ${error.message}`, error) : error;
    }
  }

  #send(data: string | Uint8Array): void {
    if (this.#socket === undefined || this.#isClosing) {
      const isOver = this.#ending !== undefined || this.#isClosing;
      throw new TransportError(isOver ? "the connection is closed" : "the connection is lost, and being opened again");
    }
    this.#socket.send(data);
  }

  // MARK: Opening

  async #open(): Promise<void> {
    const { core, spec, request, options } = this.#setup;
    const sendsHeaders = options.webSocket !== undefined || runtimeSendsHeaders();
    const call = {
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    const { url, headers, limits } = await core.handshake(spec.operation, request, call, sendsHeaders);
    let socket: WebSocketLike | undefined;
    try {
      const protocols = [...(options.protocols ?? [])];
      const factory = options.webSocket ?? standardWebSocket;
      try {
        socket = factory(url, protocols, headers);
      } catch (error) {
        throw error instanceof SDKError ? error : new OptionError("the WebSocket cannot be made", error);
      }
      socket.binaryType = "arraybuffer";
      const opened = socket;
      await limits.run(
        new Promise<void>((resolve, reject) => {
          const refuse = () => reject(new TransportError("the connection could not be opened"));
          opened.onopen = () => resolve();
          opened.onerror = refuse;
          opened.onclose = refuse;
        }),
      );
      if (opened.protocol !== "" && !protocols.includes(opened.protocol)) {
        throw new TransportError(`the server selected a subprotocol that nobody offered: ${opened.protocol}`);
      }
      this.#use(opened);
    } catch (error) {
      if (socket !== undefined) abandon(socket);
      throw error;
    } finally {
      limits.close();
    }
  }

  #use(socket: WebSocketLike): void {
    this.#protocol = socket.protocol;
    this.#violation = undefined;
    this.#socket = socket;
    // A broken connection is told by its end.
    socket.onerror = () => undefined;
    socket.onmessage = (event: { readonly data: unknown }) => this.#take(socket, event.data);
    socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
      if (this.#socket === socket) this.#lost(this.#violation ?? event.code, event.reason);
    };
  }

  #take(socket: WebSocketLike, data: unknown): void {
    if (this.#socket !== socket || this.#violation !== undefined) return;
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
    const limit = this.#setup.options.maxMessageBytes ?? 1_048_576;
    if ((bytes?.length ?? utf8Length(String(data), limit)) > limit) {
      return this.#refuse(socket, 1009, closeTooLong);
    }
    this.#waiting.push(bytes === undefined ? this.#message(String(data)) : { value: undefined, text: undefined, data: bytes });
    this.#receiver?.resolve();
    if (this.#waiting.length > (this.#setup.options.maxWaiting ?? 1000)) this.#refuse(socket, 1008, closeTooMany);
  }

  #message(text: string): SocketMessage<Incoming> {
    const { schemas, spec } = this.#setup;
    const unknown = (value: JSONValue) => ({ value: { kind: "unknown", value } as unknown as Incoming, text, data: undefined });
    let json: JSONValue;
    try {
      json = parseJSON(text);
    } catch {
      return unknown(text);
    }
    try {
      return { value: decode(json, spec.incoming, schemas) as Incoming, text, data: undefined };
    } catch (error) {
      if (error instanceof JSONError) return unknown(json);
      throw error;
    }
  }

  #refuse(socket: WebSocketLike, code: number, closeCode: number): void {
    this.#violation = code;
    socket.close(closeCode);
  }

  // MARK: The end

  #lost(code: number, reason: string): void {
    this.#socket = undefined;
    if (this.#isClosing) {
      for (const resolve of this.#closed.splice(0)) resolve();
    } else if (this.#setup.options.reconnect !== false && passing.includes(code)) {
      void this.#reopen();
    } else {
      this.#end(new ConnectionClosedError(code, this.#violation === undefined ? reason : ""));
    }
  }

  async #reopen(): Promise<void> {
    const { core, options } = this.#setup;
    let failure: SDKError = new ConnectionClosedError(1006, "");
    for (let attempt = 0; attempt < (options.maxReconnects ?? 10); attempt += 1) {
      try {
        await core.pause(Math.min(longestWait, firstWait * 2 ** Math.min(attempt, 30)));
        if (this.#isClosing) return;
        await this.#open();
        await options.onReconnect?.(this as never);
        return;
      } catch (error) {
        failure = error instanceof SDKError ? error : new TransportError("the connection could not be opened again", error);
        // What is wrong here will be so the next time. Whoever closed it meanwhile has ended it.
        if (failure instanceof OptionError || this.#isClosing) break;
      }
    }
    this.#end(failure);
  }

  #end(ending: SDKError): void {
    if (this.#ending === undefined) this.#ending = ending;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) abandon(socket);
    this.#receiver?.resolve();
  }
}

/** The JSON with a member set, whose name is the last one of a path. */
function withMember(json: JSONValue, path: readonly string[], value: string): JSONValue {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (!isObject(json)) throw new OptionError("a message to a route is a JSON object");
  const object = json as { [name: string]: JSONValue };
  const inner = Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
  return { ...object, [name]: withMember(rest.length === 0 ? null : inner ?? {}, rest, value) };
}

/** Lets go of a WebSocket. */
function abandon(socket: WebSocketLike): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => undefined;
  try {
    socket.close();
  } catch {
    // It was never opened.
  }
}

/** Bytes of a text in UTF-8, counted no further than beyond a limit. */
function utf8Length(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  return new TextEncoder().encode(text).length;
}

interface Runtime {
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly Deno?: unknown;
}

/** Whether the global `WebSocket` takes headers, as those of Node, Deno and Bun do. */
function runtimeSendsHeaders(): boolean {
  const { process, Deno } = globalThis as Runtime;
  return process?.versions?.node !== undefined || Deno !== undefined;
}

function standardWebSocket(url: string, protocols: string[], headers: { [name: string]: string }): WebSocketLike {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string, options: unknown) => WebSocketLike };
  if (WebSocket === undefined) {
    throw new OptionError(`this runtime has no WebSocket (Node has one from version 22 on): set the option "webSocket"`);
  }
  return new WebSocket(url, runtimeSendsHeaders() ? { protocols, headers } : protocols);
}
