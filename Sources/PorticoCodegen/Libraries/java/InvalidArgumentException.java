package portico.runtime;

/** The call cannot be sent: an argument is wrong, or the client lacks an option. */
public final class InvalidArgumentException extends SdkException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentException(String message) {
        super(message);
    }
}
