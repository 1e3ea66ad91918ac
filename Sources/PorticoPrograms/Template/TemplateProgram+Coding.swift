/// The flat form in a snapshot.
extension TemplateProgram {
    /// Writes the program.
    public func encode(into writer: inout ByteWriter) {
        writer.write(constant != nil)
        if let constant { writer.write(constant) }
        writer.write(flags)
        writer.write(contextSlots) { $0.write($1) }
        writer.write(instructions) {
            $0.write($1.opcode.rawValue)
            $0.write($1.a)
            $0.write($1.b)
            $0.write($1.c)
        }
        writer.write(offsets) { $0.write($1) }
        writer.write(lines.starts) { $0.write($1) }
        writer.write(lines.continuations) { $0.write($1) }
        writer.write(pool)
        writer.write(constants) {
            $0.write($1.offset)
            $0.write($1.length)
        }
        writer.write(numbers) { $0.write($1) }
        writer.write(paths) { $0.write($1.text) }
        writer.write(variables) { $0.write($1) }
        writer.write(foreachSlot)
        writer.write(countSlot)
        writer.write(hasNextSlot)
    }

    /// Reads a program and verifies all of it, so that the machine may trust it.
    public init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        self.init()
        let start = reader.offset
        if try reader.readBool() { constant = try reader.readBytes() }
        flags = try reader.read(UInt16.self)
        contextSlots = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt16.self) }
        instructions = try reader.readArray { reader throws(ProgramDecodingError) in
            let offset = reader.offset
            guard let opcode = TemplateOpcode(rawValue: try reader.read(UInt8.self)) else {
                throw ProgramDecodingError("no such instruction", at: offset)
            }
            return TemplateInstruction(
                opcode: opcode, a: try reader.read(UInt8.self), b: try reader.read(UInt16.self),
                c: try reader.read(UInt32.self))
        }
        offsets = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt32.self) }
        lines.starts = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt32.self) }
        lines.continuations = try reader.readArray { reader throws(ProgramDecodingError) in
            try reader.read(UInt32.self)
        }
        pool = try reader.readBytes()
        constants = try reader.readArray { reader throws(ProgramDecodingError) in
            TemplateConstant(offset: try reader.read(UInt32.self), length: try reader.read(UInt32.self))
        }
        numbers = try reader.readArray { reader throws(ProgramDecodingError) in try reader.read(UInt64.self) }
        paths = try reader.readArray { reader throws(ProgramDecodingError) in
            let offset = reader.offset
            guard case .success(let path) = JSONPath.compile(try reader.readString()) else {
                throw ProgramDecodingError("no JSONPath", at: offset)
            }
            return path
        }
        variables = try reader.readArray { reader throws(ProgramDecodingError) in try reader.readString() }
        foreachSlot = try reader.read(UInt16.self)
        countSlot = try reader.read(UInt16.self)
        hasNextSlot = try reader.read(UInt16.self)
        notePresets()
        do throws(ProgramDecodingError) {
            try verify()
        } catch {
            throw ProgramDecodingError("template: \(error.reason) (instruction \(error.offset))", at: start)
        }
    }

    /// The flags in the order of their bits.
    private static var flagPaths: [WritableKeyPath<TemplateProgram, Bool>] {
        [
            \.readsAllContext, \.readsExtraContext, \.readsBody, \.readsHeaders, \.readsQuery, \.readsPath,
            \.readsStageVariables, \.writesOverrides, \.readsOverrides,
        ]
    }

    private var flags: UInt16 {
        get {
            var bits: UInt16 = 0
            for (place, path) in Self.flagPaths.enumerated() where self[keyPath: path] { bits |= 1 << UInt16(place) }
            return bits
        }
        set {
            for (place, path) in Self.flagPaths.enumerated() {
                self[keyPath: path] = newValue & 1 << UInt16(place) != 0
            }
        }
    }
}
