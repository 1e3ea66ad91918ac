// @ts-self-types="./decode.d.ts"
import { base64ToBytes } from "./base64.js";
import { parseTimestamp } from "./dates.js";
import { isObject, JSONError, kindOf, member, setMember } from "./json.js";
import { variantOf, } from "./types.js";
/**
 * The value of a type that JSON stands for.
 * @throws {JSONError} if the JSON is none of that type.
 */
export function decode(value, type, schemas) {
    return new Decoder(schemas).value(value, type);
}
const minimum64 = -(2n ** 63n);
const maximum64 = 2n ** 63n - 1n;
class Decoder {
    #schemas;
    #path = [];
    constructor(schemas) {
        this.#schemas = schemas;
    }
    value(value, type) {
        if (typeof type === "string")
            return this.#scalar(value, type);
        if ("nullable" in type)
            return value === null ? null : this.value(value, type.nullable);
        if ("list" in type) {
            if (!Array.isArray(value))
                return this.#mismatch("an array", value);
            return value.map((element, index) => this.#at(index, element, type.list));
        }
        if ("map" in type) {
            const map = {};
            for (const [name, element] of this.#members(value))
                setMember(map, name, this.#at(name, element, type.map));
            return map;
        }
        const spec = this.#schemas[type.model];
        if (spec === undefined)
            throw new Error(`no schema ${type.model}`);
        return "fields" in spec ? this.#structure(value, spec) : this.#union(value, spec);
    }
    #at(step, value, type) {
        this.#path.push(step);
        const decoded = this.value(value, type);
        this.#path.pop();
        return decoded;
    }
    #fail(reason) {
        throw new JSONError(this.#path, reason);
    }
    #mismatch(expected, value) {
        this.#fail(`expected ${expected}, found ${kindOf(value)}`);
    }
    #members(value) {
        if (!isObject(value))
            return this.#mismatch("an object", value);
        return Object.entries(value);
    }
    #structure(value, spec) {
        if (!isObject(value))
            return this.#mismatch("an object", value);
        const structure = {};
        for (const { name, type, required } of spec.fields) {
            const found = member(value, name);
            // Where null is not allowed, an optional property that is null is taken for absent.
            if (found !== undefined && (found !== null || required === true || allowsNull(type))) {
                setMember(structure, name, this.#at(name, found, type));
            }
            else if (required === true) {
                this.#path.push(name);
                this.#fail("missing property");
            }
        }
        const { additional } = spec;
        if (additional !== undefined) {
            const known = fieldNames(spec);
            const others = {};
            for (const [name, element] of Object.entries(value)) {
                if (!known.has(name))
                    setMember(others, name, this.#at(name, element, additional.type));
            }
            structure[additional.property] = others;
        }
        return structure;
    }
    #union(value, spec) {
        const variant = variantOf(value, spec);
        return variant === undefined
            ? { kind: "unknown", value }
            : { kind: variant.kind, value: this.value(value, variant.type) };
    }
    #scalar(value, type) {
        switch (type) {
            case "json":
                return value;
            case "string":
                return typeof value === "string" ? value : this.#mismatch("a string", value);
            case "boolean":
                return typeof value === "boolean" ? value : this.#mismatch("a boolean", value);
            case "bytes":
                if (typeof value !== "string")
                    return this.#mismatch("Base64", value);
                return base64ToBytes(value) ?? this.#fail("invalid Base64");
            case "timestamp":
                if (typeof value !== "string")
                    return this.#mismatch("a timestamp", value);
                return parseTimestamp(value) ?? this.#fail("invalid timestamp");
            default:
                if (typeof value !== "number" && typeof value !== "bigint")
                    return this.#mismatch("a number", value);
                return this.#number(value, type);
        }
    }
    #number(value, type) {
        if (type === "double")
            return Number(value);
        if (typeof value === "number" && !Number.isInteger(value))
            this.#fail("expected a whole number");
        switch (type) {
            case "int32":
                if (value < -0x80000000 || value > 0x7fffffff)
                    this.#fail("a number beyond 32 bits");
                return Number(value);
            case "int64":
                if (value < minimum64 || value > maximum64)
                    this.#fail("a number beyond 64 bits");
                return BigInt(value);
            case "integer":
                if (!Number.isSafeInteger(Number(value)))
                    this.#fail("a whole number beyond 2^53");
                return Number(value);
        }
    }
}
function allowsNull(type) {
    return type === "json" || (typeof type !== "string" && "nullable" in type);
}
const namesOfFields = new WeakMap();
/** The names of a structure's known properties. */
export function fieldNames(spec) {
    let names = namesOfFields.get(spec);
    if (names === undefined) {
        names = new Set(spec.fields.map((field) => field.name));
        namesOfFields.set(spec, names);
    }
    return names;
}
