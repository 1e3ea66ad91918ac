// @ts-self-types="./credentials.d.ts"
/** An environment variable, where there are any. */
export function environmentVariable(name) {
    const { process } = globalThis;
    try {
        return process?.env?.[name];
    }
    catch {
        // Deno asks for permission to read it.
        return undefined;
    }
}
/** Credentials of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; nothing if they are not set. */
export function environmentCredentials() {
    const accessKeyId = environmentVariable("AWS_ACCESS_KEY_ID");
    const secretAccessKey = environmentVariable("AWS_SECRET_ACCESS_KEY");
    const sessionToken = environmentVariable("AWS_SESSION_TOKEN");
    if (!accessKeyId || !secretAccessKey)
        return undefined;
    return sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey };
}
