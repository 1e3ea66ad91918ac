package portico.runtime;

/** An error that the gateway answered with itself, without asking the service behind it. */
public final class GatewayException extends ResponseException {
    private static final long serialVersionUID = 1L;

    GatewayException(Response<Void> response) {
        super(response);
    }
}
