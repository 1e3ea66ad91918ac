// @ts-self-types="./bodies.d.ts"
import { OptionError } from "./errors.js";
/** The body for bytes that a caller gave. */
export function sendableBody(body) {
    if (body instanceof Uint8Array)
        return new BytesBody(body);
    if (body instanceof ArrayBuffer)
        return new BytesBody(new Uint8Array(body));
    if (typeof Blob !== "undefined" && body instanceof Blob)
        return new BlobBody(body);
    if (typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body)) {
        return new StreamBody(body);
    }
    throw new OptionError("argument body: expected bytes, a Blob, a ReadableStream or an AsyncIterable of bytes");
}
class BytesBody {
    #bytes;
    constructor(bytes) {
        this.#bytes = bytes;
    }
    canBeSent() {
        return true;
    }
    forFetch() {
        return this.#bytes;
    }
    async bytes() {
        return this.#bytes;
    }
}
class BlobBody {
    #blob;
    constructor(blob) {
        this.#blob = blob;
    }
    canBeSent() {
        return true;
    }
    forFetch() {
        return this.#blob;
    }
    async bytes() {
        return new Uint8Array(await this.#blob.arrayBuffer());
    }
}
class StreamBody {
    #source;
    #isRead = false;
    #bytes;
    constructor(stream) {
        this.#source = ("getReader" in stream ? chunksOf(stream) : stream)[Symbol.asyncIterator]();
    }
    canBeSent() {
        return this.#bytes !== undefined || !this.#isRead;
    }
    forFetch() {
        const source = this.#source;
        const stream = new ReadableStream({
            pull: async (controller) => {
                this.#isRead = true;
                const { done, value } = await source.next();
                if (done === true)
                    controller.close();
                else
                    controller.enqueue(value);
            },
            cancel: async () => {
                // An attempt that failed before it read anything leaves the stream to the next one.
                if (this.#isRead)
                    await source.return?.();
            },
        }, 
        // Nothing is read before it is asked for.
        { highWaterMark: 0 });
        return stream;
    }
    bytes() {
        this.#bytes ??= collect({ [Symbol.asyncIterator]: () => this.#source });
        return this.#bytes;
    }
}
/** The chunks of a stream; leaving the loop cancels it. Not every browser's streams can be iterated. */
export async function* chunksOf(stream) {
    const reader = stream.getReader();
    let isFinished = false;
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done)
                break;
            yield value;
        }
        isFinished = true;
    }
    finally {
        if (!isFinished)
            await reader.cancel().catch(() => undefined);
        reader.releaseLock();
    }
}
/** All bytes of a stream. */
async function collect(chunks) {
    const parts = [];
    let length = 0;
    for await (const chunk of chunks) {
        parts.push(chunk);
        length += chunk.length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return bytes;
}
