package portico.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Gives a token or credentials, each time that an attempt needs them. */
@FunctionalInterface
public interface Provider<T> {
    /** The value, now or later. */
    CompletionStage<T> get();

    /** Gives the same value each time. */
    static <T> Provider<T> fixed(T value) {
        return () -> CompletableFuture.completedFuture(value);
    }

    /** Calls a function that may block, in the common pool. */
    static <T> Provider<T> calling(Supplier<T> supplier) {
        return () -> CompletableFuture.supplyAsync(supplier);
    }
}
