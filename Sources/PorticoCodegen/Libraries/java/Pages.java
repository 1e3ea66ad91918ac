package portico.runtime;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The pages of an operation, fetched while they are iterated. Each iteration begins with the first page.
 *
 * @param <P> the type of a page
 * @param <I> the type of an item
 */
public final class Pages<P, I> implements Iterable<P> {
    private final Function<String, CompletableFuture<P>> fetch;
    private final Function<P, String> nextToken;
    private final Function<P, List<I>> items;

    /**
     * Makes pages. Generated classes call it.
     *
     * @param fetch gets the page of a token, or the first one for {@code null}
     */
    public Pages(
        Function<String, CompletableFuture<P>> fetch, Function<P, String> nextToken, Function<P, List<I>> items) {
        this.fetch = fetch;
        this.nextToken = nextToken;
        this.items = items;
    }

    /** Waits for each page in turn. */
    @Override
    public Iterator<P> iterator() {
        Cursor cursor = new Cursor();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public P next() {
                return Transport.await(cursor.next());
            }
        };
    }

    /** The pages as a stream. */
    public Stream<P> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** The items of all pages. A page is fetched when its first item is asked for. */
    public Iterable<I> items() {
        return () -> stream().flatMap(page -> items.apply(page).stream()).iterator();
    }

    /** The items of all pages as a stream. */
    public Stream<I> itemStream() {
        return stream().flatMap(page -> items.apply(page).stream());
    }

    /** The items of a page. */
    public List<I> items(P page) {
        return items.apply(page);
    }

    /** Gives each page to a function, without a thread that waits. The future fails with whatever that throws. */
    public CompletableFuture<Void> forEachAsync(Consumer<? super P> action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        follow(cursor(), action, done);
        return done;
    }

    private void follow(Cursor cursor, Consumer<? super P> action, CompletableFuture<Void> done) {
        if (!cursor.hasNext()) {
            done.complete(null);
            return;
        }
        CompletableFuture<P> page = cursor.next();
        page.whenComplete((value, failure) -> {
            if (failure != null) {
                done.completeExceptionally(Transport.cause(failure));
                return;
            }
            try {
                action.accept(value);
                if (!done.isDone()) {
                    follow(cursor, action, done);
                }
            } catch (RuntimeException mistake) {
                done.completeExceptionally(mistake);
            }
        });
        done.whenComplete((nothing, failure) -> page.cancel(true));
    }

    /** A place in the pages, at their beginning. */
    public Cursor cursor() {
        return new Cursor();
    }

    /** A place in the pages, for one thread at a time. */
    public final class Cursor {
        private String token;
        private boolean isLast;

        private Cursor() {}

        /** Whether there may be another page. */
        public boolean hasNext() {
            return !isLast;
        }

        /** Fetches the next page; wait for it before you ask for the one after it. */
        public CompletableFuture<P> next() {
            if (isLast) {
                throw new NoSuchElementException("there are no more pages");
            }
            return Transport.linked(fetch.apply(token), page -> {
                advance(nextToken.apply(page));
                return page;
            });
        }

        private void advance(String next) {
            if (next == null || next.isEmpty()) {
                isLast = true;
            } else if (next.equals(token)) {
                throw new PagingException("the page token '" + next + "' came twice in a row");
            } else {
                token = next;
            }
        }
    }
}
