package portico.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Bytes that do not change. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of bytes. */
    public static Bytes of(byte... content) {
        return new Bytes(content.clone());
    }

    /** The bytes of a text in UTF-8. */
    public static Bytes ofUtf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a Base64 text; throws {@link IllegalArgumentException} if it is none. */
    public static Bytes ofBase64(String text) {
        return new Bytes(Base64.getDecoder().decode(text));
    }

    /** How many they are. */
    public int size() {
        return content.length;
    }

    /** A copy of them. */
    public byte[] toByteArray() {
        return content.clone();
    }

    /** They as Base64. */
    public String toBase64() {
        return Base64.getEncoder().encodeToString(content);
    }

    /** They as text, read as UTF-8. */
    public String toUtf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes && Arrays.equals(content, ((Bytes) other).content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** They as Base64. */
    @Override
    public String toString() {
        return toBase64();
    }
}
