import { type JSONValue } from "./json.js";
import { type Schemas, type StructureSpec, type TypeSpec } from "./types.js";
/**
 * The value of a type that JSON stands for.
 * @throws {JSONError} if the JSON is none of that type.
 */
export declare function decode(value: JSONValue, type: TypeSpec, schemas: Schemas): unknown;
/** The names of a structure's known properties. */
export declare function fieldNames(spec: StructureSpec): Set<string>;
