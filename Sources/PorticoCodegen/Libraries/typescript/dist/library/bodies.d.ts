/** Bytes to send. Streams are sent as they come; they can be read, and therefore sent, only once. */
export declare type BinaryBody = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;
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
export declare function sendableBody(body: BinaryBody): SendableBody;
/** The chunks of a stream; leaving the loop cancels it. Not every browser's streams can be iterated. */
export declare function chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined>;
