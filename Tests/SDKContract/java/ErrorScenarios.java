import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import portico.contract.ContractClient;
import portico.contract.model.NewThing;
import portico.contract.model.Thing;
import portico.contract.runtime.ResponseException;
import portico.contract.runtime.Response;

/** Answers that are errors, and several that are none. */
final class ErrorScenarios {
    private ErrorScenarios() {}

    static void addTo(Map<String, Kit.Scenario> scenarios) {
        scenarios.put("errors.declared", kit -> Kit.failure(() -> kit.gateway().getThing("missing")));
        scenarios.put("errors.declared-other", kit -> Kit.failure(() -> kit.gateway().getThing("conflict")));
        scenarios.put("errors.default", kit -> Kit.failure(() -> kit.gateway().getThing("teapot")));
        scenarios.put("errors.garbled", kit -> Kit.failure(() -> kit.gateway().getThing("garbled")));
        scenarios.put("errors.undeclared", kit -> Kit.failure(() -> kit.gateway().getUndeclared("teapot")));
        scenarios.put("errors.raw", kit -> {
            try {
                return kit.gateway().getUndeclared("missing").id();
            } catch (ResponseException error) {
                return Kit.map("type", error.headers().firstValue("content-type").orElse(null), "wire",
                    error.response().text(), "requestId", error.requestId().isPresent());
            }
        });
        scenarios.put("errors.gateway-route",
            kit -> Kit.failure(() -> kit.builder(Kit.GATEWAY + "/nothing").build().getThing("x")));
        scenarios.put("errors.gateway-key",
            kit -> Kit.failure(kit.builder(Kit.GATEWAY).apiKey("wrong").build()::callWithApiKey));
        scenarios.put("errors.gateway-denied",
            kit -> Kit.failure(kit.builder(Kit.GATEWAY).token("t").build()::callWithBearer));
        scenarios.put("errors.gateway-validator",
            kit -> Kit.failure(() -> kit.gateway().createThing(NewThing.builder().name("").build())));
        for (String kind : List.of("type", "missing", "overflow", "text")) {
            scenarios.put("errors.decoding-" + kind, kit -> Kit.failure(() -> kit.gateway().readBroken(kind)));
        }
        scenarios.put("errors.redirect", kit -> Kit.map("result", Kit.failure(() -> {
            kit.gateway().callRedirect();
            return null;
        }), "attempts", kit.attempts));
        scenarios.put("calls.created",
            kit -> kit.gateway().createThing(NewThing.builder().name("n").build()).name());
        scenarios.put("calls.several", kit -> {
            List<Object> results = new ArrayList<>();
            for (String id : List.of("x", "new", "later")) {
                var response = kit.gateway().raw().putThing(id, Kit.thing("q"));
                results.add(Kit.map("status", response.status(), "id", response.value().map(Thing::id).orElse(null)));
            }
            return results;
        });
        scenarios.put("calls.nothing", kit -> List.of(
            kit.gateway().raw().deleteThing("x").status(), kit.gateway().raw().headThing("x").status()));
        scenarios.put("calls.raw", kit -> {
            Response<Thing> response = kit.gateway().raw().getThing("x");
            return Kit.map("status", response.status(), "type",
                response.headers().firstValue("CONTENT-TYPE").orElse(null), "requestId",
                response.requestId().isPresent(), "wire", response.text(), "id", response.value().id(), "count",
                response.value().count().orElse(null));
        });
        scenarios.put("calls.header-twice", kit -> {
            var headers = kit.gateway().raw().readHeaders().headers();
            return Kit.map("multi", String.join(", ", headers.allValues("X-Multi")), "single",
                headers.firstValue("X-Single").orElse(null));
        });
        scenarios.put("calls.deprecated", ErrorScenarios::deprecated);
        scenarios.put("calls.concurrent", kit -> {
            ContractClient client = kit.gateway();
            List<CompletableFuture<Thing>> calls = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                calls.add(client.getThingAsync("t" + number));
            }
            int own = 0;
            for (int number = 0; number < 20; number++) {
                own += calls.get(number).join().id().equals("t" + number) ? 1 : 0;
            }
            return own;
        });
        scenarios.put("calls.addresses", kit -> List.of(
            ContractClient.builder().api("abc123", "eu-central-1", "prod").build().baseUrl(),
            ContractClient.builder().api("abc123", "cn-north-1", "prod").build().baseUrl(),
            ContractClient.builder().domain("api.example.com").build().baseUrl(),
            ContractClient.builder().domain("api.example.com", "v1").build().baseUrl()));
    }

    @SuppressWarnings("deprecation")
    private static Object deprecated(Kit kit) {
        return kit.gateway().callDeprecated().id();
    }
}
