// Hot: once per object of a template. Allocates: memory that later runs reuse.

/// What a list prints as and offers.
enum TemplateListKind: UInt8 {
    /// Made by the template: prints `[a, b]`.
    case plain
    /// An array of JSON: prints as JSON.
    case json
    /// `keySet()` and its like: no access by position.
    case collection
    /// A Java array, such as `split` gives.
    case array
    /// An entry of a map: key, value.
    case entry
}

/// What a list shows of another list or map, as Java's live views do.
enum TemplateViewKind: UInt8 {
    case none
    case keys, values, entries
    /// `subList`
    case slice
}

/// A list or the entries of a map, in memory of the heap.
struct TemplateCells {
    /// Values; a map has key and value in turn.
    var base: UnsafeMutablePointer<TemplateValue>?
    var count = 0
    var capacity = 0
    var kind = TemplateListKind.plain
    /// While nothing but a range: its bounds; ``base`` is `nil`.
    var isRange = false
    var first: Int32 = 0
    var last: Int32 = 0
    /// Open-addressing table of the entries of a large map: entry number + 1, or 0.
    var table: UnsafeMutablePointer<UInt32>?
    var tableSize = 0
    /// Counts what Java's iterators notice: elements that come and go.
    var changes: UInt32 = 0
    /// Counts every change.
    var version: UInt32 = 0
    /// Whether a view shows it, so that changes must be told.
    var isViewed = false
    var view = TemplateViewKind.none
    /// Of a view or an entry: the list or map that it belongs to, or -1.
    var source: Int32 = -1
    /// Of a view: ``version`` of the source that it shows, and, of a slice, its first element and ``changes``.
    var seen: UInt32 = 0
    var sliceStart: Int32 = 0
    var sliceChanges: UInt32 = 0
    /// Of a view or an entry of a JSON object that nobody has changed: the object.
    var node = TemplateCells.noNode

    static let noNode = UInt64.max
}

/// Memory of one run: bytes, lists and maps. All of it is given back at once.
final class TemplateHeap {
    /// Most bytes of one run, against templates that double a string in a loop.
    static let maximumBytes = 128 << 20
    private static let chunkBytes = 64 << 10
    /// Chunks whose memory outlives a run.
    private static let keptChunks = 4

    private var chunks: [UnsafeMutableRawPointer] = []
    /// Chunks larger than usual; freed after the run.
    private var large: [UnsafeMutableRawPointer] = []
    private var chunk = 0
    private var next: UnsafeMutableRawPointer
    private var left: Int
    private(set) var usedBytes = 0

    private(set) var cells: UnsafeMutablePointer<TemplateCells>
    private(set) var cellCount = 0
    private var cellCapacity = 64

    init() {
        let first = UnsafeMutableRawPointer.allocate(byteCount: Self.chunkBytes, alignment: 16)
        chunks = [first]
        next = first
        left = Self.chunkBytes
        cells = .allocate(capacity: cellCapacity)
    }

    deinit {
        for chunk in chunks { chunk.deallocate() }
        for chunk in large { chunk.deallocate() }
        cells.deallocate()
    }

    func reset() {
        for chunk in large { chunk.deallocate() }
        large.removeAll(keepingCapacity: true)
        while chunks.count > Self.keptChunks { chunks.removeLast().deallocate() }
        chunk = 0
        next = chunks[0]
        left = Self.chunkBytes
        usedBytes = 0
        cellCount = 0
        if cellCapacity > 4096 {
            cells.deallocate()
            cellCapacity = 64
            cells = .allocate(capacity: cellCapacity)
        }
    }

