// Hot: once per override of a template. Allocates: nothing for texts once its memory has grown.

/// What was overridden: names and texts in one buffer, places as plain numbers, so that looking one up counts no
/// references and a request that overrides something allocates nothing once the memory has grown.
final class TemplateOverrideStorage {
    struct Place: BitwiseCopyable {
        var kind: TemplateOverrideKind
        /// Whether the template under way has set it, which it may do once.
        var isFinal: Bool
        /// A range of ``bytes``.
        var nameStart: Int
        var nameCount: Int
        /// A range of ``bytes``, or from `valueCount` -1 on a position in ``others``.
        var valueStart: Int
        var valueCount: Int
    }

    private var places = UnsafeMutablePointer<Place>.allocate(capacity: 4)
    private var capacity = 4
    private(set) var count = 0
    private let bytes = OutputBuffer(capacity: 256)
    /// Values that are no texts.
    private var others: [TemplateDetachedValue] = []

    init() {}

    init(copying other: TemplateOverrideStorage) {
        for index in 0..<other.count { append(other.places[index]) }
        bytes.append(other.bytes.bytes)
        others = other.others
    }

    deinit { places.deallocate() }

    /// Bytes that are held.
    var byteCapacity: Int { bytes.capacity }

    /// Forgets everything and keeps the memory.
    func reset() {
        count = 0
        bytes.reset()
        if !others.isEmpty { others.removeAll(keepingCapacity: true) }
    }

    @inline(__always)
    func find(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer) -> Int? {
        for index in 0..<count where places[index].kind == kind && places[index].nameCount == name.count {
            if equalBytes(bytes.base + places[index].nameStart, name) { return index }
        }
        return nil
    }

    func kind(_ index: Int) -> TemplateOverrideKind { places[index].kind }

    func isFinal(_ index: Int) -> Bool { places[index].isFinal }

    func name(_ index: Int) -> [UInt8] {
        let place = places[index]
        return Array(UnsafeRawBufferPointer(start: bytes.base + place.nameStart, count: place.nameCount))
    }

    /// The text of a value, valid until something is set; `nil` if it is none.
    @inline(__always)
    func text(_ index: Int) -> UnsafeRawBufferPointer? {
        let place = places[index]
        guard place.valueCount >= 0 else { return nil }
        return UnsafeRawBufferPointer(start: bytes.base + place.valueStart, count: place.valueCount)
    }

    /// As a value of its own.
    func value(_ index: Int) -> TemplateDetachedValue {
        if let text = text(index) { return .text(Array(text)) }
        let place = places[index].valueStart
        return others.indices.contains(place) ? others[place] : .null
    }

    func set(_ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, text: UnsafeRawBufferPointer, isFinal: Bool)
    {
        let start = bytes.count
        bytes.append(text)
        put(kind, name, start, text.count, isFinal)
    }

    func set(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, _ value: TemplateDetachedValue, isFinal: Bool
    ) {
        if let index = find(kind, name), places[index].valueCount < 0, others.indices.contains(places[index].valueStart)
        {
            others[places[index].valueStart] = value
            places[index].isFinal = isFinal
            return
        }
        others.append(value)
        put(kind, name, others.count - 1, -1, isFinal)
    }

    private func put(
        _ kind: TemplateOverrideKind, _ name: UnsafeRawBufferPointer, _ start: Int, _ length: Int, _ isFinal: Bool
    ) {
        if let index = find(kind, name) {
            places[index].valueStart = start
            places[index].valueCount = length
            places[index].isFinal = isFinal
            return
        }
        let nameStart = bytes.count
        bytes.append(name)
        append(
            Place(
                kind: kind, isFinal: isFinal, nameStart: nameStart, nameCount: name.count, valueStart: start,
                valueCount: length))
    }

    private func append(_ place: Place) {
        if count == capacity {
            let bigger = UnsafeMutablePointer<Place>.allocate(capacity: capacity * 2)
            bigger.update(from: places, count: count)
            places.deallocate()
            places = bigger
            capacity *= 2
        }
        places[count] = place
        count &+= 1
    }

    /// Another template begins: nothing is final any more.
    func loosen() {
        for index in 0..<count { places[index].isFinal = false }
    }

    /// Takes out what `shouldGo` says.
    func removeAll(where shouldGo: (Int) -> Bool) {
        var kept = 0
        for index in 0..<count where !shouldGo(index) {
            places[kept] = places[index]
            kept += 1
        }
        count = kept
    }

    @inline(__always)
    private func equalBytes(_ own: UnsafeRawPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<other.count where own.load(fromByteOffset: index, as: UInt8.self) != other[index] {
            return false
        }
        return true
    }
}
