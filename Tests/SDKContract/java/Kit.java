import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import portico.contract.ContractClient;
import portico.contract.model.Color;
import portico.contract.model.DefaultException;
import portico.contract.model.Echo;
import portico.contract.model.Problem;
import portico.contract.model.Thing;
import portico.contract.runtime.Bytes;
import portico.contract.runtime.CallTimeoutException;
import portico.contract.runtime.ClientBuilder;
import portico.contract.runtime.DecodingException;
import portico.contract.runtime.GatewayException;
import portico.contract.runtime.InvalidArgumentException;
import portico.contract.runtime.JsonValue;
import portico.contract.runtime.PagingException;
import portico.contract.runtime.ResponseException;
import portico.contract.runtime.SdkException;
import portico.contract.runtime.TransportException;

/** What one scenario uses: clients with recordings, and results. */
final class Kit {
    static final String GATEWAY = System.getenv("CONTRACT_URL");
    static final String ECHO = System.getenv("CONTRACT_ECHO_URL");
    static final String SILENT = System.getenv("CONTRACT_SILENT_URL");
    static final String REFUSED = System.getenv("CONTRACT_REFUSED_URL");

    final List<Object> waits = new ArrayList<>();
    final List<Object> attempts = new ArrayList<>();
    final List<Boolean> durations = new ArrayList<>();

    /** A scenario. */
    @FunctionalInterface
    interface Scenario {
        Object run(Kit kit) throws Exception;
    }

    ClientBuilder<ContractClient> builder(String url) {
        return ContractClient.builder().baseUrl(url).random(() -> 0.5).sleeper(duration -> {
            waits.add(duration.toMillis());
            return CompletableFuture.completedFuture(null);
        }).afterAttempt(result -> {
            attempts.add(result.status().isPresent() ? (Object) result.status().getAsInt() : "failed");
            durations.add(!result.duration().isNegative());
        });
    }

    ContractClient gateway() {
        return builder(GATEWAY).build();
    }

    ContractClient echo() {
        return builder(ECHO).build();
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
        if (error instanceof GatewayException) {
            GatewayException gateway = (GatewayException) error;
            return map("error", "gateway", "status", gateway.status(), "errorType", gateway.errorType().orElse(null),
                "message", gateway.serviceMessage().orElse(null), "requestId", gateway.requestId().isPresent());
        }
        if (error instanceof ResponseException) {
            ResponseException response = (ResponseException) error;
            Map<String, Object> result = map("error", "response", "status", response.status(), "message",
                response.serviceMessage().orElse(null));
            Object body = body(response);
            if (body != null) {
                result.put("error", "declared");
                result.put("requestId", response.requestId().isPresent());
                result.put("body", body);
            }
            return result;
        }
        if (error instanceof DecodingException) {
            return map("error", "decoding", "path", ((DecodingException) error).path());
        }
        Map<Class<?>, String> kinds = Map.of(TransportException.class, "transport", CallTimeoutException.class,
            "timeout", InvalidArgumentException.class, "argument", PagingException.class, "paging");
        return map("error", kinds.getOrDefault(error.getClass(), error.toString()));
    }

    private static Object body(ResponseException error) {
        if (error instanceof portico.contract.model.NotFoundException) {
            return problem(((portico.contract.model.NotFoundException) error).body());
        }
        if (error instanceof DefaultException) {
            return problem(((DefaultException) error).body());
        }
        if (error instanceof portico.contract.model.ConflictException) {
            Thing body = ((portico.contract.model.ConflictException) error).body();
            return map("id", body.id(), "count", body.count().orElse(null));
        }
        return null;
    }

    private static Object problem(Problem problem) {
        return map("code", problem.code(), "message", problem.message(), "detail", problem.detail().orElse(null));
    }

    static List<String> header(Echo echo, String name) {
        return echo.headers().get(name);
    }

    static String sent(Echo echo) {
        return echo.body().toUtf8();
    }

    static Thing thing(String id) {
        return Thing.builder().id(id).build();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
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
        if (value instanceof Color || value instanceof Bytes || value instanceof java.time.LocalDate
            || value instanceof String) {
            return JsonValue.of(value.toString());
        }
        throw new IllegalArgumentException("a result of " + value.getClass());
    }
}
