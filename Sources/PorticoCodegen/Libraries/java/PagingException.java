package portico.runtime;

/** The service gave the same page token twice in a row, so its pages would never end. */
public final class PagingException extends SdkException {
    private static final long serialVersionUID = 1L;

    PagingException(String message) {
        super(message);
    }
}
