package portico.runtime;

import java.util.Optional;

/** JSON is not of the type that was expected. */
public final class DecodingException extends SdkException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final transient Response<Void> response;

    DecodingException(JsonMismatch mismatch, Response<Void> response) {
        super((mismatch.path().isEmpty() ? "" : mismatch.path() + ": ") + mismatch.getMessage());
        this.path = mismatch.path();
        this.response = response;
    }

    /** Where, as {@code things[1].count}; empty for the whole. */
    public String path() {
        return path;
    }

    /** The answer, if it came with one. */
    public Optional<Response<Void>> response() {
        return Optional.ofNullable(response);
    }
}
