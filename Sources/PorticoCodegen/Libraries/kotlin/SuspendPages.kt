package portico.runtime

/** The pages of an operation, fetched while they are iterated. Each iteration begins with the first page. */
public class SuspendPages<P : Any, I> internal constructor(private val pages: Pages<P, I>) {
    /** Iterates pages: `for (page in pages)`. */
    public operator fun iterator(): PageIterator<P> = PageIterator(pages.cursor())

    /** Iterates the items of all pages: `for (item in pages.items())`. */
    public fun items(): SuspendItems<P, I> = SuspendItems(pages)
}

/** The items of all pages. A page is fetched when its first item is asked for. */
public class SuspendItems<P : Any, I> internal constructor(private val pages: Pages<P, I>) {
    /** Iterates items. */
    public operator fun iterator(): ItemIterator<P, I> = ItemIterator(pages)
}

/** A place in pages. */
public class PageIterator<P : Any> internal constructor(private val cursor: Pages<P, *>.Cursor) {
    /** Whether there may be another page. */
    public operator fun hasNext(): Boolean = cursor.hasNext()

    /** Fetches the next page. */
    public suspend operator fun next(): P = cursor.next().await()
}

/** A place in the items of pages. */
public class ItemIterator<P : Any, I> internal constructor(private val pages: Pages<P, I>) {
    private val places = PageIterator(pages.cursor())
    private var items: Iterator<I> = emptyList<I>().iterator()

    /** Whether there is another item; fetches pages until there is. */
    public suspend operator fun hasNext(): Boolean {
        while (!items.hasNext() && places.hasNext()) {
            items = pages.items(places.next()).iterator()
        }
        return items.hasNext()
    }

    /** The next item. */
    public suspend operator fun next(): I {
        if (!hasNext()) {
            throw NoSuchElementException("there are no more items")
        }
        return items.next()
    }
}
