import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import portico.socketcontract.SocketContractSocket;
import portico.socketcontract.model.IncomingMessage;
import portico.socketcontract.model.Join;
import portico.socketcontract.model.Joined;
import portico.socketcontract.model.MessageFailure;
import portico.socketcontract.model.Say;
import portico.socketcontract.runtime.JsonValue;
import portico.socketcontract.runtime.SdkException;
import portico.socketcontract.runtime.SocketMessage;

/** The scenarios by their names. */
final class Scenarios {
    private static final String FAILURE =
        "{\"message\":\"Internal server error\",\"connectionId\":\"c=\",\"requestId\":\"r=\"}";
    private static final Consumer<Kit.Setup> ONCE = setup -> setup.options.reconnects(false);

    private Scenarios() {}

    private static Object violation(Kit kit, String name, Integer number, Consumer<Kit.Setup> change) {
        SocketContractSocket socket = kit.connect(List.of(ONCE, change));
        Object result = Kit.failure(() -> Kit.run(socket, name, null, number));
        return Kit.map("result", result, "closes", kit.closes());
    }

    private static Object violation(Kit kit, String name) {
        return violation(kit, name, null, setup -> {});
    }

    private static Say say(String text) {
        return Say.builder().text(text).build();
    }

    private static Object sent(Runnable work) {
        work.run();
        return null;
    }

