package portico.runtime

import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** Keeps the builder of a value from being taken for that of a value within it. */
@DslMarker
@Target(AnnotationTarget.TYPE)
public annotation class ModelDsl

/** Gives the token of the caller, for each attempt. */
public fun <C> ClientBuilder<C>.tokenProvider(load: suspend () -> String): ClientBuilder<C> = token(provider(load))

/** Gives the credentials to sign with, for each attempt. */
public fun <C> ClientBuilder<C>.credentialsProvider(load: suspend () -> Credentials): ClientBuilder<C> =
    credentials(provider(load))

/** How long an attempt may take: 30 seconds unless set. */
public fun <C> ClientBuilder<C>.attemptTimeout(timeout: Duration): ClientBuilder<C> =
    attemptTimeout(timeout.toJavaDuration())

/** How long a call may take with all attempts and waits: without limit unless set. */
public fun <C> ClientBuilder<C>.deadline(deadline: Duration): ClientBuilder<C> = deadline(deadline.toJavaDuration())

/** How long an attempt may take. */
public fun CallOptions.Builder.attemptTimeout(timeout: Duration): CallOptions.Builder =
    attemptTimeout(timeout.toJavaDuration())

/** How long the call may take with all attempts and waits. */
public fun CallOptions.Builder.deadline(deadline: Duration): CallOptions.Builder = deadline(deadline.toJavaDuration())

/** Starts a coroutine for each value, in no context: it runs where whatever it calls resumes it. */
private fun <T> provider(load: suspend () -> T): Provider<T> = Provider {
    val future = CompletableFuture<T>()
    load.startCoroutine(
        Continuation(EmptyCoroutineContext) { result ->
            result.fold(future::complete, future::completeExceptionally)
        },
    )
    future
}
