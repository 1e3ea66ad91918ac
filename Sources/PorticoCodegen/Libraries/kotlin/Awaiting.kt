package portico.runtime

import java.util.Optional
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.coroutines.suspendCoroutine
import kotlin.jvm.optionals.getOrNull

/** Sends a call and waits for its answer. */
internal suspend fun <T> Transport.answer(call: Call<T>): Response<T> = sendAsync(call).await()

/** Sends a call and waits for the value of its answer. */
internal suspend fun <T : Any> Transport.value(call: Call<T>): T = answer(call).value()

/** Sends a call and waits for the value of its answer, if it has one. */
internal suspend fun <T : Any> Transport.valueOrNull(call: Call<Optional<T>>): T? = answer(call).value().getOrNull()

/** Sends a call whose answer has no value, and waits for that. */
internal suspend fun Transport.complete(call: Call<Void>) {
    answer(call)
}

/**
 * Waits for a future without holding a thread.
 *
 * A coroutine of kotlinx.coroutines that is cancelled cancels the future, and with it the request.
 */
internal suspend fun <T> CompletableFuture<T>.await(): T = suspendCoroutine { continuation: Continuation<T> ->
    val link = JobLink.of(continuation.context) { cancel(true) }
    whenComplete { value, failure ->
        link?.close()
        if (failure == null) {
            continuation.resume(value)
        } else {
            continuation.resumeWithException((failure as? CompletionException)?.cause ?: failure)
        }
    }
}

/**
 * A job of kotlinx.coroutines below the one of a coroutine, which tells when that is cancelled.
 *
 * The standard library has no cancellation, and clients depend on nothing else. So the library is found by its names
 * where a coroutine runs in it: `Job(parent)`, `invokeOnCompletion` and `complete`, which are public and stable.
 */
private class JobLink private constructor(private val job: Any, private val methods: Methods) {
    /** Ends the job, so that its parent need not wait for it. */
    fun close() {
        methods.complete.invoke(job)
    }

    private class Methods(loader: ClassLoader?) {
        private val jobClass = Class.forName("kotlinx.coroutines.Job", false, loader)
        val make = Class.forName("kotlinx.coroutines.JobKt", true, loader).getMethod("Job", jobClass)
        val invokeOnCompletion = jobClass.getMethod("invokeOnCompletion", Function1::class.java)
        val complete = Class.forName("kotlinx.coroutines.CompletableJob", false, loader).getMethod("complete")
    }

    companion object {
        private const val KEY = "kotlinx.coroutines.Job\$Key"

        /** By the class of the key, as there may be the library of several class loaders. */
        private val found = object : ClassValue<Optional<Methods>>() {
            override fun computeValue(type: Class<*>): Optional<Methods> = try {
                Optional.of(Methods(type.classLoader))
            } catch (_: ReflectiveOperationException) {
                // Names that a shrinker changed: calls still work, but run on when their coroutine is cancelled.
                Optional.empty()
            }
        }

        /** A job below that of a context; `null` if the context has none. */
        fun of(context: CoroutineContext, onCancel: () -> Unit): JobLink? {
            val parent = context.fold<CoroutineContext.Element?>(null) { element, next ->
                if (next.key.javaClass.name == KEY) next else element
            } ?: return null
            val methods = found.get(parent.key.javaClass).getOrNull() ?: return null
            val link = JobLink(methods.make.invoke(null, parent), methods)
            val handler: (Throwable?) -> Unit = { cause -> if (cause != null) onCancel() }
            methods.invokeOnCompletion.invoke(link.job, handler)
            return link
        }
    }
}
