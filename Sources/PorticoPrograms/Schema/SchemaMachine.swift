// Hot: once per JSON value of a validated body. Allocates: nothing, unless a text has escapes or an array must be unique.

/// Decides whether a value meets a schema. It recurses once for each level of the value and for each combinator, to a
/// limit; steps are counted, so that a hostile body costs no more than a multiple of its size.
struct SchemaMachine {
    /// The deepest recursion: the tape's own limit, and as much again for combinators.
    static let levelLimit = 1024
    /// Steps that any body may take, and those for each of its nodes.
    static let freeSteps = 4_000_000
    static let stepsPerNode = 8
    /// What a pattern costs that gives up: about as long as that many steps take.
    static let hopelessPatternSteps = 100_000

    let tables: UnsafePointer<SchemaTables>
    let tape: JSONTape
    let workspace: SchemaWorkspace
    let nodes: UnsafePointer<JSONNode>
    let source: UnsafePointer<UInt8>
    /// Negative once the machine has given up; whatever it says then is void.
    var stepsLeft: Int
    var levelsLeft = Self.levelLimit

    /// Makes a machine for the value on the tape, which must not be empty.
    init(_ tables: UnsafePointer<SchemaTables>, _ tape: JSONTape, _ workspace: SchemaWorkspace) {
        self.tables = tables
        self.tape = tape
        self.workspace = workspace
        nodes = tape.nodePointer
        source = tape.sourcePointer
        stepsLeft = Self.freeSteps &+ Self.stepsPerNode &* tape.count
    }

    var hasGivenUp: Bool { stepsLeft < 0 }

    mutating func giveUp() { stepsLeft = Int.min / 2 }

    /// Whether the value at `place` meets a schema.
    mutating func accepts(_ schema: UInt32, _ place: Int) -> Bool {
        if schema == 0 { return true }
        stepsLeft &-= 1
        if stepsLeft < 0 { return false }
        let rule = tables.pointee.nodes + Int(schema)
        let node = nodes + place
        let kind = node.pointee.kind
        if rule.pointee.types & SchemaTypes.mask(kind) == 0, !isLongInteger(rule.pointee.types, node) { return false }
        switch kind {
        case .string, .escapedString:
            if rule.pointee.text != noSchemaRule, !acceptsText(Int(rule.pointee.text), place) { return false }
        case .integer, .number:
            if rule.pointee.number != noSchemaRule, !acceptsNumber(Int(rule.pointee.number), place) { return false }
        case .array:
            if rule.pointee.array != noSchemaRule, !acceptsArray(Int(rule.pointee.array), place) { return false }
        case .object:
            if rule.pointee.object != noSchemaRule, !acceptsObject(Int(rule.pointee.object), place) { return false }
        default: break
        }
        if rule.pointee.enumerationCount > 0 {
            stepsLeft &-= Int(rule.pointee.enumerationCount) &>> 3
            if !isEnumerated(rule.pointee, place) { return false }
        }
        return rule.pointee.combinatorCount == 0 || acceptsCombinators(rule.pointee, place)
    }

    /// Whether it is a whole number beyond `Int64` where only whole numbers are wanted.
    func isLongInteger(_ types: UInt32, _ node: UnsafePointer<JSONNode>) -> Bool {
        guard node.pointee.kind == .number, types & SchemaTypes.integer != 0 else { return false }
        return !rawText(node).contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
    }

