import { OptionError } from "./errors.js";

/** Bytes to send. Streams are sent as they come; they can be read, and therefore sent, only once. */
export type BinaryBody = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A body that can be sent, perhaps several times. */
export interface SendableBody {
  /** Whether it can still be sent: streams cannot once they were read. */
  canBeSent(): boolean;
  /** What `fetch` takes. */
  forFetch(): BodyInit;
  /** All bytes, for signing. Afterwards it can be sent again and again. */
  bytes(): Promise<Uint8Array>;
}

/** The body for bytes that a caller gave. */
export function sendableBody(body: BinaryBody): SendableBody {
  if (body instanceof Uint8Array) return new BytesBody(body);
  if (body instanceof ArrayBuffer) return new BytesBody(new Uint8Array(body));
  if (typeof Blob !== "undefined" && body instanceof Blob) return new BlobBody(body);
  if (typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body)) {
    return new StreamBody(body as ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>);
  }
  throw new OptionError("argument body: expected bytes, a Blob, a ReadableStream or an AsyncIterable of bytes");
}

class BytesBody implements SendableBody {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  canBeSent(): boolean {
    return true;
  }

  forFetch(): BodyInit {
    return this.#bytes as BodyInit;
  }

  async bytes(): Promise<Uint8Array> {
    return this.#bytes;
  }
}

class BlobBody implements SendableBody {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  canBeSent(): boolean {
    return true;
  }

  forFetch(): BodyInit {
    return this.#blob;
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.#blob.arrayBuffer());
  }
}

class StreamBody implements SendableBody {
  readonly #source: AsyncIterator<Uint8Array>;
  #isRead = false;
  #bytes: Promise<Uint8Array> | undefined;

  constructor(stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>) {
    this.#source = ("getReader" in stream ? chunksOf(stream) : stream)[Symbol.asyncIterator]();
  }

  canBeSent(): boolean {
    return this.#bytes !== undefined || !this.#isRead;
  }

  forFetch(): BodyInit {
    const source = this.#source;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          this.#isRead = true;
          const { done, value } = await source.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => {
          // An attempt that failed before it read anything leaves the stream to the next one.
          if (this.#isRead) await source.return?.();
        },
      },
      // Nothing is read before it is asked for.
      { highWaterMark: 0 },
    );
    return stream as BodyInit;
  }

  bytes(): Promise<Uint8Array> {
    this.#bytes ??= collect({ [Symbol.asyncIterator]: () => this.#source });
    return this.#bytes;
  }
}

/** The chunks of a stream; leaving the loop cancels it. Not every browser's streams can be iterated. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let isFinished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    isFinished = true;
  } finally {
    if (!isFinished) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** All bytes of a stream. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
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
