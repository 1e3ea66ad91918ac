package portico.runtime;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** An answer whose status is not 2xx. */
public class ResponseException extends SdkException {
    private static final long serialVersionUID = 1L;

    private final transient Response<Void> response;
    private final String errorType;
    private final String serviceMessage;

    /** Makes one for an answer. */
    protected ResponseException(Response<Void> response) {
        this(response, errorType(response), serviceMessage(response));
    }

    private ResponseException(Response<Void> response, String errorType, String serviceMessage) {
        super(describe(response, errorType, serviceMessage));
        this.response = response;
        this.errorType = errorType;
        this.serviceMessage = serviceMessage;
    }

    /** The answer. */
    public final Response<Void> response() {
        return response;
    }

    /** The status. */
    public final int status() {
        return response.status();
    }

    /** The headers. */
    public final HttpHeaders headers() {
        return response.headers();
    }

    /** What the gateway calls the request. */
    public final Optional<String> requestId() {
        return response.requestId();
    }

    /** The name of the error that the gateway gives for errors of its own. */
    public final Optional<String> errorType() {
        return Optional.ofNullable(errorType);
    }

    /** The message of the body, if it is JSON with one. */
    public final Optional<String> serviceMessage() {
        return Optional.ofNullable(serviceMessage);
    }

    static String errorType(Response<Void> response) {
        return response.headers().firstValue("x-amzn-errortype").map(type -> type.split(":", 2)[0]).orElse(null);
    }

    private static String serviceMessage(Response<Void> response) {
        try {
            JsonValue body = JsonParser.parse(response.text());
            return body.get("message").or(() -> body.get("Message"))
                .filter(message -> message.kind() == JsonValue.Kind.STRING).map(JsonValue::asString).orElse(null);
        } catch (JsonMismatch notJson) {
            return null;
        }
    }

    private static String describe(Response<Void> response, String errorType, String serviceMessage) {
        StringBuilder text = new StringBuilder("status ").append(response.status());
        if (errorType != null) {
            text.append(' ').append(errorType);
        }
        if (serviceMessage != null) {
            text.append(": ").append(serviceMessage);
        }
        response.requestId().ifPresent(id -> text.append(" (request ").append(id).append(')'));
        return text.toString();
    }
}
