import java.util.concurrent.CompletableFuture
import kotlin.jvm.optionals.getOrNull
import kotlin.time.Duration.Companion.seconds
import portico.socketcontract.SocketContractClient
import portico.socketcontract.SocketContractSocket
import portico.socketcontract.model.Command
import portico.socketcontract.model.IncomingMessage
import portico.socketcontract.model.Said
import portico.socketcontract.model.Say
import portico.socketcontract.runtime.Bytes
import portico.socketcontract.runtime.CallTimeoutException
import portico.socketcontract.runtime.ClientBuilder
import portico.socketcontract.runtime.ConnectionClosedException
import portico.socketcontract.runtime.Credentials
import portico.socketcontract.runtime.GatewayException
import portico.socketcontract.runtime.InvalidArgumentException
import portico.socketcontract.runtime.JsonValue
import portico.socketcontract.runtime.ResponseException
import portico.socketcontract.runtime.SdkException
import portico.socketcontract.runtime.SocketMessage
import portico.socketcontract.runtime.SocketOptions
import portico.socketcontract.runtime.TransportException

typealias Scenario = suspend Kit.() -> Any?

val URL: String = System.getenv("CONTRACT_SOCKET_URL")
val SILENT: String = System.getenv("CONTRACT_SILENT_URL")
val REFUSED: String = System.getenv("CONTRACT_REFUSED_URL")
val LIMIT = 30.seconds

/** What one scenario uses: connections with recordings. */
class Kit(private val name: String) {
    val waits = mutableListOf<Long>()
    var reconnects = 0
    private val sockets = mutableListOf<SocketContractSocket>()

    suspend fun connect(
        path: String = "/chat",
        url: String = URL + path,
        room: String = name,
        tags: List<String>? = null,
        trace: String? = null,
        key: String? = "contract-key-0123456789",
        configure: ClientBuilder<SocketContractClient>.() -> Unit = {},
        options: SocketOptions.Builder.() -> Unit = {},
    ): SocketContractSocket {
        val client = SocketContractClient {
            baseUrl(url)
            region("us-east-1")
            credentials(Credentials.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
            if (key != null) {
                apiKey(key)
            }
            random { 0.5 }
            sleeper { duration ->
                waits += duration.toMillis()
                CompletableFuture.completedFuture(null)
            }
            configure()
        }
        val socket = client.connect(room, tags, trace, SocketOptions.builder().apply(options).build())
        sockets += socket
        return socket
    }

    /** Says so after each reconnection. */
    fun again(socket: SocketContractSocket): SocketContractSocket {
        socket.onReconnect {
            reconnects += 1
            socket.say(Say { text("again") })
        }
        return socket
    }

    suspend fun close() {
        for (socket in sockets) {
            socket.close()
        }
    }

    /** The close frames of the scenario's room. */
    suspend fun closes(): List<String> = connect().report("closes")
}

/** Sends a command. */
suspend fun SocketContractSocket.command(name: String, text: String? = null, number: Int? = null): Unit = run(
    Command {
        name(name)
        text?.let { text(it) }
        number?.let { number(it) }
    },
)

/** The first message after a command. */
suspend fun SocketContractSocket.ask(
    name: String,
    text: String? = null,
    number: Int? = null,
): SocketMessage<IncomingMessage> {
    command(name, text, number)
    return receive(LIMIT)
}

suspend fun SocketContractSocket.report(name: String): List<String> = ask(name).texts

val SocketMessage<IncomingMessage>.texts: List<String> get() = value().get().asReport().get().texts()

val SocketMessage<IncomingMessage>.said: Said get() = value().get().asSaid().get()

/** What the gateway says of a message that failed, and which ids it tells. */
val SocketMessage<IncomingMessage>.refusal: Map<String, Any?>
    get() {
        val failure = value().get().asMessageFailure().get()
        return mapOf(
            "message" to failure.message(),
            "connection" to failure.connectionId().isNotEmpty(),
            "request" to failure.requestId().isPresent,
            "messageId" to failure.messageId().isPresent,
        )
    }

val SocketMessage<IncomingMessage>.kind: String
    get() = when (value().getOrNull()?.kind()) {
        null -> "bytes"
        IncomingMessage.Kind.SAID -> "Said"
        IncomingMessage.Kind.REPORT -> "Report"
        IncomingMessage.Kind.JOINED -> "Joined"
        IncomingMessage.Kind.MESSAGE_FAILURE -> "MessageFailure"
        else -> "unknown"
    }

/** How receiving everything ends. */
suspend fun SocketContractSocket.rest(): Any {
    try {
        for (message in this) {
            message.text()
        }
    } catch (error: SdkException) {
        return describe(error)
    }
    return "end"
}

/** The error of a call that must fail. */
inline fun failure(call: () -> Any?): Map<String, Any?> = try {
    mapOf("error" to "none", "value" to call().toString())
} catch (error: Exception) {
    describe(error)
}

/** A caught error as results have it. */
fun describe(error: Exception): Map<String, Any?> = when (error) {
    is ConnectionClosedException -> mapOf("error" to "closed", "code" to error.code(), "reason" to error.reason())
    is GatewayException -> mapOf(
        "error" to "gateway",
        "status" to error.status(),
        "errorType" to error.errorType().getOrNull(),
        "message" to error.serviceMessage().getOrNull(),
        "requestId" to error.requestId().isPresent,
    )
    is ResponseException -> mapOf(
        "error" to "response",
        "status" to error.status(),
        "message" to error.serviceMessage().getOrNull(),
    )
    is TransportException -> mapOf("error" to "transport")
    is CallTimeoutException -> mapOf("error" to "timeout")
    is InvalidArgumentException -> mapOf("error" to "argument")
    is SdkException -> mapOf("error" to error.toString())
    else -> mapOf("error" to "foreign", "type" to error.toString())
}

/** A result as JSON. */
fun json(value: Any?): JsonValue = when (value) {
    null -> JsonValue.NULL
    is JsonValue -> value
    is Boolean -> JsonValue.of(value)
    is Int -> JsonValue.of(value.toLong())
    is Long -> JsonValue.of(value)
    is Collection<*> -> JsonValue.array(value.map(::json))
    is Map<*, *> -> JsonValue.`object`(value.entries.associate { (name, member) -> name as String to json(member) })
    is Bytes -> JsonValue.of(value.toBase64())
    is String -> JsonValue.of(value)
    else -> throw IllegalArgumentException("a result of ${value.javaClass}")
}
