import FoundationEssentials
import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("--lambda")
struct LambdaOptionTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "api.yaml",
            """
            openapi: 3.0.1
            info: {title: t, version: "1"}
            paths:
              /x:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: aws_proxy
                    httpMethod: POST
                    uri: {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Pets.Arn}/invocations"}
            """)
        for name in ["code", "code/deep", "boot"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["code/app.py", "code/deep/main.py", "code/index.mjs", "code/two.py", "code/two.cjs"] {
            try folder.write(name, "")
        }
        for name in ["boot/bootstrap", "boot/server"] {
            guard chmod(try folder.write(name, "#!/bin/sh\n"), 0o755) == 0 else { throw TestSupportError("chmod") }
        }
    }

    /// The entry of `x-portico-functions` that an export shows.
    private func exported(_ value: String) throws -> JSONValue? {
        let outcome = try PorticoProcess.run(
            "export", "api.yaml", "--format", "json", "--lambda", "Pets=\(value)", in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return JSONValue(parsing: outcome.output)?["x-portico-functions"]?["Pets"]
    }

    @Test(
        "the runtime follows from the file that exists",
        arguments: [
            ("code/app.list", "python3.", "app.list", "code"),
            ("./code/deep.main.get", "python3.", "deep.main.get", "code"),
            ("code/deep/main.get", "python3.", "main.get", "code/deep"),
            ("code/index.api.get", "nodejs", "index.api.get", "code"), ("boot", "provided", nil, "boot"),
            ("boot/bootstrap", "provided", nil, "boot"), ("code/../boot/server", "provided", nil, "boot"),
        ] as [(String, String, String?, String)])
    func runtimes(value: String, runtime: String, handler: String?, code: String) throws {
        let entry = try #require(try exported(value))
        guard case .string(let found)? = entry["runtime"] else {
            Issue.record("no runtime in \(entry)")
            return
        }
        #expect(found.hasPrefix(runtime), "\(found)")
        #expect(entry["handler"] == handler.map { .string($0) })
        #expect(entry["codeUri"] == .string("\(folder.path)/\(code)"))
        let command: JSONValue? =
            value.hasSuffix("server") ? .array([.string("\(folder.path)/boot/server")]) : nil
        #expect(entry["command"] == command)
    }

    @Test("a URL is a server, from the flag over the environment")
    func servers() throws {
        #expect(
            try exported("http://127.0.0.1:9/x?y=z")
                == .object([JSONMember("url", .string("http://127.0.0.1:9/x?y=z"))]))
        let environment = ["PORTICO_LAMBDA_Pets": "https://a"]
        let given = try PorticoProcess.run("export", "api.yaml", environment: environment, in: folder.path)
        #expect(given.output.contains("url: https://a"), "\(given.output)")
        let overruled = try PorticoProcess.run(
            "export", "api.yaml", "--lambda", "Pets=http://b", environment: environment, in: folder.path)
        #expect(overruled.output.contains("url: http://b") && !overruled.output.contains("https://a"))
    }

    @Test("the name has an ARN for references; without the flag nobody knows it")
    func references() throws {
        let known = try PorticoProcess.run("validate", "api.yaml", "--strict", "--lambda", "Pets=boot", in: folder.path)
        #expect(known.status == 0, "\(known.output)")
        #expect(try PorticoProcess.run("validate", "api.yaml", "--strict", in: folder.path).status == 1)
    }

    @Test(
        "a value that leads nowhere is a usage error with an example of a right one",
        arguments: [
            ("Pets=", "there is no value"), ("Pets=http://", "no http or https URL with a host"),
            ("Pets=ftp://a", "no http or https URL"), ("Pets=nothing/app.list", "no directory 'nothing'"),
            ("Pets=code/other.list", "there is no other.py"), ("Pets=code/app", "no handler"),
            ("Pets=code", "no executable 'bootstrap'"), ("Pets=code/two.list", "both"),
            ("Pets=code/app.py", "cannot be executed"), ("a b=boot", "no name and no ARN"), ("Pets", "Pets"),
        ])
    func usage(option: String, message: String) throws {
        let outcome = try PorticoProcess.run("validate", "api.yaml", "--lambda", option, in: folder.path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        if option.contains("=") { #expect(outcome.errors.contains("./functions/app.handler"), "\(outcome.errors)") }
        let name = option.split(separator: "=").first.map(String.init) ?? ""
        guard option.contains("="), name == "Pets", option.last != "=" else { return }
        let fromEnvironment = try PorticoProcess.run(
            "validate", "api.yaml", environment: ["PORTICO_LAMBDA_Pets": String(option.dropFirst(5))], in: folder.path)
        #expect(fromEnvironment.status == 2)
        #expect(fromEnvironment.errors.contains("PORTICO_LAMBDA_Pets"), "\(fromEnvironment.errors)")
    }
}

@Suite("Files of certificates")
struct CertificateFileTests {
    @Test("portico serve follows the PEM files that a stage presents, relative to the spec")
    func followed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/specs", withIntermediateDirectories: true)
        try folder.write(
            "specs/api.yaml",
            SampleSpecs.value(1) + """

                x-portico-client-certificates: {c: {certificate: client.pem, privateKey: client.key}}
                x-portico-stages: {dev: {clientCertificateId: c}}

                """)
        let server = try ServingPortico("serve", "specs/api.yaml", in: folder.path)
        try server.waitUntilSaid("/specs/client.pem': No such file or directory")
        try folder.write("specs/client.pem", "text")
        try folder.write("specs/client.key", "text")
        try server.waitUntilSaid("now serving the new")
        try server.waitUntilSaid("/specs/client.pem': it holds no certificate")
        #expect(try server.get("/dev/value").status == 200)
    }
}
