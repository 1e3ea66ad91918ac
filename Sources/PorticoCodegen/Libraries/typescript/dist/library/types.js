// @ts-self-types="./types.d.ts"
import { isObject, member } from "./json.js";
/** The variant that a JSON value is, or nothing if it is none of them. */
export function variantOf(value, union) {
    const { discriminator } = union;
    if (discriminator === undefined) {
        return union.variants.find(({ matcher }) => matcher !== undefined && matches(value, matcher));
    }
    const found = isObject(value) ? member(value, discriminator) : undefined;
    if (typeof found !== "string")
        return undefined;
    return union.variants.find(({ values }) => values?.includes(found));
}
function matches(value, matcher) {
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
            if (!isObject(value))
                return false;
    }
    const has = (name) => member(value, name) !== undefined;
    return ((matcher.required ?? []).every(has) &&
        (matcher.constants ?? []).every(({ property, values }) => {
            const found = member(value, property);
            return typeof found === "string" && values.includes(found);
        }));
}
