package portico.runtime

import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.jvm.optionals.getOrNull
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * A connection of a WebSocket API. One coroutine receives, or iterates, while any may send. A lost connection is opened
 * again by whoever receives.
 */
public abstract class SuspendSocket<T : Any> internal constructor(private val connection: SocketConnection<T>) {
    /** The subprotocol that the server selected. */
    public val subprotocol: String? get() = connection.subprotocol().getOrNull()

    /** Is called each time that the connection was opened again: the server knows nothing of the one before. */
    public fun onReconnect(hook: suspend () -> Unit) {
        connection.onReconnect {
            val done = CompletableFuture<Result<Unit>>()
            hook.startCoroutine(Continuation(EmptyCoroutineContext, done::complete))
            done.join().getOrThrow()
        }
    }

    /** The next message. Throws [ConnectionClosedException] when the connection has ended. */
    public suspend fun receive(): SocketMessage<T> = connection.receiveAsync().await()

    /** The next message. Throws [CallTimeoutException] if none comes in time. */
    public suspend fun receive(limit: Duration): SocketMessage<T> =
        connection.receiveAsync(limit.toJavaDuration()).await()

    /** Iterates messages: `for (message in socket)`, until the client closes the connection, or the server with 1000. */
    public operator fun iterator(): MessageIterator<T> = MessageIterator(connection)

    /** Sends text as it is. */
    public suspend fun sendText(text: String) {
        connection.sendTextAsync(text).await()
    }

    /** Sends a binary message, which API Gateway refuses. */
    public suspend fun sendBytes(data: ByteArray) {
        connection.sendBytesAsync(data).await()
    }

    /** Sends a ping. */
    public suspend fun ping() {
        connection.pingAsync().await()
    }

    /** Closes the connection, and waits up to 5 seconds for the server to do the same. */
    public suspend fun close(code: Int = 1000, reason: String = "") {
        connection.closeAsync(code, reason).await()
    }
}

/** A place in the messages of a connection. */
public class MessageIterator<T : Any> internal constructor(private val connection: SocketConnection<T>) {
    private var message: SocketMessage<T>? = null

    /** Waits for a message, or for the end. */
    public suspend operator fun hasNext(): Boolean {
        if (message != null) {
            return true
        }
        try {
            message = connection.receiveAsync().await()
        } catch (closed: ConnectionClosedException) {
            if (connection.isEnd(closed)) {
                return false
            }
            throw closed
        }
        return true
    }

    /** The next message. */
    public suspend operator fun next(): SocketMessage<T> {
        if (!hasNext()) {
            throw NoSuchElementException("the connection has ended")
        }
        return checkNotNull(message).also { message = null }
    }
}

/** Waits until something is sent. */
internal suspend fun CompletableFuture<Void>.complete() {
    await()
}

/** How long opening may take. */
public fun SocketOptions.Builder.timeout(timeout: Duration): SocketOptions.Builder = timeout(timeout.toJavaDuration())

/** The time without a message after which a ping is sent. */
public fun SocketOptions.Builder.pingInterval(interval: Duration): SocketOptions.Builder =
    pingInterval(interval.toJavaDuration())
