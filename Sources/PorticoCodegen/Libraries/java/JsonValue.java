package portico.runtime;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Any JSON value. Immutable; numbers keep the digits that they were read with, so they are exact and two of them are
 * equal if they are written alike.
 */
public final class JsonValue {
    /** Kinds of JSON value. */
    public enum Kind { NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT }

    /** JSON null. */
    public static final JsonValue NULL = new JsonValue(Kind.NULL, "null");
    private static final JsonValue TRUE = new JsonValue(Kind.BOOLEAN, Boolean.TRUE);
    private static final JsonValue FALSE = new JsonValue(Kind.BOOLEAN, Boolean.FALSE);

    private final Kind kind;
    /** Boolean, String (text, or digits of a number), unmodifiable List, or unmodifiable Map, by the kind. */
    private final Object content;

    private JsonValue(Kind kind, Object content) {
        this.kind = kind;
        this.content = content;
    }

    /** JSON of a text; throws {@link DecodingException} if it is none. */
    public static JsonValue parse(String text) {
        try {
            return JsonParser.parse(text);
        } catch (JsonMismatch mismatch) {
            throw new DecodingException(mismatch, null);
        }
    }

    /** {@code true} or {@code false}. */
    public static JsonValue of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** A whole number. */
    public static JsonValue of(long value) {
        return number(Long.toString(value));
    }

    /** A number; throws {@link InvalidArgumentException} for infinity and NaN, which JSON lacks. */
    public static JsonValue of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new InvalidArgumentException(value + " cannot be written as JSON");
        }
        return number(ValueText.of(value));
    }

    /** A number. */
    public static JsonValue of(BigDecimal value) {
        return number(value.toString());
    }

    /** Text; {@code null} is JSON null. */
    public static JsonValue of(String value) {
        return value == null ? NULL : new JsonValue(Kind.STRING, value);
    }

    /** A list. */
    public static JsonValue array(List<JsonValue> elements) {
        List<JsonValue> copy = new ArrayList<>(elements.size());
        for (JsonValue element : elements) {
            copy.add(element == null ? NULL : element);
        }
        return new JsonValue(Kind.ARRAY, Collections.unmodifiableList(copy));
    }

    /** A list. */
    public static JsonValue array(JsonValue... elements) {
        return array(List.of(elements));
    }

    /** An object; it keeps the order of the map. */
    public static JsonValue object(Map<String, JsonValue> members) {
        Map<String, JsonValue> copy = new LinkedHashMap<>(members);
        copy.replaceAll((name, value) -> value == null ? NULL : value);
        return new JsonValue(Kind.OBJECT, Collections.unmodifiableMap(copy));
    }

    /** A number of digits that the parser checked. */
    static JsonValue number(String digits) {
        return new JsonValue(Kind.NUMBER, digits);
    }

    /** What it is. */
    public Kind kind() {
        return kind;
    }

    /** Whether it is JSON null. */
    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** The boolean; throws {@link IllegalStateException} if it is none. */
    public boolean asBoolean() {
        return (Boolean) content(Kind.BOOLEAN);
    }

    /** The text; throws {@link IllegalStateException} if it is none. */
    public String asString() {
        return (String) content(Kind.STRING);
    }

    /** The number, exact; throws {@link IllegalStateException} if it is none. */
    public BigDecimal asBigDecimal() {
        return new BigDecimal(digits());
    }

    /** The number as the nearest double; throws {@link IllegalStateException} if it is none. */
    public double asDouble() {
        return Double.parseDouble(digits());
    }

    /**
     * The whole number; throws {@link IllegalStateException} if it is no number and {@link ArithmeticException} if it
     * is not whole or too large.
     */
    public long asLong() {
        String digits = digits();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException notPlain) {
            // Only a number with a point or an exponent can still be whole, and only a short one is looked at: the
            // exact value of 1e999999999 would fill the memory.
            BigDecimal number = new BigDecimal(digits);
            if (number.precision() - (long) number.scale() > 19) {
                throw new ArithmeticException("does not fit into 64 bits");
            }
            if (number.signum() != 0 && number.scale() > number.precision()) {
                throw new ArithmeticException("is not whole");
            }
            return number.longValueExact();
        }
    }

    /** The elements; throws {@link IllegalStateException} if it is no list. */
    @SuppressWarnings("unchecked")
    public List<JsonValue> asList() {
        return (List<JsonValue>) content(Kind.ARRAY);
    }

    /** The members in their order; throws {@link IllegalStateException} if it is no object. */
    @SuppressWarnings("unchecked")
    public Map<String, JsonValue> asMap() {
        return (Map<String, JsonValue>) content(Kind.OBJECT);
    }

    /** A member; empty if it is no object or has no such member. */
    public Optional<JsonValue> get(String name) {
        return kind == Kind.OBJECT ? Optional.ofNullable(asMap().get(name)) : Optional.empty();
    }

    String digits() {
        return (String) content(Kind.NUMBER);
    }

    private Object content(Kind wanted) {
        if (kind != wanted) {
            throw new IllegalStateException("the JSON value is of kind " + kind + ", not " + wanted);
        }
        return content;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof JsonValue)) {
            return false;
        }
        JsonValue that = (JsonValue) other;
        return kind == that.kind && content.equals(that.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, content);
    }

    /** The value as JSON. */
    @Override
    public String toString() {
        JsonWriter out = new JsonWriter(true);
        out.value(this);
        return out.toString();
    }
}
