package portico.runtime;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How an attempt ended: with an answer, or with a failure of the transport. */
public final class AttemptResult {
    private final Attempt attempt;
    private final Duration duration;
    private final Response<Void> response;
    private final Throwable failure;

    AttemptResult(Attempt attempt, Duration duration, Response<Void> response, Throwable failure) {
        this.attempt = attempt;
        this.duration = duration;
        this.response = response;
        this.failure = failure;
    }

    /** What was sent. */
    public Attempt attempt() {
        return attempt;
    }

    /** How long it took. */
    public Duration duration() {
        return duration;
    }

    /** The status, if there was an answer. */
    public OptionalInt status() {
        return response == null ? OptionalInt.empty() : OptionalInt.of(response.status());
    }

    /** The headers of the answer, if there was one. */
    public Optional<HttpHeaders> headers() {
        return Optional.ofNullable(response).map(Response::headers);
    }

    /** What went wrong, if there was no answer. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
