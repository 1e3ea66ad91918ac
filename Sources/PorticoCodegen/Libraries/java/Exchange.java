package portico.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call under way: one attempt after the other, until there is a result. */
final class Exchange<T> {
    private final Transport transport;
    private final Call<T> call;
    private final boolean isRepeatable;
    private final long start = System.nanoTime();
    private final CompletableFuture<Response<T>> result = new CompletableFuture<>();
    /** What is waited for at present, to be cancelled with the call. */
    private volatile CompletableFuture<?> step;
    private String url;
    private Body body;

    Exchange(Transport transport, Call<T> call) {
        this.transport = transport;
        this.call = call;
        isRepeatable = call.isIdempotent() || transport.options.idempotencyKey != null;
    }

    /** Checks that the client has what the call needs, and begins. */
    CompletableFuture<Response<T>> start() {
        checkOptions();
        if (call.security.kind == Security.Kind.QUERY_KEY) {
            call.addQuery(call.security.name, transport.keys.get(call.security.name));
        }
        url = transport.baseUrl + call.target();
        body = call.body;
        if (body != null && call.security.kind == Security.Kind.SIGNED) {
            body = body.inMemory();
        }
        result.whenComplete((response, failure) -> {
            CompletableFuture<?> last = step;
            if (last != null) {
                last.cancel(true);
            }
        });
        attempt(1);
        return result;
    }

    /** What opens a connection: a request without what WebSocket adds to it. */
    CompletableFuture<Attempt> handshake(Map<String, String> headers) {
        checkOptions();
        if (call.security.kind == Security.Kind.QUERY_KEY) {
            call.addQuery(call.security.name, transport.keys.get(call.security.name));
        }
        url = transport.baseUrl + call.target();
        Attempt attempt = new Attempt(call.operation, 1, call.method, url);
        addHeaders(attempt);
        headers.forEach(attempt::setHeader);
        attempt.list().removeIf(header -> List.of("accept", "amz-sdk-request").contains(header.name.toLowerCase(Locale.ROOT)));
        return identify(attempt).thenApply(keys -> {
            transport.before.accept(attempt);
            if (keys != null) {
                Signer.sign(
                    call.method, url, attempt.headers(), new byte[0], keys, transport.region, "execute-api",
                    transport.clock.instant()
                ).forEach(attempt::setHeader);
            }
            return attempt;
        });
    }

    private void checkOptions() {
        if (call.needsApiKey && transport.apiKey == null) {
            throw missing("an API key", "apiKey");
        }
        switch (call.security.kind) {
            case TOKEN:
            case BEARER:
                if (transport.token == null) {
                    throw missing("a token", "token");
                }
                break;
            case BASIC:
                if (transport.user == null) {
                    throw missing("user and password", "basic");
                }
                break;
            case HEADER_KEY:
            case QUERY_KEY:
                if (!transport.keys.containsKey(call.security.name)) {
                    throw missing("the key '" + call.security.name + "'", "key");
                }
                break;
            case SIGNED:
                if (transport.region == null) {
                    throw missing("a region to sign for", "region");
                }
                break;
            case NONE:
                break;
        }
    }

    private InvalidArgumentException missing(String what, String option) {
        return new InvalidArgumentException(
            "'" + call.operation + "' needs " + what + ": set '" + option + "' when you build the client");
    }

