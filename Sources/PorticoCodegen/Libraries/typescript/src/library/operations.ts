import type { DeclaredErrorClass } from "./errors.js";
import type { TypeSpec } from "./types.js";

/** A call, as data that the client follows. */
export interface OperationSpec<Output> {
  readonly name: string;
  /** HTTP method; without it the caller tells. */
  readonly method?: string;
  /** Segments: fixed text that is percent-encoded already, or the key of an argument. */
  readonly path: readonly (string | { readonly argument: string; readonly greedy?: boolean })[];
  readonly parameters?: readonly ParameterSpec[];
  readonly body?: BodySpec;
  /** What the answer's body is; without it there is none. */
  readonly output?: "text" | "binary" | { readonly json: TypeSpec };
  /** Classes of declared errors by their status. */
  readonly errors?: { readonly [status: number]: DeclaredErrorClass };
  /** Class of every other error. */
  readonly defaultError?: DeclaredErrorClass;
  readonly identity?: IdentitySpec;
  readonly needsAPIKey?: boolean;
  readonly paging?: PagingSpec;
  /** Never set: it ties the operation to the type of what it gives. */
  readonly outputType?: Output;
}

/** A parameter of a call. */
export interface ParameterSpec {
  /** Property of the request object. */
  readonly argument: string;
  /** Name on the wire. */
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly type: TypeSpec;
  readonly required?: boolean;
  /** What a list is joined with; without it the parameter is repeated. */
  readonly separator?: string;
}

/** The body that a call takes, in the property `body` of the request object. */
export interface BodySpec {
  readonly as: "text" | "binary" | { readonly json: TypeSpec };
  readonly mediaType: string;
  readonly required?: boolean;
}

/** Who is calling. */
export type IdentitySpec =
  | "sigV4"
  | "bearer"
  | "basic"
  | { readonly tokenHeader: string }
  | { readonly key: string; readonly in: "header" | "query" };

/** How to page: properties of an answer that lead to the next token and to the items. */
export interface PagingSpec {
  /** Property of the request object that takes the token. */
  readonly input: string;
  readonly output: readonly string[];
  readonly items: readonly string[];
}
