import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.jvm.optionals.getOrNull
import portico.contract.ContractClient
import portico.contract.model.NewThing
import portico.contract.model.Thing
import portico.contract.runtime.ResponseException

/** Answers that are errors, and several that are none. */
val errorScenarios: Map<String, Scenario> = mapOf<String, Scenario>(
    "errors.declared" to { failure { gateway().getThing("missing") } },
    "errors.declared-other" to { failure { gateway().getThing("conflict") } },
    "errors.default" to { failure { gateway().getThing("teapot") } },
    "errors.garbled" to { failure { gateway().getThing("garbled") } },
    "errors.undeclared" to { failure { gateway().getUndeclared("teapot") } },
    "errors.raw" to {
        try {
            gateway().getUndeclared("missing").id()
        } catch (error: ResponseException) {
            mapOf(
                "type" to error.headers().firstValue("content-type").getOrNull(),
                "wire" to error.response().text(),
                "requestId" to error.requestId().isPresent,
            )
        }
    },
    "errors.gateway-route" to { failure { client("$GATEWAY/nothing").getThing("x") } },
    "errors.gateway-key" to { failure { gateway { apiKey("wrong") }.callWithApiKey() } },
    "errors.gateway-denied" to { failure { gateway { token("t") }.callWithBearer() } },
    "errors.gateway-validator" to { failure { gateway().createThing(NewThing { name("") }) } },
    "errors.redirect" to { mapOf("result" to failure { gateway().callRedirect() }, "attempts" to attempts) },
    "calls.created" to { gateway().createThing(NewThing { name("n") }).name() },
    "calls.several" to {
        listOf("x", "new", "later").map { id ->
            val response = gateway().raw.putThing(id, thing("q"))
            // The value alone is null where there is none.
            val value: Thing? = gateway().putThing(id, thing("q"))
            check(value == response.value().getOrNull())
            mapOf("status" to response.status(), "id" to value?.id())
        }
    },
    "calls.nothing" to { listOf(gateway().raw.deleteThing("x").status(), gateway().raw.headThing("x").status()) },
    "calls.raw" to {
        val response = gateway().raw.getThing("x")
        mapOf(
            "status" to response.status(),
            "type" to response.headers().firstValue("CONTENT-TYPE").getOrNull(),
            "requestId" to response.requestId().isPresent,
            "wire" to response.text(),
            "id" to response.value().id(),
            "count" to response.value().count().getOrNull(),
        )
    },
    "calls.header-twice" to {
        val headers = gateway().raw.readHeaders().headers()
        mapOf(
            "multi" to headers.allValues("X-Multi").joinToString(", "),
            "single" to headers.firstValue("X-Single").getOrNull(),
        )
    },
    "calls.deprecated" to {
        @Suppress("DEPRECATION")
        gateway().callDeprecated().id()
    },
    "calls.concurrent" to {
        val client = gateway()
        val calls = List(20) { number -> started { client.getThing("t$number") } }
        calls.withIndex().count { (number, call) -> call.join().id() == "t$number" }
    },
    "calls.addresses" to {
        listOf(
            ContractClient { api("abc123", "eu-central-1", "prod") }.baseUrl,
            ContractClient { api("abc123", "cn-north-1", "prod") }.baseUrl,
            ContractClient { domain("api.example.com") }.baseUrl,
            ContractClient { domain("api.example.com", "v1") }.baseUrl,
        )
    },
) + listOf("type", "missing", "overflow", "text").associate<String, String, Scenario> { kind ->
    "errors.decoding-$kind" to { failure { gateway().readBroken(kind) } }
}

/** A coroutine that was started and goes on beside this one. */
private fun <T> started(block: suspend () -> T): CompletableFuture<T> {
    val future = CompletableFuture<T>()
    block.startCoroutine(
        Continuation(EmptyCoroutineContext) { it.fold(future::complete, future::completeExceptionally) },
    )
    return future
}
