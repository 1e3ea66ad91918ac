package portico.runtime;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** Whether and when an attempt is followed by another one. */
final class Retries {
    private static final Set<Integer> STATUSES = Set.of(500, 502, 503, 504);
    private static final int THROTTLED = 429;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(60);

    private Retries() {}

    /**
     * Whether a status is worth another attempt.
     *
     * @param isRepeatable whether to do it twice does no harm; who was throttled did nothing yet
     */
    static boolean isRetried(int status, boolean isRepeatable) {
        return status == THROTTLED || (isRepeatable && STATUSES.contains(status));
    }

    /** The wait that an answer asks for. */
    static Optional<Duration> retryAfter(Response<?> response, Clock clock) {
        return response.headers().firstValue("retry-after").flatMap(text -> retryAfter(text.trim(), clock));
    }

    private static Optional<Duration> retryAfter(String text, Clock clock) {
        if (!text.isEmpty() && text.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
            // What has more digits is too long anyway.
            return Optional.of(text.length() > 9 ? Duration.ofDays(1) : Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant time = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration wait = Duration.between(clock.instant(), time);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether a wait that an answer asks for is too long for a caller. */
    static boolean isTooLong(Duration retryAfter) {
        return retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0;
    }

    /**
     * The wait after an attempt: full jitter.
     *
     * @param number of the attempt, from 1
     */
    static Duration backoff(int number, DoubleSupplier random) {
        double limit = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() * Math.pow(2, number - 1));
        return Duration.ofNanos((long) (random.getAsDouble() * limit * 1_000_000));
    }
}
