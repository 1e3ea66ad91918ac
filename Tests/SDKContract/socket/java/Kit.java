import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import portico.socketcontract.SocketContractClient;
import portico.socketcontract.SocketContractSocket;
import portico.socketcontract.model.Command;
import portico.socketcontract.model.ConnectRequest;
import portico.socketcontract.model.IncomingMessage;
import portico.socketcontract.model.MessageFailure;
import portico.socketcontract.model.Said;
import portico.socketcontract.model.Say;
import portico.socketcontract.runtime.CallTimeoutException;
import portico.socketcontract.runtime.ClientBuilder;
import portico.socketcontract.runtime.ConnectionClosedException;
import portico.socketcontract.runtime.Credentials;
import portico.socketcontract.runtime.GatewayException;
import portico.socketcontract.runtime.InvalidArgumentException;
import portico.socketcontract.runtime.JsonValue;
import portico.socketcontract.runtime.ResponseException;
import portico.socketcontract.runtime.SdkException;
import portico.socketcontract.runtime.SocketMessage;
import portico.socketcontract.runtime.SocketOptions;
import portico.socketcontract.runtime.TransportException;

/** What one scenario uses: connections with recordings, and results. */
final class Kit {
    static final String URL = System.getenv("CONTRACT_SOCKET_URL");
    static final String SILENT = System.getenv("CONTRACT_SILENT_URL");
    static final String REFUSED = System.getenv("CONTRACT_REFUSED_URL");
    static final Duration LIMIT = Duration.ofSeconds(30);

    final List<Object> waits = new ArrayList<>();
    int reconnects;
    private final String name;
    private final List<SocketContractSocket> sockets = new ArrayList<>();

    Kit(String name) {
        this.name = name;
    }

    /** A scenario. */
    @FunctionalInterface
    interface Scenario {
        Object run(Kit kit) throws Exception;
    }

    /** What a scenario changes before it connects. */
    static final class Setup {
        String url = URL + "/chat";
        boolean hasKey = true;
        Consumer<ClientBuilder<SocketContractClient>> client = builder -> {};
        ConnectRequest.Builder request = ConnectRequest.builder();
        SocketOptions.Builder options = SocketOptions.builder();
    }

