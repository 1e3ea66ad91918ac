internal import PorticoIR
internal import PorticoPrograms

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: SnapshotHosts) {
        write(value.domains) { $0.write($1) }
        write(value.isDefaultEndpointDisabled)
        write(value.defaultTLS != nil)
        if let policy = value.defaultTLS { write(policy) }
    }

    mutating func write(_ value: DomainEntry) {
        write(value.name)
        write(value.certificate)
        write(value.privateKey)
        write(value.truststore)
        write(value.tls)
        write(value.usesRules)
        write(value.usesMappings)
        write(value.mappings) {
            $0.write($1.basePath)
            $0.write($1.stage)
        }
        write(value.rules) { writer, rule in
            writer.write(count: rule.priority)
            writer.write(rule.headerConditions) {
                $0.write($1) {
                    $0.write($1.name)
                    $0.write($1.valueGlob)
                }
            }
            writer.write(rule.basePaths != nil)
            if let paths = rule.basePaths { writer.write(paths) { $0.write($1) } }
            writer.write(rule.stage)
            writer.write(rule.stripsBasePath)
        }
    }

    mutating func write(_ value: TLSPolicyEntry) {
        write(value.minimumVersion.rawValue)
        write(value.needsForwardSecrecy)
        write(value.isStrict)
    }
}

extension ByteReader {
    mutating func readHosts() throws(ProgramDecodingError) -> SnapshotHosts {
        SnapshotHosts(
            domains: try readArray { reader throws(ProgramDecodingError) in try reader.readDomain() },
            isDefaultEndpointDisabled: try readBool(), defaultTLS: try readBool() ? try readTLSPolicy() : nil)
    }

    mutating func readDomain() throws(ProgramDecodingError) -> DomainEntry {
        DomainEntry(
            name: try readString(), certificate: try readOptionalString(), privateKey: try readOptionalString(),
            truststore: try readOptionalString(), tls: try readTLSPolicy(), usesRules: try readBool(),
            usesMappings: try readBool(),
            mappings: try readArray { reader throws(ProgramDecodingError) in
                BasePathMappingEntry(basePath: try reader.readString(), stage: try reader.readOptionalString())
            },
            rules: try readArray { reader throws(ProgramDecodingError) in
                RoutingRuleEntry(
                    priority: Int(try reader.read(UInt32.self)),
                    headerConditions: try reader.readArray { reader throws(ProgramDecodingError) in
                        try reader.readArray { reader throws(ProgramDecodingError) in
                            RoutingHeader(name: try reader.readString(), valueGlob: try reader.readString())
                        }
                    },
                    basePaths: try reader.readBool()
                        ? try reader.readArray { reader throws(ProgramDecodingError) in try reader.readString() } : nil,
                    stage: try reader.readString(), stripsBasePath: try reader.readBool())
            })
    }

    mutating func readTLSPolicy() throws(ProgramDecodingError) -> TLSPolicyEntry {
        guard let version = SecurityPolicy.Version(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown version of TLS", at: offset)
        }
        return TLSPolicyEntry(
            minimumVersion: version, needsForwardSecrecy: try readBool(), isStrict: try readBool())
    }
}
