extension PorticoSDK {
    /// The pages of a listing, fetched as they are read. Each loop over it begins anew.
    public struct Pages<Page: Sendable, Item: Sendable>: AsyncSequence, Sendable {
        /// A page.
        public typealias Element = Page

        /// Fetches page after page.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let fetch: () async throws -> Page?

            /// The next page; `nil` after the last.
            public mutating func next() async throws -> Page? { try await fetch() }
        }

        private let begin: @Sendable () -> Iterator
        private let extract: @Sendable (Page) -> [Item]

        /// Makes a listing.
        /// - Parameters:
        ///   - fetch: Gets the page of a token; the first one has none.
        ///   - token: The token that a page gives for the next one.
        ///   - items: The items of a page.
        init<Token: Hashable & Sendable>(
            fetch: @escaping @Sendable (Token?) async throws -> Page,
            token: @escaping @Sendable (Page) -> Token?,
            items: @escaping @Sendable (Page) -> [Item]
        ) {
            extract = items
            begin = {
                var next: Token?
                var isDone = false
                return Iterator {
                    guard !isDone else { return nil }
                    let page = try await fetch(next)
                    guard let following = token(page), !String(describing: following).isEmpty else {
                        isDone = true
                        return page
                    }
                    guard following != next else {
                        isDone = true
                        throw RepeatedTokenError(token: String(describing: following))
                    }
                    next = following
                    return page
                }
            }
        }

        /// Fetches from the first page on.
        public func makeAsyncIterator() -> Iterator { begin() }

        /// The items of all pages.
        public var items: Items { Items(pages: self) }

        /// The items of all pages, one after another.
        public struct Items: AsyncSequence, Sendable {
            /// An item.
            public typealias Element = Item

            /// Gives items, and fetches a page when there are none left.
            public struct Iterator: AsyncIteratorProtocol {
                fileprivate var pages: Pages.Iterator
                fileprivate let extract: @Sendable (Page) -> [Item]
                private var rest: ArraySlice<Item> = []

                fileprivate init(_ pages: Pages) {
                    self.pages = pages.makeAsyncIterator()
                    extract = pages.extract
                }

                /// The next item; `nil` after the last.
                public mutating func next() async throws -> Item? {
                    while rest.isEmpty {
                        guard let page = try await pages.next() else { return nil }
                        rest = extract(page)[...]
                    }
                    return rest.popFirst()
                }
            }

            fileprivate let pages: Pages

            /// Fetches from the first page on.
            public func makeAsyncIterator() -> Iterator { Iterator(pages) }
        }
    }
}
