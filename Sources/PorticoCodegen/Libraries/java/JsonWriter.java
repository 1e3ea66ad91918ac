package portico.runtime;

import java.util.Map;

/** Writes JSON. Codecs call it; the calls must make a value. */
public final class JsonWriter {
    private static final String DIGITS = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder();
    private final boolean isForPeople;
    /** Whether the next name or element has one before it. */
    private boolean hasPrevious;

    /** @param isForPeople whether values that JSON lacks are written all the same. */
    JsonWriter(boolean isForPeople) {
        this.isForPeople = isForPeople;
    }

    /** Begins an object. */
    public void beginObject() {
        begin('{');
    }

    /** Ends an object. */
    public void endObject() {
        end('}');
    }

    /** Writes a property. */
    public <T> void property(String name, Codec<T> codec, T value) {
        name(name);
        codec.write(value, this);
    }

    /** Writes a property unless it is {@code null}. */
    public <T> void optional(String name, Codec<T> codec, T value) {
        if (value != null) {
            property(name, codec, value);
        }
    }

    /** Writes a property that is JSON null if it is {@code null}. */
    public <T> void nullable(String name, Codec<T> codec, T value) {
        if (value == null) {
            property(name, Codec.JSON, JsonValue.NULL);
        } else {
            property(name, codec, value);
        }
    }

    /** Writes a property unless it is absent. */
    public <T> void field(String name, Codec<T> codec, Field<T> field) {
        if (!field.isAbsent()) {
            nullable(name, codec, field.orElse(null));
        }
    }

    /** Writes properties. */
    public <T> void properties(Codec<T> codec, Map<String, T> values) {
        values.forEach((name, value) -> property(name, codec, value));
    }

    void beginArray() {
        begin('[');
    }

    void endArray() {
        end(']');
    }

    void name(String name) {
        separate();
        quoted(name);
        text.append(':');
        hasPrevious = false;
    }

    void string(String value) {
        separate();
        quoted(value);
        hasPrevious = true;
    }

    void number(double value) {
        if (!isForPeople && (Double.isNaN(value) || Double.isInfinite(value))) {
            throw new InvalidArgumentException(value + " cannot be written as JSON");
        }
        word(ValueText.of(value));
    }

    /** Writes a value that is written as it is. */
    void word(String word) {
        separate();
        text.append(word);
        hasPrevious = true;
    }

    void value(JsonValue value) {
        switch (value.kind()) {
            case NULL:
                word("null");
                break;
            case BOOLEAN:
                word(value.asBoolean() ? "true" : "false");
                break;
            case NUMBER:
                word(value.digits());
                break;
            case STRING:
                string(value.asString());
                break;
            case ARRAY:
                beginArray();
                value.asList().forEach(this::value);
                endArray();
                break;
            case OBJECT:
                beginObject();
                value.asMap().forEach((name, member) -> {
                    name(name);
                    value(member);
                });
                endObject();
                break;
        }
    }

    private void begin(char bracket) {
        separate();
        text.append(bracket);
        hasPrevious = false;
    }

    private void end(char bracket) {
        text.append(bracket);
        hasPrevious = true;
    }

    private void separate() {
        if (hasPrevious) {
            text.append(',');
        }
    }

    private void quoted(String value) {
        text.append('"');
        for (int index = 0; index < value.length(); index++) {
            char unit = value.charAt(index);
            if (unit == '"' || unit == '\\') {
                text.append('\\').append(unit);
            } else if (unit < ' ') {
                text.append("\\").append("u00").append(DIGITS.charAt(unit >> 4)).append(DIGITS.charAt(unit & 15));
            } else {
                text.append(unit);
            }
        }
        text.append('"');
    }

    /** What was written. */
    @Override
    public String toString() {
        return text.toString();
    }
}
