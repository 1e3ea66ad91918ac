internal import PorticoIR
internal import PorticoPrograms

extension SnapshotSectionID {
    static let identity = SnapshotSectionID("IDEN")
    static let stages = SnapshotSectionID("STAG")
    static let symbols = SnapshotSectionID("SYMB")
    static let resources = SnapshotSectionID("RESO")
    static let routes = SnapshotSectionID("ROUT")
    static let methods = SnapshotSectionID("METH")
    static let integrations = SnapshotSectionID("INTG")
    static let templates = SnapshotSectionID("TMPL")
    static let patterns = SnapshotSectionID("PATN")
    static let paths = SnapshotSectionID("PATH")
    static let schemas = SnapshotSectionID("SCHM")
    static let gatewayResponses = SnapshotSectionID("GWRS")
    static let binaryMediaTypes = SnapshotSectionID("BINT")
    static let compression = SnapshotSectionID("CMPR")
    static let functions = SnapshotSectionID("FUNC")
    static let endpoints = SnapshotSectionID("ENDP")
    static let identities = SnapshotSectionID("KEYS")
    static let vpcLinks = SnapshotSectionID("LINK")
    static let clientCertificates = SnapshotSectionID("CERT")
    static let access = SnapshotSectionID("ACCS")
    static let usagePlans = SnapshotSectionID("PLAN")
    static let apiKeys = SnapshotSectionID("AKEY")
    static let identityProviders = SnapshotSectionID("IDPS")
    static let hosts = SnapshotSectionID("HOST")
    static let account = SnapshotSectionID("ACCT")
    static let observation = SnapshotSectionID("OBSV")
    static let webSocket = SnapshotSectionID("WSKT")
    static let cors = SnapshotSectionID("CORS")
}

/// The file form of a snapshot: one section for each part, same snapshot, same bytes.
///
/// Patterns travel as text and are compiled when they are read. ORDER SNAPSHOT: reader and writer of a part stand next
/// to each other in `SnapshotCoding+Parts.swift` and change together, with `SnapshotFile.format`.
extension DeploymentSnapshot {
    /// The bytes of a `.portico` file.
    public func encoded() -> [UInt8] {
        func section(_ id: SnapshotSectionID, _ body: (inout ByteWriter) -> Void) -> SnapshotFile.Section {
            var writer = ByteWriter()
            body(&writer)
            return SnapshotFile.Section(id, writer.bytes)
        }
        return SnapshotFile.write([
            section(.identity) { $0.write(identity) },
            section(.stages) { $0.write(stages) { $0.write($1) } },
            section(.symbols) { writer in
                writer.write(symbols.contextVariables) { $0.write($1) }
                writer.write(symbols.stageVariables) { $0.write($1) }
            },
            section(.resources) { $0.write(resources) { $0.write($1) } },
            section(.routes) { writer in
                routes.encode(into: &writer)
                writer.writeOptional(index: defaultRoute)
            },
            section(.methods) { $0.write(methods) { $0.write($1) } },
            section(.integrations) { $0.write(integrations) { $0.write($1) } },
            section(.templates) { $0.write(templates) { $0.write($1) } },
            section(.patterns) { $0.write(patterns) { $1.encode(into: &$0) } },
            section(.paths) { $0.write(paths) { $1.encode(into: &$0) } },
            section(.schemas) { writer in
                writer.write(schemas) {
                    $0.write($1.name)
                    $1.program.encode(into: &$0)
                }
            },
            section(.gatewayResponses) { $0.write(gatewayResponses) { $0.write($1) } },
            section(.binaryMediaTypes) { writer in
                writer.write(binaryMediaTypes) {
                    $0.write($1.type)
                    $0.write($1.subtype)
                }
            },
            section(.compression) { $0.writeOptional(index: minimumCompressionSize) },
            section(.functions) { $0.write(functions) { $0.write($1) } },
            section(.endpoints) { writer in
                writer.write(endpoints) {
                    $0.write($1.service)
                    $0.write($1.url)
                }
            },
            section(.identities) { $0.write(identities) { $0.write($1) } },
            section(.vpcLinks) { $0.write(vpcLinks) { $0.write($1) } },
            section(.clientCertificates) { $0.write(clientCertificates) { $0.write($1) } },
            section(.access) { $0.write(access) },
            section(.usagePlans) { $0.write(usagePlans) { $0.write($1) } },
            section(.apiKeys) { $0.write(apiKeys) { $0.write($1) } },
            section(.identityProviders) { $0.write(identityProviders) { $0.write($1) } },
            section(.hosts) { $0.write(hosts) },
            section(.account) { writer in
                writer.write(accountThrottle != nil)
                if let accountThrottle { writer.write(accountThrottle) }
            },
            section(.observation) { $0.write(observation) },
            section(.webSocket) { $0.write(webSocket) },
            section(.cors) { writer in
                writer.write(cors != nil)
                if let cors { writer.write(cors) }
            },
        ])
    }

