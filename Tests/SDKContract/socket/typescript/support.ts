// What scenarios share: connections of clients that record what they do, and the forms in which results are compared.
import {
  ConnectionClosedError,
  GatewayError,
  OptionError,
  ResponseError,
  SDKError,
  SocketContractClient,
  SocketContractSocket,
  TimeoutError,
  TransportError,
  type ClientOptions,
  type ConnectRequest,
  type IncomingMessage,
  type Said,
  type SocketMessage,
  type SocketOptions,
} from "socket-contract";

/** What a scenario reports. */
export type Result = null | boolean | number | string | Result[] | { [name: string]: Result };
export type Options = SocketOptions<SocketContractSocket>;
export type Message = SocketMessage<IncomingMessage>;

// The compiler is given no types of Node.
declare const process: { readonly env: { readonly [name: string]: string | undefined } };

/** A variable of the environment that the driver sets. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** What one scenario uses. */
export class Kit {
  readonly waits: number[] = [];
  reconnects = 0;
  readonly #room: string;
  readonly #sockets: SocketContractSocket[] = [];

  constructor(room: string) {
    this.#room = room;
  }

  /** A connection to the scenario's room. */
  async connect(
    path = "/chat",
    options: Options = {},
    more: ClientOptions = {},
    request: Partial<ConnectRequest> = {},
  ): Promise<SocketContractSocket> {
    const client = new SocketContractClient({
      endpoint: path.startsWith("/") ? variable("CONTRACT_SOCKET_URL") + path : path,
      apiKey: "contract-key-0123456789",
      region: "us-east-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
      sleep: async (milliseconds) => {
        this.waits.push(Math.round(milliseconds));
      },
      random: () => 0.5,
      ...more,
    });
    const socket = await client.connect({ room: this.#room, ...request }, options);
    this.#sockets.push(socket);
    return socket;
  }

  /** The hook of reconnecting that says `again`. */
  readonly again = (socket: SocketContractSocket): void => {
    this.reconnects += 1;
    socket.say({ text: "again" });
  };

  /** Closes everything that was made. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) await socket.close();
  }

  /** The close frames of the scenario's room. */
  async closes(): Promise<Result> {
    return report(await this.connect(), "closes");
  }
}

/** The first message after a command. */
export async function run(socket: SocketContractSocket, name: string, text?: string, number?: number): Promise<Message> {
  socket.run({ name, ...(text === undefined ? {} : { text }), ...(number === undefined ? {} : { number }) });
  return socket.receive(30_000);
}

/** What a command reports. */
export const report = async (socket: SocketContractSocket, name: string): Promise<Result> =>
  texts(await run(socket, name));

/** The texts of a report. */
export function texts({ value, text }: Message): string[] {
  if (value?.kind !== "Report") throw new Error(`no report: ${text}`);
  return value.value.texts;
}

/** What was said. */
export function said({ value, text }: Message): Said {
  if (value?.kind !== "Said") throw new Error(`nothing said: ${text}`);
  return value.value;
}

/** What the gateway says of a message that failed, and which ids it tells. */
export function refusal({ value, text }: Message): Result {
  if (value?.kind !== "MessageFailure") throw new Error(`no failure: ${text}`);
  const { message, connectionId, requestId, messageId } = value.value;
  return { message, connection: !!connectionId, request: !!requestId, messageId: !!messageId };
}

/** The name of a message's type. */
export const kind = ({ value }: Message): Result => value?.kind ?? "bytes";

/** The error that work ends with, as results describe it. */
export async function failure(work: () => unknown): Promise<Result> {
  try {
    await work();
  } catch (error) {
    return described(error);
  }
  return { error: "none" };
}

function described(error: unknown): Result {
  if (!(error instanceof SDKError)) return { error: "foreign", type: String(error) };
  if (error instanceof ConnectionClosedError) return { error: "closed", code: error.code, reason: error.reason };
  if (error instanceof TimeoutError) return { error: "timeout" };
  if (error instanceof TransportError) return { error: "transport" };
  if (error instanceof OptionError) return { error: "argument" };
  if (!(error instanceof ResponseError)) return { error: "foreign", type: error.name };
  const { status } = error;
  const message = error.serviceMessage ?? null;
  if (!(error instanceof GatewayError)) return { error: "response", status, message };
  return { error: "gateway", status, errorType: error.errorType ?? null, message, requestId: error.requestId !== undefined };
}

/** Bytes as Base64 text. */
export const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
