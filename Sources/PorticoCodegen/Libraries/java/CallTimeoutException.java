package portico.runtime;

/** An attempt or the whole call took too long. */
public final class CallTimeoutException extends SdkException {
    private static final long serialVersionUID = 1L;

    CallTimeoutException(String message) {
        super(message);
    }
}
