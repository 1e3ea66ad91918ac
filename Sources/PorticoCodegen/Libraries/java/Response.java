package portico.runtime;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An answer: the value with status, headers and the bytes that it was read from. */
public final class Response<T> {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] bytes;
    private final T value;

    Response(int status, HttpHeaders headers, byte[] bytes, T value) {
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
        this.value = value;
    }

    /** The value; {@code null} for operations that answer with nothing. */
    public T value() {
        return value;
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** The headers; their names have no case. */
    public HttpHeaders headers() {
        return headers;
    }

    /** What the gateway calls the request. */
    public Optional<String> requestId() {
        return headers.firstValue("x-amzn-requestid").or(() -> headers.firstValue("apigw-requestid"));
    }

    /** A copy of the body; empty if it is streamed. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The body as text, read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    byte[] content() {
        return bytes;
    }

    <V> Response<V> with(V value) {
        return new Response<>(status, headers, bytes, value);
    }
}
