import type { PagingSpec } from "./operations.js";
/** All items of a list that comes in pages. Pages are asked for as they are needed. */
export declare class Paginator<Item, Page> implements AsyncIterable<Item> {
    #private;
    constructor(paging: PagingSpec, firstToken: unknown, page: (token: unknown) => PromiseLike<Page>);
    [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>;
    /** The pages as they came. */
    pages(): AsyncGenerator<Page, void, undefined>;
}