    /// Reads the bytes of a `.portico` file and checks everything that the runtime relies on.
    ///
    /// - Throws: ``SnapshotError`` for bytes that are foreign, damaged, or of another version.
    public static func decode(_ bytes: [UInt8]) throws(SnapshotError) -> DeploymentSnapshot {
        let file = try SnapshotFile.read(bytes)
        var parts = SnapshotParts()
        parts.identity = try file.decode(.identity) { reader throws(ProgramDecodingError) in try reader.readIdentity() }
        parts.stages = try file.decode(.stages) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readStage() }
        }
        parts.symbols = try file.decode(.symbols) { reader throws(ProgramDecodingError) in
            SymbolTable(
                contextVariables: try reader.readArray { reader throws(ProgramDecodingError) in try reader.readString()
                },
                stageVariables: try reader.readArray { reader throws(ProgramDecodingError) in try reader.readString() })
        }
        parts.resources = try file.decode(.resources) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readResource() }
        }
        (parts.routes, parts.defaultRoute) = try file.decode(.routes) { reader throws(ProgramDecodingError) in
            (try RouteTable(decoding: &reader), try reader.readOptionalIndex())
        }
        parts.methods = try file.decode(.methods) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readMethod() }
        }
        parts.integrations = try file.decode(.integrations) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readIntegration() }
        }
        parts.templates = try file.decode(.templates) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readTemplate() }
        }
        parts.patterns = try file.decode(.patterns) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try Pattern.decode(from: &reader) }
        }
        parts.paths = try file.decode(.paths) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try JSONPath(from: &reader) }
        }
        parts.schemas = try file.decode(.schemas) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in
                SchemaEntry(name: try reader.readString(), program: try SchemaProgram(decoding: &reader))
            }
        }
        parts.gatewayResponses = try file.decode(.gatewayResponses) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readGatewayResponse() }
        }
        parts.binaryMediaTypes = try file.decode(.binaryMediaTypes) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in
                MediaRange(type: try reader.readString(), subtype: try reader.readString())
            }
        }
        parts.minimumCompressionSize = try file.decode(.compression) { reader throws(ProgramDecodingError) in
            try reader.readOptionalIndex()
        }
        parts.functions = try file.decode(.functions) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readFunction() }
        }
        parts.endpoints = try file.decode(.endpoints) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in
                EndpointEntry(service: try reader.readString(), url: try reader.readString())
            }
        }
        parts.identities = try file.decode(.identities) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readIdentityEntry() }
        }
        parts.vpcLinks = try file.decode(.vpcLinks) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readVPCLink() }
        }
        parts.clientCertificates = try file.decode(.clientCertificates) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readClientCertificate() }
        }
        parts.access = try file.decode(.access) { reader throws(ProgramDecodingError) in try reader.readAccess() }
        parts.usagePlans = try file.decode(.usagePlans) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readUsagePlan() }
        }
        parts.apiKeys = try file.decode(.apiKeys) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readAPIKey() }
        }
        parts.identityProviders = try file.decode(.identityProviders) { reader throws(ProgramDecodingError) in
            try reader.readArray { reader throws(ProgramDecodingError) in try reader.readIdentityProvider() }
        }
        parts.hosts = try file.decode(.hosts) { reader throws(ProgramDecodingError) in try reader.readHosts() }
        parts.accountThrottle = try file.decode(.account) { reader throws(ProgramDecodingError) in
            try reader.readBool() ? try reader.readThrottle() : nil
        }
        let kind = parts.identity.protocolType
        parts.observation = try file.decode(.observation) { reader throws(ProgramDecodingError) in
            try reader.readObservation(of: kind)
        }
        let symbols = parts.symbols
        parts.webSocket = try file.decode(.webSocket) { reader throws(ProgramDecodingError) in
            try reader.readWebSocket(symbols)
        }
        parts.cors = try file.decode(.cors) { reader throws(ProgramDecodingError) in
            try reader.readBool() ? try reader.readCORS() : nil
        }
        try SnapshotVerifier(parts: parts).verify()
        return DeploymentSnapshot(parts)
    }
}
