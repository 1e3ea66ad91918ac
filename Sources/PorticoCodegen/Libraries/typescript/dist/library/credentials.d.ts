/** Who signs requests (Signature Version 4). */
export interface Credentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}
/** Gives credentials; it is called for each attempt, so that they may change. */
export declare type CredentialsProvider = () => Credentials | Promise<Credentials>;
/** An environment variable, where there are any. */
export declare function environmentVariable(name: string): string | undefined;
/** Credentials of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; nothing if they are not set. */
export declare function environmentCredentials(): Credentials | undefined;
