import PorticoIR
import PorticoSyntax

@testable import PorticoCodegen

/// A model of a client as text, a line for each thing that tests look at.
enum ModelDump {
    static func text(_ spec: String) -> String {
        let imported = Importer.importDocument(
            path: "api.yaml", loader: MemoryLoader(files: ["api.yaml": spec]), options: ImportOptions())
        guard let description = imported.description else { return "no description" }
        let (model, diagnostics) = ClientModelBuilder.build(description)
        return
            (types(model) + operations(model.operations, model) + errors(model) + socket(model)
            + diagnostics.map { "! \($0.id.name): \($0.message)" }).joined(separator: "\n")
    }

    static func types(_ model: ClientModel) -> [String] {
        model.types.flatMap { type -> [String] in
            switch type.shape {
            case .structure(let structure):
                return ["struct \(type.name)" + (structure.additional.map { " + \(text($0, model))" } ?? "")]
                    + structure.fields.map { field in
                        "  \(field.wireName)\(field.isRequired ? "" : "?"): \(text(field.type, model))"
                            + (field.constant.map { " = \($0)" } ?? "") + (field.isRecursive ? " (recursive)" : "")
                    }
            case .enumeration(let values): return ["enum \(type.name): \(values.joined(separator: ", "))"]
            case .union(let union):
                return ["union \(type.name)" + (union.discriminator.map { " by \($0)" } ?? "")]
                    + union.variants.map { variant in
                        var line = "  \(variant.name): \(text(variant.type, model))"
                        if union.discriminator != nil {
                            line += " if \(variant.discriminatorValues.joined(separator: ", "))"
                        } else {
                            line += " if \(variant.matcher.kind)"
                            line += variant.matcher.requiredProperties.map { " " + $0 }.joined()
                            line += variant.matcher.constants.map { " \($0.property)=\($0.values.joined())" }.joined()
                        }
                        return line + (variant.isRecursive ? " (recursive)" : "")
                    }
            }
        }
    }

    static func socket(_ model: ClientModel) -> [String] {
        guard let socket = model.socket else { return [] }
        return ["at \(model.defaultBaseURL)"] + operations([socket.connect], model)
            + socket.routes.map { route in
                "send \(route.name) to \(route.routeKey ?? "$default")"
                    + (route.isMessageRequired ? ": " : "?: ") + text(route.message, model)
                    + (route.isTwoWay ? " <- \(route.answer.map { text($0, model) } ?? "json")" : "")
                    + (route.isDeprecated ? " (deprecated)" : "")
            } + [
                "selected by \(socket.selection?.joined(separator: ".") ?? "the caller")",
                "comes \(text(socket.incoming.type, model)), failures \(text(socket.incoming.failure, model))"
                    + (socket.incoming.selection.map { ", named by \($0.joined(separator: "."))" } ?? "")
                    + (socket.allowsBinary ? ", bytes too" : ""),
            ]
    }

    static func operations(_ operations: [PorticoCodegen.Operation], _ model: ClientModel) -> [String] {
        operations.flatMap { operation -> [String] in
            var line = "\(operation.verb) \(operation.pathText) \(operation.name)"
            if let body = operation.body {
                line += " body\(body.isRequired ? "" : "?"): "
                switch body.kind {
                case .json(let type): line += text(type, model)
                case .text: line += "text"
                case .binary: line += "binary"
                }
                if body.mediaType != "application/json" { line += " as \(body.mediaType)" }
            }
            switch operation.output {
            case .none: line += " -> nothing"
            case .json(let type): line += " -> \(text(type, model))"
            case .text: line += " -> text"
            case .binary: line += " -> binary"
            }
            if operation.security.identity != .none { line += " [\(operation.security.identity)]" }
            if operation.security.needsAPIKey { line += " [api key]" }
            var lines = [line]
            lines += operation.parameters.map { parameter in
                var line = "  \(parameter.location.rawValue) \(parameter.wireName)\(parameter.isRequired ? "" : "?"): "
                line += text(parameter.type, model)
                if case .joined(let separator) = parameter.listStyle, case .list = parameter.type {
                    line += " joined '\(separator)'"
                }
                return line
            }
            lines += operation.errors.map { "  \($0.status): \(model.errors[$0.type].name)" }
            if let other = operation.defaultError { lines.append("  default: \(model.errors[other].name)") }
            if let pagination = operation.pagination {
                lines.append(
                    "  pages by \(operation.parameters[pagination.input].wireName) from "
                        + "\(pagination.output.joined(separator: ".")), items \(pagination.items.joined(separator: "."))"
                        + " of \(text(pagination.itemType, model))"
                        + (pagination.limit.map { ", limit \(operation.parameters[$0].wireName)" } ?? ""))
            }
            return lines
        }
    }

    static func errors(_ model: ClientModel) -> [String] {
        model.errors.map { error in
            "error \(error.name) \(error.status.map(String.init) ?? "default")"
                + (error.body.map { ": \(text($0, model))" } ?? "")
        }
    }

    static func text(_ type: TypeReference, _ model: ClientModel) -> String {
        switch type {
        case .list(let element): "[\(text(element, model))]"
        case .map(let element): "{\(text(element, model))}"
        case .nullable(let inner): text(inner, model) + "|null"
        case .model(let index): model.types.indices.contains(index) ? model.types[index].name : "?"
        default: "\(type)"
        }
    }
}

/// Files in memory.
struct MemoryLoader: FileLoader {
    let files: [String: String]

    func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
        guard let text = files[path] else { throw FileLoadingError(path: path, reason: "No such file or directory") }
        return Array(text.utf8)
    }
}
