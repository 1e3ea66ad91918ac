/** Who signs requests (Signature Version 4). */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Gives credentials; it is called for each attempt, so that they may change. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>;

/** An environment variable, where there are any. */
export function environmentVariable(name: string): string | undefined {
  const { process } = globalThis as unknown as {
    process?: { env?: { readonly [name: string]: string | undefined } };
  };
  try {
    return process?.env?.[name];
  } catch {
    // Deno asks for permission to read it.
    return undefined;
  }
}

/** Credentials of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; nothing if they are not set. */
export function environmentCredentials(): Credentials | undefined {
  const accessKeyId = environmentVariable("AWS_ACCESS_KEY_ID");
  const secretAccessKey = environmentVariable("AWS_SECRET_ACCESS_KEY");
  const sessionToken = environmentVariable("AWS_SESSION_TOKEN");
  if (!accessKeyId || !secretAccessKey) return undefined;
  return sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey };
}
