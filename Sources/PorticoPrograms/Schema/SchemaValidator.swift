// Hot: once per validated body. Allocates: the messages of a body that is refused.

/// What a validation came to.
public enum SchemaOutcome: Sendable, Hashable {
    /// The body meets the schema.
    case valid
    /// It does not; the text is what `$context.error.validationErrorString` holds, such as
    /// `[object has missing required properties (["a"])]`.
    case invalid(String)
}

/// Runs schema programs over bodies. One worker owns it and uses it on its event loop only.
public final class SchemaValidator {
    private let workspace: SchemaWorkspace

    /// Makes a validator. `seed` spreads the hashes of `uniqueItems`, which no client should be able to foresee.
    public init(seed: UInt64 = 0x5EED_0F5C_4E3A_1D27) {
        workspace = SchemaWorkspace(seed: seed)
    }

    /// Validates the value on the tape. An empty tape, which holds no JSON, is refused in API Gateway's words.
    public func validate(_ program: SchemaProgram, _ tape: JSONTape) -> SchemaOutcome {
        guard tape.count > 0 else { return .invalid("[Unknown error parsing request body]") }
        return withExtendedLifetime(program) {
            var machine = SchemaMachine(program.tables, tape, workspace)
            let accepted = machine.accepts(program.tables.pointee.root, tape.root)
            if accepted && !machine.hasGivenUp { return .valid }
            return .invalid(explain(program, tape, machine.hasGivenUp))
        }
    }

    /// All that is wrong with the value on the tape, in depth; empty when it is valid.
    public func violations(
        _ program: SchemaProgram, _ tape: JSONTape, limit: Int = SchemaValidator.violationLimit
    ) -> [SchemaViolation] {
        guard validate(program, tape) != .valid else { return [] }
        guard tape.count > 0 else {
            return [SchemaViolation(pointer: "", offset: 0, keyword: "", message: "no JSON value", schemaPointer: "")]
        }
        return withExtendedLifetime(program) {
            var explainer = SchemaExplainer(
                program, SchemaMachine(program.tables, tape, workspace), limit: limit, inDepth: true)
            return explainer.collect()
        }
    }

    /// Violations of one value that are listed.
    public static let violationLimit = 1000

    @inline(never)
    private func explain(_ program: SchemaProgram, _ tape: JSONTape, _ gaveUp: Bool) -> String {
        if gaveUp { return SchemaExplainer.limitMessage }
        var explainer = SchemaExplainer(program, SchemaMachine(program.tables, tape, workspace))
        return explainer.run()
    }
}

/// Memory that validations of one worker share.
final class SchemaWorkspace {
    /// One place of the table in which `uniqueItems` looks for equals.
    struct HashedNode {
        var hash: UInt64
        /// 0 when the place is free: the root is no element.
        var node: UInt32
    }

    /// Places whose memory outlives a body: 1 MB.
    private static let keptPlaces = 1 << 16

    let matcher = PatternMatcher()
    /// The last text whose escapes were undone.
    let text = OutputBuffer(capacity: 256)
    let seed: UInt64
    private(set) var hashes: UnsafeMutablePointer<HashedNode>
    private var capacity = 64

    init(seed: UInt64) {
        self.seed = seed
        hashes = .allocate(capacity: capacity)
    }

    deinit { hashes.deallocate() }

    /// Clears a table of at least twice `count` places and returns its size, a power of two.
    func prepareHashes(_ count: Int) -> Int {
        var size = 16
        while size < count &* 2 { size &*= 2 }
        if capacity < size || (capacity > Self.keptPlaces && size <= Self.keptPlaces) {
            hashes.deallocate()
            hashes = .allocate(capacity: size)
            capacity = size
        }
        hashes.initialize(repeating: HashedNode(hash: 0, node: 0), count: size)
        return size
    }
}

extension JSONTape {
    /// The nodes, which stay in place until the next parse.
    var nodePointer: UnsafePointer<JSONNode> {
        nodeBase
    }

    /// The text that the nodes point into.
    var sourcePointer: UnsafePointer<UInt8> {
        guard let start = source.baseAddress else { preconditionFailure("a tape with nodes has a text") }
        return start.assumingMemoryBound(to: UInt8.self)
    }
}
