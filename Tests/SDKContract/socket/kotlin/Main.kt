import java.io.PrintStream
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** Runs the scenarios of the contract that are asked for and prints one JSON object; see SCENARIOS.md. */
fun main() {
    val wanted = System.getenv("CONTRACT_SCENARIOS").split(",")
    val results = (scenarios + openings).filterKeys(wanted::contains).mapValues { (name, scenario) ->
        val kit = Kit(name)
        try {
            json(waitFor { kit.scenario() })
        } catch (unforeseen: Exception) {
            mapOf("crash" to unforeseen.toString())
        } finally {
            waitFor { kit.close() }
        }
    }
    PrintStream(System.out, true, Charsets.UTF_8).println(json(results))
}

/** Runs a coroutine of the standard library alone, without kotlinx.coroutines, and waits for it. */
fun <T> waitFor(block: suspend () -> T): T {
    val done = CompletableFuture<Result<T>>()
    block.startCoroutine(Continuation(EmptyCoroutineContext, done::complete))
    return done.get().getOrThrow()
}
