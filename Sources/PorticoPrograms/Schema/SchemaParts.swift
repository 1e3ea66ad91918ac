/// The tables of a ``SchemaProgram`` as the compiler fills them and the snapshot keeps them. ``SchemaVerifier`` says what
/// must hold between them; ``SchemaTables`` is the form that the machine reads.
struct SchemaParts: Hashable, Sendable {
    /// Node 0 accepts everything.
    var nodes: [SchemaNode] = [SchemaNode()]
    /// The node of the whole value.
    var root: UInt32 = 0
    var strings: [StringRule] = []
    var numbers: [NumberRule] = []
    var arrays: [ArrayRule] = []
    var objects: [ObjectRule] = []
    var properties: [PropertyRule] = []
    var patternRules: [PatternRule] = []
    var dependencies: [DependencyRule] = []
    var combinators: [CombinatorRule] = []
    /// Lists of nodes: branches of combinators and tuples.
    var links: [UInt32] = []
    /// Lists of names: those that a dependency wants.
    var names: [SchemaText] = []
    var constants: [SchemaConstant] = []
    /// Spellings of limits and divisors.
    var decimals: [SchemaText] = []
    var patterns: [Pattern] = []
    /// Where each node stands in its document, for people.
    var labels: [String] = [""]
    /// The pool of names and constants.
    var bytes: [UInt8] = []

    func text(_ text: SchemaText) -> String {
        String(decoding: bytes[Int(text.offset)..<Int(text.offset) + Int(text.length)], as: UTF8.self)
    }
}

extension SchemaParts {
    func encode(into writer: inout ByteWriter) {
        writer.write(root)
        writer.write(bytes)
        writer.write(labels) { $0.write($1) }
        writer.write(patterns) { $0.write($1.text) }
        writer.write(nodes) { writer, node in
            writer.write(
                words: node.types, node.text, node.number, node.array, node.object, node.enumeration,
                node.enumerationCount, node.combinators, node.combinatorCount)
        }
        writer.write(strings) { $0.write(words: $1.minimum, $1.maximum, $1.pattern, $1.format) }
        writer.write(numbers) {
            $0.write(words: $1.minimum, $1.maximum, $1.divisor, $1.minimumIsExclusive, $1.maximumIsExclusive)
        }
        writer.write(arrays) { $0.write(words: $1.minimum, $1.maximum, $1.unique, $1.rest, $1.tuple, $1.tupleCount) }
        writer.write(objects) { writer, rule in
            writer.write(
                words: rule.minimum, rule.maximum, rule.properties, rule.propertyCount, rule.requiredCount,
                rule.patterns, rule.patternCount, rule.additional, rule.dependencies, rule.dependencyCount)
        }
        writer.write(properties) { $0.write(words: $1.name.offset, $1.name.length, $1.node, $1.flags) }
        writer.write(patternRules) { $0.write(words: $1.pattern, $1.node) }
        writer.write(dependencies) {
            $0.write(words: $1.trigger.offset, $1.trigger.length, $1.node, $1.names, $1.nameCount)
        }
        writer.write(combinators) { $0.write(words: $1.kind, $1.links, $1.count) }
        writer.write(links) { $0.write($1) }
        writer.write(names) { $0.write(words: $1.offset, $1.length) }
        writer.write(constants) { $0.write(words: $1.kind, $1.text.offset, $1.text.length, $1.count, $1.next) }
        writer.write(decimals) { $0.write(words: $1.offset, $1.length) }
    }

