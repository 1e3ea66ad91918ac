// Hot: once per connection and once per stream. Allocates: when the list grows.

/// What a ``Registry`` holds: it knows its place there.
protocol Registered: AnyObject {
    /// Position in the registry; -1 when it is in none.
    var index: Int { get set }
}

/// A list in no order, whose elements leave it at no cost.
struct Registry<Element: Registered> {
    private(set) var elements: [Element] = []

    var count: Int { elements.count }

    mutating func add(_ element: Element) {
        element.index = elements.count
        elements.append(element)
    }

    mutating func remove(_ element: Element) {
        let index = element.index
        guard index >= 0, index < elements.count, elements[index] === element else { return }
        let last = elements.removeLast()
        if last !== element {
            elements[index] = last
            last.index = index
        }
        element.index = -1
    }
}
