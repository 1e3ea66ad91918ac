package portico.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** A call of an operation with its arguments. Generated classes make one, and {@link Transport} sends it. */
public final class Call<T> {
    /** Source: RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    final String operation;
    final String method;
    final Output<T> output;
    final List<Header> headers = new ArrayList<>();
    final Map<Integer, ErrorType> errors = new HashMap<>();
    ErrorType otherErrors;
    Security security = Security.NONE;
    boolean needsApiKey;
    Body body;
    String mediaType;
    private final StringBuilder path = new StringBuilder();
    private final StringBuilder query = new StringBuilder();

    private Call(String operation, String method, Output<T> output) {
        this.operation = operation;
        this.method = method;
        this.output = output;
    }

    /** A call of an operation that has one method. */
    public static <T> Call<T> of(String operation, String method, Output<T> output) {
        return new Call<>(operation, method, output);
    }

    /** A call of an operation that takes any method, the argument. */
    public static <T> Call<T> any(String operation, String method, Output<T> output) {
        if (!Arguments.required(method, "method").matches("[A-Za-z]+")) {
            throw new InvalidArgumentException("'" + method + "' is no HTTP method");
        }
        return new Call<>(operation, method, output);
    }

    /** Adds text to the path, as it is. */
    public Call<T> path(String text) {
        path.append(text);
        return this;
    }

    /** Adds a parameter to the path. */
    public Call<T> path(String name, Object value) {
        return path(name, value, "");
    }

    /** Adds a parameter to the path that keeps its slashes. */
    public Call<T> rest(String name, Object value) {
        return path(name, value, "/");
    }

    private Call<T> path(String name, Object value, String kept) {
        String text = text(Arguments.required(value, name), ",");
        if (text.isEmpty()) {
            throw new InvalidArgumentException("path parameter '" + name + "' is empty");
        }
        if (text.equals(".") || text.equals("..")) {
            throw new InvalidArgumentException("path parameter '" + name + "' would change the path: '" + text + "'");
        }
        path.append(ValueText.encoded(text, kept));
        return this;
    }

    /** Adds a query parameter unless it is {@code null}; a list is as many parameters as it has elements. */
    public Call<T> query(String name, Object value) {
        if (value instanceof Iterable) {
            for (Object element : (Iterable<?>) value) {
                addQuery(name, ValueText.of(element));
            }
        } else if (value != null) {
            addQuery(name, ValueText.of(value));
        }
        return this;
    }

    /** Adds a query parameter that is a list in one text, unless it is {@code null} or empty. */
    public Call<T> query(String name, List<?> values, String separator) {
        if (values != null && !values.isEmpty()) {
            addQuery(name, text(values, separator));
        }
        return this;
    }

    void addQuery(String name, String value) {
        query.append(query.length() == 0 ? '?' : '&').append(ValueText.encoded(name, "")).append('=')
            .append(ValueText.encoded(value, ""));
    }

    /** Adds a header unless it is {@code null} or an empty list. */
    public Call<T> header(String name, Object value) {
        if (value instanceof List && ((List<?>) value).isEmpty()) {
            return this;
        }
        if (value != null) {
            String text = text(value, ",");
            Arguments.checkHeader(name, text);
            headers.add(new Header(name, text));
        }
        return this;
    }

    /** Sets a JSON body unless it is {@code null}. */
    public <B> Call<T> json(Codec<B> codec, B value, String mediaType) {
        return value == null ? this : text(codec.toJson(value), mediaType);
    }

    /** Sets a text as body unless it is {@code null}. */
    public Call<T> text(String value, String mediaType) {
        return value == null ? this : binary(Body.of(value.getBytes(StandardCharsets.UTF_8)), mediaType);
    }

    /** Sets the body unless it is {@code null}. */
    public Call<T> binary(Body value, String mediaType) {
        if (value != null) {
            body = value;
            this.mediaType = value.mediaType().orElse(mediaType);
        }
        return this;
    }

    /** Says who must be calling. */
    public Call<T> security(Security security) {
        this.security = security;
        return this;
    }

    /** Says that an API key must be sent. */
    public Call<T> apiKey() {
        needsApiKey = true;
        return this;
    }

    /** Declares the error of a status. */
    public Call<T> error(int status, ErrorType type) {
        errors.put(status, type);
        return this;
    }

    /** Declares the error of all other statuses. */
    public Call<T> errors(ErrorType type) {
        otherErrors = type;
        return this;
    }

    boolean isIdempotent() {
        return IDEMPOTENT.contains(method);
    }

    /** Path and query, percent-encoded. */
    String target() {
        return path.toString() + query;
    }

    /** What a status that is not 2xx is thrown as. */
    ResponseException failure(Response<Void> response) {
        if (ResponseException.errorType(response) != null) {
            return new GatewayException(response);
        }
        ErrorType type = errors.getOrDefault(response.status(), otherErrors);
        return type == null ? new ResponseException(response) : type.exception(response);
    }

    private static String text(Object value, String separator) {
        if (!(value instanceof Iterable)) {
            return ValueText.of(value);
        }
        StringJoiner joined = new StringJoiner(separator);
        for (Object element : (Iterable<?>) value) {
            joined.add(ValueText.of(element));
        }
        return joined.toString();
    }
}
