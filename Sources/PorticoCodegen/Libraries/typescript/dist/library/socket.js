// @ts-self-types="./socket.d.ts"
import { decode } from "./decode.js";
import { encode } from "./encode.js";
import { OptionError, SDKError, TimeoutError, TransportError } from "./errors.js";
import { isObject, JSONError, parseJSON, writeJSON } from "./json.js";
import { firstWait, longestWait } from "./retry.js";
/** The connection has ended, and is not opened again. */
export class ConnectionClosedError extends SDKError {
    name = "ConnectionClosedError";
    /** The code of the close frame; 1005 if it had none, 1006 if there was no close frame. */
    code;
    reason;
    constructor(code, reason) {
        super(`the connection is closed: ${code}${reason === "" ? "" : `, ${reason}`}`);
        this.code = code;
        this.reason = reason;
    }
}
/** Ends of a connection that the next one may not meet. */
const passing = [1001, 1005, 1006, 1011, 1012, 1013, 1014];
/** Codes of the standard are not for programs to close with. */
const closeTooLong = 4009;
const closeTooMany = 4008;
/**
 * A connection. What comes is received one by one, or iterated over; lost connections are opened again by themselves.
 */
export class SocketBase {
    #setup;
    #socket;
    #waiting = [];
    #receiver;
    #ending;
    #closed = [];
    #isClosing = false;
    #protocol = "";
    /** What this side ended the connection for. */
    #violation;
    constructor(setup) {
        this.#setup = setup;
    }
    /** Opens the connection; clients do that. */
    async open() {
        await this.#open();
        return this;
    }
    /** The subprotocol that the server selected. */
    get protocol() {
        return this.#protocol === "" ? undefined : this.#protocol;
    }
    /**
     * The next message. It rejects with a `TimeoutError` if none comes in time, and with what ended the connection:
     * a `ConnectionClosedError`, or the error that kept it from being opened again.
     */
    async receive(timeoutMs) {
        if (this.#receiver !== undefined)
            throw new OptionError("somebody receives from this connection already");
        const message = this.#waiting.shift();
        if (message !== undefined)
            return message;
        if (this.#ending !== undefined)
            throw this.#ending;
        let timer;
        await new Promise((resolve) => {
            this.#receiver = { resolve };
            if (timeoutMs !== undefined)
                timer = setTimeout(resolve, timeoutMs);
        });
        clearTimeout(timer);
        this.#receiver = undefined;
        const next = this.#waiting.shift();
        if (next !== undefined)
            return next;
        throw this.#ending ?? new TimeoutError(`no message in ${timeoutMs} ms`);
    }
    /** Messages until the connection ends; it ends well if this side closed it, or the server with 1000. */
    async *[Symbol.asyncIterator]() {
        for (;;) {
            let message;
            try {
                message = await this.receive();
            }
            catch (error) {
                const isOver = error instanceof ConnectionClosedError && (this.#isClosing || error.code === 1000);
                if (isOver)
                    return;
                throw error;
            }
            yield message;
        }
    }
    /** Sends text as it is. It throws a `TransportError` while there is no connection. */
    sendText(text) {
        this.#send(text);
    }
    /** Sends a binary message, which API Gateway refuses. */
    sendBytes(data) {
        this.#send(data);
    }
    /** Closes the connection, and waits up to 5 seconds for the server to do the same. */
    async close(code = 1000, reason = "") {
        if (this.#ending !== undefined || this.#isClosing)
            return;
        const socket = this.#socket;
        try {
            socket?.close(code, reason);
        }
        catch (error) {
            throw new OptionError("a connection is closed with 1000 or 3000 to 4999, and a reason of at most 123 bytes", error);
        }
        this.#isClosing = true;
        const ending = new ConnectionClosedError(code, reason);
        if (socket === undefined)
            return this.#end(ending);
        let timer;
        await new Promise((resolve) => {
            this.#closed.push(resolve);
            timer = setTimeout(resolve, 5000);
        });
        clearTimeout(timer);
        this.#end(ending);
    }
    /** Sends JSON to a route. */
    sendMessage(key, message, type) {
        const { schemas, spec } = this.#setup;
        let json;
        try {
            json = message === undefined ? {} : encode(message, type, schemas);
            const path = spec.selection ?? [];
            if (key !== undefined && path.length > 0)
                json = withMember(json, path, key);
            this.#send(writeJSON(json));
        }
        catch (error) {
            throw error instanceof JSONError ? new OptionError(`the message: ${error.message}`, error) : error;
        }
    }
    #send(data) {
        if (this.#socket === undefined || this.#isClosing) {
            const isOver = this.#ending !== undefined || this.#isClosing;
            throw new TransportError(isOver ? "the connection is closed" : "the connection is lost, and being opened again");
        }
        this.#socket.send(data);
    }
    // MARK: Opening
    async #open() {
        const { core, spec, request, options } = this.#setup;
        const sendsHeaders = options.webSocket !== undefined || runtimeSendsHeaders();
        const call = {
            ...(options.headers === undefined ? {} : { headers: options.headers }),
            ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
            ...(options.signal === undefined ? {} : { signal: options.signal }),
        };
        const { url, headers, limits } = await core.handshake(spec.operation, request, call, sendsHeaders);
        let socket;
        try {
            const protocols = [...(options.protocols ?? [])];
            const factory = options.webSocket ?? standardWebSocket;
            try {
                socket = factory(url, protocols, headers);
            }
            catch (error) {
                throw error instanceof SDKError ? error : new OptionError("the WebSocket cannot be made", error);
            }
            socket.binaryType = "arraybuffer";
            const opened = socket;
            await limits.run(new Promise((resolve, reject) => {
                const refuse = () => reject(new TransportError("the connection could not be opened"));
                opened.onopen = () => resolve();
                opened.onerror = refuse;
                opened.onclose = refuse;
            }));
            if (opened.protocol !== "" && !protocols.includes(opened.protocol)) {
                throw new TransportError(`the server selected a subprotocol that nobody offered: ${opened.protocol}`);
            }
            this.#use(opened);
        }
        catch (error) {
            if (socket !== undefined)
                abandon(socket);
            throw error;
        }
        finally {
            limits.close();
        }
    }
    #use(socket) {
        this.#protocol = socket.protocol;
        this.#violation = undefined;
        this.#socket = socket;
        // A broken connection is told by its end.
        socket.onerror = () => undefined;
        socket.onmessage = (event) => this.#take(socket, event.data);
        socket.onclose = (event) => {
            if (this.#socket === socket)
                this.#lost(this.#violation ?? event.code, event.reason);
        };
    }
    #take(socket, data) {
        if (this.#socket !== socket || this.#violation !== undefined)
            return;
        const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
        const limit = this.#setup.options.maxMessageBytes ?? 1048576;
        if ((bytes?.length ?? utf8Length(String(data), limit)) > limit) {
            return this.#refuse(socket, 1009, closeTooLong);
        }
        this.#waiting.push(bytes === undefined ? this.#message(String(data)) : { value: undefined, text: undefined, data: bytes });
        this.#receiver?.resolve();
        if (this.#waiting.length > (this.#setup.options.maxWaiting ?? 1000))
            this.#refuse(socket, 1008, closeTooMany);
    }
    #message(text) {
        const { schemas, spec } = this.#setup;
        const unknown = (value) => ({ value: { kind: "unknown", value }, text, data: undefined });
        let json;
        try {
            json = parseJSON(text);
        }
        catch {
            return unknown(text);
        }
        try {
            return { value: decode(json, spec.incoming, schemas), text, data: undefined };
        }
        catch (error) {
            if (error instanceof JSONError)
                return unknown(json);
            throw error;
        }
    }
    #refuse(socket, code, closeCode) {
        this.#violation = code;
        socket.close(closeCode);
    }
    // MARK: The end
    #lost(code, reason) {
        this.#socket = undefined;
        if (this.#isClosing) {
            for (const resolve of this.#closed.splice(0))
                resolve();
        }
        else if (this.#setup.options.reconnect !== false && passing.includes(code)) {
            void this.#reopen();
        }
        else {
            this.#end(new ConnectionClosedError(code, this.#violation === undefined ? reason : ""));
        }
    }
    async #reopen() {
        const { core, options } = this.#setup;
        let failure = new ConnectionClosedError(1006, "");
        for (let attempt = 0; attempt < (options.maxReconnects ?? 10); attempt += 1) {
            try {
                await core.pause(Math.min(longestWait, firstWait * 2 ** Math.min(attempt, 30)));
                if (this.#isClosing)
                    return;
                await this.#open();
                await options.onReconnect?.(this);
                return;
            }
            catch (error) {
                failure = error instanceof SDKError ? error : new TransportError("the connection could not be opened again", error);
                // What is wrong here will be so the next time. Whoever closed it meanwhile has ended it.
                if (failure instanceof OptionError || this.#isClosing)
                    break;
            }
        }
        this.#end(failure);
    }
    #end(ending) {
        if (this.#ending === undefined)
            this.#ending = ending;
        const socket = this.#socket;
        this.#socket = undefined;
        if (socket !== undefined)
            abandon(socket);
        this.#receiver?.resolve();
    }
}
/** The JSON with a member set, whose name is the last one of a path. */
function withMember(json, path, value) {
    const [name, ...rest] = path;
    if (name === undefined)
        return value;
    if (!isObject(json))
        throw new OptionError("a message to a route is a JSON object");
    const object = json;
    const inner = Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
    return { ...object, [name]: withMember(rest.length === 0 ? null : inner ?? {}, rest, value) };
}
/** Lets go of a WebSocket. */
function abandon(socket) {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => undefined;
    try {
        socket.close();
    }
    catch {
        // It was never opened.
    }
}
/** Bytes of a text in UTF-8, counted no further than beyond a limit. */
function utf8Length(text, limit) {
    if (text.length > limit || text.length * 3 <= limit)
        return text.length;
    return new TextEncoder().encode(text).length;
}
/** Whether the global `WebSocket` takes headers, as those of Node, Deno and Bun do. */
function runtimeSendsHeaders() {
    const { process, Deno } = globalThis;
    return process?.versions?.node !== undefined || Deno !== undefined;
}
function standardWebSocket(url, protocols, headers) {
    const { WebSocket } = globalThis;
    if (WebSocket === undefined) {
        throw new OptionError(`this runtime has no WebSocket (Node has one from version 22 on): set the option "webSocket"`);
    }
    return new WebSocket(url, runtimeSendsHeaders() ? { protocols, headers } : protocols);
}
