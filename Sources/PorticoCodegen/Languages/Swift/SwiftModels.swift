/// The file of the API's types.
struct SwiftModels {
    let types: SwiftTypes

    private var model: ClientModel { types.model }

    /// The text of the file.
    func text(header: String) -> String {
        var printer = SwiftPrinter()
        printer.line(header)
        printer.line()
        // An import that no public declaration needs would be a warning.
        if model.types.contains(where: needsFoundation) {
            printer.line("public import Foundation")
            printer.line()
        }
        if model.types.isEmpty {
            printer.line("// The API has no types.")
        }
        printer.separated(model.types.indices) { printer, index in
            printer.block("extension \(types.symbols.namespace)") { print(model.types[index], index, &$0) }
        }
        return printer.text
    }

    private func needsFoundation(_ type: ModelType) -> Bool {
        switch type.shape {
        case .structure(let structure):
            structure.fields.contains { types.needsFoundation($0.type) }
                || structure.additional.map(types.needsFoundation) ?? false
        case .enumeration: false
        case .union(let union): union.variants.contains { types.needsFoundation($0.type) }
        }
    }

    private func print(_ type: ModelType, _ index: Int, _ printer: inout SwiftPrinter) {
        guard types.symbols.types.indices.contains(index) else { return }
        let names = types.symbols.types[index]
        let text = DocumentationText.joined(type.documentation, type.isDeprecated ? "Deprecated." : nil)
        printer.documentation(text, fallback: "\(names.name).")
        switch type.shape {
        case .structure(let structure): print(structure, names, &printer)
        case .enumeration(let values): print(values, names, &printer)
        case .union(let union): print(union, names, &printer)
        }
    }

    // MARK: Structures

    private func print(_ structure: Structure, _ names: SwiftSymbols.TypeNames, _ printer: inout SwiftPrinter) {
        let fields = Array(zip(structure.fields, names.members))
        printer.block("public struct \(SwiftPrinter.name(names.name)): JSONModel") { printer in
            for (field, name) in fields {
                let text = DocumentationText.joined(field.documentation, field.isDeprecated ? "Deprecated." : nil)
                printer.documentation(text, fallback: "`\(Self.inline(field.wireName))`")
                let wrapper = field.isRecursive ? "@Indirect " : ""
                printer.line("\(wrapper)public var \(SwiftPrinter.name(name)): \(types.text(of: field))")
            }
            if let additional = structure.additional {
                printer.documentation(nil, fallback: "Properties that have no names of their own.")
                printer.line("public var \(names.additional): [String: \(types.text(additional))]")
            }
            if !fields.isEmpty || structure.additional != nil { printer.line() }
            memberwise(structure, fields, names, &printer)
            printer.line()
            reading(structure, fields, names, &printer)
            printer.line()
            writing(structure, fields, names, &printer)
        }
    }