    /// Reads the flat form. Nothing is checked but its lengths.
    init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        root = try reader.read(UInt32.self)
        bytes = try reader.readBytes()
        labels = try reader.readArray { reader throws(ProgramDecodingError) in try reader.readString() }
        patterns = try reader.readArray { reader throws(ProgramDecodingError) in
            let offset = reader.offset
            switch Pattern.compileScript(try reader.readString()) {
            case .success(let pattern): return pattern
            case .failure(let problem): throw ProgramDecodingError("pattern: \(problem.message)", at: offset)
            }
        }
        nodes = try reader.readArray { reader throws(ProgramDecodingError) in
            var node = SchemaNode()
            node.types = try reader.read(UInt32.self)
            node.text = try reader.read(UInt32.self)
            node.number = try reader.read(UInt32.self)
            node.array = try reader.read(UInt32.self)
            node.object = try reader.read(UInt32.self)
            node.enumeration = try reader.read(UInt32.self)
            node.enumerationCount = try reader.read(UInt32.self)
            node.combinators = try reader.read(UInt32.self)
            node.combinatorCount = try reader.read(UInt32.self)
            return node
        }
        strings = try reader.readArray { reader throws(ProgramDecodingError) in
            StringRule(
                minimum: try reader.read(UInt32.self), maximum: try reader.read(UInt32.self),
                pattern: try reader.read(UInt32.self), format: try reader.read(UInt32.self))
        }
        numbers = try reader.readArray { reader throws(ProgramDecodingError) in
            NumberRule(
                minimum: try reader.read(UInt32.self), maximum: try reader.read(UInt32.self),
                divisor: try reader.read(UInt32.self), minimumIsExclusive: try reader.read(UInt32.self),
                maximumIsExclusive: try reader.read(UInt32.self))
        }
        arrays = try reader.readArray { reader throws(ProgramDecodingError) in
            ArrayRule(
                minimum: try reader.read(UInt32.self), maximum: try reader.read(UInt32.self),
                unique: try reader.read(UInt32.self), rest: try reader.read(UInt32.self),
                tuple: try reader.read(UInt32.self), tupleCount: try reader.read(UInt32.self))
        }
        objects = try reader.readArray { reader throws(ProgramDecodingError) in
            var rule = ObjectRule()
            rule.minimum = try reader.read(UInt32.self)
            rule.maximum = try reader.read(UInt32.self)
            rule.properties = try reader.read(UInt32.self)
            rule.propertyCount = try reader.read(UInt32.self)
            rule.requiredCount = try reader.read(UInt32.self)
            rule.patterns = try reader.read(UInt32.self)
            rule.patternCount = try reader.read(UInt32.self)
            rule.additional = try reader.read(UInt32.self)
            rule.dependencies = try reader.read(UInt32.self)
            rule.dependencyCount = try reader.read(UInt32.self)
            return rule
        }
        properties = try reader.readArray { reader throws(ProgramDecodingError) in
            PropertyRule(
                name: try reader.readSchemaText(), node: try reader.read(UInt32.self),
                flags: try reader.read(UInt32.self))
        }
        patternRules = try reader.readArray { reader throws(ProgramDecodingError) in
            PatternRule(pattern: try reader.read(UInt32.self), node: try reader.read(UInt32.self))
        }
        dependencies = try reader.readArray { reader throws(ProgramDecodingError) in
            DependencyRule(
                trigger: try reader.readSchemaText(), node: try reader.read(UInt32.self),
                names: try reader.read(UInt32.self), nameCount: try reader.read(UInt32.self))
        }
        combinators = try reader.readArray { reader throws(ProgramDecodingError) in
            CombinatorRule(
                kind: try reader.read(UInt32.self), links: try reader.read(UInt32.self),
                count: try reader.read(UInt32.self))
        }
        links = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt32.self) }
        names = try reader.readArray { reader throws(ProgramDecodingError) in try reader.readSchemaText() }
        constants = try reader.readArray { reader throws(ProgramDecodingError) in
            SchemaConstant(
                kind: try reader.read(UInt32.self), text: try reader.readSchemaText(),
                count: try reader.read(UInt32.self), next: try reader.read(UInt32.self))
        }
        decimals = try reader.readArray { reader throws(ProgramDecodingError) in try reader.readSchemaText() }
    }
}

extension ByteWriter {
    fileprivate mutating func write(words: UInt32...) {
        for word in words { write(word) }
    }
}

extension ByteReader {
    fileprivate mutating func readSchemaText() throws(ProgramDecodingError) -> SchemaText {
        SchemaText(offset: try read(UInt32.self), length: try read(UInt32.self))
    }
}
