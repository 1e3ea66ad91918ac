// @ts-self-types="./client.d.ts"
import { bytesToBase64 } from "./base64.js";
import { Call } from "./call.js";
import { environmentCredentials } from "./credentials.js";
import { OptionError, SDKError, TransportError } from "./errors.js";
import { member } from "./json.js";
import { AttemptLimits } from "./limits.js";
import { baseURL, signingRegion, } from "./options.js";
import { Paginator } from "./paging.js";
import { prepare, setHeader } from "./request.js";
import { errorOf, outputOf, rawResponse, streamedResponse, } from "./response.js";
import { isIdempotent, isRetriable, sleep, waitBefore } from "./retry.js";
import { percentEncode, presign, sign } from "./signing.js";
/** Sends the calls of a generated client. It holds no state of calls, so that any number may be under way. */
export class ClientCore {
    /** Where the API is, without slash at its end. */
    baseURL;
    #api;
    #options;
    #fetch;
    #now;
    constructor(api, options) {
        this.#api = api;
        this.#options = options;
        this.baseURL = baseURL(options.endpoint ?? api.defaultEndpoint);
        // The global `fetch` is looked up for each call, as tests and frameworks replace it.
        this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
        this.#now = options.now ?? (() => new Date());
    }
    /** Calls an operation. */
    call(operation, request, options, method) {
        return new Call(this.#decoded(operation, request, options ?? {}, method));
    }
    /** Calls an operation and gives the body as it comes. */
    async stream(operation, request, options = {}, method) {
        const prepared = this.#prepare(operation, request, options, method);
        return this.#run({ prepared, options, finish: async (answer) => streamed(answer) });
    }
    /** Calls an operation again and again for its pages. */
    paginate(operation, request, options, method) {
        const { paging } = operation;
        if (paging === undefined)
            throw new OptionError(`${operation.name} has no pages`);
        const first = member(request, paging.input);
        return new Paginator(paging, first, (token) => {
            const next = token === undefined ? request : { ...request, [paging.input]: token };
            return this.call(operation, next, options, method);
        });
    }
    /**
     * What opens a connection: its address with everything that identifies the caller, and the limits of opening it. They
     * are closed by whoever opens it. Where headers cannot be sent, a signature goes into the address.
     */
    async handshake(operation, request, options, sendsHeaders) {
        const prepared = this.#prepare(operation, request, options, undefined);
        const limits = new AttemptLimits(options.signal, options.timeoutMs ?? this.#options.timeoutMs ?? 30000);
        try {
            return { ...(await limits.run(this.#handshakeRequest(prepared, sendsHeaders))), limits };
        }
        catch (error) {
            limits.close();
            throw error;
        }
    }
    async #handshakeRequest(prepared, sendsHeaders) {
        const headers = new Headers(prepared.headers);
        const query = [...prepared.query];
        headers.delete("accept");
        if (sendsHeaders)
            setHeader(headers, "user-agent", `portico-sdk-typescript/1 ${this.#api.agent}`, "package name");
        await this.#addSecurity(prepared.operation, headers, query);
        const path = this.baseURL.split("/").length > 3 ? "" : "/";
        const url = this.baseURL + path + (query.length === 0 ? "" : "?" + query.join("&"));
        const request = { operation: prepared.operation.name, method: "GET", url, headers, attempt: 1 };
        await this.#options.hooks?.beforeAttempt?.(request);
        const fields = {};
        if (prepared.operation.identity !== "sigV4") {
            headers.forEach((value, name) => (fields[name] = value));
        }
        else if (sendsHeaders) {
            await this.#sign(prepared, request);
            headers.forEach((value, name) => (fields[name] = value));
        }
        else {
            headers.forEach((value, name) => (fields[name] = value));
            request.url = await presign(request.url, await this.#signingContext());
        }
        const names = Object.keys(fields);
        if (!sendsHeaders && names.length > 0) {
            throw new OptionError(`this runtime's WebSocket sends no headers (${names.join(", ")}): set the option "webSocket"`);
        }
        return { url: request.url.replace(/^http/i, "ws"), headers: fields };
    }
    /** Waits for a random part of a time. */
    async pause(milliseconds) {
        await (this.#options.sleep ?? sleep)((this.#options.random ?? Math.random)() * milliseconds);
    }
    async #decoded(operation, request, options, method) {
        const prepared = this.#prepare(operation, request, options, method);
        const raw = await this.#run({ prepared, options, finish: readBody });
        const value = outputOf(operation, raw, this.#api.schemas);
        return { ...raw, value };
    }
    #prepare(operation, request, options, method) {
        const headers = { ...this.#options.headers, ...options.headers };
        const merged = { ...options, headers };
        const verb = operation.method ?? method ?? "";
        const prepared = prepare(operation, verb, request, merged, this.#api.schemas);
        this.#checkSecurity(operation);
        return prepared;
    }
    // MARK: Attempts
    async #run(job) {
        const { prepared, options } = job;
        const maxRetries = options.maxRetries ?? this.#options.maxRetries ?? 3;
        const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs ?? Infinity;
        const deadline = this.#now().getTime() + deadlineMs;
        const isRepeatable = isIdempotent(prepared.method) || options.idempotencyKey !== undefined;
        for (let attempt = 1;; attempt += 1) {
            const left = deadline - this.#now().getTime();
            try {
                return await this.#attempt(job, attempt, maxRetries + 1, left);
            }
            catch (error) {
                if (attempt > maxRetries || options.signal?.aborted === true || !isRetriable(error, isRepeatable))
                    throw error;
                if (prepared.body?.canBeSent() === false)
                    throw error;
                const random = (this.#options.random ?? Math.random)();
                const wait = waitBefore(error, attempt, random, this.#now());
                if (wait === undefined || this.#now().getTime() + wait >= deadline)
                    throw error;
                await (this.#options.sleep ?? sleep)(wait, options.signal);
            }
        }
    }
    async #attempt(job, attempt, attempts, left) {
        const { prepared, options } = job;
        if (options.signal?.aborted === true)
            throw options.signal.reason;
        const timeoutMs = Math.min(options.timeoutMs ?? this.#options.timeoutMs ?? 30000, left);
        const limits = new AttemptLimits(options.signal, timeoutMs);
        const started = performance.now();
        let request;
        let status;
        let failure;
        try {
            request = await limits.run(this.#attemptRequest(prepared, attempt, attempts));
            const response = await this.#send(prepared, request, limits);
            const result = response.ok ? await job.finish({ response, limits }) : undefined;
            const refusal = response.ok ? undefined : await readBody({ response, limits });
            // An answer that breaks off is none.
            status = response.status;
            if (refusal !== undefined)
                throw errorOf(prepared.operation, refusal, this.#api.schemas);
            return result;
        }
        catch (error) {
            limits.close();
            failure = error;
            throw error;
        }
        finally {
            if (request !== undefined) {
                const durationMs = performance.now() - started;
                await this.#options.hooks?.afterAttempt?.({ request, status, error: failure, durationMs });
            }
        }
    }
    async #attemptRequest(prepared, attempt, attempts) {
        const headers = new Headers(prepared.headers);
        const query = [...prepared.query];
        setHeader(headers, "user-agent", `portico-sdk-typescript/1 ${this.#api.agent}`, "package name");
        headers.set("amz-sdk-request", `attempt=${attempt}; max=${attempts}`);
        await this.#addSecurity(prepared.operation, headers, query);
        const url = this.baseURL + prepared.path + (query.length === 0 ? "" : "?" + query.join("&"));
        const request = { operation: prepared.operation.name, method: prepared.method, url, headers, attempt };
        await this.#options.hooks?.beforeAttempt?.(request);
        if (prepared.operation.identity === "sigV4")
            await this.#sign(prepared, request);
        return request;
    }
    async #send(prepared, request, limits) {
        const { method, headers } = request;
        const init = { method, headers, redirect: "manual", signal: limits.signal };
        const body = prepared.body?.forFetch();
        if (body !== undefined) {
            init.body = body;
            // Bodies that are streams need it; the standard has no other value.
            if (body instanceof ReadableStream)
                init.duplex = "half";
        }
        let response;
        try {
            response = await limits.run(this.#fetch(request.url, init));
        }
        catch (error) {
            throw transportError(error, limits);
        }
        if (response.type === "opaqueredirect") {
            throw new SDKError("the answer is a redirect, which browsers do not show and this client does not follow");
        }
        return response;
    }
    // MARK: Security
    #checkSecurity(operation) {
        const { apiKey, token, basic, keys, credentials } = this.#options;
        const { name, identity } = operation;
        const need = (option, isSet) => {
            if (!isSet)
                throw new OptionError(`${name} needs the option "${option}"`);
        };
        if (operation.needsAPIKey === true)
            need("apiKey", apiKey !== undefined);
        if (identity === undefined)
            return;
        if (identity === "sigV4") {
            need("credentials", credentials !== undefined || environmentCredentials() !== undefined);
            need("region", signingRegion(this.#options, this.baseURL) !== undefined);
        }
        else if (identity === "basic") {
            need("basic", basic !== undefined);
        }
        else if (identity === "bearer" || "tokenHeader" in identity) {
            need("token", token !== undefined);
        }
        else {
            need(`keys[${JSON.stringify(identity.key)}]`, keys !== undefined && member(keys, identity.key) !== undefined);
        }
    }
    async #addSecurity(operation, headers, query) {
        const { apiKey, token, basic, keys } = this.#options;
        const { identity } = operation;
        if (operation.needsAPIKey === true)
            setHeader(headers, "x-api-key", apiKey ?? "", `option "apiKey"`);
        if (identity === undefined || identity === "sigV4")
            return;
        if (identity === "basic") {
            const user = new TextEncoder().encode(`${basic?.user ?? ""}:${basic?.password ?? ""}`);
            headers.set("authorization", "Basic " + bytesToBase64(user));
        }
        else if (identity === "bearer" || "tokenHeader" in identity) {
            const value = typeof token === "function" ? await token() : token ?? "";
            if (identity === "bearer")
                setHeader(headers, "authorization", `Bearer ${value}`, `option "token"`);
            else
                setHeader(headers, identity.tokenHeader, value, `option "token"`);
        }
        else {
            const value = (keys && member(keys, identity.key)) ?? "";
            if (identity.in === "query")
                query.push(`${percentEncode(identity.key)}=${percentEncode(value)}`);
            else
                setHeader(headers, identity.key, value, `option "keys"`);
        }
    }
    async #signingContext() {
        const provider = this.#options.credentials ?? environmentCredentials();
        const credentials = typeof provider === "function" ? await provider() : provider;
        const region = signingRegion(this.#options, this.baseURL);
        if (credentials === undefined || region === undefined)
            throw new OptionError("credentials or region are gone");
        return { credentials, region, time: this.#now() };
    }
    async #sign(prepared, request) {
        const context = await this.#signingContext();
        const body = (await prepared.body?.bytes()) ?? new Uint8Array();
        const { method, url, headers } = request;
        const unsigned = [];
        headers.forEach((value, name) => unsigned.push([name, value]));
        const signed = await sign({ method, url, headers: unsigned, body }, context);
        for (const [name, value] of Object.entries(signed))
            headers.set(name, value);
    }
}
/** The whole answer, under the limits of the attempt. */
async function readBody({ response, limits }) {
    try {
        return rawResponse(response, new Uint8Array(await limits.run(response.arrayBuffer())));
    }
    catch (error) {
        throw transportError(error, limits);
    }
    finally {
        limits.close();
    }
}
/** The answer with its body to come: it may take longer than an attempt, but the caller's signal still ends it. */
function streamed({ response, limits }) {
    limits.stopTimer();
    const reader = response.body?.getReader();
    const stream = new ReadableStream({
        pull: async (controller) => {
            try {
                const chunk = reader === undefined ? undefined : await limits.run(reader.read());
                if (chunk !== undefined && !chunk.done)
                    return controller.enqueue(chunk.value);
                controller.close();
            }
            catch (error) {
                controller.error(transportError(error, limits));
            }
            limits.close();
        },
        cancel: async (reason) => {
            limits.close();
            await reader?.cancel(reason);
        },
    }, { highWaterMark: 0 });
    return streamedResponse(response, stream);
}
/** Why waiting ended: the limits, if they did end it, else the connection. */
function transportError(error, limits) {
    if (limits.signal.aborted)
        return limits.signal.reason;
    const reason = error instanceof Error ? causeText(error) : String(error);
    return new TransportError(`no complete answer: ${reason}`, error);
}
/** The innermost message: `fetch` itself only says that it failed. */
function causeText(error) {
    const { cause } = error;
    return cause instanceof Error && cause.message !== "" ? causeText(cause) : error.message;
}
