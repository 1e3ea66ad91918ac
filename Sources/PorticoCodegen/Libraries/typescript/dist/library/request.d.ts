import { type SendableBody } from "./bodies.js";
import type { OperationSpec } from "./operations.js";
import type { CallOptions } from "./options.js";
import type { Schemas } from "./types.js";
/** The arguments of a call by their names. */
export declare type Arguments = {
    readonly [name: string]: unknown;
};
/** A request without what changes from attempt to attempt. */
export interface PreparedRequest {
    readonly operation: OperationSpec<unknown>;
    readonly method: string;
    readonly path: string;
    /** Names and values, percent-encoded. */
    readonly query: readonly string[];
    readonly headers: Headers;
    readonly body: SendableBody | undefined;
}
/**
 * Makes the request of a call from its arguments.
 * @throws {OptionError} if an argument is missing or has no form in a request.
 */
export declare function prepare(operation: OperationSpec<unknown>, method: string, request: Arguments, options: CallOptions, schemas: Schemas): PreparedRequest;
/** Sets a header, or says which argument has a value that no header can have. */
export declare function setHeader(headers: Headers, name: string, value: string, what: string, isRepeated?: boolean): void;
