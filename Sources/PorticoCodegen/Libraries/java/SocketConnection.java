package portico.runtime;

import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection of a WebSocket API. One thread receives, or iterates, while any may send. A lost connection is opened again
 * by whoever receives.
 */
public abstract class SocketConnection<T> implements Iterable<SocketMessage<T>>, AutoCloseable {
    /** Characters of a frame; in UTF-8 they stay below the 32,768 bytes that API Gateway takes. */
    private static final int FRAME_CHARACTERS = 10_000;
    private static final Duration CLOSING_TIME = Duration.ofSeconds(5);

    private final SocketSetup<T> setup;
    private final SocketOptions options;
    private final Object lock = new Object();
    private final Deque<SocketMessage<T>> waiting = new ArrayDeque<>();
    private WebSocket socket;
    private CompletableFuture<SocketMessage<T>> receiver;
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private SdkException ending;
    private boolean isClosing;
    private boolean isReopening;
    private boolean isPinged;
    private long heard;
    private volatile String subprotocol = "";
    private volatile Runnable onReconnect = () -> {};

    /** Makes a connection that is not open yet. */
    protected SocketConnection(SocketSetup<T> setup) {
        this.setup = setup;
        this.options = setup.options;
    }

    /** Opens a connection. Generated classes call it. */
    public static <S extends SocketConnection<?>> CompletableFuture<S> open(S connection) {
        return Transport.linked(((SocketConnection<?>) connection).connect(), nothing -> connection);
    }

    /** Waits for what is under way. Generated classes call it. */
    public static <V> V waitFor(CompletableFuture<V> future) {
        return Transport.await(future);
    }

    /** The subprotocol that the server selected. */
    public final Optional<String> subprotocol() {
        return Optional.of(subprotocol).filter(name -> !name.isEmpty());
    }

    /** Is called each time that the connection was opened again: the server knows nothing of the one before. */
    public final void onReconnect(Runnable hook) {
        onReconnect = Arguments.required(hook, "hook");
    }

    // Opening.

    private CompletableFuture<Void> connect() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Duration timeout = options.timeout != null ? options.timeout : setup.transport.attemptTimeout;
        CompletableFuture<Attempt> handshake;
        try {
            handshake = new Exchange<>(setup.transport, setup.call.get()).handshake(options.headers);
        } catch (RuntimeException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        handshake.thenCompose(attempt -> {
            WebSocket.Builder builder = setup.transport.httpClient.newWebSocketBuilder().connectTimeout(timeout);
            attempt.list().forEach(header -> builder.header(header.name, header.value));
            if (!options.subprotocols.isEmpty()) {
                String[] rest = options.subprotocols.stream().skip(1).toArray(String[]::new);
                builder.subprotocols(options.subprotocols.get(0), rest);
            }
            return builder.buildAsync(URI.create("ws" + attempt.url().substring("http".length())), new Listener());
        }).whenComplete((opened, failure) -> {
            if (failure != null) {
                result.completeExceptionally(refusal(Transport.cause(failure)));
            } else {
                result.complete(null);
            }
        });
        return result;
    }

