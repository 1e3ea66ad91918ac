package portico.runtime;

/** JSON that is not what was expected. The path to it grows from its end while the exception passes the codecs. */
final class JsonMismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private String path = "";

    JsonMismatch(String message) {
        super(message, null, false, false);
    }

    /** Makes one for a value of the wrong kind. */
    static JsonMismatch expected(String what, JsonValue found) {
        return new JsonMismatch("expected " + what + ", found " + found.kind().name().toLowerCase(java.util.Locale.ROOT));
    }

    JsonMismatch inside(String property) {
        path = path.isEmpty() || path.startsWith("[") ? property + path : property + "." + path;
        return this;
    }

    JsonMismatch inside(int index) {
        path = path.isEmpty() || path.startsWith("[") ? "[" + index + "]" + path : "[" + index + "]." + path;
        return this;
    }

    String path() {
        return path;
    }
}
