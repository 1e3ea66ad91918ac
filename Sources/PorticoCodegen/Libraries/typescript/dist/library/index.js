// @ts-self-types="./index.d.ts"
export { Call } from "./call.js";
export { environmentCredentials } from "./credentials.js";
export { DeclaredError, DecodingError, GatewayError, OptionError, PagingError, ResponseError, SDKError, TimeoutError, TransportError, } from "./errors.js";
export { Paginator } from "./paging.js";
export { sign } from "./signing.js";
