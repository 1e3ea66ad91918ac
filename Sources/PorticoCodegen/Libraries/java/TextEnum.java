package portico.runtime;

/** Text of a set that may grow: a service may send values that this client does not know. */
public abstract class TextEnum implements Comparable<TextEnum> {
    private final String value;

    /** Makes a value. */
    protected TextEnum(String value) {
        this.value = Arguments.required(value, "value");
    }

    /** The text. */
    public final String value() {
        return value;
    }

    @Override
    public final int compareTo(TextEnum other) {
        return value.compareTo(other.value);
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && ((TextEnum) other).value.equals(value);
    }

    @Override
    public final int hashCode() {
        return value.hashCode();
    }

    /** The text. */
    @Override
    public final String toString() {
        return value;
    }
}