    static void addTo(Map<String, Kit.Scenario> all) {
        all.put("socket.head", kit -> Kit.report(
            kit.connect(setup -> setup.request.room("a b&c").tags(List.of("x", "y z")).xTrace("t")), "head"));
        all.put("socket.join", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.join(Join.builder().room("r").since(LocalDate.of(2024, 2, 29)).build());
            SocketMessage<IncomingMessage> message = socket.receive(Kit.LIMIT);
            Joined joined = message.value().orElseThrow().asJoined().orElseThrow();
            return Kit.map("kind", Kit.kind(message), "room", joined.room(), "members", String.valueOf(joined.members()));
        });
        all.put("socket.say", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.say(say("\u00fc \ud83d\ude00"));
            SocketMessage<IncomingMessage> message = socket.receive(Kit.LIMIT);
            return Kit.map("kind", Kit.kind(message), "text", Kit.said(message).text(), "at",
                Kit.said(message).at().orElseThrow().toEpochMilli(), "wire", message.text().orElse(null));
        });
        all.put("socket.wire", kit -> {
            SocketContractSocket socket = kit.connect();
            List<Runnable> calls = List.of(() -> lookAround(socket, null),
                () -> lookAround(socket, "{\"a\": 1, \"action\": \"x\"}"),
                () -> socket.sendAnything(JsonValue.parse("{\"b\": [null]}")),
                () -> socket.sendAnything(JsonValue.parse("[1]")));
            List<Object> results = new ArrayList<>();
            for (Runnable call : calls) {
                call.run();
                results.add(Kit.map("wire", Kit.texts(socket.receive(Kit.LIMIT)).get(0)));
            }
            return results;
        });
        all.put("socket.no-object", kit -> {
            SocketContractSocket socket = kit.connect();
            return Kit.failure(() -> sent(() -> lookAround(socket, "[1]")));
        });
        all.put("socket.kinds", kit -> {
            SocketContractSocket socket = kit.connect();
            List<Object> found = new ArrayList<>();
            for (String text : List.of("{\"type\":\"whispered\",\"text\":\"w\"}", "{\"room\":\"r\",\"members\":1}", FAILURE,
                "{\"message\":\"Bad request body\",\"connectionId\":\"c=\",\"messageId\":\"m=\"}", "{\"type\":\"other\"}",
                "{\"type\":\"said\"}", "no JSON", "7")) {
                found.add(Kit.kind(Kit.run(socket, "send", text, null)));
            }
            found.add(Kit.kind(Kit.run(socket, "bytes")));
            return found;
        });
        all.put("socket.failure", kit -> {
            MessageFailure failure = Kit.run(kit.connect(), "send", FAILURE, null).value().orElseThrow()
                .asMessageFailure().orElseThrow();
            return Kit.map("message", failure.message(), "connection", failure.connectionId(), "request",
                failure.requestId().orElse(null), "messageId", failure.messageId().orElse(null));
        });
        all.put("socket.invalid", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.sendAnything(JsonValue.parse("{\"action\": \"say\"}"));
            return Kit.refusal(socket.receive(Kit.LIMIT));
        });
        all.put("socket.fault", kit -> Kit.refusal(Kit.run(kit.connect(), "fault")));
        all.put("socket.unknown", kit -> {
            SocketContractSocket socket = kit.connect();
            List<Object> results = new ArrayList<>();
            for (String text : List.of("{\"type\":\"other\",\"n\":9007199254740993}", "no JSON")) {
                SocketMessage<IncomingMessage> message = Kit.run(socket, "send", text, null);
                JsonValue json = message.value().orElseThrow().asUnknown().orElseThrow();
                results.add(Kit.map("wire", message.text().orElse(null), "json", Kit.map("wire", json.toString())));
            }
            return results;
        });
        all.put("socket.fragments", kit -> {
            SocketContractSocket socket = kit.connect();
            String text = Kit.said(Kit.run(socket, "fragments")).text();
            return Kit.map("text", text, "texts", Kit.texts(socket.receive(Kit.LIMIT)));
        });
        all.put("socket.frames", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.say(say("x".repeat(100_000)));
            socket.receive(Kit.LIMIT);
            return Kit.report(socket, "frames");
        });
        all.put("socket.long", kit -> {
            SocketContractSocket socket = kit.connect();
            try {
                socket.say(say("x".repeat(100_000)));
                return Kit.said(socket.receive(Kit.LIMIT)).text().length();
            } catch (SdkException error) {
                return Kit.describe(error);
            }
        });
        all.put("socket.big", kit -> Kit.said(Kit.run(kit.connect(), "big", null, 200_000)).text().length());
        all.put("socket.too-big", kit -> violation(kit, "big", 2000, setup -> setup.options.maxMessageBytes(1000)));
        all.put("socket.bytes", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.sendBytes(new byte[] {(byte) 255, 0});
            return Kit.run(socket, "mirror").data().orElseThrow().toBase64();
        });
        for (String name : List.of("masked", "reserved", "surrogate", "opcode")) {
            all.put("socket." + name, kit -> violation(kit, name));
        }
        addEnds(all);
        addOpenings(all);
    }

    @SuppressWarnings("deprecation")
    private static void lookAround(SocketContractSocket socket, String json) {
        if (json == null) {
            socket.lookAround();
        } else {
            socket.lookAround(JsonValue.parse(json));
        }
    }

    private static void addEnds(Map<String, Kit.Scenario> all) {
        all.put("socket.close", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.close(3001, "bye");
            return Kit.map("result", Kit.rest(socket), "closes", kit.closes());
        });
        all.put("socket.closed", kit -> {
            SocketContractSocket socket = kit.connect();
            return Kit.failure(() -> Kit.run(socket, "close", "why", 4001));
        });
        all.put("socket.restart", kit -> {
            SocketContractSocket socket = kit.connect(ONCE);
            return Kit.failure(() -> Kit.run(socket, "close", null, 1001));
        });
        all.put("socket.ended", kit -> {
            SocketContractSocket socket = kit.connect();
            Kit.send(socket, "close", null, 1000);
            return Kit.rest(socket);
        });
        all.put("socket.send-closed", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.close();
            return Kit.failure(() -> sent(() -> socket.say(say("x"))));
        });
        all.put("socket.reconnect", kit -> {
            String text = Kit.said(Kit.run(kit.again(kit.connect(Kit.at("/flaky"))), "drop")).text();
            return Kit.map("text", text, "waits", kit.waits, "reconnects", kit.reconnects);
        });
        all.put("socket.reconnect-close", kit -> {
            String text = Kit.said(Kit.run(kit.again(kit.connect()), "close", null, 1012)).text();
            return Kit.map("text", text, "waits", kit.waits, "reconnects", kit.reconnects);
        });
        all.put("socket.reconnect-off", kit -> {
            SocketContractSocket socket = kit.connect(ONCE);
            return Kit.failure(() -> Kit.run(socket, "drop"));
        });
        all.put("socket.reconnect-gives-up", kit -> {
            SocketContractSocket socket =
                kit.connect(List.of(Kit.at("/gone"), setup -> setup.options.maxReconnects(3)));
            return Kit.map("result", Kit.failure(() -> Kit.run(socket, "drop")), "waits", kit.waits);
        });
        all.put("socket.reconnect-refused", kit -> {
            SocketContractSocket socket = kit.connect(Kit.at("/forbidden"));
            return Kit.map("result", Kit.failure(() -> Kit.run(socket, "drop")), "waits", kit.waits);
        });
        all.put("socket.ping", kit -> {
            SocketContractSocket socket = kit.connect();
            socket.ping();
            socket.ping();
            return Kit.report(socket, "pings");
        });
        all.put("socket.keep-alive", kit -> {
            SocketContractSocket socket = kit.connect(
                List.of(Kit.at("/mute"), ONCE, setup -> setup.options.pingInterval(Duration.ofMillis(100))));
            return Kit.failure(() -> socket.receive(Kit.LIMIT));
        });
        all.put("socket.kept-alive", kit -> {
            SocketContractSocket socket =
                kit.connect(List.of(ONCE, setup -> setup.options.pingInterval(Duration.ofMillis(500))));
            Object result = Kit.failure(() -> socket.receive(Duration.ofMillis(1300)));
            socket.say(say("x"));
            return Kit.map("result", result, "text", Kit.said(socket.receive(Kit.LIMIT)).text());
        });
        all.put("socket.receive-timeout", kit -> {
            SocketContractSocket socket = kit.connect();
            Object result = Kit.failure(() -> socket.receive(Duration.ofMillis(100)));
            socket.say(say("x"));
            return Kit.map("result", result, "text", Kit.said(socket.receive(Kit.LIMIT)).text());
        });
    }

    private static void addOpenings(Map<String, Kit.Scenario> all) {
        all.put("socket.refused", kit -> Kit.failure(() -> kit.connect(Kit.at("/refuse-403"))));
        all.put("socket.garbled", kit -> Kit.failure(() -> kit.connect(Kit.at("/garbled"))));
        all.put("socket.port", kit -> Kit.failure(() -> kit.connect(setup -> setup.url = Kit.REFUSED)));
        all.put("socket.timeout", kit -> Kit.failure(() -> kit.connect(setup -> {
            setup.url = Kit.SILENT;
            setup.client = builder -> builder.attemptTimeout(Duration.ofMillis(200));
        })));
        all.put("socket.protocol", kit -> kit.connect(
            List.of(Kit.at("/protocol-b"), setup -> setup.options.subprotocol("a").subprotocol("b"))
        ).subprotocol().orElse(null));
        all.put("socket.protocol-none", kit -> kit.connect().subprotocol().orElse(null));
        all.put("socket.protocol-unasked", kit -> Kit.failure(() -> kit.connect(
            List.of(Kit.at("/protocol-c"), setup -> setup.options.subprotocol("a")))));
        all.put("socket.key-missing", kit -> Kit.failure(() -> kit.connect(setup -> setup.hasKey = false)));
        all.put("socket.key-wrong", kit -> Kit.failure(
            () -> kit.connect(setup -> setup.client = builder -> builder.apiKey("contract-key-9876543210"))));
        all.put("socket.unauthorized", kit -> Kit.failure(() -> kit.connect(Kit.at("/guarded"))));
        all.put("socket.denied", kit -> Kit.failure(
            () -> kit.connect(List.of(Kit.at("/guarded"), setup -> setup.request.xTrace("deny")))));
        all.put("socket.authorized", kit -> Kit.report(
            kit.connect(List.of(Kit.at("/guarded"), setup -> setup.request.xTrace("allow"))), "caller"));
        all.put("socket.break", kit -> Kit.failure(() -> kit.connect(setup -> setup.request.xTrace("a\r\nX: b"))));
    }
}
