package portico.runtime;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How values of a type are read from JSON and written to it. */
public abstract class Codec<T> {
    /** Text. */
    public static final Codec<String> STRING = new Codec<>() {
        @Override
        public String read(JsonValue value) {
            return textOf(value, "text");
        }

        @Override
        public void write(String value, JsonWriter out) {
            out.string(value);
        }
    };

    /** {@code true} and {@code false}. */
    public static final Codec<Boolean> BOOLEAN = new Codec<>() {
        @Override
        public Boolean read(JsonValue value) {
            if (value.kind() != JsonValue.Kind.BOOLEAN) {
                throw JsonMismatch.expected("true or false", value);
            }
            return value.asBoolean();
        }

        @Override
        public void write(Boolean value, JsonWriter out) {
            out.word(value.toString());
        }
    };

    /** Whole numbers of 32 bits. */
    public static final Codec<Integer> INT = new Codec<>() {
        @Override
        public Integer read(JsonValue value) {
            long number = wholeNumber(value);
            if (number != (int) number) {
                throw new JsonMismatch("expected a whole number of 32 bits, found " + number);
            }
            return (int) number;
        }

        @Override
        public void write(Integer value, JsonWriter out) {
            out.word(value.toString());
        }
    };

    /** Whole numbers of 64 bits. */
    public static final Codec<Long> LONG = new Codec<>() {
        @Override
        public Long read(JsonValue value) {
            return wholeNumber(value);
        }

        @Override
        public void write(Long value, JsonWriter out) {
            out.word(value.toString());
        }
    };

    /** Numbers. */
    public static final Codec<Double> DOUBLE = new Codec<>() {
        @Override
        public Double read(JsonValue value) {
            if (value.kind() != JsonValue.Kind.NUMBER) {
                throw JsonMismatch.expected("a number", value);
            }
            return value.asDouble();
        }

        @Override
        public void write(Double value, JsonWriter out) {
            out.number(value);
        }
    };

    /** Bytes, as Base64 text. */
    public static final Codec<Bytes> BYTES = new Codec<>() {
        @Override
        public Bytes read(JsonValue value) {
            try {
                return Bytes.of(Base64.getDecoder().decode(textOf(value, "Base64 text")));
            } catch (IllegalArgumentException failure) {
                throw new JsonMismatch("expected Base64 text: " + failure.getMessage());
            }
        }

        @Override
        public void write(Bytes value, JsonWriter out) {
            out.string(value.toBase64());
        }
    };

    /** Points in time, as RFC 3339 text. */
    public static final Codec<Instant> INSTANT = new Codec<>() {
        @Override
        public Instant read(JsonValue value) {
            try {
                return ValueText.instant(textOf(value, "a date and time"));
            } catch (DateTimeException failure) {
                throw new JsonMismatch("expected a date and time (RFC 3339), found '" + value.asString() + "'");
            }
        }

        @Override
        public void write(Instant value, JsonWriter out) {
            out.string(ValueText.of(value));
        }
    };

    /** Days, as RFC 3339 text. */
    public static final Codec<LocalDate> DATE = new Codec<>() {
        @Override
        public LocalDate read(JsonValue value) {
            try {
                return LocalDate.parse(textOf(value, "a date"));
            } catch (DateTimeException failure) {
                throw new JsonMismatch("expected a date (RFC 3339), found '" + value.asString() + "'");
            }
        }

        @Override
        public void write(LocalDate value, JsonWriter out) {
            out.string(value.toString());
        }
    };

    /** Any JSON. */
    public static final Codec<JsonValue> JSON = new Codec<>() {
        @Override
        public JsonValue read(JsonValue value) {
            return value;
        }

        @Override
        public void write(JsonValue value, JsonWriter out) {
            out.value(value);
        }
    };

    /** Makes a codec. */
    protected Codec() {}

    /** Lists of a type. */
    public static <E> Codec<List<E>> list(Codec<E> element) {
        return new Codec<>() {
            @Override
            public List<E> read(JsonValue value) {
                if (value.kind() != JsonValue.Kind.ARRAY) {
                    throw JsonMismatch.expected("a list", value);
                }
                List<JsonValue> elements = value.asList();
                List<E> result = new ArrayList<>(elements.size());
                for (JsonValue next : elements) {
                    try {
                        result.add(element.read(next));
                    } catch (JsonMismatch mismatch) {
                        throw mismatch.inside(result.size());
                    }
                }
                return Collections.unmodifiableList(result);
            }

            @Override
            public void write(List<E> value, JsonWriter out) {
                out.beginArray();
                for (E next : value) {
                    element.write(next, out);
                }
                out.endArray();
            }
        };
    }

    /** Maps from text to a type, in the order of the JSON. */
    public static <E> Codec<Map<String, E>> map(Codec<E> element) {
        return new Codec<>() {
            @Override
            public Map<String, E> read(JsonValue value) {
                if (value.kind() != JsonValue.Kind.OBJECT) {
                    throw JsonMismatch.expected("an object", value);
                }
                Map<String, E> result = new LinkedHashMap<>();
                value.asMap().forEach((name, member) -> {
                    try {
                        result.put(name, element.read(member));
                    } catch (JsonMismatch mismatch) {
                        throw mismatch.inside(name);
                    }
                });
                return Collections.unmodifiableMap(result);
            }

            @Override
            public void write(Map<String, E> value, JsonWriter out) {
                out.beginObject();
                out.properties(element, value);
                out.endObject();
            }
        };
    }

    /** Values of a type or JSON null, which is {@code null}. */
    public static <E> Codec<E> nullable(Codec<E> inner) {
        return new Codec<>() {
            @Override
            public E read(JsonValue value) {
                return value.isNull() ? null : inner.read(value);
            }

            @Override
            public void write(E value, JsonWriter out) {
                if (value == null) {
                    out.word("null");
                } else {
                    inner.write(value, out);
                }
            }
        };
    }

    /** Text of a set that may grow. */
    public static <E extends TextEnum> Codec<E> text(Function<String, E> make) {
        return new Codec<>() {
            @Override
            public E read(JsonValue value) {
                return make.apply(textOf(value, "text"));
            }

            @Override
            public void write(E value, JsonWriter out) {
                out.string(value.value());
            }
        };
    }

    /** Reads a value. */
    public abstract T read(JsonValue value);

    /** Writes a value. */
    public abstract void write(T value, JsonWriter out);

    /** The value of a JSON text; throws {@link DecodingException} if the text is not JSON of the type. */
    public final T fromJson(String text) {
        try {
            return read(JsonParser.parse(text));
        } catch (JsonMismatch mismatch) {
            throw new DecodingException(mismatch, null);
        }
    }

    /** The value as JSON. */
    public final String toJson(T value) {
        JsonWriter out = new JsonWriter(false);
        write(value, out);
        return out.toString();
    }

    /** The value for people: its JSON, and never an exception. */
    public final String describe(T value) {
        JsonWriter out = new JsonWriter(true);
        write(value, out);
        return out.toString();
    }

    private static String textOf(JsonValue value, String what) {
        if (value.kind() != JsonValue.Kind.STRING) {
            throw JsonMismatch.expected(what, value);
        }
        return value.asString();
    }

    private static long wholeNumber(JsonValue value) {
        if (value.kind() != JsonValue.Kind.NUMBER) {
            throw JsonMismatch.expected("a whole number", value);
        }
        try {
            return value.asLong();
        } catch (ArithmeticException | NumberFormatException failure) {
            throw new JsonMismatch("expected a whole number of 64 bits, found " + value);
        }
    }
}
