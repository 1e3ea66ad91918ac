internal import PorticoSyntax

extension ImporterContext {
    /// Reads `responses` of an operation into method responses.
    func readResponses(_ operation: Mapping, into method: inout Method) {
        guard let node = operation.present("responses"), let responses = reader.mapping(node, "'responses'") else {
            return
        }
        for member in responses.members where !isExtension(member) {
            guard checkStatus(member) else { continue }
            var response = MethodResponse(statusCode: Located(member.key, at: member.keySpan))
            if !member.value.isNull, let target = references.dereference(member.value, "response '\(member.key)'"),
                let mapping = reader.mapping(target, "response '\(member.key)'")
            {
                readResponse(mapping, operation, into: &response)
            }
            method.responses.append(response)
        }
    }

    private func checkStatus(_ member: Mapping.Member) -> Bool {
        let code = member.key
        if code == "default" { return true }
        let bytes = Array(code.utf8)
        let isRange = bytes.count == 3 && bytes[1] | 0x20 == UInt8(ascii: "x") && bytes[2] | 0x20 == UInt8(ascii: "x")
        if isRange, StatusCode.isValid("\(code.prefix(1))00") {
            reader.report(
                ImportDiagnostics.statusRange, "API Gateway has no status ranges such as '\(code)'; it is ignored",
                at: member.keySpan)
            return false
        }
        if StatusCode.isValid(code) { return true }
        reader.report(
            ImportDiagnostics.invalidStatus, "'\(code)' is no status code; expected 100 to 599 or 'default'",
            at: member.keySpan)
        return false
    }

    private func readResponse(_ mapping: Mapping, _ operation: Mapping, into response: inout MethodResponse) {
        checkKeys(mapping, at: .response)
        // API Gateway's export writes this for a response that nobody described.
        let undescribed = "\(response.statusCode.value) response"
        response.description = string(mapping, "description").flatMap { $0 == undescribed ? nil : $0 }
        if let node = mapping.present("headers"), let headers = reader.mapping(node, "'headers'") {
            for member in headers.members {
                guard let target = references.dereference(member.value, "header '\(member.key)'") else { continue }
                var header = ResponseHeader(name: Located(member.key, at: member.keySpan))
                if !target.isNull, let mapping = reader.mapping(target, "header '\(member.key)'") {
                    header.description = string(mapping, "description")
                    header.schema = parameterSchema(mapping)
                    collectExamples(beside: mapping, header.schema, "header '\(member.key)'")
                }
                response.headers.append(header)
            }
        }
        if dialect == .swagger2 {
            guard let schema = mapping.present("schema") else { return }
            for type in mediaTypes(operation, "produces") {
                guard let model = modelReference(schema, mediaType: type) else { return }
                if let schema = Self.schema(of: model) { collectExamples(ofResponse: mapping, schema) }
                response.models.append(model)
            }
        } else if let content = mapping.present("content") {
            response.models = readContent(content)
        }
    }
}

/// Text work on status codes.
enum StatusCode {
    /// Three digits from 100 to 599.
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count == 3, let number = Int(text) else { return false }
        return (100...599).contains(number)
    }
}