    /// Backticks and line breaks would end the code in a comment.
    static func inline(_ text: String) -> String {
        let line = DocumentationText.lines(text, width: .max).joined(separator: " ")
        return line.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "'")
    }

    private func memberwise(
        _ structure: Structure, _ fields: [(Field, String)], _ names: SwiftSymbols.TypeNames,
        _ printer: inout SwiftPrinter
    ) {
        // What must be given comes first.
        let must = fields.filter { $0.0.isRequired && $0.0.constant == nil }
        let may = fields.filter { !($0.0.isRequired && $0.0.constant == nil) }
        var parameters = (must + may).map { field, name in
            let value = field.constant.map(SwiftPrinter.literal) ?? (field.isRequired ? nil : "nil")
            return SwiftPrinter.Parameter(name, types.text(of: field), default: value)
        }
        var assigned = fields.map(\.1)
        if let additional = structure.additional {
            parameters.append(
                SwiftPrinter.Parameter(names.additional, "[String: \(types.text(additional))]", default: "[:]"))
            assigned.append(names.additional)
        }
        printer.documentation(nil, fallback: "Makes a value.")
        printer.function("init", parameters, .init()) { printer in
            for name in assigned { printer.line("self.\(name) = \(SwiftPrinter.name(name))") }
        }
    }

    private func reading(
        _ structure: Structure, _ fields: [(Field, String)], _ names: SwiftSymbols.TypeNames,
        _ printer: inout SwiftPrinter
    ) {
        printer.documentation(nil, fallback: "Reads a value.")
        printer.block("public init(json: JSON) throws(JSONMismatch)") { printer in
            let isEmpty = fields.isEmpty && structure.additional == nil
            printer.line("\(isEmpty ? "_" : "let object") = try ObjectReader(json)")
            for (field, name) in fields {
                let (reader, codec) =
                    field.isRequired
                    ? ("required", types.codec(field.type))
                    : (field.type.isNullable ? "nullable" : "optional", types.codec(field.type.withoutNull))
                let wireName = SwiftPrinter.literal(field.wireName)
                printer.line("self.\(name) = try object.\(reader)(\(wireName), \(codec))")
            }
            if let additional = structure.additional {
                let known = structure.fields.map { SwiftPrinter.literal($0.wireName) }.joined(separator: ", ")
                printer.line(
                    "self.\(names.additional) = try object.others(than: [\(known)], \(types.codec(additional)))")
            }
        }
    }

    private func writing(
        _ structure: Structure, _ fields: [(Field, String)], _ names: SwiftSymbols.TypeNames,
        _ printer: inout SwiftPrinter
    ) {
        printer.documentation(nil, fallback: "The value as JSON.")
        printer.block("public func toJSON() -> JSON") { printer in
            guard !fields.isEmpty || structure.additional != nil else {
                printer.line("ObjectWriter().json")
                return
            }
            printer.line("var object = ObjectWriter()")
            for (field, name) in fields {
                let (writer, codec) =
                    field.isRequired
                    ? ("set", types.codec(field.type))
                    : (field.type.isNullable ? "setNullable" : "setOptional", types.codec(field.type.withoutNull))
                printer.line("object.\(writer)(\(SwiftPrinter.literal(field.wireName)), self.\(name), \(codec))")
            }
            if let additional = structure.additional {
                printer.line("object.setOthers(self.\(names.additional), \(types.codec(additional)))")
            }
            printer.line("return object.json")
        }
    }

    // MARK: Enumerations

    private func print(_ values: [String], _ names: SwiftSymbols.TypeNames, _ printer: inout SwiftPrinter) {
        printer.block("public struct \(SwiftPrinter.name(names.name)): TextEnumeration") { printer in
            for (value, name) in zip(values, names.members) {
                printer.documentation(nil, fallback: "`\(Self.inline(value))`")
                printer.line(
                    "public static var \(SwiftPrinter.name(name)): Self { Self(rawValue: \(SwiftPrinter.literal(value))) }"
                )
            }
            printer.line()
            printer.documentation(nil, fallback: "The values that were known when this client was made.")
            printer.block("public static var knownValues: [Self]") { printer in
                printer.line("[")
                for name in names.members { printer.line("    Self.\(SwiftPrinter.name(name)),") }
                printer.line("]")
            }
            printer.line()
            printer.documentation(nil, fallback: "The text.")
            printer.line("public let rawValue: String")
            printer.documentation(nil, fallback: "Makes a value of any text.")
            printer.line("public init(rawValue: String) { self.rawValue = rawValue }")
        }
    }

    // MARK: Unions

    private func print(_ union: Union, _ names: SwiftSymbols.TypeNames, _ printer: inout SwiftPrinter) {
        let variants = Array(zip(union.variants, names.members))
        printer.block("public enum \(SwiftPrinter.name(names.name)): JSONModel") { printer in
            for (variant, name) in variants {
                printer.documentation(nil, fallback: "`\(Self.inline(variant.name))`")
                let modifier = variant.isRecursive ? "indirect " : ""
                printer.line("\(modifier)case \(SwiftPrinter.name(name))(\(types.text(variant.type)))")
            }
            printer.documentation(nil, fallback: "A value of no type that was known when this client was made.")
            printer.line("case unknown(JSON)")
            printer.line()
            printer.documentation(nil, fallback: "Reads a value.")
            printer.block("public init(json: JSON) throws(JSONMismatch)") { printer in
                if let discriminator = union.discriminator {
                    readByDiscriminator(discriminator, variants, &printer)
                } else {
                    readByMatcher(variants, &printer)
                }
            }
            printer.line()
            printer.documentation(nil, fallback: "The value as JSON.")
            printer.block("public func toJSON() -> JSON") { printer in
                printer.line("switch self {")
                for (variant, name) in variants {
                    var json = "\(types.typedCodec(variant.type)).encode(value)"
                    if let discriminator = union.discriminator, let value = variant.discriminatorValues.first {
                        json += ".tagged(\(SwiftPrinter.literal(discriminator)), \(SwiftPrinter.literal(value)))"
                    }
                    printer.line("case .\(SwiftPrinter.name(name))(let value): return \(json)")
                }
                printer.line("case .unknown(let json): return json")
                printer.line("}")
            }
        }
    }

    private func readByDiscriminator(
        _ discriminator: String, _ variants: [(Variant, String)], _ printer: inout SwiftPrinter
    ) {
        printer.line("switch json[\(SwiftPrinter.literal(discriminator))]?.text {")
        var seen: Set<String> = []
        for (variant, name) in variants {
            let values = variant.discriminatorValues.filter { seen.insert($0).inserted }
            guard !values.isEmpty else { continue }
            printer.line("case \(values.map(SwiftPrinter.literal).joined(separator: ", ")):")
            printer.line("    self = .\(SwiftPrinter.name(name))(try \(types.typedCodec(variant.type)).decode(json))")
        }
        printer.line("default: self = .unknown(json)")
        printer.line("}")
    }

    private func readByMatcher(_ variants: [(Variant, String)], _ printer: inout SwiftPrinter) {
        for (variant, name) in variants {
            let decode = "\(types.typedCodec(variant.type)).decode(json)"
            let makes = "self = .\(SwiftPrinter.name(name))"
            var conditions = ["json.isKind(.\(variant.matcher.kind.rawValue))"]
            conditions += variant.matcher.requiredProperties.map { "json.has(\(SwiftPrinter.literal($0)))" }
            conditions += variant.matcher.constants.map { constant in
                let values = constant.values.map(SwiftPrinter.literal).joined(separator: ", ")
                return "json.has(\(SwiftPrinter.literal(constant.property)), in: [\(values)])"
            }
            // Text may be a date or not, a number whole or not: a value that does not fit is of the next type.
            if isScalar(variant) { conditions.append("let value = try? \(decode)") }
            printer.block("if \(conditions.joined(separator: ", "))") { printer in
                printer.line(isScalar(variant) ? "\(makes)(value)" : "\(makes)(try \(decode))")
                printer.line("return")
            }
        }
        printer.line("self = .unknown(json)")
    }

    private func isScalar(_ variant: Variant) -> Bool {
        switch variant.type {
        case .string, .boolean, .int32, .int64, .integer, .double, .bytes, .timestamp, .date, .json: true
        case .list, .map, .nullable, .model: false
        }
    }
}
