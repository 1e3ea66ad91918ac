public import PorticoSyntax
public struct SchemaProblem: Sendable { public var message: String; public var pointer: String; public var isFatal: Bool }
public struct SchemaProgram: Sendable { public static func compile(_ s: JSONValue, library: [String: JSONValue]) -> (program: SchemaProgram?, problems: [SchemaProblem]) { (SchemaProgram(), []) }
  public func encode(into w: inout ByteWriter) {}
  public init() {}
  public init(decoding r: inout ByteReader) throws(ProgramDecodingError) {}
  public func disassemble() -> String { "" } }
public enum SchemaOutcome { case valid; case invalid(String) }
public final class SchemaValidator { public init() {}; public func validate(_ p: SchemaProgram, _ t: JSONTape) -> SchemaOutcome { .valid } }
