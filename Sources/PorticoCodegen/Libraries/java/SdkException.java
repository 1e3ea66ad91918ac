package portico.runtime;

/** Everything that calls of this client throw, but {@link java.util.concurrent.CancellationException}. */
public class SdkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public SdkException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Makes one. */
    public SdkException(String message) {
        super(message);
    }
}
