import ArgumentParser
import PorticoSyntax

/// `portico certs`
struct CertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs",
        abstract: "Makes certificates for development, and shows what certificates say.",
        subcommands: [CertsDevCommand.self, CertsShowCommand.self]
    )
}

/// `portico certs dev [NAME...]`
struct CertsDevCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Makes a certificate for names of this machine, by a development CA.",
        discussion: """
            The CA is made with the first certificate and kept in '.portico/certs', which is its owner's alone: whoever has \
            its key can be every server to those who trust it. The paths of the files that were written are printed.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Domain names, wildcards or IP addresses of the server. (default: localhost 127.0.0.1 ::1)",
            valueName: "name"))
    var names: [String] = []

    @Option(
        name: .customLong("client"),
        help: ArgumentHelp(
            "Make a certificate for a client, for mutual TLS. Repeatable. Without NAME it is the only one.",
            valueName: "name"))
    var clients: [String] = []

    @Option(help: ArgumentHelp("The spec that '.portico' is beside. (default: the current folder)", valueName: "file"))
    var spec: String?

    @Option(help: ArgumentHelp("Where the files are, instead of '.portico/certs'.", valueName: "folder"))
    var directory: String?

    @Flag(help: "Replace files that this command did not make, and a CA that is damaged.")
    var force = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions

    func run() throws {
        let serverNames = try serverNames()
        let clientNames = try clients.map { name throws(CommandFailure) in try ClientName(name) }
        let base = FunctionHosting.absoluteDirectory(of: spec ?? "")
        guard base.hasPrefix("/") else {
            throw CommandFailure(.unavailable, "cannot find the folder of '\(spec ?? "")'")
        }
        let folder = try PrivateFolder(
            directory ?? StateLocation.folder(stateOptions.state(), besides: spec ?? "") + "/certs")
        var desk = CertificateDesk(folder: folder, force: force)
        try desk.openAuthority()
        var made: [JSONMember] = []
        if !serverNames.isEmpty {
            let files = try desk.issue(.server(serverNames), as: Self.fileName(serverNames[0].text))
            made.append(JSONMember("server", files.json))
            sayEntry(serverNames, files, base)
        }
        var clientFiles: [JSONValue] = []
        for name in clientNames {
            clientFiles.append(try desk.issue(.client(name.text), as: "client-" + Self.fileName(name.text)).json)
        }
        if !clientFiles.isEmpty {
            made.append(JSONMember("clients", .array(clientFiles)))
            Console.say("portico: clients are let in by 'mutualTlsAuthentication: {truststore: \(desk.authorityPath)}'")
        }
        sayTrust(desk)
        switch format {
        case .text: for path in desk.written { Console.printLine(path) }
        case .json:
            OutputFormat.printJSON(
                .object(
                    [
                        JSONMember("written", .array(desk.written.map { .string($0) })),
                        JSONMember(
                            "authority",
                            .object([
                                JSONMember("certificate", .string(desk.authorityPath)),
                                JSONMember("isNew", .boolean(desk.isAuthorityNew)),
                            ])),
                    ] + made))
        }
    }

    private func serverNames() throws(CommandFailure) -> [CertificateName] {
        let texts = names.isEmpty && clients.isEmpty ? ["localhost", "127.0.0.1", "::1"] : names
        var result: [CertificateName] = []
        for text in texts {
            let name = try CertificateName(text)
            if !result.contains(name) { result.append(name) }
        }
        return result
    }

    /// A name as that of a file: `*.example.test` is `_.example.test`.
    private static func fileName(_ name: String) -> String {
        String(
            name.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", "@": Character(scalar)
                default: "_"
                }
            })
    }

    private func sayEntry(_ names: [CertificateName], _ files: CertificateDesk.Files, _ base: String) {
        // Paths of a spec are relative to its folder.
        func path(_ file: String) -> String {
            file.hasPrefix(base + "/") ? String(file.dropFirst(base.count + 1)) : file
        }
        let domain = names.compactMap { name in if case .dns(let text) = name { text } else { nil } }.first
        Console.say(
            """
            portico: valid until \(files.end); for the spec:
              x-portico-domain-names:
                \(domain ?? "localhost"):
                  certificate: \(path(files.certificate))
                  privateKey: \(path(files.key))
            """)
    }

    private func sayTrust(_ desk: CertificateDesk) {
        let path = desk.authorityPath
        guard desk.isAuthorityNew else {
            Console.say("portico: signed by the CA that was there, \(path)")
            return
        }
        Console.say(
            """
            portico: made a development CA; whoever trusts it trusts all that its key signs
              one call:  curl --cacert \(path) https://...
              Debian:    sudo cp \(path) /usr/local/share/ca-certificates/portico-development.crt && \
            sudo update-ca-certificates
            """)
    }
}

/// `portico certs show FILE`
struct CertsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints what the certificates of a PEM file say."
    )

    @Argument(help: "The PEM file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() throws {
        let reports = try CertificateReport.read(file)
        switch format {
        case .text: Console.printLine(reports.map { $0.text() }.joined(separator: "\n"))
        case .json: OutputFormat.printJSON(.array(reports.map { $0.json() }))
        }
    }
}

/// What a client certificate calls its client.
private struct ClientName {
    let text: String

    init(_ text: String) throws(CommandFailure) {
        guard (1...64).contains(text.unicodeScalars.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw CommandFailure(.usage, "'\(text)' is no name for a client: it must be 1 to 64 characters of text")
        }
        self.text = text
    }
}
