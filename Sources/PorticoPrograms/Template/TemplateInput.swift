// Hot: once per template run. Allocates: nothing.

/// A name with its value, both bytes of somebody else's memory.
public struct NamedBytes: BitwiseCopyable {
    /// Name as the client wrote it.
    public var name: UnsafeRawBufferPointer
    /// Value: raw for path parameters, percent-decoded for query parameters, without surrounding blanks for headers.
    public var value: UnsafeRawBufferPointer

    /// Pairs a name with a value.
    public init(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        self.name = name
        self.value = value
    }
}

/// What a template reads. All pointers must stay valid for the run; the template machine copies what it keeps.
public struct TemplateInput {
    /// The body that `$input` works on; empty reads as `{}` through `$input.body`.
    public var body = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A tape that holds ``body`` already, such as the one that a validator has read; nobody may change it during the
    /// run. Without one the machine parses the body when a template asks for it.
    public var parsedBody: JSONTape?
    /// `$input.params().path`
    public var pathParameters = UnsafeBufferPointer<NamedBytes>(start: nil, count: 0)
    /// `$input.params().querystring`, every occurrence; of several with one name the last one counts.
    public var queryParameters = UnsafeBufferPointer<NamedBytes>(start: nil, count: 0)
    /// `$input.params().header`, every occurrence; of several with one name the last one counts.
    public var headers = UnsafeBufferPointer<NamedBytes>(start: nil, count: 0)
    /// `$context` variables by the slot numbers of the ``SymbolTable``; a `nil` base means absent.
    public var context = UnsafeBufferPointer<UnsafeRawBufferPointer>(start: nil, count: 0)
    /// More `$context` variables by dotted name without `$context.`, such as what an authorizer returned:
    /// `authorizer.plan`.
    public var extraContext = UnsafeBufferPointer<NamedBytes>(start: nil, count: 0)
    /// Stage variables by the slot numbers of the ``SymbolTable``; a `nil` base means absent.
    public var stageVariables = UnsafeBufferPointer<UnsafeRawBufferPointer>(start: nil, count: 0)

    /// An input in which everything is absent.
    public init() {}
}

/// Names that a template may read, resolved to slots when it is compiled.
///
/// The caller fills only the slots that ``TemplateProgram/contextSlots`` lists.
public struct SymbolTable: Sendable, Hashable {
    /// `$context` variables by dotted name without `$context.`, such as `identity.sourceIp`; the position is the slot.
    /// At most 65,535.
    public var contextVariables: [String]
    /// Names of stage variables; the position is the slot.
    public var stageVariables: [String]

    /// Makes a table.
    public init(contextVariables: [String], stageVariables: [String]) {
        self.contextVariables = contextVariables
        self.stageVariables = stageVariables
    }
}
