package portico.runtime;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** A property that may be absent, JSON null, or a value. */
public final class Field<T> {
    private static final Field<?> ABSENT = new Field<>(null);
    private static final Field<?> NULL = new Field<>(null);

    private final T value;

    private Field(T value) {
        this.value = value;
    }

    /** It is not there. */
    @SuppressWarnings("unchecked")
    public static <T> Field<T> absent() {
        return (Field<T>) ABSENT;
    }

    /** It is JSON null. */
    @SuppressWarnings("unchecked")
    public static <T> Field<T> ofNull() {
        return (Field<T>) NULL;
    }

    /** It has a value. */
    public static <T> Field<T> of(T value) {
        return new Field<>(Objects.requireNonNull(value, "value"));
    }

    /** It has a value, or is JSON null if that is {@code null}. */
    public static <T> Field<T> ofNullable(T value) {
        return value == null ? ofNull() : new Field<>(value);
    }

    /** Whether it is not there. */
    public boolean isAbsent() {
        return this == ABSENT;
    }

    /** Whether it is JSON null. */
    public boolean isNull() {
        return this == NULL;
    }

    /** Whether it has a value. */
    public boolean isPresent() {
        return value != null;
    }

    /** The value; throws {@link NoSuchElementException} if there is none. */
    public T get() {
        if (value == null) {
            throw new NoSuchElementException("the property is " + this);
        }
        return value;
    }

    /** The value, or another one if it is absent or null. */
    public T orElse(T other) {
        return value == null ? other : value;
    }

    /** The value; empty if it is absent or null. */
    public Optional<T> toOptional() {
        return Optional.ofNullable(value);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Field && value != null && value.equals(((Field<?>) other).value);
    }

    @Override
    public int hashCode() {
        return value == null ? (isNull() ? 1 : 0) : value.hashCode();
    }

    @Override
    public String toString() {
        return value == null ? (isNull() ? "null" : "absent") : value.toString();
    }
}