    private SdkException refusal(Throwable cause) {
        if (cause instanceof SdkException) {
            return (SdkException) cause;
        }
        if (cause instanceof WebSocketHandshakeException) {
            WebSocketHandshakeException refused = (WebSocketHandshakeException) cause;
            // A wrong answer to the handshake is none, although its status is the right one.
            if (refused.getResponse() != null && refused.getResponse().statusCode() != 101) {
                Object body = refused.getResponse().body();
                byte[] bytes = body instanceof byte[] ? (byte[]) body : new byte[0];
                return setup.call.get().failure(
                    new Response<>(refused.getResponse().statusCode(), refused.getResponse().headers(), bytes, null));
            }
        }
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return new CallTimeoutException("the connection was not opened in time");
        }
        if (cause instanceof IllegalArgumentException) {
            return new InvalidArgumentException("the connection cannot be opened: " + cause.getMessage());
        }
        return new TransportException("the connection was not opened: " + cause, cause);
    }

    private void reopen(int attempt, SdkException last) {
        if (attempt > options.maxReconnects) {
            end(last);
            return;
        }
        setup.transport.sleeper.sleep(Retries.backoff(attempt, setup.transport.random)).whenComplete((nothing, mistake) -> {
            synchronized (lock) {
                if (ending != null) {
                    return;
                }
            }
            connect().whenComplete((opened, failure) -> {
                if (failure == null) {
                    // What the hook sends takes threads of its own.
                    CompletableFuture.runAsync(onReconnect).whenComplete((done, problem) -> goOn());
                    return;
                }
                SdkException reason = refusal(Transport.cause(failure));
                boolean isFinal = reason instanceof InvalidArgumentException;
                if (reason instanceof ResponseException) {
                    int status = ((ResponseException) reason).status();
                    isFinal = status >= 400 && status < 500 && status != 429;
                }
                if (isFinal) {
                    end(reason);
                } else {
                    reopen(attempt + 1, reason);
                }
            });
        });
    }

    private void goOn() {
        WebSocket current;
        synchronized (lock) {
            isReopening = false;
            current = receiver != null ? socket : null;
        }
        if (current != null) {
            current.request(1);
        }
    }

    // Receiving.

    /**
     * The next message.
     *
     * @throws ConnectionClosedException if the connection has ended
     */
    public final SocketMessage<T> receive() {
        return Transport.await(receiveAsync());
    }

    /**
     * The next message.
     *
     * @throws CallTimeoutException if none comes in time
     * @throws ConnectionClosedException if the connection has ended
     */
    public final SocketMessage<T> receive(Duration limit) {
        return Transport.await(receiveAsync(limit));
    }

    /** The next message; the future fails with {@link CallTimeoutException} if none comes in time. */
    public final CompletableFuture<SocketMessage<T>> receiveAsync(Duration limit) {
        long nanoseconds = Arguments.positive(limit, "limit").toNanos();
        CompletableFuture<SocketMessage<T>> next = receiveAsync();
        CompletableFuture<Void> timer = new CompletableFuture<>();
        timer.completeOnTimeout(null, nanoseconds, TimeUnit.NANOSECONDS).thenRun(() -> {
            synchronized (lock) {
                // From here on a message is for the next receiver.
                if (receiver != next) {
                    return;
                }
                receiver = null;
            }
            next.completeExceptionally(new CallTimeoutException("no message came in time"));
        });
        next.whenComplete((message, failure) -> timer.cancel(false));
        return next;
    }

    /** The next message. Whoever cancels the future gives up waiting; the message stays. */
    public final CompletableFuture<SocketMessage<T>> receiveAsync() {
        CompletableFuture<SocketMessage<T>> next = new CompletableFuture<>();
        WebSocket current = null;
        boolean mustReopen = false;
        synchronized (lock) {
            if (receiver != null) {
                throw new IllegalStateException("somebody receives from this connection already");
            }
            SocketMessage<T> message = waiting.poll();
            if (message != null) {
                next.complete(message);
                return next;
            }
            if (ending != null) {
                next.completeExceptionally(ending);
                return next;
            }
            receiver = next;
            heard = System.nanoTime();
            if (socket != null && !isReopening) {
                current = socket;
            } else if (!isReopening) {
                isReopening = true;
                mustReopen = true;
            }
        }
        next.whenComplete((message, failure) -> {
            synchronized (lock) {
                if (receiver == next) {
                    receiver = null;
                }
            }
        });
        if (current != null) {
            current.request(1);
        }
        if (mustReopen) {
            reopen(1, new ConnectionClosedException(1006, ""));
        }
        watch(next);
        return next;
    }

    /** Sends pings while somebody waits. */
    private void watch(CompletableFuture<SocketMessage<T>> next) {
        if (options.pingInterval == null) {
            return;
        }
        long interval = options.pingInterval.toNanos();
        new CompletableFuture<Void>().completeOnTimeout(null, interval, TimeUnit.NANOSECONDS).thenRun(() -> {
            WebSocket current;
            boolean isLost;
            synchronized (lock) {
                if (next.isDone() || ending != null) {
                    return;
                }
                current = socket;
                boolean isQuiet = current != null && System.nanoTime() - heard >= interval;
                isLost = isQuiet && isPinged;
                isPinged = isQuiet;
            }
            if (isLost) {
                current.abort();
                lost(current, 1006, "");
            } else if (current != null && isPinged) {
                current.sendPing(ByteBuffer.allocate(0));
            }
            watch(next);
        });
    }

    /** Messages until the connection ends; it ends well if this side closed it, or the server with 1000. */
    @Override
    public final Iterator<SocketMessage<T>> iterator() {
        return new Iterator<>() {
            private SocketMessage<T> next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    try {
                        next = receive();
                    } catch (ConnectionClosedException closed) {
                        if (isOver(closed)) {
                            return false;
                        }
                        throw closed;
                    }
                }
                return true;
            }

            @Override
            public SocketMessage<T> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                SocketMessage<T> message = next;
                next = null;
                return message;
            }
        };
    }

    private boolean isOver(ConnectionClosedException closed) {
        synchronized (lock) {
            return isClosing || closed.code() == 1000;
        }
    }

    /** Whether the error is how a connection ends that ends well. Classes in Kotlin call it. */
    public final boolean isEnd(Throwable error) {
        return error instanceof ConnectionClosedException && isOver((ConnectionClosedException) error);
    }

    private void deliver(SocketMessage<T> message) {
        CompletableFuture<SocketMessage<T>> current;
        synchronized (lock) {
            if (isClosing) {
                return;
            }
            current = receiver;
            receiver = null;
            if (current == null) {
                waiting.add(message);
            }
        }
        // A receiver that has given up leaves the message to the next one.
        if (current != null && !current.complete(message)) {
            synchronized (lock) {
                waiting.add(message);
            }
        }
    }

    // The end.

    private void lost(WebSocket which, int code, String reason) {
        boolean mustReopen = false;
        SdkException end = null;
        synchronized (lock) {
            if (socket != which) {
                return;
            }
            socket = null;
            isPinged = false;
            if (isClosing) {
                ended.complete(null);
            } else if (options.reconnects && isPassing(code)) {
                mustReopen = receiver != null && !isReopening;
                isReopening = isReopening || mustReopen;
            } else {
                end = new ConnectionClosedException(code, reason);
            }
        }
        if (end != null) {
            end(end);
        }
        if (mustReopen) {
            reopen(1, new ConnectionClosedException(1006, ""));
        }
    }

    private static boolean isPassing(int code) {
        return code == 1001 || code == 1005 || code == 1006 || code >= 1011 && code <= 1014;
    }

    private void end(SdkException reason) {
        CompletableFuture<SocketMessage<T>> current;
        synchronized (lock) {
            if (ending == null) {
                ending = reason;
            }
            current = receiver;
            receiver = null;
        }
        if (current != null) {
            current.completeExceptionally(ending);
        }
    }

    /** Closes the connection with 1000, and waits up to 5 seconds for the server to do the same. */
    @Override
    public final void close() {
        close(1000, "");
    }

    /** Closes the connection with a code of 1000 or from 3000 to 4999, and a reason. */
    public final void close(int code, String reason) {
        Transport.await(closeAsync(code, reason));
    }

    /** Closes the connection; the future completes when the server has done the same, or after 5 seconds. */
    public final CompletableFuture<Void> closeAsync(int code, String reason) {
        WebSocket current;
        synchronized (lock) {
            if (ending != null || isClosing) {
                return CompletableFuture.completedFuture(null);
            }
            isClosing = true;
            current = socket;
        }
        ConnectionClosedException closed = new ConnectionClosedException(code, reason);
        if (current == null) {
            end(closed);
            return CompletableFuture.completedFuture(null);
        }
        return queued(() -> current.sendClose(code, reason)).handle((sent, failure) -> {
            Throwable cause = failure == null ? null : Transport.cause(failure);
            if (cause instanceof IllegalArgumentException) {
                synchronized (lock) {
                    isClosing = false;
                }
                throw new InvalidArgumentException("no client may close with this code or reason: " + cause.getMessage());
            }
            return sent;
        }).thenCompose(sent -> {
            // The close frame of the server is behind whatever it sent before.
            current.request(Long.MAX_VALUE);
            CompletableFuture<Void> wait = Transport.linked(ended, nothing -> nothing);
            return wait.completeOnTimeout(null, CLOSING_TIME.toNanos(), TimeUnit.NANOSECONDS);
        }).thenAccept(nothing -> {
            current.abort();
            end(closed);
        });
    }

    // Sending.

    /** Sends text as it is, and waits until it is sent. */
    public final void sendText(String text) {
        Transport.await(sendTextAsync(text));
    }

    /** Sends text as it is. */
    public final CompletableFuture<Void> sendTextAsync(String text) {
        return sent(current -> {
            CompletableFuture<WebSocket> done = CompletableFuture.completedFuture(current);
            int start = 0;
            do {
                int end = Math.min(text.length(), start + FRAME_CHARACTERS);
                // No frame ends within a character.
                if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                    end -= 1;
                }
                CharSequence part = text.substring(start, end);
                boolean isLast = end == text.length();
                done = done.thenCompose(socket -> socket.sendText(part, isLast));
                start = end;
            } while (start < text.length());
            return done;
        });
    }

    /** Sends a binary message, which API Gateway refuses, and waits until it is sent. */
    public final void sendBytes(byte[] data) {
        Transport.await(sendBytesAsync(data));
    }

    /** Sends a binary message, which API Gateway refuses. */
    public final CompletableFuture<Void> sendBytesAsync(byte[] data) {
        ByteBuffer copy = ByteBuffer.wrap(data.clone());
        return sent(current -> current.sendBinary(copy, true));
    }

    /** Sends a ping, and waits until it is sent. */
    public final void ping() {
        Transport.await(pingAsync());
    }

    /** Sends a ping. */
    public final CompletableFuture<Void> pingAsync() {
        return sent(current -> current.sendPing(ByteBuffer.allocate(0)));
    }

    /** Sends JSON to a route; without a message an object that has the route's key alone. */
    protected final <M> CompletableFuture<Void> send(String key, Codec<M> codec, M message) {
        return sendTextAsync(setup.text(key, codec, message));
    }

    private CompletableFuture<Void> sent(Function<WebSocket, CompletableFuture<WebSocket>> work) {
        WebSocket current;
        synchronized (lock) {
            current = isClosing || ending != null ? null : socket;
        }
        if (current == null) {
            return CompletableFuture.failedFuture(
                new TransportException("the connection is closed, or lost until somebody receives", null));
        }
        return Transport.linked(queued(() -> work.apply(current)).handle((socket, failure) -> {
            if (failure != null) {
                Throwable cause = Transport.cause(failure);
                throw new TransportException("the message was not sent: " + cause, cause);
            }
            return socket;
        }), nothing -> nothing);
    }

    /** The HTTP client sends one message at a time. */
    private CompletableFuture<Void> queued(Supplier<CompletableFuture<WebSocket>> work) {
        synchronized (lock) {
            CompletableFuture<Void> done = sending.handle((nothing, failure) -> nothing)
                .thenCompose(nothing -> work.get()).thenApply(socket -> null);
            sending = done;
            return done;
        }
    }

    private final class Listener extends SocketListener {
        Listener() {
            super(options.maxMessageBytes);
        }

        @Override
        public void onOpen(WebSocket opened) {
            boolean isAsked;
            synchronized (lock) {
                socket = opened;
                subprotocol = opened.getSubprotocol();
                heard = System.nanoTime();
                isAsked = receiver != null && !isReopening;
            }
            if (isAsked) {
                opened.request(1);
            }
        }

        @Override
        void hear() {
            synchronized (lock) {
                heard = System.nanoTime();
                isPinged = false;
            }
        }

        @Override
        void take(String text) {
            deliver(setup.message(text));
        }

        @Override
        void take(Bytes data) {
            deliver(new SocketMessage<>(null, null, data));
        }

        @Override
        void lose(WebSocket which, int code, String reason) {
            lost(which, code, reason);
        }
    }
}
