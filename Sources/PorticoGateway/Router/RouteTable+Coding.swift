// Hot: no, once per load. Allocates: the table.

internal import PorticoPrograms

/// The flat form: the number of methods, the names, and the tree's nodes; everything else is derived again.
extension RouteTable {
    /// Appends the table.
    func encode(into writer: inout ByteWriter) {
        writer.write(count: methodCount)
        writer.write(names)
        writer.write(trunk) { writer, node in
            writer.write(node.kind.rawValue)
            writer.write(node.depth)
            writer.write(node.nameStart)
            writer.write(node.nameCount)
            writer.write(node.methods.reduce(UInt8(0)) { $0 | 1 << $1.verb.rawValue })
            for method in node.methods { writer.write(method.method) }
        }
    }

    /// Reads what ``encode(into:)`` wrote. Bytes that describe no tree in canonical order, or a method that is not there,
    /// throw.
    convenience init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        let start = reader.offset
        let methodCount = Int(try reader.read(UInt32.self))
        let names = try reader.readBytes()
        let trunk = try reader.readArray { reader throws(ProgramDecodingError) in try TrunkNode(decoding: &reader) }
        guard let table = RouteTableParts(trunk: trunk, names: names, methodCount: methodCount) else {
            throw ProgramDecodingError("routes form no tree", at: start)
        }
        self.init(table, trunk: trunk, names: names, methodCount: methodCount)
    }
}

extension RouteTable.TrunkNode {
    fileprivate init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        guard let kind = RouteTable.Kind(rawValue: try reader.read(UInt8.self)) else {
            throw ProgramDecodingError("no kind of route segment", at: reader.offset - 1)
        }
        let depth = try reader.read(UInt32.self)
        let nameStart = try reader.read(UInt32.self)
        let nameCount = try reader.read(UInt32.self)
        let verbs = try reader.read(UInt8.self)
        var methods: [RouteMethod] = []
        for verb in RouteVerb.allCases where verbs & (1 << verb.rawValue) != 0 {
            methods.append(RouteMethod(verb, Int(try reader.read(UInt32.self))))
        }
        self.init(kind: kind, depth: depth, nameStart: nameStart, nameCount: nameCount, methods: methods)
    }
}
