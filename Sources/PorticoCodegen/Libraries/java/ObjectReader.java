package portico.runtime;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the properties of a JSON object. Codecs call it. */
public final class ObjectReader {
    private final Map<String, JsonValue> members;

    /** Makes a reader of a value, which must be an object. */
    public ObjectReader(JsonValue value) {
        if (value.kind() != JsonValue.Kind.OBJECT) {
            throw JsonMismatch.expected("an object", value);
        }
        members = value.asMap();
    }

    /** A property that must be there. */
    public <T> T required(String name, Codec<T> codec) {
        return read(name, present(name), codec);
    }

    /** A property that need not be there; {@code null} if it is not. */
    public <T> T optional(String name, Codec<T> codec) {
        JsonValue member = members.get(name);
        // Many services write null for what they do not have.
        return member == null || (member.isNull() && codec != Codec.JSON) ? null : read(name, member, codec);
    }

    /** A property that must be there and may be JSON null, which is {@code null}. */
    public <T> T nullable(String name, Codec<T> codec) {
        JsonValue member = present(name);
        return member.isNull() ? null : read(name, member, codec);
    }

    /** A property that may be absent or JSON null. */
    public <T> Field<T> field(String name, Codec<T> codec) {
        JsonValue member = members.get(name);
        if (member == null) {
            return Field.absent();
        }
        return member.isNull() ? Field.ofNull() : Field.of(read(name, member, codec));
    }

    /** All properties but those of the names. */
    public <T> Map<String, T> others(Codec<T> codec, Collection<String> known) {
        Map<String, T> others = new LinkedHashMap<>();
        members.forEach((name, member) -> {
            if (!known.contains(name)) {
                others.put(name, read(name, member, codec));
            }
        });
        return Collections.unmodifiableMap(others);
    }

    private JsonValue present(String name) {
        JsonValue member = members.get(name);
        if (member == null) {
            throw new JsonMismatch("it is missing").inside(name);
        }
        return member;
    }

    private static <T> T read(String name, JsonValue member, Codec<T> codec) {
        try {
            return codec.read(member);
        } catch (JsonMismatch mismatch) {
            throw mismatch.inside(name);
        }
    }
}
