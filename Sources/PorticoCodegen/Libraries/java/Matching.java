package portico.runtime;

/** Tells the types of a union apart by what their JSON looks like. Codecs call it. */
public final class Matching {
    private Matching() {}

    /** Whether a value is an object with all of some properties. */
    public static boolean isObject(JsonValue value, String... properties) {
        if (value.kind() != JsonValue.Kind.OBJECT) {
            return false;
        }
        for (String property : properties) {
            if (!value.asMap().containsKey(property)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a property is one of some texts. */
    public static boolean hasText(JsonValue value, String property, String... texts) {
        String found = text(value, property);
        for (String text : texts) {
            if (text.equals(found)) {
                return true;
            }
        }
        return false;
    }

    /** The text of a property; empty if there is none, which then is the text of no type. */
    public static String text(JsonValue value, String property) {
        return value.get(property).filter(member -> member.kind() == JsonValue.Kind.STRING)
            .map(JsonValue::asString).orElse("");
    }
}