    @inline(__always)
    func rawText(_ node: UnsafePointer<JSONNode>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: source + Int(node.pointee.offset), count: Int(node.pointee.length))
    }

    /// Descends one level; `false` when there are too many.
    @inline(__always)
    mutating func enter() -> Bool {
        if levelsLeft > 0 {
            levelsLeft &-= 1
            return true
        }
        giveUp()
        return false
    }

    // MARK: Combinators

    private mutating func acceptsCombinators(_ rule: SchemaNode, _ place: Int) -> Bool {
        guard enter() else { return false }
        defer { levelsLeft &+= 1 }
        let start = Int(rule.combinators)
        for index in start..<start &+ Int(rule.combinatorCount) where !acceptsCombinator(index, place) { return false }
        return true
    }

    mutating func acceptsCombinator(_ index: Int, _ place: Int) -> Bool {
        let combinator = tables.pointee.combinators[index]
        let links = tables.pointee.links + Int(combinator.links)
        let count = Int(combinator.count)
        switch CombinatorRule.Kind(rawValue: combinator.kind) {
        case .all:
            for branch in 0..<count where !accepts(links[branch], place) { return false }
            return true
        case .any:
            for branch in 0..<count where accepts(links[branch], place) { return true }
            return false
        case .none?:
            for branch in 0..<count where accepts(links[branch], place) { return false }
            return true
        case .one:
            var matched = 0
            for branch in 0..<count where accepts(links[branch], place) {
                matched &+= 1
                if matched > 1 { return false }
            }
            return matched == 1
        case nil: return false
        }
    }

    // MARK: Arrays

    private mutating func acceptsArray(_ index: Int, _ place: Int) -> Bool {
        let rule = tables.pointee.arrays[index]
        let count = nodes[place].length
        if count < rule.minimum || count > rule.maximum { return false }
        if rule.rest == ObjectRule.forbidden, count > rule.tupleCount { return false }
        if rule.unique != 0, !hasUniqueElements(place) { return false }
        if rule.rest == 0 && rule.tupleCount == 0 { return true }
        stepsLeft &-= Int(count) &>> 1
        guard enter() else { return false }
        defer { levelsLeft &+= 1 }
        var element = place &+ 1
        for position in 0..<Int(count) {
            let schema = position < Int(rule.tupleCount) ? tables.pointee.links[Int(rule.tuple) &+ position] : rule.rest
            if !accepts(schema, element) { return false }
            element = Int(nodes[element].next)
        }
        return true
    }

    // MARK: Objects

    private mutating func acceptsObject(_ index: Int, _ place: Int) -> Bool {
        let object = tables.pointee.objects + index
        let count = nodes[place].length
        // The tape holds each name once, so that counting the required ones is enough.
        if count < object.pointee.rule.minimum || count > object.pointee.rule.maximum
            || count < object.pointee.rule.requiredCount
        {
            return false
        }
        stepsLeft &-= Int(count) &>> 1
        guard enter() else { return false }
        defer { levelsLeft &+= 1 }
        var required: UInt32 = 0
        var key = place &+ 1
        // The property that comes next if the body has the order of the schema.
        var expected = tables.pointee.properties + Int(object.pointee.rule.properties)
        let end = expected + Int(object.pointee.rule.propertyCount)
        for _ in 0..<Int(count) {
            if !acceptsMember(object, key, &required, &expected, end) { return false }
            key = Int(nodes[key &+ 1].next)
        }
        if required != object.pointee.rule.requiredCount { return false }
        return object.pointee.rule.dependencyCount == 0 || acceptsDependencies(object, place)
    }

    @inline(__always)
    private mutating func acceptsMember(
        _ object: UnsafePointer<SchemaTables.Object>, _ key: Int, _ required: inout UInt32,
        _ expected: inout UnsafePointer<SchemaTables.Property>, _ end: UnsafePointer<SchemaTables.Property>
    ) -> Bool {
        var isDeclared = false
        var found: UnsafePointer<SchemaTables.Property>? = expected
        if expected == end || !isNamed(expected, key) { found = property(object, key) }
        if let found {
            expected = found + 1
            let flags = found.pointee.flags
            if flags & PropertyRule.isRequired != 0 { required &+= 1 }
            if flags & PropertyRule.isDeclared != 0 {
                isDeclared = true
                if !accepts(found.pointee.node, key &+ 1) { return false }
            }
        }
        if object.pointee.rule.patternCount > 0 {
            let start = Int(object.pointee.rule.patterns)
            for index in start..<start &+ Int(object.pointee.rule.patternCount) {
                let rule = tables.pointee.patternRules[index]
                if matches(Int(rule.pattern), key) {
                    isDeclared = true
                    if !accepts(rule.node, key &+ 1) { return false }
                }
            }
        }
        if isDeclared || object.pointee.rule.additional == 0 { return true }
        return object.pointee.rule.additional != ObjectRule.forbidden
            && accepts(object.pointee.rule.additional, key &+ 1)
    }

    @inline(__always)
    private func isNamed(_ property: UnsafePointer<SchemaTables.Property>, _ key: Int) -> Bool {
        let node = nodes + key
        let length = Int(node.pointee.length)
        return property.pointee.length == length && node.pointee.kind == .key
            && SchemaHash.areEqual(property.pointee.start, source + Int(node.pointee.offset), length)
    }

    /// What the schema says about a name.
    func property(_ object: UnsafePointer<SchemaTables.Object>, _ key: Int)
        -> UnsafePointer<SchemaTables.Property>?
    {
        if object.pointee.rule.propertyCount == 0 { return nil }
        let text = plainText(key)
        guard let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let hash = SchemaHash.bytes(start, text.count)
        let mask = object.pointee.mask
        let row = tables.pointee.places + object.pointee.places
        var place = Int(truncatingIfNeeded: hash) & mask
        // Half of the places are free, so the walk ends.
        while true {
            let entry = row[place]
            if entry == 0 { return nil }
            let property = tables.pointee.properties + Int(entry &- 1)
            if property.pointee.hash == hash, property.pointee.length == text.count,
                SchemaHash.areEqual(property.pointee.start, start, text.count)
            {
                return property
            }
            place = (place &+ 1) & mask
        }
    }

    private mutating func acceptsDependencies(_ object: UnsafePointer<SchemaTables.Object>, _ place: Int) -> Bool {
        let start = Int(object.pointee.rule.dependencies)
        for index in start..<start &+ Int(object.pointee.rule.dependencyCount) {
            let rule = tables.pointee.dependencies[index]
            if stepsLeft < 0 { return false }
            guard hasMember(place, rule.trigger) else { continue }
            if rule.node != noSchemaRule {
                if !accepts(rule.node, place) { return false }
            } else {
                let names = Int(rule.names)
                for name in names..<names &+ Int(rule.nameCount) where !hasMember(place, tables.pointee.names[name]) {
                    return false
                }
            }
        }
        return true
    }

    mutating func hasMember(_ place: Int, _ name: SchemaText) -> Bool {
        stepsLeft &-= Int(nodes[place].length) &>> 1
        return tape.member(place, named: tables.pointee.text(name)) != nil
    }
}
