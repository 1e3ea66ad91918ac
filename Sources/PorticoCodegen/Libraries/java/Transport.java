package portico.runtime;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Sends calls. Safe for use by many threads. */
public final class Transport {
    final String baseUrl;
    final String userAgent;
    final String region;
    final String apiKey;
    final Provider<String> token;
    final Provider<Credentials> credentials;
    final String user;
    final String password;
    final Map<String, String> keys;
    final Duration attemptTimeout;
    final Duration deadline;
    final int maxRetries;
    final Consumer<Attempt> before;
    final Consumer<AttemptResult> after;
    final HttpClient httpClient;
    final Clock clock;
    final Sleeper sleeper;
    final DoubleSupplier random;
    final CallOptions options;

    Transport(ClientBuilder<?> builder) {
        baseUrl = builder.baseUrl;
        userAgent = builder.userAgent;
        region = builder.region;
        apiKey = builder.apiKey;
        token = builder.token;
        credentials = builder.credentials;
        user = builder.user;
        password = builder.password;
        keys = Map.copyOf(builder.keys);
        attemptTimeout = builder.attemptTimeout;
        deadline = builder.deadline;
        maxRetries = builder.maxRetries;
        before = builder.before;
        after = builder.after;
        httpClient = builder.httpClient != null ? builder.httpClient
            : HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(attemptTimeout).build();
        clock = builder.clock;
        sleeper = builder.sleeper;
        random = builder.random;
        options = CallOptions.NONE;
    }

    private Transport(Transport other, CallOptions options) {
        baseUrl = other.baseUrl;
        userAgent = other.userAgent;
        region = other.region;
        apiKey = other.apiKey;
        token = other.token;
        credentials = other.credentials;
        user = other.user;
        password = other.password;
        keys = other.keys;
        attemptTimeout = options.attemptTimeout != null ? options.attemptTimeout : other.attemptTimeout;
        deadline = options.deadline != null ? options.deadline : other.deadline;
        maxRetries = options.maxRetries != null ? options.maxRetries : other.maxRetries;
        before = other.before;
        after = other.after;
        httpClient = other.httpClient;
        clock = other.clock;
        sleeper = other.sleeper;
        random = other.random;
        this.options = options;
    }

    /** The same with other options; connections are shared. */
    public Transport with(CallOptions options) {
        return new Transport(this, options);
    }

    /** The address that is called, without slash at its end. */
    public String baseUrl() {
        return baseUrl;
    }

    /** Sends a call and waits. A thread that is interrupted cancels it and throws {@link CancellationException}. */
    public <T> Response<T> send(Call<T> call) {
        return await(sendAsync(call));
    }

    /** Sends a call. Whoever cancels the future, or completes it, cancels the call. */
    public <T> CompletableFuture<Response<T>> sendAsync(Call<T> call) {
        return new Exchange<>(this, call).start();
    }

    /** The value of the answer that comes. Cancelling it cancels the call. */
    public static <T> CompletableFuture<T> value(CompletableFuture<Response<T>> response) {
        return linked(response, Response::value);
    }

    /** A future of a future, which cancels the other one when it is complete before it. */
    static <A, B> CompletableFuture<B> linked(CompletableFuture<A> source, Function<A, B> map) {
        CompletableFuture<B> result = new CompletableFuture<>();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(cause(failure));
            } else {
                try {
                    result.complete(map.apply(value));
                } catch (RuntimeException mistake) {
                    result.completeExceptionally(mistake);
                }
            }
        });
        result.whenComplete((value, failure) -> source.cancel(true));
        return result;
    }

    /** Waits for a call. */
    static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interruption) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("the thread was interrupted");
            cancelled.initCause(interruption);
            throw cancelled;
        } catch (ExecutionException failure) {
            Throwable cause = cause(failure);
            if (cause instanceof RuntimeException) {
                // It was made by a thread of the HTTP client; who reads its trace looks for the call.
                cause.fillInStackTrace();
                throw (RuntimeException) cause;
            }
            throw new SdkException("the call failed: " + cause, cause);
        }
    }

    /** What is behind the wrappers of futures. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
            && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
