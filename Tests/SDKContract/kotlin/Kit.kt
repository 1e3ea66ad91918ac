import java.util.Collections
import java.util.concurrent.CompletableFuture
import kotlin.jvm.optionals.getOrNull
import portico.contract.ContractClient
import portico.contract.model.Color
import portico.contract.model.ConflictException
import portico.contract.model.DefaultException
import portico.contract.model.Echo
import portico.contract.model.NotFoundException
import portico.contract.model.Problem
import portico.contract.model.Thing
import portico.contract.runtime.Bytes
import portico.contract.runtime.CallTimeoutException
import portico.contract.runtime.ClientBuilder
import portico.contract.runtime.DecodingException
import portico.contract.runtime.GatewayException
import portico.contract.runtime.InvalidArgumentException
import portico.contract.runtime.JsonValue
import portico.contract.runtime.PagingException
import portico.contract.runtime.ResponseException
import portico.contract.runtime.SdkException
import portico.contract.runtime.TransportException

typealias Scenario = suspend Kit.() -> Any?

val GATEWAY: String = System.getenv("CONTRACT_URL")
val ECHO: String = System.getenv("CONTRACT_ECHO_URL")
val SILENT: String = System.getenv("CONTRACT_SILENT_URL")
val REFUSED: String = System.getenv("CONTRACT_REFUSED_URL")

/** What one scenario uses: clients with recordings. */
class Kit {
    val waits: MutableList<Long> = Collections.synchronizedList(mutableListOf())
    val attempts: MutableList<Any> = Collections.synchronizedList(mutableListOf())
    val durations: MutableList<Boolean> = Collections.synchronizedList(mutableListOf())

    fun client(url: String, configure: ClientBuilder<ContractClient>.() -> Unit = {}): ContractClient =
        ContractClient {
            baseUrl(url)
            random { 0.5 }
            sleeper { duration ->
                waits += duration.toMillis()
                CompletableFuture.completedFuture(null)
            }
            afterAttempt { result ->
                attempts += if (result.status().isPresent) result.status().asInt else "failed"
                durations += !result.duration().isNegative
            }
            configure()
        }

    fun gateway(configure: ClientBuilder<ContractClient>.() -> Unit = {}): ContractClient = client(GATEWAY, configure)

    fun echo(configure: ClientBuilder<ContractClient>.() -> Unit = {}): ContractClient = client(ECHO, configure)
}

/** The error of a call that must fail. */
inline fun failure(call: () -> Any?): Map<String, Any?> = try {
    mapOf("error" to "none", "value" to call().toString())
} catch (error: Exception) {
    describe(error)
}

/** A caught error as results have it. */
fun describe(error: Exception): Map<String, Any?> = when (error) {
    is GatewayException -> mapOf(
        "error" to "gateway",
        "status" to error.status(),
        "errorType" to error.errorType().getOrNull(),
        "message" to error.serviceMessage().getOrNull(),
        "requestId" to error.requestId().isPresent,
    )
    is ResponseException -> {
        val common = mapOf("status" to error.status(), "message" to error.serviceMessage().getOrNull())
        when (val body = declared(error)) {
            null -> common + ("error" to "response")
            else -> common + mapOf("error" to "declared", "requestId" to error.requestId().isPresent, "body" to body)
        }
    }
    is DecodingException -> mapOf("error" to "decoding", "path" to error.path())
    is TransportException -> mapOf("error" to "transport")
    is CallTimeoutException -> mapOf("error" to "timeout")
    is InvalidArgumentException -> mapOf("error" to "argument")
    is PagingException -> mapOf("error" to "paging")
    is SdkException -> mapOf("error" to error.toString())
    else -> mapOf("error" to "foreign", "type" to error.toString())
}

private fun declared(error: ResponseException): Map<String, Any?>? = when (error) {
    is NotFoundException -> problem(error.body())
    is DefaultException -> problem(error.body())
    is ConflictException -> mapOf("id" to error.body().id(), "count" to error.body().count().getOrNull())
    else -> null
}

private fun problem(problem: Problem): Map<String, Any?> =
    mapOf("code" to problem.code(), "message" to problem.message(), "detail" to problem.detail().getOrNull())

fun Echo.header(name: String): List<String>? = headers()[name]

val Echo.sent: String get() = body().toUtf8()

fun thing(id: String): Thing = Thing { id(id) }

/** A result as JSON. */
fun json(value: Any?): JsonValue = when (value) {
    null -> JsonValue.NULL
    is JsonValue -> value
    is Boolean -> JsonValue.of(value)
    is Int -> JsonValue.of(value.toLong())
    is Long -> JsonValue.of(value)
    is Double -> JsonValue.of(value)
    is Collection<*> -> JsonValue.array(value.map(::json))
    is Map<*, *> -> JsonValue.`object`(value.entries.associate { (name, member) -> name as String to json(member) })
    is Bytes -> JsonValue.of(value.toBase64())
    is Color, is java.time.LocalDate, is String -> JsonValue.of(value.toString())
    else -> throw IllegalArgumentException("a result of ${value.javaClass}")
}
