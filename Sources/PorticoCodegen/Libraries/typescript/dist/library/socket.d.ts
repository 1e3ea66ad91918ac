import type { ClientCore } from "./client.js";
import { SDKError } from "./errors.js";
import type { OperationSpec } from "./operations.js";
import type { Schemas, TypeSpec } from "./types.js";
/** The connection has ended, and is not opened again. */
export declare class ConnectionClosedError extends SDKError {
    readonly name: string;
    /** The code of the close frame; 1005 if it had none, 1006 if there was no close frame. */
    readonly code: number;
    readonly reason: string;
    constructor(code: number, reason: string);
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
export declare type WebSocketFactory = (url: string, protocols: string[], headers: {
    [name: string]: string;
}) => WebSocketLike;
/** How a connection behaves. `Socket` is the class of the connection. */
export interface SocketOptions<Socket> {
    /** Subprotocols that are offered to the server, the best one first. */
    readonly protocols?: readonly string[];
    /** Headers of the handshake; browsers send none. */
    readonly headers?: {
        readonly [name: string]: string;
    };
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
    readonly options: SocketOptions<never>;
}
/**
 * A connection. What comes is received one by one, or iterated over; lost connections are opened again by themselves.
 */
export declare class SocketBase<Incoming> {
    #private;
    constructor(setup: SocketSetup<Incoming>);
    /** Opens the connection; clients do that. */
    open(): Promise<this>;
    /** The subprotocol that the server selected. */
    get protocol(): string | undefined;
    /**
     * The next message. It rejects with a `TimeoutError` if none comes in time, and with what ended the connection:
     * a `ConnectionClosedError`, or the error that kept it from being opened again.
     */
    receive(timeoutMs?: number): Promise<SocketMessage<Incoming>>;
    /** Messages until the connection ends; it ends well if this side closed it, or the server with 1000. */
    [Symbol.asyncIterator](): AsyncGenerator<SocketMessage<Incoming>, void, undefined>;
    /** Sends text as it is. It throws a `TransportError` while there is no connection. */
    sendText(text: string): void;
    /** Sends a binary message, which API Gateway refuses. */
    sendBytes(data: Uint8Array): void;
    /** Closes the connection, and waits up to 5 seconds for the server to do the same. */
    close(code?: number, reason?: string): Promise<void>;
    /** Sends JSON to a route. */
    protected sendMessage(key: string | undefined, message: unknown, type: TypeSpec): void;
}
