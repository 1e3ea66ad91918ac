import java.util.concurrent.CancellationException
import kotlin.jvm.optionals.getOrNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import portico.contract.model.Attempt
import portico.contract.runtime.attemptTimeout
import portico.contract.runtime.deadline

/** Trying again, and the time that it takes. */
val retryScenarios: Map<String, Scenario> = mapOf(
    "retry.throttled" to { succeeded(gateway().retryGet("throttled")) },
    "retry.throttled-post" to { succeeded(gateway().retryPost("throttled")) },
    "retry.flaky" to { succeeded(gateway().retryGet("flaky")) },
    "retry.flaky-post" to { failed(failure { gateway().retryPost("flaky") }) },
    "retry.flaky-post-key" to {
        val attempt = gateway().with { idempotencyKey("key-1") }.retryPost("flaky")
        succeeded(attempt) + ("idempotencyKey" to attempt.idempotencyKey().getOrNull())
    },
    "retry.exhausted" to { failed(failure { gateway().retryGet("dead") }) },
    "retry.never" to { failed(failure { gateway { maxRetries(0) }.retryGet("dead") }) },
    "retry.longest-wait" to {
        failure { gateway { maxRetries(9) }.retryGet("dead") }
        waits
    },
    "retry.patient" to { failed(failure { gateway().retryGet("patient") }) },
    "retry.past-deadline" to { failed(failure { gateway { deadline(1.seconds) }.retryGet("throttled") }) },
    "retry.date" to {
        client("$ECHO/date").callQuery()
        mapOf("attempts" to attempts, "waited" to (waits.size == 1 && waits.single() in 7_000..10_000))
    },
    "retry.refused" to { failed(failure { client(REFUSED).retryGet("x") }) },
    "retry.refused-post" to { failed(failure { client(REFUSED).retryPost("x") }) },
    "retry.broken" to {
        val echo = client("$ECHO/broken").callQuery()
        mapOf("method" to echo.method(), "attempts" to attempts)
    },
    "retry.truncated" to {
        mapOf("result" to failure { client("$ECHO/truncated").callQuery() }, "attempts" to attempts)
    },
    "retry.hooks" to {
        val before = mutableListOf<Int>()
        val client = gateway {
            beforeAttempt { next ->
                before += next.number()
                next.setHeader("X-Hook", "attempt-" + next.number())
            }
        }
        val attempt = client.retryGet("flaky")
        mapOf(
            "hook" to attempt.hook().getOrNull(),
            "before" to before,
            "after" to attempts,
            "durations" to durations.all { it },
        )
    },
    "time.attempt" to {
        val client = client(SILENT) {
            attemptTimeout(200.milliseconds)
            maxRetries(1)
        }
        failed(failure { client.retryGet("x") })
    },
    "time.slow-body" to {
        val client = client("$ECHO/slow") {
            attemptTimeout(300.milliseconds)
            maxRetries(0)
        }
        mapOf("result" to failure { client.callQuery() }, "attempts" to attempts)
    },
    "time.deadline" to {
        val start = TimeSource.Monotonic.markNow()
        val result = failure { client(SILENT) { deadline(300.milliseconds) }.retryGet("x") }
        mapOf("result" to result, "attempts" to attempts, "quick" to (start.elapsedNow() < 5.seconds))
    },
    "time.cancel" to { cancel() },
)

private fun Kit.succeeded(attempt: Attempt): Map<String, Any?> =
    mapOf("attempt" to attempt.attempt(), "attempts" to attempts, "waits" to waits)

private fun Kit.failed(result: Any): Map<String, Any?> =
    mapOf("result" to result, "attempts" to attempts, "waits" to waits)

/** By kotlinx.coroutines, which the client does not know: its coroutine is cancelled, and with it the request. */
private suspend fun Kit.cancel(): Map<String, Any?> {
    val start = TimeSource.Monotonic.markNow()
    var seen: Exception? = null
    // The call within sees what ended it; a job alone would tell that it was cancelled even if its request went on.
    val call = CoroutineScope(Dispatchers.Default).async(start = CoroutineStart.UNDISPATCHED) {
        try {
            client(SILENT).retryGet("x")
        } catch (error: Exception) {
            seen = error
            throw error
        }
    }
    Thread.sleep(100)
    check(call.isActive) { "the call ended by itself" }
    call.cancel()
    call.join()
    return mapOf(
        "cancelled" to (call.isCancelled && seen is CancellationException),
        "waits" to waits,
        "quick" to (start.elapsedNow() < 5.seconds),
    )
}
