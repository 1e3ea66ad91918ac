package portico.runtime;

/** A connection has ended, and is not opened again. */
public final class ConnectionClosedException extends SdkException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    ConnectionClosedException(int code, String reason) {
        super("the connection is closed: " + code + (reason.isEmpty() ? "" : ", " + reason));
        this.code = code;
        this.reason = reason;
    }

    /** The code of the close frame: 1005 if it had none, 1006 if there was no close frame. */
    public int code() {
        return code;
    }

    /** The reason of the close frame. */
    public String reason() {
        return reason;
    }
}