    SocketContractSocket connect(List<Consumer<Setup>> changes) {
        Setup setup = new Setup();
        setup.request.room(name);
        changes.forEach(change -> change.accept(setup));
        ClientBuilder<SocketContractClient> builder = SocketContractClient.builder().baseUrl(setup.url)
            .region("us-east-1").credentials(Credentials.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
            .random(() -> 0.5).sleeper(duration -> {
                waits.add(duration.toMillis());
                return CompletableFuture.completedFuture(null);
            });
        if (setup.hasKey) {
            builder.apiKey("contract-key-0123456789");
        }
        setup.client.accept(builder);
        SocketContractSocket socket = builder.build().connect(setup.request.build(), setup.options.build());
        sockets.add(socket);
        return socket;
    }

    SocketContractSocket connect() {
        return connect(List.of());
    }

    SocketContractSocket connect(Consumer<Setup> change) {
        return connect(List.of(change));
    }

    static Consumer<Setup> at(String path) {
        return setup -> setup.url = URL + path;
    }

    /** Says so after each reconnection. */
    SocketContractSocket again(SocketContractSocket socket) {
        socket.onReconnect(() -> {
            reconnects += 1;
            socket.say(Say.builder().text("again").build());
        });
        return socket;
    }

    void close() {
        sockets.forEach(SocketContractSocket::close);
    }

    /** The close frames of the scenario's room. */
    List<String> closes() {
        return report(connect(), "closes");
    }

    static void send(SocketContractSocket socket, String name, String text, Integer number) {
        Command.Builder command = Command.builder().name(name);
        if (text != null) {
            command.text(text);
        }
        if (number != null) {
            command.number(number);
        }
        socket.run(command.build());
    }

    /** The first message after a command. */
    static SocketMessage<IncomingMessage> run(SocketContractSocket socket, String name, String text, Integer number) {
        send(socket, name, text, number);
        return socket.receive(LIMIT);
    }

    static SocketMessage<IncomingMessage> run(SocketContractSocket socket, String name) {
        return run(socket, name, null, null);
    }

    static List<String> report(SocketContractSocket socket, String name) {
        return texts(run(socket, name));
    }

    static List<String> texts(SocketMessage<IncomingMessage> message) {
        return message.value().orElseThrow().asReport().orElseThrow().texts();
    }

    static Said said(SocketMessage<IncomingMessage> message) {
        return message.value().orElseThrow().asSaid().orElseThrow();
    }

    /** What the gateway says of a message that failed, and which ids it tells. */
    static Object refusal(SocketMessage<IncomingMessage> message) {
        MessageFailure failure = message.value().orElseThrow().asMessageFailure().orElseThrow();
        return map("message", failure.message(), "connection", !failure.connectionId().isEmpty(), "request",
            failure.requestId().isPresent(), "messageId", failure.messageId().isPresent());
    }

    static String kind(SocketMessage<IncomingMessage> message) {
        if (message.value().isEmpty()) {
            return "bytes";
        }
        switch (message.value().get().kind()) {
            case SAID:
                return "Said";
            case REPORT:
                return "Report";
            case JOINED:
                return "Joined";
            case MESSAGE_FAILURE:
                return "MessageFailure";
            default:
                return "unknown";
        }
    }

    /** How receiving everything ends. */
    static Object rest(SocketContractSocket socket) {
        try {
            for (SocketMessage<IncomingMessage> message : socket) {
                message.text();
            }
            return "end";
        } catch (SdkException error) {
            return describe(error);
        }
    }

    /** The error of a call that must fail. */
    static Object failure(Callable<?> call) {
        try {
            return map("error", "none", "value", String.valueOf(call.call()));
        } catch (Exception error) {
            return describe(error);
        }
    }

    /** A caught error as results have it. */
    static Object describe(Throwable error) {
        if (!(error instanceof SdkException)) {
            return map("error", "foreign", "type", error.toString());
        }
        if (error instanceof ConnectionClosedException) {
            ConnectionClosedException closed = (ConnectionClosedException) error;
            return map("error", "closed", "code", closed.code(), "reason", closed.reason());
        }
        if (error instanceof GatewayException) {
            GatewayException gateway = (GatewayException) error;
            return map("error", "gateway", "status", gateway.status(), "errorType", gateway.errorType().orElse(null),
                "message", gateway.serviceMessage().orElse(null), "requestId", gateway.requestId().isPresent());
        }
        if (error instanceof ResponseException) {
            ResponseException response = (ResponseException) error;
            return map("error", "response", "status", response.status(), "message",
                response.serviceMessage().orElse(null));
        }
        Map<Class<?>, String> kinds = Map.of(TransportException.class, "transport", CallTimeoutException.class,
            "timeout", InvalidArgumentException.class, "argument");
        return map("error", kinds.getOrDefault(error.getClass(), error.toString()));
    }

    /** Names with their values, in order. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            map.put((String) namesAndValues[index], namesAndValues[index + 1]);
        }
        return map;
    }

    /** A result as JSON. */
    static JsonValue json(Object value) {
        if (value == null) {
            return JsonValue.NULL;
        }
        if (value instanceof JsonValue) {
            return (JsonValue) value;
        }
        if (value instanceof Boolean) {
            return JsonValue.of((boolean) value);
        }
        if (value instanceof Integer || value instanceof Long) {
            return JsonValue.of(((Number) value).longValue());
        }
        if (value instanceof Double) {
            return JsonValue.of((double) value);
        }
        if (value instanceof Collection) {
            List<JsonValue> elements = new ArrayList<>();
            ((Collection<?>) value).forEach(element -> elements.add(json(element)));
            return JsonValue.array(elements);
        }
        if (value instanceof Map) {
            Map<String, JsonValue> members = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, member) -> members.put((String) name, json(member)));
            return JsonValue.object(members);
        }
        if (value instanceof String) {
            return JsonValue.of(value.toString());
        }
        throw new IllegalArgumentException("a result of " + value.getClass());
    }
}
