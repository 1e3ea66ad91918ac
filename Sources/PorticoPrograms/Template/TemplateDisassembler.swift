/// Programs as text, for `portico dump` and `portico vtl --disassemble`.
extension TemplateProgram {
    /// One line an instruction: index, offset in the template (or what `location` makes of it), name and operands.
    public func disassemble(location: (_ offset: Int) -> String = { "@\($0)" }) -> String {
        if let constant { return "constant \(Self.quoted(constant[...]))\n" }
        var text = ""
        for (place, instruction) in instructions.enumerated() {
            let columns = [
                Self.padded("\(place)", to: 5), Self.padded(location(Int(offsets[place])), to: 8),
                Self.padded("\(instruction.opcode)", to: 16),
            ]
            let line = columns.joined(separator: " ") + operands(of: instruction)
            text += line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.endIndex)] + "\n"
        }
        return text
    }

    /// Offset in the template of the instruction.
    func offset(of instruction: Int) -> Int { offsets.indices.contains(instruction) ? Int(offsets[instruction]) : 0 }

    private func operands(of instruction: TemplateInstruction) -> String {
        let row = instruction.opcode.row
        var parts: [String] = []
        if row.slot { parts.append("$" + variables[Int(instruction.b)]) }
        switch instruction.opcode {
        case .call: parts.append(".\(TemplateMethod.allCases[Int(instruction.b)].name)/\(instruction.a)")
        case .utility, .printUtility: parts.append("\(TemplateUtility.allCases[Int(instruction.b)])")
        case .paramsOf, .paramNamed: parts.append("\(TemplateParameterKind.allCases[Int(instruction.a)])")
        case .override: parts.append("\(TemplateOverrideKind.allCases[Int(instruction.a)])")
        case .trace: parts.append("\(TemplateTraceKind(rawValue: instruction.a) ?? .reference) \(instruction.c) bytes")
        case .truth: parts.append(instruction.a != 0 ? "true" : "false")
        case .context, .printContext, .stageVariable: parts.append("slot \(instruction.b)")
        case .contextNode: parts.append("node \(instruction.b)")
        default: break
        }
        switch row.operand {
        case .none: break
        case .constant:
            if instruction.c != TemplateInstruction.noConstant {
                let constant = constants[Int(instruction.c)]
                let bytes = pool[Int(constant.offset)..<Int(constant.offset) + Int(constant.length)]
                parts.append(
                    instruction.opcode == .bigInteger ? String(decoding: bytes, as: UTF8.self) : Self.quoted(bytes))
            }
        case .target: parts.append("-> \(instruction.c)")
        case .immediate: if instruction.opcode == .int { parts.append("\(Int32(bitPattern: instruction.c))") }
        case .number:
            let bits = numbers[Int(instruction.c)]
            parts.append(instruction.opcode == .double ? "\(Double(bitPattern: bits))" : "\(Int64(bitPattern: bits))")
        case .path: parts.append(paths[Int(instruction.c)].text)
        }
        return parts.joined(separator: " ")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// At most 60 characters, as a JSON string.
    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        let whole = String(decoding: bytes, as: UTF8.self)
        let shown = whole.count > 60 ? whole.prefix(57) + "..." : whole[...]
        let output = OutputBuffer(capacity: 128)
        JSONText.appendQuoted(String(shown), into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
