package portico.runtime;

import java.util.Optional;

/** A message that came. */
public final class SocketMessage<T> {
    private final T value;
    private final String text;
    private final Bytes data;

    SocketMessage(T value, String text, Bytes data) {
        this.value = value;
        this.text = text;
        this.data = data;
    }

    /** What it says. JSON of no known type, and text that is no JSON, are kept as such; bytes have no value. */
    public Optional<T> value() {
        return Optional.ofNullable(value);
    }

    /** The text as it came; empty for bytes. */
    public Optional<String> text() {
        return Optional.ofNullable(text);
    }

    /** The bytes of a binary message. */
    public Optional<Bytes> data() {
        return Optional.ofNullable(data);
    }

    /** The text, or the number of bytes. */
    @Override
    public String toString() {
        return text != null ? text : data.size() + " bytes";
    }
}
