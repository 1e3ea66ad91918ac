import { PagingError } from "./errors.js";
import { isObject, member } from "./json.js";
import type { PagingSpec } from "./operations.js";

/** All items of a list that comes in pages. Pages are asked for as they are needed. */
export class Paginator<Item, Page> implements AsyncIterable<Item> {
  readonly #paging: PagingSpec;
  readonly #firstToken: unknown;
  readonly #page: (token: unknown) => PromiseLike<Page>;

  constructor(paging: PagingSpec, firstToken: unknown, page: (token: unknown) => PromiseLike<Page>) {
    this.#paging = paging;
    this.#firstToken = firstToken;
    this.#page = page;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) {
      const items = memberAt(page, this.#paging.items);
      if (Array.isArray(items)) yield* items as Item[];
    }
  }

  /** The pages as they came. */
  async *pages(): AsyncGenerator<Page, void, undefined> {
    let token = this.#firstToken;
    for (;;) {
      const page = await this.#page(token);
      yield page;
      const next = memberAt(page, this.#paging.output);
      if (next === undefined || next === null || next === "") return;
      if (next === token) throw new PagingError("the same page token came twice in a row");
      token = next;
    }
  }
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) found = isObject(found) ? member(found, name) : undefined;
  return found;
}
