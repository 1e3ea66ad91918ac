package portico.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a connection is opened with. Generated classes make one. */
public final class SocketSetup<T> {
    final Transport transport;
    final Supplier<Call<Void>> call;
    final Codec<T> incoming;
    final Function<JsonValue, T> unknown;
    final SocketOptions options;
    private final List<String> selection;

    /** Everything together; the path of names leads to the member of a message that holds its route's key. */
    public SocketSetup(
        Transport transport, Supplier<Call<Void>> call, Codec<T> incoming, Function<JsonValue, T> unknown,
        SocketOptions options, List<String> selection
    ) {
        this.transport = transport;
        this.call = call;
        this.incoming = incoming;
        this.unknown = unknown;
        this.options = Arguments.required(options, "options");
        this.selection = selection;
    }

    /** A message of the text that came. */
    SocketMessage<T> message(String text) {
        JsonValue json;
        try {
            json = JsonValue.parse(text);
        } catch (RuntimeException noJson) {
            return new SocketMessage<>(unknown.apply(JsonValue.of(text)), text, null);
        }
        try {
            return new SocketMessage<>(incoming.read(json), text, null);
        } catch (RuntimeException mismatch) {
            return new SocketMessage<>(unknown.apply(json), text, null);
        }
    }

    /** JSON text of a message to a route; without a message an object that has the route's key alone. */
    <M> String text(String key, Codec<M> codec, M message) {
        String text = message == null ? "{}" : codec.toJson(message);
        if (key == null || selection.isEmpty()) {
            return text;
        }
        return Codec.JSON.toJson(with(JsonValue.parse(text), selection, JsonValue.of(key)));
    }

    private static JsonValue with(JsonValue json, List<String> path, JsonValue value) {
        if (path.isEmpty()) {
            return value;
        }
        if (json.kind() != JsonValue.Kind.OBJECT) {
            throw new InvalidArgumentException("a message to a route is a JSON object");
        }
        Map<String, JsonValue> members = new LinkedHashMap<>(json.asMap());
        JsonValue inner = members.getOrDefault(path.get(0), JsonValue.object(Map.of()));
        members.put(path.get(0), with(inner, path.subList(1, path.size()), value));
        return JsonValue.object(members);
    }
}
