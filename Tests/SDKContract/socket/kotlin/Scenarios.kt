import java.time.LocalDate
import kotlin.jvm.optionals.getOrNull
import kotlin.time.Duration.Companion.milliseconds
import portico.socketcontract.SocketContractSocket
import portico.socketcontract.model.Join
import portico.socketcontract.model.Say
import portico.socketcontract.runtime.JsonValue
import portico.socketcontract.runtime.SdkException
import portico.socketcontract.runtime.SocketOptions
import portico.socketcontract.runtime.attemptTimeout
import portico.socketcontract.runtime.pingInterval

private const val FAILURE = """{"message":"Internal server error","connectionId":"c=","requestId":"r="}"""

private suspend fun Kit.violation(
    name: String,
    number: Int? = null,
    options: SocketOptions.Builder.() -> Unit = {},
): Any {
    val socket = connect {
        reconnects(false)
        options()
    }
    val result = failure { socket.ask(name, number = number) }
    return mapOf("result" to result, "closes" to closes())
}

private fun say(text: String): Say = Say { text(text) }

@Suppress("DEPRECATION")
private suspend fun SocketContractSocket.look(json: String? = null) {
    if (json == null) lookAround() else lookAround(JsonValue.parse(json))
}

val scenarios: Map<String, Scenario> = mapOf(
    "socket.head" to { connect(room = "a b&c", tags = listOf("x", "y z"), trace = "t").report("head") },
    "socket.join" to {
        val socket = connect()
        socket.join(
            Join {
                room("r")
                since(LocalDate.of(2024, 2, 29))
            },
        )
        val message = socket.receive(LIMIT)
        val joined = message.value().get().asJoined().get()
        mapOf("kind" to message.kind, "room" to joined.room(), "members" to joined.members().toString())
    },
    "socket.say" to {
        val socket = connect()
        socket.say(say("ü 😀"))
        val message = socket.receive(LIMIT)
        mapOf(
            "kind" to message.kind,
            "text" to message.said.text(),
            "at" to message.said.at().get().toEpochMilli(),
            "wire" to message.text().getOrNull(),
        )
    },
    "socket.wire" to {
        val socket = connect()
        val calls = listOf<suspend () -> Unit>(
            { socket.look() },
            { socket.look("""{"a": 1, "action": "x"}""") },
            { socket.sendAnything(JsonValue.parse("""{"b": [null]}""")) },
            { socket.sendAnything(JsonValue.parse("[1]")) },
        )
        calls.map { call ->
            call()
            mapOf("wire" to socket.receive(LIMIT).texts[0])
        }
    },
    "socket.no-object" to {
        val socket = connect()
        failure { socket.look("[1]") }
    },
    "socket.kinds" to {
        val socket = connect()
        val sent = listOf(
            """{"type":"whispered","text":"w"}""",
            """{"room":"r","members":1}""",
            FAILURE,
            """{"message":"Bad request body","connectionId":"c=","messageId":"m="}""",
            """{"type":"other"}""",
            """{"type":"said"}""",
            "no JSON",
            "7",
        )
        sent.map { socket.ask("send", it).kind } + socket.ask("bytes").kind
    },
    "socket.failure" to {
        val failure = connect().ask("send", FAILURE).value().get().asMessageFailure().get()
        mapOf(
            "message" to failure.message(),
            "connection" to failure.connectionId(),
            "request" to failure.requestId().getOrNull(),
            "messageId" to failure.messageId().getOrNull(),
        )
    },
    "socket.invalid" to {
        val socket = connect()
        socket.sendAnything(JsonValue.parse("""{"action": "say"}"""))
        socket.receive(LIMIT).refusal
    },
    "socket.fault" to { connect().ask("fault").refusal },
    "socket.unknown" to {
        val socket = connect()
        listOf("""{"type":"other","n":9007199254740993}""", "no JSON").map {
            val message = socket.ask("send", it)
            val json = message.value().get().asUnknown().get()
            mapOf("wire" to message.text().getOrNull(), "json" to mapOf("wire" to json.toString()))
        }
    },
    "socket.fragments" to {
        val socket = connect()
        mapOf("text" to socket.ask("fragments").said.text(), "texts" to socket.receive(LIMIT).texts)
    },
    "socket.frames" to {
        val socket = connect()
        socket.say(say("x".repeat(100_000)))
        socket.receive(LIMIT)
        socket.report("frames")
    },
    "socket.long" to {
        val socket = connect()
        try {
            socket.say(say("x".repeat(100_000)))
            socket.receive(LIMIT).said.text().length
        } catch (error: SdkException) {
            describe(error)
        }
    },
    "socket.big" to { connect().ask("big", number = 200_000).said.text().length },
    "socket.too-big" to { violation("big", 2000) { maxMessageBytes(1000) } },
    "socket.bytes" to {
        val socket = connect()
        socket.sendBytes(byteArrayOf(-1, 0))
        socket.ask("mirror").data().getOrNull()
    },
    "socket.masked" to { violation("masked") },
    "socket.reserved" to { violation("reserved") },
    "socket.surrogate" to { violation("surrogate") },
    "socket.opcode" to { violation("opcode") },
    "socket.close" to {
        val socket = connect()
        socket.close(3001, "bye")
        mapOf("result" to socket.rest(), "closes" to closes())
    },
    "socket.closed" to {
        val socket = connect()
        failure { socket.ask("close", "why", 4001) }
    },
    "socket.restart" to {
        val socket = connect { reconnects(false) }
        failure { socket.ask("close", number = 1001) }
    },
    "socket.ended" to {
        val socket = connect()
        socket.command("close", number = 1000)
        socket.rest()
    },
    "socket.send-closed" to {
        val socket = connect()
        socket.close()
        failure { socket.say(say("x")) }
    },
)

