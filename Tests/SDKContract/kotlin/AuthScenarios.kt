import java.nio.file.Path
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Base64
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlin.io.path.readText
import kotlin.jvm.optionals.getOrNull
import portico.contract.model.Echo
import portico.contract.runtime.Credentials
import portico.contract.runtime.JsonValue
import portico.contract.runtime.Response
import portico.contract.runtime.Signer
import portico.contract.runtime.credentialsProvider
import portico.contract.runtime.tokenProvider

private const val ID = "AKIDEXAMPLE"
private const val SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
private const val GATEWAY_KEY = "contract-key-0123456789"
private val SESSION = Credentials.of(ID, SECRET, "session/token==")

/** Who is calling. */
val authScenarios: Map<String, Scenario> = mapOf(
    "auth.api-key" to { echo { apiKey("key-123") }.callWithApiKey().header("x-api-key") },
    "auth.api-key-missing" to { failure { echo().callWithApiKey() } + ("attempts" to attempts) },
    "auth.api-key-unneeded" to { echo { apiKey("key-123") }.callQuery().header("x-api-key") },
    "auth.token" to { echo { token("raw-token") }.callWithToken().header("authorization") },
    "auth.token-callback" to {
        val count = AtomicInteger()
        val client = client("$ECHO/flaky") { tokenProvider { "token-" + later(count.incrementAndGet()) } }
        mapOf("authorization" to client.callWithToken().header("authorization"), "attempts" to attempts)
    },
    "auth.token-missing" to { failure { echo().callWithToken() } },
    "auth.token-refused" to { mapOf("result" to failure { gateway().retryGet("refused") }, "attempts" to attempts) },
    "auth.custom-token" to {
        val echo = echo { token("raw-token") }.callWithCustomToken()
        mapOf("x-custom-token" to echo.header("x-custom-token"), "authorization" to echo.header("authorization"))
    },
    "auth.bearer" to { echo { token("raw-token") }.callWithBearer().header("authorization") },
    "auth.basic" to { echo { basic("Aladdin", "open:sesame \u00fc") }.callWithBasic().header("authorization") },
    "auth.basic-missing" to { failure { echo().callWithBasic() } },
    "auth.header-key" to { echo { key("X-Partner-Key", "p-1") }.callWithHeaderKey().header("x-partner-key") },
    "auth.query-key" to { echo { key("partner key", "a b&c") }.callWithQueryKey().target() },
    "auth.key-missing" to { failure { echo().callWithHeaderKey() } },
    "auth.signed" to {
        val client = echo {
            credentials(SESSION)
            region("eu-west-1")
            apiKey("key-123")
        }
        val response = client.raw.callSigned("a b/c", thing("\u00fc"), filter = listOf("z", "a b", ""))
        val echo = response.value()
        mapOf(
            "signature" to signature(response),
            "target" to echo.target(),
            "token" to echo.header("x-amz-security-token"),
            "key" to echo.header("x-api-key"),
            "wire" to echo.sent,
        )
    },
    "auth.signed-hook" to {
        val client = echo {
            credentials(SESSION)
            region("eu-west-1")
            apiKey("key-123")
            beforeAttempt { it.setHeader("X-Hook", "signed") }
        }
        val response = client.raw.callSigned("x", thing("y"))
        mapOf(
            "signature" to signature(response),
            "hook" to response.value().header("x-hook"),
            "signed" to response.value().header("authorization").orEmpty().any { ";x-hook" in it },
        )
    },
    "auth.signed-provider" to {
        val calls = AtomicInteger()
        val client = client("$ECHO/flaky") {
            region("us-east-1")
            apiKey("key-123")
            credentialsProvider {
                calls.incrementAndGet()
                later(Credentials.of(ID, SECRET))
            }
        }
        val response = client.with { idempotencyKey("k") }.raw.callSigned("x", thing("y"))
        mapOf("signature" to signature(response), "calls" to (calls.get() in 1..3))
    },
    "auth.signed-environment" to {
        val client = echo {
            region("us-east-1")
            apiKey("key-123")
        }
        val response = client.raw.callSigned("x", thing("y"))
        mapOf("signature" to signature(response), "token" to response.value().header("x-amz-security-token"))
    },
    "auth.signed-gateway" to {
        val client = gateway {
            region("us-east-1")
            apiKey(GATEWAY_KEY)
        }
        client.callSigned("a b/c", thing("\u00fc"), filter = listOf("z", "a b", "")).header("x-caller")
    },
    "auth.signed-stranger" to {
        val client = gateway {
            credentials(Credentials.of(ID, SECRET))
            region("us-east-1")
            apiKey(GATEWAY_KEY)
        }
        failure { client.callSigned("x", thing("y")) }
    },
    "auth.vectors" to { vectors() },
)

/** A value that another thread gives. */
private suspend fun <T> later(value: T): T = suspendCoroutine { continuation ->
    Thread { continuation.resume(value) }.start()
}

private fun signature(response: Response<Echo>): String? =
    response.headers().firstValue("x-contract-signature").getOrNull()

private fun vectors(): Map<String, String?> {
    val vectors = JsonValue.parse(Path.of(System.getenv("CONTRACT_VECTORS")).readText()).asList()
    return vectors.associate { vector ->
        fun text(name: String) = vector.member(name).asString()
        val headers = vector.member("headers").asList().map { it.asList() }
            .groupBy({ (name, _) -> name.asString() }, { (_, value) -> value.asString() })
        val token = vector.member("sessionToken")
        val added = Signer.sign(
            text("method"),
            text("url"),
            headers,
            Base64.getDecoder().decode(text("body")),
            Credentials.of(
                text("accessKeyId"),
                text("secretAccessKey"),
                if (token.isNull) null else token.asString(),
            ),
            text("region"),
            text("service"),
            LocalDateTime.parse(text("time"), DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'"))
                .toInstant(ZoneOffset.UTC),
        )
        text("name") to added["Authorization"]
    }
}

private fun JsonValue.member(name: String): JsonValue = get(name).orElseThrow()
