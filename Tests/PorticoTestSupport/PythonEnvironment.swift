/// A Python with the packages that tests need, installed once and kept in the build folder.
public enum PythonEnvironment {
    /// What is installed into it.
    static let packages = [
        "moto[server]", "boto3", "cryptography", "opentelemetry-proto", "prometheus-client",
        "websockets", "wsproto", "aiohttp",
    ]

    /// Its folder.
    public static let folder = ChildProcess.buildFolder + "/test-python"

    /// The path of its `python`. Throws, with what to do, when Python or PyPI cannot be had: a test that needs it fails
    /// and is not left out.
    public static func python() throws -> String { try made.get() }

    private static let made = Result<String, any Error> {
        let process = try ChildProcess(
            "\(GoldenFile.packageRoot)/scripts/python-environment",
            [folder] + packages)
        guard try process.wait(Deadline(after: .seconds(400))) == 0 else {
            throw TestSupportError(
                "tests against AWS services, token issuers and OpenTelemetry need Python packages from PyPI, which could "
                    + "not be installed: \(process.errors)")
        }
        return String(process.output.prefix { $0 != "\n" })
    }
}
