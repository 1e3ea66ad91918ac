// @ts-self-types="./paging.d.ts"
import { PagingError } from "./errors.js";
import { isObject, member } from "./json.js";
/** All items of a list that comes in pages. Pages are asked for as they are needed. */
export class Paginator {
    #paging;
    #firstToken;
    #page;
    constructor(paging, firstToken, page) {
        this.#paging = paging;
        this.#firstToken = firstToken;
        this.#page = page;
    }
    async *[Symbol.asyncIterator]() {
        for await (const page of this.pages()) {
            const items = memberAt(page, this.#paging.items);
            if (Array.isArray(items))
                yield* items;
        }
    }
    /** The pages as they came. */
    async *pages() {
        let token = this.#firstToken;
        for (;;) {
            const page = await this.#page(token);
            yield page;
            const next = memberAt(page, this.#paging.output);
            if (next === undefined || next === null || next === "")
                return;
            if (next === token)
                throw new PagingError("the same page token came twice in a row");
            token = next;
        }
    }
}
function memberAt(value, path) {
    let found = value;
    for (const name of path)
        found = isObject(found) ? member(found, name) : undefined;
    return found;
}
