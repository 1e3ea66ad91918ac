internal import PorticoIR
internal import PorticoSyntax

// Paging: told by `x-portico-pagination`, else found by the names that services use.
extension ClientModelBuilder {
    /// How to page through the results of an operation.
    mutating func pagination(_ operation: Operation, at index: Int, _ types: [ModelType]) -> Pagination? {
        guard let method = api.resources.lazy.flatMap(\.methods).dropFirst(index).first else { return nil }
        if let declared = method.pagination { return self.declared(declared, operation, method, types) }
        return detected(operation, types)
    }

    /// Members are named as in Smithy's `paginated` trait: `inputToken`, `outputToken`, `items`, `pageSize`.
    private mutating func declared(
        _ value: JSONValue, _ operation: Operation, _ method: Method, _ types: [ModelType]
    ) -> Pagination? {
        func fail(_ message: String) -> Pagination? {
            report(
                SDKDiagnostics.paginationInvalid, "'x-portico-pagination' of '\(operation.name)': \(message)",
                at: method.verb.span,
                fixIt: .init(
                    hint:
                        "write inputToken (a parameter), outputToken and items (properties of the answer, with dots), "
                        + "and, if there is one, pageSize (a parameter)"))
            return nil
        }
        let known = ["inputToken", "outputToken", "items", "pageSize"]
        if let unknown = value.objectMembers.first(where: { !known.contains($0.name) }) {
            return fail("unknown member '\(unknown.name)'; expected \(known.joined(separator: ", "))")
        }
        guard let input = value.text("inputToken") else { return fail("'inputToken' is missing") }
        guard let output = value.text("outputToken") else { return fail("'outputToken' is missing") }
        guard let items = value.text("items") else { return fail("'items' is missing") }
        guard let parameter = operation.parameters.firstIndex(where: { $0.wireName == input && $0.location != .path })
        else {
            return fail("'\(input)' is no query or header parameter of the operation")
        }
        guard case .json(let answer) = operation.output else { return fail("the answer is not JSON") }
        let outputPath = output.split(separator: ".").map(String.init)
        let itemsPath = items.split(separator: ".").map(String.init)
        guard let tokenType = Self.property(outputPath, of: answer, types), Self.isToken(tokenType) else {
            return fail("'\(output)' is no text in the answer")
        }
        guard case .list(let itemType)? = Self.property(itemsPath, of: answer, types)?.withoutNull else {
            return fail("'\(items)' is no list in the answer")
        }
        var limit: Int?
        if let pageSize = value.text("pageSize") {
            limit = operation.parameters.firstIndex { $0.wireName == pageSize && $0.location != .path }
            if limit == nil { return fail("'\(pageSize)' is no query or header parameter of the operation") }
        }
        guard Self.isToken(operation.parameters[parameter].type) else { return fail("'\(input)' takes no text") }
        return Pagination(input: parameter, output: outputPath, items: itemsPath, itemType: itemType, limit: limit)
    }

    private static func isToken(_ type: TypeReference) -> Bool { type.withoutNull == .string }

    /// The type that a path of properties leads to.
    private static func property(_ path: [String], of type: TypeReference, _ types: [ModelType]) -> TypeReference? {
        var type = type
        for name in path {
            guard case .model(let index) = type.withoutNull, types.indices.contains(index),
                case .structure(let structure) = types[index].shape,
                let field = structure.fields.first(where: { $0.wireName == name })
            else { return nil }
            type = field.type
        }
        return type
    }

    /// A GET with a query parameter and a property of the answer that are named as tokens usually are, and one list.
    private func detected(_ operation: Operation, _ types: [ModelType]) -> Pagination? {
        guard operation.verb == "GET", case .json(let answer) = operation.output,
            case .model(let index) = answer.withoutNull, types.indices.contains(index),
            case .structure(let structure) = types[index].shape,
            let input = operation.parameters.firstIndex(where: {
                $0.location == .query && !$0.isRequired && Self.isToken($0.type)
                    && Self.inputNames.contains(Self.key($0.wireName))
            })
        else { return nil }
        let tokens = structure.fields.filter {
            Self.isToken($0.type) && $0.constant == nil
                && (Self.outputNames.contains(Self.key($0.wireName))
                    || Self.key($0.wireName) == Self.key(operation.parameters[input].wireName))
        }
        let lists = structure.fields.compactMap { field -> (String, TypeReference)? in
            if case .list(let element) = field.type.withoutNull { return (field.wireName, element) }
            return nil
        }
        guard tokens.count == 1, let token = tokens.first, lists.count == 1, let list = lists.first else { return nil }
        let limit = operation.parameters.firstIndex {
            $0.location == .query && [.integer, .int32, .int64].contains($0.type)
                && Self.limitNames.contains(Self.key($0.wireName))
        }
        return Pagination(input: input, output: [token.wireName], items: [list.0], itemType: list.1, limit: limit)
    }

    private static func key(_ name: String) -> String { NameWords(name).words.joined() }

    private static let inputNames: Set<String> = [
        "nexttoken", "pagetoken", "nextpagetoken", "cursor", "nextcursor", "marker", "startingtoken",
        "continuationtoken", "position", "startkey", "exclusivestartkey", "after", "startafter",
    ]
    private static let outputNames: Set<String> = [
        "nexttoken", "nextpagetoken", "nextcursor", "endcursor", "cursor", "nextmarker", "continuationtoken",
        "nextcontinuationtoken", "position", "nextposition", "lastkey", "lastevaluatedkey", "nextkey", "next",
    ]
    private static let limitNames: Set<String> = ["limit", "maxresults", "maxitems", "pagesize", "perpage", "count"]
}
