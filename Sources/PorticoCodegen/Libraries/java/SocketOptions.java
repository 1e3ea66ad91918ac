package portico.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a connection behaves. */
public final class SocketOptions {
    /** Nothing out of the ordinary. */
    public static final SocketOptions NONE = builder().build();

    final List<String> subprotocols;
    final Map<String, String> headers;
    final Duration timeout;
    final boolean reconnects;
    final int maxReconnects;
    final int maxMessageBytes;
    final Duration pingInterval;

    private SocketOptions(Builder builder) {
        subprotocols = List.copyOf(builder.subprotocols);
        headers = new LinkedHashMap<>(builder.headers);
        timeout = builder.timeout;
        reconnects = builder.reconnects;
        maxReconnects = builder.maxReconnects;
        maxMessageBytes = builder.maxMessageBytes;
        pingInterval = builder.pingInterval;
    }

    /** Begins options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes options. */
    public static final class Builder {
        private final List<String> subprotocols = new ArrayList<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Duration timeout;
        private boolean reconnects = true;
        private int maxReconnects = 10;
        private int maxMessageBytes = 1_048_576;
        private Duration pingInterval;

        private Builder() {}

        /** Offers a subprotocol to the server; the best one first. */
        public Builder subprotocol(String name) {
            subprotocols.add(Arguments.required(name, "subprotocol"));
            return this;
        }

        /** Sends a header with the handshake. */
        public Builder header(String name, String value) {
            Arguments.checkHeader(name, Arguments.required(value, name));
            headers.put(name, value);
            return this;
        }

        /** How long opening may take; the client's {@code attemptTimeout} unless set. */
        public Builder timeout(Duration timeout) {
            this.timeout = Arguments.positive(timeout, "timeout");
            return this;
        }

        /** Whether a lost connection is opened again by whoever receives: it is unless this says otherwise. */
        public Builder reconnects(boolean reconnects) {
            this.reconnects = reconnects;
            return this;
        }

        /** How often that is tried in a row: 10 times unless set. */
        public Builder maxReconnects(int maxReconnects) {
            this.maxReconnects = Arguments.notNegative(maxReconnects, "maxReconnects");
            return this;
        }

        /** The size of the longest message: 1,048,576 unless set. A longer one closes the connection. */
        public Builder maxMessageBytes(int maxMessageBytes) {
            this.maxMessageBytes = Arguments.notNegative(maxMessageBytes, "maxMessageBytes");
            return this;
        }

        /**
         * The time without a message after which a ping is sent while somebody receives; after as long again the
         * connection counts as lost.
         */
        public Builder pingInterval(Duration pingInterval) {
            this.pingInterval = Arguments.positive(pingInterval, "pingInterval");
            return this;
        }

        /** The options. */
        public SocketOptions build() {
            return new SocketOptions(this);
        }
    }
}
