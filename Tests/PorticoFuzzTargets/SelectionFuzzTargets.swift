import PorticoPrograms

extension FuzzTarget {
    /// Mapping expressions and the small templates around them.
    public static let mapping = FuzzTarget(
        "mapping", "reads mapping expressions and destinations, URIs and texts with variables; each prints as it was",
        dictionary: "mapping.dict", maximumBytes: 1024
    ) {
        let output = OutputBuffer()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let text = String(decoding: input, as: UTF8.self)
            for side in [MappingSide.request, .response, .gatewayResponse] {
                switch MappingExpression.parse(text, side: side) {
                case .success(let expression):
                    try require(expression.description == text, "prints as '\(expression)'")
                    try FuzzCoding.check(expression, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
                        try MappingExpression(from: &reader)
                    }
                case .failure(let problem):
                    try require(problem.range.upperBound <= text.utf8.count, "'\(problem.message)' lies beyond the end")
                }
                switch MappingDestination.parse(text, side: side) {
                case .success(let destination):
                    try FuzzCoding.check(destination, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
                        try MappingDestination(from: &reader)
                    }
                case .failure(let problem):
                    try require(problem.range.upperBound <= text.utf8.count, "'\(problem.message)' lies beyond the end")
                }
            }
            let uri = UriTemplate(text)
            try require(uri.text == text, "the URI prints as '\(uri.text)'")
            try FuzzCoding.check(uri, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
                try UriTemplate(from: &reader)
            }
            let symbols = FuzzTemplate.symbols
            let template = SubstitutionTemplate.compile(text, symbols: symbols).template
            try FuzzCoding.check(template, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
                try SubstitutionTemplate(from: &reader, symbols: symbols)
            }
            output.reset()
            template.render(TemplateInput(), into: output)
            try require(output.count <= text.utf8.count * 8 + 64, "\(output.count) bytes without any value")
        }
    }

    /// Patterns of `java.util.regex`.
    public static let pattern = FuzzTarget(
        "pattern", "compiles a pattern (before the separator) and runs it over a subject (after it)",
        dictionary: "pattern.dict", maximumBytes: 512
    ) {
        let matcher = PatternMatcher()
        let output = OutputBuffer()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let (text, subject) = fuzzParts(input)
            let source = String(decoding: text, as: UTF8.self)
            switch Pattern.compile(source) {
            case .failure(let problem):
                try require(
                    problem.offset >= 0 && problem.offset <= source.utf8.count, "'\(problem.message)' beyond the end")
            case .success(let pattern):
                let whole = matcher.fullMatch(pattern, subject)
                if whole == .match {
                    try require(matcher.range() == 0..<subject.count, "a full match of \(matcher.range() ?? 0..<0)")
                }
                let found = matcher.find(pattern, subject)
                if whole == .match { try require(found != .noMatch, "matches the whole, and yet is not found") }
                if found == .match {
                    for group in 0...pattern.groupCount {
                        guard let range = matcher.range(group) else { continue }
                        try require(range.upperBound <= subject.count, "group \(group) ends beyond the subject")
                    }
                }
                var pieces: [Range<Int>] = []
                if matcher.split(pattern, subject, into: &pieces) != .limitExceeded {
                    var last = 0
                    for piece in pieces {
                        try require(
                            piece.lowerBound >= last && piece.upperBound <= subject.count, "pieces overlap")
                        last = piece.upperBound
                    }
                }
                output.reset()
                _ = matcher.replaceAll(pattern, subject, with: FuzzTemplate.wholeMatch, into: output)
            }
        }
    }
}

extension FuzzTemplate {
    /// A replacement that names the whole match.
    static var wholeMatch: UnsafeRawBufferPointer { bytes("<$0>") }
}
