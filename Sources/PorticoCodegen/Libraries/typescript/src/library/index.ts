export type { BinaryBody } from "./bodies.js";
export { Call } from "./call.js";
export { environmentCredentials } from "./credentials.js";
export type { Credentials, CredentialsProvider } from "./credentials.js";
export type { DateString } from "./dates.js";
export {
  DeclaredError,
  DecodingError,
  GatewayError,
  OptionError,
  PagingError,
  ResponseError,
  SDKError,
  TimeoutError,
  TransportError,
} from "./errors.js";
export type { RawResponse } from "./errors.js";
export type { JSONObject, JSONValue } from "./json.js";
export type {
  AttemptRequest,
  AttemptResult,
  CallOptions,
  ClientOptions,
  DomainEndpoint,
  Fetch,
  Hooks,
  StageEndpoint,
} from "./options.js";
export { Paginator } from "./paging.js";
export type { DecodedResponse, StreamedResponse } from "./response.js";
export { sign } from "./signing.js";
export type { SignableRequest, SigningContext } from "./signing.js";
export type { UnknownVariant } from "./types.js";
