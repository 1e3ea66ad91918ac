import { bytesToBase64 } from "./base64.js";
import { timestampToText } from "./dates.js";
import { fieldNames } from "./decode.js";
import {
  depthLimit,
  isObject,
  JSONError,
  kindOf,
  member,
  setMember,
  type JSONObject,
  type JSONValue,
  type PathStep,
} from "./json.js";
import type { ScalarType, Schemas, StructureSpec, TypeSpec, UnionSpec } from "./types.js";

/**
 * The JSON that stands for a value of a type.
 * @throws {JSONError} if the value is none of that type.
 */
export function encode(value: unknown, type: TypeSpec, schemas: Schemas): JSONValue {
  return new Encoder(schemas).value(value, type);
}

class Encoder {
  readonly #schemas: Schemas;
  readonly #path: PathStep[] = [];

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  value(value: unknown, type: TypeSpec): JSONValue {
    if (typeof type === "string") return this.#scalar(value, type);
    if ("nullable" in type) return value === null ? null : this.value(value, type.nullable);
    if ("list" in type) {
      if (!Array.isArray(value)) return this.#mismatch("an array", value);
      return value.map((element: unknown, index) => this.#at(index, element, type.list));
    }
    if ("map" in type) return this.#map(value, type.map);
    const spec = this.#schemas[type.model];
    if (spec === undefined) throw new Error(`no schema ${type.model}`);
    return "fields" in spec ? this.#structure(value, spec) : this.#union(value, spec);
  }

  #at(step: PathStep, value: unknown, type: TypeSpec): JSONValue {
    if (this.#path.length >= depthLimit) this.#fail(`nested deeper than ${depthLimit}`);
    this.#path.push(step);
    const encoded = this.value(value, type);
    this.#path.pop();
    return encoded;
  }

  #fail(reason: string): never {
    throw new JSONError(this.#path, reason);
  }

  #mismatch(expected: string, value: unknown): never {
    this.#fail(`expected ${expected}, found ${kindOf(value)}`);
  }

  #map(value: unknown, type: TypeSpec): JSONObject {
    if (!isObject(value)) return this.#mismatch("an object", value);
    const map: JSONObject = {};
    for (const [name, element] of Object.entries(value)) {
      if (element !== undefined) setMember(map, name, this.#at(name, element, type));
    }
    return map;
  }

  #structure(value: unknown, spec: StructureSpec): JSONObject {
    if (!isObject(value)) return this.#mismatch("an object", value);
    const structure: JSONObject = {};
    for (const { name, type, required, constant } of spec.fields) {
      const given = member(value, name);
      const found = given === undefined ? constant : given;
      if (found !== undefined) {
        setMember(structure, name, this.#at(name, found, type));
      } else if (required === true) {
        this.#path.push(name);
        this.#fail("missing property");
      }
    }
    const { additional } = spec;
    const others = additional === undefined ? undefined : value[additional.property];
    if (additional !== undefined && others !== undefined) {
      const known = fieldNames(spec);
      for (const [name, element] of Object.entries(this.#map(others, additional.type))) {
        if (!known.has(name)) setMember(structure, name, element);
      }
    }
    return structure;
  }

  #union(value: unknown, spec: UnionSpec): JSONValue {
    if (!isObject(value)) return this.#mismatch("an object with kind and value", value);
    const variant = spec.variants.find(({ kind }) => kind === value["kind"]);
    if (variant === undefined) {
      if (value["kind"] !== "unknown") this.#fail(`no variant is called ${JSON.stringify(value["kind"])}`);
      return this.#scalar(value["value"], "json");
    }
    const encoded = this.value(value["value"], variant.type);
    const { discriminator } = spec;
    const [first] = variant.values ?? [];
    // The property that tells the variant need not be repeated by the caller, as `kind` tells it.
    if (discriminator !== undefined && first !== undefined && isObject(encoded)) {
      if (member(encoded, discriminator) === undefined) setMember(encoded, discriminator, first);
    }
    return encoded;
  }

  #scalar(value: unknown, type: ScalarType): JSONValue {
    switch (type) {
      case "json":
        return this.#json(value);
      case "string":
        return typeof value === "string" ? value : this.#mismatch("a string", value);
      case "boolean":
        return typeof value === "boolean" ? value : this.#mismatch("a boolean", value);
      case "bytes":
        return value instanceof Uint8Array ? bytesToBase64(value) : this.#mismatch("an Uint8Array", value);
      case "timestamp":
        if (!(value instanceof Date)) return this.#mismatch("a Date", value);
        return timestampToText(value) ?? this.#fail("a Date that RFC 3339 cannot write");
      case "int64":
        if (typeof value === "bigint" ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value)) {
          return value as bigint | number;
        }
        return typeof value === "bigint" ? this.#fail("a number beyond 64 bits") : this.#mismatch("a bigint", value);
      default:
        if (typeof value !== "number") return this.#mismatch("a number", value);
        return this.#number(value, type);
    }
  }

  #number(value: number, type: "int32" | "integer" | "double"): number {
    if (!Number.isFinite(value)) this.#fail(`JSON has no number ${value}`);
    if (type === "double") return value;
    if (!Number.isSafeInteger(value)) this.#fail("expected a whole number up to 2^53");
    if (type === "int32" && (value | 0) !== value) this.#fail("a number beyond 32 bits");
    return value;
  }

  #json(value: unknown): JSONValue {
    if (Array.isArray(value)) return value.map((element: unknown, index) => this.#at(index, element, "json"));
    if (isObject(value)) return this.#map(value, "json");
    switch (typeof value) {
      case "string":
      case "boolean":
      case "bigint":
        return value;
      case "number":
        return this.#number(value, "double");
      default:
        return value === null ? null : this.#mismatch("a JSON value", value);
    }
  }
}
