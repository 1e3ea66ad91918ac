public import PorticoSyntax
public struct TemplateProgram: Sendable {
    public var constant: [UInt8]?
    public var contextSlots: [UInt16] = []
    public var readsAllContext = false
    public var readsBody = false
    public var readsHeaders = false
    public var readsQuery = false
    public var readsPath = false
    public static func compile(_ t: String, symbols: SymbolTable) -> (program: TemplateProgram?, problems: [TemplateProblem]) { var p = TemplateProgram(); if !t.contains("$") && !t.contains("#") { p.constant = Array(t.utf8) }; return (p, []) }
    public func line(at: Int) -> Int { 0 }
}
public struct TemplateProblem: Sendable {
    public struct Note: Sendable { public var message: String; public var range: Range<Int>? }
    public var id: DiagnosticID
    public var message: String
    public var range: Range<Int>
    public var hint: String?
    public var notes: [Note]
}
public struct TemplateFailure: Sendable { public var reason: String; public var offset: Int }
public enum TemplateOutcome { case done; case failed(TemplateFailure) }
public final class TemplateMachine { public init(symbols: SymbolTable) {}
  public func render(_ p: TemplateProgram, input: TemplateInput, overrides: inout TemplateOverrides, into: OutputBuffer) -> TemplateOutcome { .done } }
public struct TemplateOverrides {
    public struct Entry: Equatable { public var name: [UInt8]; public var values: [[UInt8]] }
    public init() {}
    public var isEmpty: Bool { true }
    public var requestHeaders: [Entry] { [] }
    public var requestPath: [Entry] { [] }
    public var requestQuery: [Entry] { [] }
    public var responseHeaders: [Entry] { [] }
    public var status: Int? { nil }
}
public struct SchemaProblem: Sendable { public var message: String; public var pointer: String; public var isFatal: Bool }
public struct SchemaProgram: Sendable { public static func compile(_ s: JSONValue, library: [String: JSONValue]) -> (program: SchemaProgram?, problems: [SchemaProblem]) { (nil, []) } }
public enum SchemaOutcome { case valid; case invalid(String) }
public final class SchemaValidator { public init() {}; public func validate(_ p: SchemaProgram, _ t: JSONTape) -> SchemaOutcome { .valid } }
