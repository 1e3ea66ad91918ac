/// JSON schemas on their own (`portico schema`), and examples that are checked against them.
public enum SchemaDiagnostics {
    /// A schema that no value can be checked against.
    public static let invalid = DiagnosticID(
        "schema.invalid", .error,
        """
        The file of --schema is no JSON schema of draft 4: a keyword has a value that the draft does not allow, a pattern \
        is no regular expression, or schemas refer to each other in a circle.
        """)
    /// A `$ref` that leads nowhere.
    public static let unresolved = DiagnosticID(
        "schema.reference.unresolved", .error,
        """
        A '$ref' of a schema leads nowhere. What stands behind '#' is a JSON pointer into the document, or the name that \
        an 'id' gives. Nothing is fetched: documents of other addresses are supplied with --remote URL=FILE; the \
        meta-schema of draft 4 is known.
        """)
    /// A keyword without effect.
    public static let ignored = DiagnosticID(
        "schema.ignored", .warning,
        "The schema has a keyword that JSON schema draft 4 does not know, or one that has no effect where it stands.")
    /// An example that its schema refuses.
    public static let exampleInvalid = DiagnosticID(
        "example.invalid", .error,
        """
        An example of the spec does not meet the schema that stands beside it. 'portico validate --examples' checks the \
        examples of media types, parameters, headers, responses and schemas. Mend whichever of the two is wrong: a \
        request like the example would be refused by a request validator.
        """)
    /// An example whose schema cannot be compiled.
    public static let exampleUnchecked = DiagnosticID(
        "example.unchecked", .warning,
        "The schema that an example stands beside is no JSON schema of draft 4, so that the example cannot be checked.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [invalid, unresolved, ignored, exampleInvalid, exampleUnchecked]
}
