package portico.runtime;

/** There was no connection, or it broke; the cause tells more. */
public final class TransportException extends SdkException {
    private static final long serialVersionUID = 1L;

    TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
