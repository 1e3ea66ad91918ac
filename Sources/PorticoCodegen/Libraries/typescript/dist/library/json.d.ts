/** Any JSON value. Whole numbers that a `number` does not hold exactly are `bigint`. */
export declare type JSONValue = null | boolean | number | bigint | string | JSONValue[] | JSONObject;
/** A JSON object. */
export interface JSONObject {
    [name: string]: JSONValue;
}
/** Deeper values are refused, so that no text can exhaust the stack. */
export declare const depthLimit = 512;
/** A step into a JSON value: a property or an index. */
export declare type PathStep = string | number;
/** The path of a value in JSONPath's form: `$.pets[0].id`. */
export declare function pathText(path: readonly PathStep[]): string;
/** What is wrong with a JSON text or value, and where. */
export declare class JSONError extends Error {
    readonly name: string;
    /** Where: `$.pets[0].id`. */
    readonly path: string;
    /** What is wrong there. */
    readonly reason: string;
    constructor(path: readonly PathStep[], reason: string);
}
/** Whether it is an object of JSON. */
export declare function isObject(value: unknown): value is {
    [name: string]: unknown;
};
/** An object's property. What every object inherits, such as `constructor`, is not one. */
export declare function member<Value>(object: {
    readonly [name: string]: Value;
}, name: string): Value | undefined;
/** Sets an object's property, whatever its name: assigning to `__proto__` would change what the object inherits. */
export declare function setMember<Value>(object: {
    [name: string]: Value;
}, name: string, value: Value): void;
/** The kind of a value, for messages. */
export declare function kindOf(value: unknown): string;
/**
 * Reads a JSON text (RFC 8259).
 *
 * `JSON.parse` rounds whole numbers beyond 2^53; here those become `bigint`. Of members with the same name the last
 * one counts.
 * @throws {JSONError} if it is no JSON.
 */
export declare function parseJSON(text: string): JSONValue;
/**
 * Writes a value as JSON text.
 * @throws {JSONError} if JSON has no form for a value in it.
 */
export declare function writeJSON(value: JSONValue): string;
