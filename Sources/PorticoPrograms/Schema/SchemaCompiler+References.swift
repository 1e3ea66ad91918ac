internal import PorticoSyntax

/// What `$ref` means. API Gateway rewrites references between models to `https://apigateway.amazonaws.com/restapis/{id}
/// /models/{Name}` when it imports a file; files hold `#/definitions/{Name}` or `#/components/schemas/{Name}`.
///
/// *Source:* API Gateway guide, "Data models for REST APIs", "Reference a model".
extension SchemaCompiler {
    private static let modelAddress = "https://apigateway.amazonaws.com/restapis/"

    /// The schema that a reference names, and where it stands.
    func resolve(_ text: String, from location: Location) -> (JSONValue, Location)? {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let address = parts.first.map(String.init) ?? ""
        let fragment = Self.percentDecoded(parts.count > 1 ? parts[1] : "")
        guard fragment.isEmpty || fragment.hasPrefix("/") else { return nil }
        if address.isEmpty {
            if let found = find(fragment, in: location.model) { return found }
            return findModel(fragment)
        }
        let name: String
        if address.hasPrefix(Self.modelAddress) {
            let path = address.dropFirst(Self.modelAddress.count).split(
                separator: "/", omittingEmptySubsequences: false)
            guard path.count == 3, path[1] == "models" else { return nil }
            name = Self.percentDecoded(path[2])
        } else {
            name = address
        }
        return library[name] == nil ? nil : find(fragment, in: name)
    }

    /// A pointer into the file's list of models, such as `/definitions/Pet/properties/name`.
    private func findModel(_ pointer: String) -> (JSONValue, Location)? {
        for list in ["/definitions/", "/components/schemas/"] where pointer.hasPrefix(list) {
            let rest = pointer.dropFirst(list.count)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            let name = JSONPointerToken.unescape(rest[..<end])
            if library[name] != nil { return find(String(rest[end...]), in: name) }
        }
        return nil
    }

    private func find(_ pointer: String, in model: String?) -> (JSONValue, Location)? {
        var place = Location(model: model, pointer: "")
        guard var value = model.map({ library[$0] }) ?? document else { return nil }
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = JSONPointerToken.unescape(token)
            switch value {
            case .object:
                guard let member = value[name] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
            place = place.appending(name)
        }
        return (value, place)
    }

    private static func percentDecoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(0x25) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2 {
                let high = hexValue(rest[rest.startIndex])
                let low = hexValue(rest[rest.startIndex + 1])
                if high < 16, low < 16 {
                    bytes.append(high << 4 | low)
                    rest.removeFirst(2)
                    continue
                }
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
