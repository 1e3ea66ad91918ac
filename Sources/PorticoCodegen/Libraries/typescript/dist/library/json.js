// @ts-self-types="./json.d.ts"
/** Deeper values are refused, so that no text can exhaust the stack. */
export const depthLimit = 512;
/** The path of a value in JSONPath's form: `$.pets[0].id`. */
export function pathText(path) {
    let text = "$";
    for (const step of path) {
        if (typeof step === "string" && /^[A-Za-z_$][\w$]*$/.test(step))
            text += "." + step;
        else
            text += "[" + JSON.stringify(step) + "]";
    }
    return text;
}
/** What is wrong with a JSON text or value, and where. */
export class JSONError extends Error {
    name = "JSONError";
    /** Where: `$.pets[0].id`. */
    path;
    /** What is wrong there. */
    reason;
    constructor(path, reason) {
        const text = pathText(path);
        super(`${reason} at ${text}`);
        this.path = text;
        this.reason = reason;
    }
}
/** Whether it is an object of JSON. */
export function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** An object's property. What every object inherits, such as `constructor`, is not one. */
export function member(object, name) {
    if (name in Object.prototype && !Object.prototype.hasOwnProperty.call(object, name))
        return undefined;
    return object[name];
}
/** Sets an object's property, whatever its name: assigning to `__proto__` would change what the object inherits. */
export function setMember(object, name, value) {
    if (name === "__proto__") {
        Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
    }
    else {
        object[name] = value;
    }
}
/** The kind of a value, for messages. */
export function kindOf(value) {
    if (value === null)
        return "null";
    if (Array.isArray(value))
        return "array";
    return typeof value === "bigint" ? "number" : typeof value;
}
/**
 * Reads a JSON text (RFC 8259).
 *
 * `JSON.parse` rounds whole numbers beyond 2^53; here those become `bigint`. Of members with the same name the last
 * one counts.
 * @throws {JSONError} if it is no JSON.
 */
export function parseJSON(text) {
    return new Parser(text).document();
}
/**
 * Writes a value as JSON text.
 * @throws {JSONError} if JSON has no form for a value in it.
 */
