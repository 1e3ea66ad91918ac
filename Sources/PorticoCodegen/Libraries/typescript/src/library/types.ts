import { isObject, member, type JSONValue } from "./json.js";

/** The types of values that have no parts. */
export type ScalarType =
  | "string"
  | "boolean"
  | "int32"
  | "int64"
  | "integer"
  | "double"
  | "bytes"
  | "timestamp"
  | "json";

/** The type of a value, as data that decoding and encoding follow. */
export type TypeSpec =
  | ScalarType
  | { readonly list: TypeSpec }
  | { readonly map: TypeSpec }
  | { readonly nullable: TypeSpec }
  | { readonly model: string };

/** The types that have names, so that types can lead back to themselves. */
export interface Schemas {
  readonly [name: string]: StructureSpec | UnionSpec;
}

/** An object with known properties. */
export interface StructureSpec {
  readonly fields: readonly FieldSpec[];
  /** The other properties, which are kept in a property of their own. */
  readonly additional?: { readonly property: string; readonly type: TypeSpec };
}

/** A property of a structure. */
export interface FieldSpec {
  readonly name: string;
  readonly type: TypeSpec;
  readonly required?: boolean;
  /** The only value that it has; it is written when the property is left out. */
  readonly constant?: string;
}

/** One of several types. */
export interface UnionSpec {
  /** Name of the property that tells which; without it the matchers of the variants tell. */
  readonly discriminator?: string;
  readonly variants: readonly VariantSpec[];
}

/** A type of a union. */
export interface VariantSpec {
  /** What `kind` says. */
  readonly kind: string;
  readonly type: TypeSpec;
  /** Values of the discriminator that mean it. */
  readonly values?: readonly string[];
  /** What JSON must look like to be taken for it. */
  readonly matcher?: MatcherSpec;
}

/** What JSON must look like to be taken for a variant. */
export interface MatcherSpec {
  readonly kind: "object" | "array" | "string" | "number" | "boolean" | "any";
  readonly required?: readonly string[];
  readonly constants?: readonly { readonly property: string; readonly values: readonly string[] }[];
}

/** A value of a union that is none of the variants this client knows. It is sent as it came. */
export interface UnknownVariant {
  kind: "unknown";
  value: JSONValue;
}

/** The variant that a JSON value is, or nothing if it is none of them. */
export function variantOf(value: JSONValue, union: UnionSpec): VariantSpec | undefined {
  const { discriminator } = union;
  if (discriminator === undefined) {
    return union.variants.find(({ matcher }) => matcher !== undefined && matches(value, matcher));
  }
  const found = isObject(value) ? member(value, discriminator) : undefined;
  if (typeof found !== "string") return undefined;
  return union.variants.find(({ values }) => values?.includes(found));
}

function matches(value: JSONValue, matcher: MatcherSpec): boolean {
  switch (matcher.kind) {
    case "any":
      return true;
    case "array":
      return Array.isArray(value);
    case "string":
    case "boolean":
      return typeof value === matcher.kind;
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "object":
      if (!isObject(value)) return false;
  }
  const has = (name: string) => member(value, name) !== undefined;
  return (
    (matcher.required ?? []).every(has) &&
    (matcher.constants ?? []).every(({ property, values }) => {
      const found = member(value, property);
      return typeof found === "string" && values.includes(found);
    })
  );
}
