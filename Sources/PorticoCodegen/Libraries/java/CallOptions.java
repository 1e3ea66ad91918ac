package portico.runtime;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What single calls do in another way than their client; see {@code with} of the client. */
public final class CallOptions {
    /** Nothing is different. */
    public static final CallOptions NONE = builder().build();

    final Duration attemptTimeout;
    final Duration deadline;
    final Integer maxRetries;
    final String idempotencyKey;
    final Map<String, String> headers;

    private CallOptions(Builder builder) {
        attemptTimeout = builder.attemptTimeout;
        deadline = builder.deadline;
        maxRetries = builder.maxRetries;
        idempotencyKey = builder.idempotencyKey;
        headers = new LinkedHashMap<>(builder.headers);
    }

    /** Begins options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes options. */
    public static final class Builder {
        private Duration attemptTimeout;
        private Duration deadline;
        private Integer maxRetries;
        private String idempotencyKey;
        private final Map<String, String> headers = new LinkedHashMap<>();

        private Builder() {}

        /** How long an attempt may take. */
        public Builder attemptTimeout(Duration timeout) {
            this.attemptTimeout = Arguments.positive(timeout, "attemptTimeout");
            return this;
        }

        /** How long the call may take with all attempts and waits. */
        public Builder deadline(Duration deadline) {
            this.deadline = Arguments.positive(deadline, "deadline");
            return this;
        }

        /** How often a call is tried again. */
        public Builder maxRetries(int maxRetries) {
            this.maxRetries = Arguments.notNegative(maxRetries, "maxRetries");
            return this;
        }

        /** A key by which the service knows a call that comes again, which makes every call fit to be tried again. */
        public Builder idempotencyKey(String key) {
            this.idempotencyKey = Arguments.required(key, "idempotencyKey");
            return this;
        }

        /** A header that is sent besides, or instead of the client's own. */
        public Builder header(String name, String value) {
            Arguments.checkHeader(name, Arguments.required(value, name));
            headers.put(name, value);
            return this;
        }

        /** The options. */
        public CallOptions build() {
            return new CallOptions(this);
        }
    }
}
