internal import PorticoSyntax

/// What `$ref` means. API Gateway rewrites references between models to `https://apigateway.amazonaws.com/restapis/{id}
/// /models/{Name}` when it imports a file; files hold `#/definitions/{Name}` or `#/components/schemas/{Name}`. All else
/// is as in draft 4: an address, read against the `id`s round it, and a pointer or a name after `#`.
///
/// *Source:* API Gateway guide, "Data models for REST APIs", "Reference a model".
extension SchemaCompiler {
    private static let modelAddress = "https://apigateway.amazonaws.com/restapis/"

    /// The schema that a reference names, and where it stands.
    mutating func resolve(_ text: String, from location: Location) -> (JSONValue, Location)? {
        let reference = SchemaAddress(text)
        let fragment = SchemaAddress.percentDecoded(reference.fragment ?? "")
        let address = reference.withoutFragment
        let isPointer = fragment.isEmpty || fragment.hasPrefix("/")
        if !address.isEmpty, let model = modelName(address) {
            return isPointer ? documents.find(fragment, from: Location(document: model, pointer: "")) : nil
        }
        let target = SchemaAddress.resolve(text, under: documents.base(of: location))
        if !isPointer {
            guard let place = documents.place(target, named: fragment) else { return nil }
            return documents.find("", from: place)
        }
        if let place = documents.place(target), let found = documents.find(fragment, from: place) {
            // Only a schema that a pointer leads to can stand where no keyword put it.
            if !fragment.isEmpty { documents.index(found.1) }
            return found
        }
        guard address.isEmpty else { return nil }
        // API Gateway's validator reads pointers against the whole document, whatever `id`s stand between.
        if let found = documents.find(fragment, from: Location(document: location.document, pointer: "")) {
            return found
        }
        return findModel(fragment)
    }

    private func modelName(_ address: String) -> String? {
        var name = address
        if address.hasPrefix(Self.modelAddress) {
            let path = address.dropFirst(Self.modelAddress.count).split(
                separator: "/", omittingEmptySubsequences: false)
            guard path.count == 3, path[1] == "models" else { return nil }
            name = SchemaAddress.percentDecoded(path[2])
        }
        return documents.models[name] == nil ? nil : name
    }

    /// A pointer into the file's list of models, such as `/definitions/Pet/properties/name`.
    private func findModel(_ pointer: String) -> (JSONValue, Location)? {
        for list in ["/definitions/", "/components/schemas/"] where pointer.hasPrefix(list) {
            let rest = pointer.dropFirst(list.count)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            let name = JSONPointer.unescaped(rest[..<end])
            if documents.models[name] != nil {
                return documents.find(String(rest[end...]), from: Location(document: name, pointer: ""))
            }
        }
        return nil
    }
}