val openings: Map<String, Scenario> = mapOf(
    "socket.reconnect" to {
        val text = again(connect("/flaky")).ask("drop").said.text()
        mapOf("text" to text, "waits" to waits, "reconnects" to reconnects)
    },
    "socket.reconnect-close" to {
        val text = again(connect()).ask("close", number = 1012).said.text()
        mapOf("text" to text, "waits" to waits, "reconnects" to reconnects)
    },
    "socket.reconnect-off" to {
        val socket = connect { reconnects(false) }
        failure { socket.ask("drop") }
    },
    "socket.reconnect-gives-up" to {
        val socket = connect("/gone") { maxReconnects(3) }
        mapOf("result" to failure { socket.ask("drop") }, "waits" to waits)
    },
    "socket.reconnect-refused" to {
        val socket = connect("/forbidden")
        mapOf("result" to failure { socket.ask("drop") }, "waits" to waits)
    },
    "socket.refused" to { failure { connect("/refuse-403") } },
    "socket.garbled" to { failure { connect("/garbled") } },
    "socket.port" to { failure { connect(url = REFUSED) } },
    "socket.timeout" to { failure { connect(url = SILENT, configure = { attemptTimeout(200.milliseconds) }) } },
    "socket.protocol" to {
        connect("/protocol-b") {
            subprotocol("a")
            subprotocol("b")
        }.subprotocol
    },
    "socket.protocol-none" to { connect().subprotocol },
    "socket.protocol-unasked" to { failure { connect("/protocol-c") { subprotocol("a") } } },
    "socket.key-missing" to { failure { connect(key = null) } },
    "socket.key-wrong" to { failure { connect(key = "contract-key-9876543210") } },
    "socket.unauthorized" to { failure { connect("/guarded") } },
    "socket.denied" to { failure { connect("/guarded", trace = "deny") } },
    "socket.authorized" to { connect("/guarded", trace = "allow").report("caller") },
    "socket.break" to { failure { connect(trace = "a\r\nX: b") } },
    "socket.ping" to {
        val socket = connect()
        socket.ping()
        socket.ping()
        socket.report("pings")
    },
    "socket.keep-alive" to {
        val socket = connect("/mute") {
            reconnects(false)
            pingInterval(100.milliseconds)
        }
        failure { socket.receive(LIMIT) }
    },
    "socket.kept-alive" to {
        val socket = connect {
            reconnects(false)
            pingInterval(500.milliseconds)
        }
        val result = failure { socket.receive(1300.milliseconds) }
        socket.say(say("x"))
        mapOf("result" to result, "text" to socket.receive(LIMIT).said.text())
    },
    "socket.receive-timeout" to {
        val socket = connect()
        val result = failure { socket.receive(100.milliseconds) }
        socket.say(say("x"))
        mapOf("result" to result, "text" to socket.receive(LIMIT).said.text())
    },
)
