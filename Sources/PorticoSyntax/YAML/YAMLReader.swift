import CLibYAML

/// Drives libyaml over a file and hands its events to the ``YAMLTreeBuilder``.
///
/// libyaml keeps its own state on the heap, so nesting costs no stack; the builder ends the reading when a limit is
/// passed.
enum YAMLReader {
    /// The tree, unless the text is no YAML, and everything that is wrong with it.
    static func read(_ file: SourceFile, limits: ReaderLimits) -> (node: Node?, diagnostics: [Diagnostic]) {
        file.bytes.withUnsafeBufferPointer { source in
            let places = CodePointMap(source)
            var builder = YAMLTreeBuilder(file: file.id, source: source, places: places, limits: limits)
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
            defer {
                parser.deallocate()
                event.deallocate()
            }
            guard yaml_parser_initialize(parser) == 1 else {
                builder.report(SyntaxDiagnostics.yamlSyntax, "no memory to read the file", 0..<0)
                return (nil, builder.diagnostics)
            }
            defer { yaml_parser_delete(parser) }
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, source.baseAddress, source.count)
            while true {
                guard yaml_parser_parse(parser, event) == 1 else {
                    builder.diagnostics.append(
                        YAMLProblem.diagnostic(of: parser.pointee, file: file.id, source: source, places: places))
                    return (nil, builder.diagnostics)
                }
                defer { yaml_event_delete(event) }
                if event.pointee.type == YAML_STREAM_END_EVENT { break }
                guard builder.take(event.pointee) else { return (nil, builder.diagnostics) }
            }
            let root = builder.finish()
            return (root, builder.diagnostics)
        }
    }
}
