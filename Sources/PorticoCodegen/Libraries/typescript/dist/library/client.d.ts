import { Call } from "./call.js";
import { AttemptLimits } from "./limits.js";
import type { OperationSpec } from "./operations.js";
import { type CallOptions, type ClientOptions } from "./options.js";
import { Paginator } from "./paging.js";
import { type StreamedResponse } from "./response.js";
import type { Schemas } from "./types.js";
/** What a generated client tells about its API. */
export interface APISpec {
    readonly defaultEndpoint: string;
    /** `package/version`, for `User-Agent`. */
    readonly agent: string;
    readonly schemas: Schemas;
}
/** Sends the calls of a generated client. It holds no state of calls, so that any number may be under way. */
export declare class ClientCore {
    #private;
    /** Where the API is, without slash at its end. */
    readonly baseURL: string;
    constructor(api: APISpec, options: ClientOptions);
    /** Calls an operation. */
    call<Output>(operation: OperationSpec<Output>, request: object, options?: CallOptions, method?: string): Call<Output>;
    /** Calls an operation and gives the body as it comes. */
    stream(operation: OperationSpec<unknown>, request: object, options?: CallOptions, method?: string): Promise<StreamedResponse>;
    /** Calls an operation again and again for its pages. */
    paginate<Item, Page>(operation: OperationSpec<Page>, request: object, options?: CallOptions, method?: string): Paginator<Item, Page>;
    /**
     * What opens a connection: its address with everything that identifies the caller, and the limits of opening it. They
     * are closed by whoever opens it. Where headers cannot be sent, a signature goes into the address.
     */
    handshake(operation: OperationSpec<unknown>, request: object, options: CallOptions, sendsHeaders: boolean): Promise<{
        url: string;
        headers: {
            [name: string]: string;
        };
        limits: AttemptLimits;
    }>;
    /** Waits for a random part of a time. */
    pause(milliseconds: number): Promise<void>;
}
