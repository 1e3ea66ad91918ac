package portico.runtime;

import java.util.Optional;

/** Keys for Signature Version 4. */
public final class Credentials {
    private final String accessKeyId;
    private final String secretAccessKey;
    private final String sessionToken;

    private Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {
        this.accessKeyId = Arguments.required(accessKeyId, "accessKeyId");
        this.secretAccessKey = Arguments.required(secretAccessKey, "secretAccessKey");
        this.sessionToken = sessionToken;
    }

    /** Keys of a user. */
    public static Credentials of(String accessKeyId, String secretAccessKey) {
        return new Credentials(accessKeyId, secretAccessKey, null);
    }

    /** Keys of a session. */
    public static Credentials of(String accessKeyId, String secretAccessKey, String sessionToken) {
        return new Credentials(accessKeyId, secretAccessKey, sessionToken);
    }

    /** The keys of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. */
    public static Credentials fromEnvironment() {
        String id = System.getenv("AWS_ACCESS_KEY_ID");
        String secret = System.getenv("AWS_SECRET_ACCESS_KEY");
        if (id == null || id.isEmpty() || secret == null || secret.isEmpty()) {
            throw new InvalidArgumentException(
                "the call must be signed: set 'credentials' of the client, or AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY");
        }
        String token = System.getenv("AWS_SESSION_TOKEN");
        return new Credentials(id, secret, token == null || token.isEmpty() ? null : token);
    }

    /** The public half of the key. */
    public String accessKeyId() {
        return accessKeyId;
    }

    /** The secret half of the key. */
    public String secretAccessKey() {
        return secretAccessKey;
    }

    /** The token of the session. */
    public Optional<String> sessionToken() {
        return Optional.ofNullable(sessionToken);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Credentials(" + accessKeyId + ")";
    }
}