export function writeJSON(value) {
    return write(value, []);
}
function write(value, path) {
    switch (typeof value) {
        case "string":
        case "boolean":
            return JSON.stringify(value);
        case "bigint":
            return value.toString();
        case "number":
            if (!Number.isFinite(value))
                throw new JSONError(path, `JSON has no number ${value}`);
            return Object.is(value, -0) ? "-0" : String(value);
        case "object":
            break;
        default:
            throw new JSONError(path, `JSON has no ${typeof value}`);
    }
    if (value === null)
        return "null";
    if (path.length >= depthLimit)
        throw new JSONError(path, `nested deeper than ${depthLimit}`);
    const parts = [];
    if (Array.isArray(value)) {
        value.forEach((element, index) => {
            path.push(index);
            parts.push(write(element, path));
            path.pop();
        });
        return "[" + parts.join(",") + "]";
    }
    for (const name of Object.keys(value)) {
        const element = member(value, name);
        if (element === undefined)
            continue;
        path.push(name);
        parts.push(JSON.stringify(name) + ":" + write(element, path));
        path.pop();
    }
    return "{" + parts.join(",") + "}";
}
/** What a string holds up to its end or to its next escape or control character. */
const plainText = /[^"\\\u0000-\u001f]*/y;
const numberText = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const blanks = /[ \t\n\r]*/y;
const escapes = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
};
class Parser {
    #text;
    #path = [];
    #at = 0;
    constructor(text) {
        this.#text = text;
    }
    document() {
        const value = this.#value();
        this.#skipBlanks();
        if (this.#at < this.#text.length)
            this.#fail("unexpected text after the JSON value");
        return value;
    }
    /** The text is no JSON, so that it has no values with paths. */
    #fail(reason) {
        throw new JSONError([], `no JSON: ${reason} in character ${this.#at + 1}`);
    }
    /** The text is JSON, with a value that is beyond the limits. */
    #refuse(reason) {
        throw new JSONError(this.#path, reason);
    }
    #skipBlanks() {
        if (this.#text.charCodeAt(this.#at) > 0x20)
            return;
        this.#match(blanks);
    }
    #match(pattern) {
        pattern.lastIndex = this.#at;
        const match = pattern.exec(this.#text);
        if (match !== null)
            this.#at = pattern.lastIndex;
        return match;
    }
    #value() {
        this.#skipBlanks();
        switch (this.#text[this.#at]) {
            case undefined:
                return this.#fail("unexpected end of JSON");
            case "{":
                return this.#object();
            case "[":
                return this.#array();
            case '"':
                return this.#string();
            case "t":
                return this.#word("true", true);
            case "f":
                return this.#word("false", false);
            case "n":
                return this.#word("null", null);
            default:
                return this.#number();
        }
    }
    #word(word, value) {
        if (!this.#text.startsWith(word, this.#at))
            this.#fail("unexpected text");
        this.#at += word.length;
        return value;
    }
    #number() {
        const match = this.#match(numberText);
        if (match === null)
            return this.#fail("unexpected text");
        const [text = "", fraction, exponent] = match;
        const value = Number(text);
        const isWhole = fraction === undefined && exponent === undefined;
        if (isWhole && !Number.isSafeInteger(value))
            return BigInt(text);
        return Number.isFinite(value) ? value : this.#refuse("a number out of range");
    }
    #string() {
        this.#at += 1;
        let text = "";
        for (;;) {
            text += this.#match(plainText)?.[0] ?? "";
            const end = this.#text[this.#at];
            if (end === '"') {
                this.#at += 1;
                return text;
            }
            if (end === undefined)
                this.#fail("unexpected end of a string");
            if (end !== "\\")
                this.#fail("a control character in a string");
            text += this.#escape();
        }
    }
    #escape() {
        const letter = this.#text[this.#at + 1] ?? "";
        if (letter === "u") {
            const digits = this.#text.slice(this.#at + 2, this.#at + 6);
            if (!/^[0-9a-fA-F]{4}$/.test(digits))
                this.#fail("an incomplete escape");
            this.#at += 6;
            return String.fromCharCode(parseInt(digits, 16));
        }
        const meaning = escapes[letter];
        if (letter === "" || meaning === undefined)
            return this.#fail("an unknown escape");
        this.#at += 2;
        return meaning;
    }
    #enter(step) {
        if (this.#path.length >= depthLimit)
            this.#refuse(`nested deeper than ${depthLimit}`);
        this.#path.push(step);
    }
    /** Whether a comma follows; otherwise the closing bracket must, which is passed. */
    #continues(close) {
        this.#skipBlanks();
        const next = this.#text[this.#at];
        if (next !== "," && next !== close)
            this.#fail(`expected ',' or '${close}'`);
        this.#at += 1;
        return next === ",";
    }
    /** Whether the list or object that begins here is empty; if so, it is passed. */
    #isEmpty(close) {
        this.#at += 1;
        this.#skipBlanks();
        if (this.#text[this.#at] !== close)
            return false;
        this.#at += 1;
        return true;
    }
    #array() {
        const values = [];
        if (this.#isEmpty("]"))
            return values;
        do {
            this.#enter(values.length);
            values.push(this.#value());
            this.#path.pop();
        } while (this.#continues("]"));
        return values;
    }
    #object() {
        const object = {};
        if (this.#isEmpty("}"))
            return object;
        do {
            this.#skipBlanks();
            if (this.#text[this.#at] !== '"')
                this.#fail("expected a property's name");
            const name = this.#string();
            this.#skipBlanks();
            if (this.#text[this.#at] !== ":")
                this.#fail("expected ':'");
            this.#at += 1;
            this.#enter(name);
            setMember(object, name, this.#value());
            this.#path.pop();
        } while (this.#continues("}"));
        return object;
    }
}