    /// Memory of `count` bytes, aligned to 16.
    @inline(__always)
    func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let size = (count &+ 15) & ~15
        guard size <= left else { return allocateElsewhere(size) }
        let result = next
        next += size
        left &-= size
        usedBytes &+= size
        return result
    }

    @inline(never)
    private func allocateElsewhere(_ size: Int) -> UnsafeMutableRawPointer {
        usedBytes &+= size
        if size > Self.chunkBytes / 4 {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 16), alignment: 16)
            large.append(memory)
            return memory
        }
        chunk += 1
        if chunk == chunks.count {
            chunks.append(.allocate(byteCount: Self.chunkBytes, alignment: 16))
        }
        next = chunks[chunk] + size
        left = Self.chunkBytes - size
        return chunks[chunk]
    }

    /// Copies bytes.
    func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let source = bytes.baseAddress, bytes.count > 0 else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let memory = allocate(bytes.count)
        memory.copyMemory(from: source, byteCount: bytes.count)
        return UnsafeRawBufferPointer(start: memory, count: bytes.count)
    }

    // MARK: Lists and maps

    func newCells(_ kind: TemplateListKind = .plain, capacity: Int = 0) -> Int {
        if cellCount == cellCapacity { growCells() }
        var new = TemplateCells()
        new.kind = kind
        if capacity > 0 {
            new.base = allocate(capacity * MemoryLayout<TemplateValue>.stride).bindMemory(
                to: TemplateValue.self, capacity: capacity)
            new.capacity = capacity
        }
        (cells + cellCount).initialize(to: new)
        cellCount &+= 1
        usedBytes &+= MemoryLayout<TemplateCells>.stride
        return cellCount &- 1
    }

    @inline(never)
    private func growCells() {
        let bigger = UnsafeMutablePointer<TemplateCells>.allocate(capacity: cellCapacity * 2)
        bigger.moveInitialize(from: cells, count: cellCount)
        cells.deallocate()
        cells = bigger
        cellCapacity *= 2
    }

    func append(_ value: TemplateValue, to handle: Int) {
        precondition(handle >= 0 && handle < cellCount)
        if cells[handle].isRange { expand(handle) }
        if cells[handle].count == cells[handle].capacity { grow(handle) }
        guard let base = cells[handle].base else { return }
        base[cells[handle].count] = value
        cells[handle].count &+= 1
        cells[handle].changes &+= 1
        cells[handle].version &+= 1
    }

    private func grow(_ handle: Int) {
        let old = cells[handle]
        let capacity = max(8, old.capacity * 2)
        let base = allocate(capacity * MemoryLayout<TemplateValue>.stride).bindMemory(
            to: TemplateValue.self, capacity: capacity)
        if let from = old.base { base.update(from: from, count: old.count) }
        cells[handle].base = base
        cells[handle].capacity = capacity
    }

    /// Gives a range its elements. The caller has checked that there is room.
    func expand(_ handle: Int) {
        let range = cells[handle]
        guard range.isRange else { return }
        cells[handle].isRange = false
        let count = range.count
        let base = allocate(count * MemoryLayout<TemplateValue>.stride).bindMemory(
            to: TemplateValue.self, capacity: count)
        let step: Int32 = range.first >= range.last ? -1 : 1
        var value = range.first
        for place in 0..<count {
            base[place] = TemplateValue(int: value)
            value = value &+ step
        }
        cells[handle].base = base
        cells[handle].capacity = count
    }

    /// The element at `place`, which must exist.
    @inline(__always)
    func element(_ handle: Int, _ place: Int) -> TemplateValue {
        precondition(handle >= 0 && handle < cellCount)
        precondition(place >= 0 && place < cells[handle].count)
        if cells[handle].isRange {
            let step: Int32 = cells[handle].first >= cells[handle].last ? -1 : 1
            return TemplateValue(int: cells[handle].first &+ step &* Int32(truncatingIfNeeded: place))
        }
        guard let base = cells[handle].base else { return .null }
        return base[place]
    }

    func setElement(_ handle: Int, _ place: Int, _ value: TemplateValue) {
        precondition(handle >= 0 && handle < cellCount)
        if cells[handle].isRange { expand(handle) }
        precondition(place >= 0 && place < cells[handle].count)
        cells[handle].base?[place] = value
        cells[handle].version &+= 1
    }

    func removeElements(_ handle: Int, at place: Int, count: Int = 1) {
        precondition(handle >= 0 && handle < cellCount)
        if cells[handle].isRange { expand(handle) }
        precondition(place >= 0 && count >= 0 && place + count <= cells[handle].count)
        guard let base = cells[handle].base else { return }
        (base + place).update(from: base + place + count, count: cells[handle].count - place - count)
        cells[handle].count -= count
        cells[handle].changes &+= 1
        cells[handle].version &+= 1
    }

    func removeAll(_ handle: Int) {
        precondition(handle >= 0 && handle < cellCount)
        cells[handle].isRange = false
        cells[handle].count = 0
        cells[handle].tableSize = 0
        if cells[handle].base == nil { cells[handle].capacity = 0 }
        cells[handle].changes &+= 1
        cells[handle].version &+= 1
    }

    func setCells(_ handle: Int, _ body: (inout TemplateCells) -> Void) {
        precondition(handle >= 0 && handle < cellCount)
        body(&cells[handle])
    }
}
