package portico.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Checks and copies of what callers give. Generated classes call it. */
public final class Arguments {
    private Arguments() {}

    /** The value; throws {@link InvalidArgumentException} with its name if it is {@code null}. */
    public static <T> T required(T value, String name) {
        if (value == null) {
            throw new InvalidArgumentException("'" + name + "' is required");
        }
        return value;
    }

    /** A copy of a list that nobody can change; {@code null} stays. */
    public static <T> List<T> copy(List<T> list) {
        return list == null ? null : Collections.unmodifiableList(new ArrayList<>(list));
    }

    /** A copy of a map that nobody can change, in the same order; {@code null} stays. */
    public static <T> Map<String, T> copy(Map<String, T> map) {
        return map == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Names with their values, without those that are {@code null}, for people. */
    public static String describe(String type, Object... namesAndValues) {
        StringJoiner text = new StringJoiner(", ", type + "{", "}");
        for (int index = 0; index + 1 < namesAndValues.length; index += 2) {
            if (namesAndValues[index + 1] != null) {
                text.add(namesAndValues[index] + "=" + namesAndValues[index + 1]);
            }
        }
        return text.toString();
    }

    static Duration positive(Duration duration, String name) {
        if (required(duration, name).isNegative() || duration.isZero()) {
            throw new InvalidArgumentException("'" + name + "' must be longer than nothing");
        }
        return duration;
    }

    static int notNegative(int number, String name) {
        if (number < 0) {
            throw new InvalidArgumentException("'" + name + "' must not be negative");
        }
        return number;
    }

    /**
     * Fails unless a header can carry the value: line breaks would begin another header, and {@link java.net.http}
     * sends ASCII only.
     */
    static void checkHeader(String name, String value) {
        for (int index = 0; index < value.length(); index++) {
            char unit = value.charAt(index);
            if (unit == '\r' || unit == '\n') {
                throw new InvalidArgumentException("the value of header '" + name + "' has a line break");
            }
            if ((unit < ' ' && unit != '\t') || unit > '~') {
                throw new InvalidArgumentException("the value of header '" + name + "' is not ASCII text");
            }
        }
    }
}
