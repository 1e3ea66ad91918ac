package portico.runtime;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an operation answers with. Generated classes name one for each call. */
public abstract class Output<T> {
    /** Nothing. */
    public static final Output<Void> NONE = new Output<>("application/json") {
        @Override
        Void read(byte[] body) {
            return null;
        }
    };

    /** Text. */
    public static final Output<String> TEXT = new Output<>("*/*") {
        @Override
        String read(byte[] body) {
            return new String(body, StandardCharsets.UTF_8);
        }
    };

    /** Bytes. */
    public static final Output<byte[]> BYTES = new Output<>("*/*") {
        @Override
        byte[] read(byte[] body) {
            return body;
        }
    };

    /** Bytes as they come. */
    public static final Output<InputStream> STREAM = new Output<>("*/*") {
        @Override
        InputStream read(byte[] body) {
            throw new IllegalStateException("streams are not read");
        }
    };

    final String accept;

    private Output(String accept) {
        this.accept = accept;
    }

    /** JSON of a type; no body is JSON null where every JSON is fine. */
    public static <T> Output<T> json(Codec<T> codec) {
        return new Output<>("application/json") {
            @Override
            T read(byte[] body) {
                if (body.length == 0 && codec == Codec.JSON) {
                    return codec.read(JsonValue.NULL);
                }
                return codec.read(JsonParser.parse(new String(body, StandardCharsets.UTF_8)));
            }
        };
    }

    /** JSON of a type, JSON null, or no body. */
    public static <T> Output<Optional<T>> optionalJson(Codec<T> codec) {
        Codec<T> nullable = Codec.nullable(codec);
        return new Output<>("application/json") {
            @Override
            Optional<T> read(byte[] body) {
                if (body.length == 0) {
                    return Optional.empty();
                }
                return Optional.ofNullable(nullable.read(JsonParser.parse(new String(body, StandardCharsets.UTF_8))));
            }
        };
    }

    abstract T read(byte[] body);
}
