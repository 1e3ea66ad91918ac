import { type JSONValue } from "./json.js";
import type { Schemas, TypeSpec } from "./types.js";
/**
 * The JSON that stands for a value of a type.
 * @throws {JSONError} if the value is none of that type.
 */
export declare function encode(value: unknown, type: TypeSpec, schemas: Schemas): JSONValue;
