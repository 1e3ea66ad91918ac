import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import portico.contract.ContractClient;
import portico.contract.model.CallSignedRequest;
import portico.contract.model.Echo;
import portico.contract.runtime.CallOptions;
import portico.contract.runtime.ClientBuilder;
import portico.contract.runtime.Credentials;
import portico.contract.runtime.JsonValue;
import portico.contract.runtime.Provider;
import portico.contract.runtime.Response;
import portico.contract.runtime.Signer;

/** Who is calling. */
final class AuthScenarios {
    private static final String ID = "AKIDEXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String GATEWAY_KEY = "contract-key-0123456789";
    private static final Credentials SESSION = Credentials.of(ID, SECRET, "session/token==");

    private AuthScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("auth.api-key",
            kit -> Kit.header(echo(kit).apiKey("key-123").build().callWithApiKey(), "x-api-key"));
        scenarios.put("auth.api-key-missing", kit -> {
            Map<String, Object> result = new LinkedHashMap<>();
            ((Map<?, ?>) Kit.failure(kit.echo()::callWithApiKey)).forEach((name, value) -> result.put((String) name, value));
            result.put("attempts", kit.attempts);
            return result;
        });
        scenarios.put("auth.api-key-unneeded",
            kit -> Kit.header(echo(kit).apiKey("key-123").build().callQuery(), "x-api-key"));
        scenarios.put("auth.token",
            kit -> Kit.header(echo(kit).token("raw-token").build().callWithToken(), "authorization"));
        scenarios.put("auth.token-callback", kit -> {
            AtomicInteger count = new AtomicInteger();
            ContractClient client = kit.builder(Kit.ECHO + "/flaky")
                .token(() -> CompletableFuture.supplyAsync(() -> "token-" + count.incrementAndGet())).build();
            return Kit.map("authorization", Kit.header(client.callWithToken(), "authorization"), "attempts",
                kit.attempts);
        });
        scenarios.put("auth.token-missing", kit -> Kit.failure(kit.echo()::callWithToken));
        scenarios.put("auth.token-refused",
            kit -> Kit.map("result", Kit.failure(() -> kit.gateway().retryGet("refused")), "attempts", kit.attempts));
        scenarios.put("auth.custom-token", kit -> {
            Echo echo = echo(kit).token("raw-token").build().callWithCustomToken();
            return Kit.map("x-custom-token", Kit.header(echo, "x-custom-token"), "authorization",
                Kit.header(echo, "authorization"));
        });
        scenarios.put("auth.bearer",
            kit -> Kit.header(echo(kit).token("raw-token").build().callWithBearer(), "authorization"));
        scenarios.put("auth.basic", kit -> Kit.header(
            echo(kit).basic("Aladdin", "open:sesame \u00fc").build().callWithBasic(), "authorization"));
        scenarios.put("auth.basic-missing", kit -> Kit.failure(kit.echo()::callWithBasic));
        scenarios.put("auth.header-key",
            kit -> Kit.header(echo(kit).key("X-Partner-Key", "p-1").build().callWithHeaderKey(), "x-partner-key"));
        scenarios.put("auth.query-key",
            kit -> echo(kit).key("partner key", "a b&c").build().callWithQueryKey().target());
        scenarios.put("auth.key-missing", kit -> Kit.failure(kit.echo()::callWithHeaderKey));
        scenarios.put("auth.signed", AuthScenarios::signed);
        scenarios.put("auth.signed-hook", AuthScenarios::signedHook);
        scenarios.put("auth.signed-provider", AuthScenarios::signedProvider);
        scenarios.put("auth.signed-environment", kit -> {
            Response<Echo> response = echo(kit).region("us-east-1").apiKey("key-123").build().raw()
                .callSigned("x", Kit.thing("y"));
            return Kit.map("signature", signature(response), "token",
                Kit.header(response.value(), "x-amz-security-token"));
        });
        scenarios.put("auth.signed-gateway", kit -> {
            ContractClient client = kit.builder(Kit.GATEWAY).region("us-east-1").apiKey(GATEWAY_KEY).build();
            return Kit.header(client.callSigned(
                CallSignedRequest.builder().name("a b/c").filter(List.of("z", "a b", "")).body(Kit.thing("\u00fc"))
                    .build()), "x-caller");
        });
        scenarios.put("auth.signed-stranger", kit -> {
            ContractClient client = kit.builder(Kit.GATEWAY).credentials(Credentials.of(ID, SECRET))
                .region("us-east-1").apiKey(GATEWAY_KEY).build();
            return Kit.failure(() -> client.callSigned("x", Kit.thing("y")));
        });
        scenarios.put("auth.vectors", kit -> vectors());
    }

    private static ClientBuilder<ContractClient> echo(Kit kit) {
        return kit.builder(Kit.ECHO);
    }

    private static String signature(Response<Echo> response) {
        return response.headers().firstValue("x-contract-signature").orElse(null);
    }

    private static Object signed(Kit kit) {
        ContractClient client = echo(kit).credentials(SESSION).region("eu-west-1").apiKey("key-123").build();
        Response<Echo> response = client.raw().callSigned(
            CallSignedRequest.builder().name("a b/c").filter(List.of("z", "a b", "")).body(Kit.thing("\u00fc"))
                .build());
        Echo echo = response.value();
        return Kit.map("signature", signature(response), "target", echo.target(), "token",
            Kit.header(echo, "x-amz-security-token"), "key", Kit.header(echo, "x-api-key"), "wire", Kit.sent(echo));
    }

    private static Object signedHook(Kit kit) {
        ContractClient client = echo(kit).credentials(SESSION).region("eu-west-1").apiKey("key-123")
            .beforeAttempt(attempt -> attempt.setHeader("X-Hook", "signed")).build();
        Response<Echo> response = client.raw().callSigned("x", Kit.thing("y"));
        String authorization = String.join(",", Kit.header(response.value(), "authorization"));
        return Kit.map("signature", signature(response), "hook", Kit.header(response.value(), "x-hook"), "signed",
            authorization.contains(";x-hook"));
    }

    private static Object signedProvider(Kit kit) {
        AtomicInteger calls = new AtomicInteger();
        ContractClient client = kit.builder(Kit.ECHO + "/flaky").region("us-east-1").apiKey("key-123")
            .credentials(Provider.calling(() -> {
                calls.incrementAndGet();
                return Credentials.of(ID, SECRET);
            })).build();
        Response<Echo> response = client.with(CallOptions.builder().idempotencyKey("k").build()).raw()
            .callSigned("x", Kit.thing("y"));
        return Kit.map("signature", signature(response), "calls", calls.get() >= 1 && calls.get() <= 3);
    }

    private static Object vectors() throws IOException {
        Map<String, Object> results = new LinkedHashMap<>();
        for (JsonValue vector : JsonValue.parse(Files.readString(Path.of(System.getenv("CONTRACT_VECTORS")))).asList()) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (JsonValue header : text(vector, "headers").asList()) {
                headers.computeIfAbsent(header.asList().get(0).asString(), name -> new ArrayList<>())
                    .add(header.asList().get(1).asString());
            }
            JsonValue token = text(vector, "sessionToken");
            Credentials credentials = Credentials.of(text(vector, "accessKeyId").asString(),
                text(vector, "secretAccessKey").asString(), token.isNull() ? null : token.asString());
            Map<String, String> added = Signer.sign(
                text(vector, "method").asString(), text(vector, "url").asString(), headers,
                Base64.getDecoder().decode(text(vector, "body").asString()), credentials,
                text(vector, "region").asString(), text(vector, "service").asString(),
                LocalDateTime.parse(text(vector, "time").asString(), DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'"))
                    .toInstant(ZoneOffset.UTC));
            results.put(text(vector, "name").asString(), added.get("Authorization"));
        }
        return results;
    }

    private static JsonValue text(JsonValue vector, String name) {
        return vector.get(name).orElseThrow();
    }
}