    /** Begins an attempt. Everything that follows is called when its time comes, by whatever thread has the news. */
    private void attempt(int number) {
        guarded(() -> {
            Attempt attempt = new Attempt(call.operation, number, call.method, url);
            addHeaders(attempt);
            CompletableFuture<Credentials> credentials = identify(attempt);
            await(limited(credentials, remaining()), (keys, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(unanswered(failure));
                    return;
                }
                transport.before.accept(attempt);
                if (keys != null) {
                    byte[] content = body == null ? new byte[0] : body.content();
                    Signer.sign(
                        call.method, url, attempt.headers(), content, keys, transport.region, "execute-api",
                        transport.clock.instant()
                    ).forEach(attempt::setHeader);
                }
                send(attempt);
            });
        });
    }

    private void addHeaders(Attempt attempt) {
        attempt.add(new Header("User-Agent", transport.userAgent));
        attempt.add(new Header("Accept", call.output.accept));
        if (call.mediaType != null) {
            attempt.setHeader("Content-Type", call.mediaType);
        }
        call.headers.forEach(attempt::add);
        if (call.needsApiKey) {
            attempt.setHeader("x-api-key", transport.apiKey);
        }
        int attempts = transport.maxRetries + 1;
        attempt.setHeader("amz-sdk-request", "attempt=" + attempt.number() + "; max=" + attempts);
        if (transport.options.idempotencyKey != null) {
            attempt.setHeader("Idempotency-Key", transport.options.idempotencyKey);
        }
        transport.options.headers.forEach(attempt::setHeader);
    }

    /** Sets the headers that tell who is calling; credentials come back for {@link Signer}, else {@code null}. */
    private CompletableFuture<Credentials> identify(Attempt attempt) {
        String name = call.security.name;
        switch (call.security.kind) {
            case SIGNED:
                return transport.credentials.get().toCompletableFuture()
                    .thenApply(keys -> Arguments.required(keys, "credentials"));
            case TOKEN:
            case BEARER:
                String prefix = call.security.kind == Security.Kind.BEARER ? "Bearer " : "";
                return transport.token.get().toCompletableFuture().thenApply(token -> {
                    attempt.setHeader(name, prefix + Arguments.required(token, "token"));
                    return null;
                });
            case BASIC:
                byte[] pair = (transport.user + ":" + transport.password).getBytes(StandardCharsets.UTF_8);
                attempt.setHeader(name, "Basic " + Base64.getEncoder().encodeToString(pair));
                break;
            case HEADER_KEY:
                attempt.setHeader(name, transport.keys.get(name));
                break;
            default:
                break;
        }
        return CompletableFuture.completedFuture(null);
    }

    private void send(Attempt attempt) {
        Duration timeout = remaining().filter(left -> left.compareTo(transport.attemptTimeout) < 0)
            .orElse(transport.attemptTimeout);
        if (timeout.isNegative() || timeout.isZero()) {
            result.completeExceptionally(new CallTimeoutException("the deadline of the call has passed"));
            return;
        }
        HttpRequest request = request(attempt, timeout);
        long sent = System.nanoTime();
        CompletableFuture<HttpResponse<Object>> answer =
            transport.httpClient.sendAsync(request, information -> {
                if (call.output == Output.STREAM && isSuccess(information.statusCode())) {
                    return BodySubscribers.mapping(BodySubscribers.ofInputStream(), stream -> stream);
                }
                return BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> bytes);
            });
        await(limited(answer, Optional.of(timeout)), (response, failure) -> {
            Duration duration = Duration.ofNanos(System.nanoTime() - sent);
            if (failure != null) {
                SdkException problem = unanswered(failure);
                transport.after.accept(new AttemptResult(attempt, duration, null, problem));
                failed(attempt, problem);
            } else {
                byte[] bytes = response.body() instanceof byte[] ? (byte[]) response.body() : new byte[0];
                Response<Void> received = new Response<>(response.statusCode(), response.headers(), bytes, null);
                transport.after.accept(new AttemptResult(attempt, duration, received, null));
                answered(attempt, received, response.body());
            }
        });
    }

    private HttpRequest request(Attempt attempt, Duration timeout) {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url)).timeout(timeout)
                .method(call.method, body == null ? BodyPublishers.noBody() : body.publisher());
            attempt.list().forEach(header -> builder.header(header.name, header.value));
            return builder.build();
        } catch (IllegalArgumentException refused) {
            // Some headers and methods are the HTTP client's own.
            throw new InvalidArgumentException("the request cannot be sent: " + refused.getMessage());
        }
    }

    private void answered(Attempt attempt, Response<Void> response, Object content) {
        if (isSuccess(response.status())) {
            result.complete(response.with(decoded(response, content)));
            return;
        }
        Optional<Duration> asked = Retries.retryAfter(response, transport.clock);
        boolean isRetried = Retries.isRetried(response.status(), isRepeatable) && asked.filter(Retries::isTooLong).isEmpty();
        again(attempt, isRetried, asked, call.failure(response));
    }

    private void failed(Attempt attempt, SdkException problem) {
        boolean isTransport = problem instanceof TransportException || problem instanceof CallTimeoutException;
        again(attempt, isTransport && isRepeatable, Optional.empty(), problem);
    }

    /** Waits and tries again, or ends with the failure. */
    private void again(Attempt attempt, boolean isRetried, Optional<Duration> asked, SdkException failure) {
        boolean canBeSent = body == null || body.canBeSent();
        if (!isRetried || !canBeSent || attempt.number() > transport.maxRetries) {
            result.completeExceptionally(failure);
            return;
        }
        Duration wait = asked.orElseGet(() -> Retries.backoff(attempt.number(), transport.random));
        if (remaining().filter(left -> left.compareTo(wait) <= 0).isPresent()) {
            result.completeExceptionally(failure);
            return;
        }
        await(transport.sleeper.sleep(wait), (nothing, mistake) -> {
            if (mistake != null) {
                result.completeExceptionally(mistake);
            } else {
                attempt(attempt.number() + 1);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private T decoded(Response<Void> response, Object content) {
        if (content instanceof InputStream) {
            // Only Output.STREAM asks for streams, and its type is InputStream.
            return (T) new Download((InputStream) content);
        }
        try {
            return call.output.read(response.content());
        } catch (JsonMismatch mismatch) {
            throw new DecodingException(mismatch, response);
        }
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /** What is left of the call's time, if it has a limit. */
    private Optional<Duration> remaining() {
        return Optional.ofNullable(transport.deadline).map(limit -> limit.minusNanos(System.nanoTime() - start));
    }

    /** What the failure of a request or of a provider is thrown as. */
    private static SdkException unanswered(Throwable failure) {
        Throwable cause = Transport.cause(failure);
        if (cause instanceof SdkException) {
            return (SdkException) cause;
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return new CallTimeoutException("there was no answer in time");
        }
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            return new TransportException("there was no answer: " + cause, cause);
        }
        return new SdkException("the call failed: " + cause, cause);
    }

    /** A future that times out, and then cancels the other one. */
    private static <V> CompletableFuture<V> limited(CompletableFuture<V> future, Optional<Duration> limit) {
        CompletableFuture<V> result = Transport.linked(future, value -> value);
        limit.ifPresent(time -> result.orTimeout(Math.max(1, time.toNanos()), TimeUnit.NANOSECONDS));
        return result;
    }

    @FunctionalInterface
    private interface Continuation<V> {
        void run(V value, Throwable failure);
    }

    /** Goes on when a step is done, unless the call ended before. */
    private <V> void await(CompletableFuture<V> future, Continuation<V> next) {
        step = future;
        future.whenComplete((value, failure) -> {
            if (!result.isDone()) {
                guarded(() -> next.run(value, failure));
            }
        });
        if (result.isDone()) {
            future.cancel(true);
        }
    }

    /** What hooks and codecs throw ends the call; nothing is lost in a thread of the HTTP client. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error mistake) {
            result.completeExceptionally(mistake);
        }
    }
}
