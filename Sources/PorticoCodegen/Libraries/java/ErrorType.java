package portico.runtime;

/** An error that operations declare, with the type of its body. */
public final class ErrorType {
    /** Makes the exception of an error. */
    @FunctionalInterface
    public interface Factory<B> {
        /** The exception for an answer and its body. */
        ResponseException make(Response<Void> response, B body);
    }

    /** Makes the exception of an error without body. */
    @FunctionalInterface
    public interface PlainFactory {
        /** The exception for an answer. */
        ResponseException make(Response<Void> response);
    }

    private final PlainFactory factory;

    private ErrorType(PlainFactory factory) {
        this.factory = factory;
    }

    /** An error with a JSON body. */
    public static <B> ErrorType of(Codec<B> body, Factory<B> factory) {
        return new ErrorType(response -> factory.make(response, body.read(JsonParser.parse(response.text()))));
    }

    /** An error whose body is not declared. */
    public static ErrorType plain(PlainFactory factory) {
        return new ErrorType(factory);
    }

    /** The exception for an answer; a plain one if the body is not what was declared. */
    ResponseException exception(Response<Void> response) {
        try {
            return factory.make(response);
        } catch (JsonMismatch mismatch) {
            return new ResponseException(response);
        }
    }
}
