package portico.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits between attempts. Tests give one that does not. */
@FunctionalInterface
public interface Sleeper {
    /** Waits on the timer of {@link CompletableFuture}, without a thread. */
    Sleeper TIMER = duration ->
        new CompletableFuture<Void>().completeOnTimeout(null, duration.toNanos(), TimeUnit.NANOSECONDS);

    /** A future that completes after a time. */
    CompletableFuture<Void> sleep(Duration duration);
}
