/** Bytes as Base64 (RFC 4648, section 4). */
export declare function bytesToBase64(bytes: Uint8Array): string;
/** The bytes of Base64 text; nothing if it is none. */
export declare function base64ToBytes(text: string): Uint8Array | undefined;
