// Hot: read once per JSON value of a validated body. Allocates: once per program.

/// The tables of a program in memory of their own, with what the machine needs worked out: hash tables of names, and
/// limits as machine integers. ``SchemaMemory`` owns the memory.
///
/// Indices are not checked here: ``SchemaVerifier`` has passed the parts. Plain pointers, so that the machine counts no
/// references.
struct SchemaTables {
    /// A name with its hash.
    struct Property {
        var start: UnsafePointer<UInt8>
        var length: Int
        var hash: UInt64
        var node: UInt32
        var flags: UInt32
    }

    /// An object's rule with its hash table.
    struct Object {
        var rule: ObjectRule
        /// Where its places begin.
        var places: Int
        /// Number of places less one; the number is a power of two.
        var mask: Int
    }

    /// A limit or a divisor.
    struct Number {
        var decimal: SchemaDecimal
        /// The value when it is whole and small.
        var integer: Int64
        var isInteger: Bool
        /// The value as digits without trailing zeros and a power of ten; 0 when it has too many digits.
        var mantissa: UInt64
        var scale: Int
    }

    /// A value of `enum` with its hash, if it is a text.
    struct Constant {
        var kind: JSONNodeKind
        var text: UnsafeRawBufferPointer
        var hash: UInt64
        var count: Int
        var next: Int
    }

    /// A pattern that is read here, or how PCRE2 reads it.
    struct PatternEntry {
        var pattern: Unmanaged<Pattern>
        /// Runs of a simple pattern; 0 when it is none.
        var runCount: Int
        var runs: UnsafePointer<SchemaPatternRuns.Run>
        var members: UnsafePointer<UInt8>
    }

    let nodes: UnsafePointer<SchemaNode>
    let strings: UnsafePointer<StringRule>
    let numbers: UnsafePointer<NumberRule>
    let arrays: UnsafePointer<ArrayRule>
    let objects: UnsafePointer<Object>
    let properties: UnsafePointer<Property>
    /// Index of a property plus one, or 0.
    let places: UnsafePointer<UInt32>
    let patternRules: UnsafePointer<PatternRule>
    let dependencies: UnsafePointer<DependencyRule>
    let combinators: UnsafePointer<CombinatorRule>
    let links: UnsafePointer<UInt32>
    let names: UnsafePointer<SchemaText>
    let constants: UnsafePointer<Constant>
    let decimals: UnsafePointer<Number>
    let patterns: UnsafePointer<PatternEntry>
    private let runs: UnsafePointer<SchemaPatternRuns.Run>
    private let members: UnsafePointer<UInt8>
    let bytes: UnsafePointer<UInt8>
    let root: UInt32

    fileprivate init(_ parts: SchemaParts) {
        let pool = Self.copy(parts.bytes)
        func text(_ text: SchemaText) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: pool + Int(text.offset), count: Int(text.length))
        }
        let properties = parts.properties.map { rule in
            let start = pool + Int(rule.name.offset)
            let length = Int(rule.name.length)
            return Property(
                start: start, length: length, hash: SchemaHash.bytes(start, length), node: rule.node, flags: rule.flags)
        }
        var places: [UInt32] = []
        let objects = parts.objects.map { rule in
            let start = places.count
            var size = 1
            while size < Int(rule.propertyCount) * 2 { size *= 2 }
            places.append(contentsOf: repeatElement(0, count: size))
            for index in Int(rule.properties)..<Int(rule.properties) + Int(rule.propertyCount) {
                var place = Int(truncatingIfNeeded: properties[index].hash) & (size - 1)
                while places[start + place] != 0 { place = (place + 1) & (size - 1) }
                places[start + place] = UInt32(index + 1)
            }
            return Object(rule: rule, places: start, mask: size - 1)
        }
        let constants = parts.constants.map { constant in
            let text = text(constant.text)
            let kind = JSONNodeKind(rawValue: UInt8(truncatingIfNeeded: constant.kind)) ?? .null
            let start = pool + Int(constant.text.offset)
            return Constant(
                kind: kind, text: text, hash: kind == .string ? SchemaHash.bytes(start, text.count) : 0,
                count: Int(constant.count), next: Int(constant.next))
        }
        bytes = pool
        root = parts.root
        nodes = Self.copy(parts.nodes)
        strings = Self.copy(parts.strings)
        numbers = Self.copy(parts.numbers)
        arrays = Self.copy(parts.arrays)
        self.objects = Self.copy(objects)
        self.properties = Self.copy(properties)
        self.places = Self.copy(places)
        patternRules = Self.copy(parts.patternRules)
        dependencies = Self.copy(parts.dependencies)
        combinators = Self.copy(parts.combinators)
        links = Self.copy(parts.links)
        names = Self.copy(parts.names)
        self.constants = Self.copy(constants)
        decimals = Self.copy(parts.decimals.map { Self.number(text($0)) })
        let simple = parts.patterns.map { SchemaPatternRuns($0.text) }
        let runs = Self.copy(simple.flatMap { $0?.runs ?? [] })
        let members = Self.copy(simple.flatMap { $0?.members ?? [] })
        (self.runs, self.members) = (runs, members)
        var (nextRun, nextMember) = (0, 0)
        patterns = Self.copy(
            zip(parts.patterns, simple).map { pattern, simple in
                defer {
                    nextRun += simple?.runs.count ?? 0
                    nextMember += simple?.members.count ?? 0
                }
                return PatternEntry(
                    pattern: Unmanaged.passUnretained(pattern), runCount: simple?.runs.count ?? 0, runs: runs + nextRun,
                    members: members + nextMember)
            })
    }

    fileprivate func deallocate() {
        nodes.deallocate()
        strings.deallocate()
        numbers.deallocate()
        arrays.deallocate()
        objects.deallocate()
        properties.deallocate()
        places.deallocate()
        patternRules.deallocate()
        dependencies.deallocate()
        combinators.deallocate()
        links.deallocate()
        names.deallocate()
        constants.deallocate()
        decimals.deallocate()
        patterns.deallocate()
        runs.deallocate()
        members.deallocate()
        bytes.deallocate()
    }

    private static func copy<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        elements.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { memory.initialize(from: start, count: source.count) }
        }
        return UnsafePointer(memory)
    }

    private static func number(_ text: UnsafeRawBufferPointer) -> Number {
        let decimal = SchemaDecimal(text)
        var number = Number(decimal: decimal, integer: 0, isInteger: false, mantissa: 0, scale: 0)
        if let (mantissa, scale) = decimal.mantissa { (number.mantissa, number.scale) = (mantissa, scale) }
        if let integer = Int64(String(decoding: text, as: UTF8.self)) {
            number.integer = integer
            number.isInteger = true
        }
        return number
    }

    func text(_ text: SchemaText) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes + Int(text.offset), count: Int(text.length))
    }
}

/// Owns the memory of a program's tables. Immutable once made, so all workers share it.
final class SchemaMemory: @unchecked Sendable {
    let tables: UnsafePointer<SchemaTables>
    private let patterns: [Pattern]

    /// `parts` must have passed ``SchemaVerifier``.
    init(_ parts: SchemaParts) {
        patterns = parts.patterns
        let memory = UnsafeMutablePointer<SchemaTables>.allocate(capacity: 1)
        memory.initialize(to: SchemaTables(parts))
        tables = UnsafePointer(memory)
    }

    deinit {
        tables.pointee.deallocate()
        tables.deallocate()
    }
}
