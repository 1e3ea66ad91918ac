import java.io.SequenceInputStream
import java.time.Instant
import java.time.LocalDate
import java.util.Base64
import java.util.Collections
import kotlin.jvm.optionals.getOrNull
import portico.contract.model.Color
import portico.contract.runtime.Body
import portico.contract.runtime.Response

private val DAY = LocalDate.of(2024, 2, 29)

/** What is on the wire. */
val wireScenarios: Map<String, Scenario> = mapOf(
    "wire.path" to { echo().callPath("a b/c%\u00fc~.-_!*'()", "x/y z/%/\u00fc?#").target() },
    "wire.path-empty" to { listOf(failure { echo().callPath("", "x") }, failure { echo().callPath("x", "") }) },
    "wire.path-typed" to { echo().callTypedPath(Long.MAX_VALUE, DAY, Color.DARK_BLUE).target() },
    "wire.base-slash" to { client("$ECHO/").callPath("a", "b").target() },
    "wire.query" to {
        echo().callQuery(
            text = "a b+c&d=e/f?\u00fc'()*!~",
            flag = false,
            count = -1,
            ratio = 0.5,
            `when` = Instant.parse("2024-02-29T23:59:59.5Z"),
            day = DAY,
            color = Color.DARK_BLUE,
            tags = listOf("a", "b&c", ""),
            commas = listOf("a", "b c"),
            blanks = listOf("a", "b"),
            pipes = listOf(1, 2),
            filterName = "x",
        ).target()
    },
    "wire.query-none" to { echo().callQuery().target() },
    "wire.query-empty" to { echo().callQuery(text = "", tags = listOf(), commas = listOf()).target() },
    "wire.headers" to {
        val echo = echo().callHeaders("a  b", xFlag = true, xCount = Long.MIN_VALUE, xTags = listOf("a", "b c"))
        mapOf(
            "required" to echo.header("x-required"),
            "flag" to echo.header("x-flag"),
            "count" to echo.header("x-count"),
            "tags" to echo.header("x-tags"),
        )
    },
    "wire.header-break" to {
        listOf(failure { echo().callHeaders("a\r\nX-Evil: 1") }, failure { echo().callHeaders("a\nb") })
    },
    "wire.any" to {
        val client = echo()
        listOf(client.callAny("PATCH", "x", thing("y")), client.callAny("DELETE", "x")).map { echo ->
            mapOf("method" to echo.method(), "type" to echo.header("content-type"), "wire" to echo.sent)
        }
    },
    "wire.user-agent" to { echo().callQuery().header("user-agent") },
    "wire.accept" to {
        val raw = echo().raw
        listOf(accept(raw.callQuery()), accept(raw.echoText("x")), accept(raw.download(1)))
    },
    "wire.text" to { gateway().echoText("Gr\u00fc\u00dfe\n\"quoted\" \\ \ud83d\ude00") },
    "wire.upload" to { gateway().uploadBytes(Body.of(*ByteArray(256) { it.toByte() })).data() },
    "wire.upload-stream" to {
        val pieces = List(4) { piece -> ByteArray(65_536) { piece.toByte() } }
        val stream = SequenceInputStream(Collections.enumeration(pieces.map { it.inputStream() }))
        val echo = echo().streamBytes(Body.of(stream))
        val wanted = pieces.reduce(ByteArray::plus)
        mapOf(
            "size" to echo.body().size(),
            "same" to echo.body().toByteArray().contentEquals(wanted),
            "encoding" to echo.header("transfer-encoding"),
            "type" to echo.header("content-type"),
        )
    },
    "wire.upload-retried" to {
        val echo = client("$ECHO/flaky").with { idempotencyKey("k") }.streamBytes(Body.of(1, 2, 3))
        mapOf("body" to echo.body(), "attempts" to attempts)
    },
    "wire.upload-stream-not-retried" to {
        val client = client("$ECHO/flaky").with { idempotencyKey("k") }
        val once = byteArrayOf(1, 2, 3).inputStream()
        mapOf("result" to failure { client.streamBytes(Body.of(once)) }, "attempts" to attempts)
    },
    "wire.download" to { Base64.getEncoder().encodeToString(echo().download(256)) },
    "wire.download-stream" to {
        val client = echo()
        client.downloadStream(1_000_000, hold = "gate").use { stream ->
            val first = stream.readNBytes(1000)
            client.openGate("gate")
            val bytes = first + stream.readAllBytes()
            mapOf("size" to bytes.size, "sum" to bytes.sumOf { it.toLong() and 255 })
        }
    },
    "wire.download-error" to { failure { client("$GATEWAY/nothing").downloadStream(1) } },
    "wire.download-broken" to {
        val stream = client("$ECHO/truncated").downloadStream(1000)
        var count = 0
        val result = failure { while (stream.read() >= 0) count++ }
        if (count == 500) result else mapOf("error" to "after $count bytes")
    },
)

private fun accept(response: Response<*>): String? = response.headers().firstValue("x-contract-accept").getOrNull()
