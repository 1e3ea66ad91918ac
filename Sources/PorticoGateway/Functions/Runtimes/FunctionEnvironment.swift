// Hot: no, once per process of a function. Allocates: freely.

internal import FoundationEssentials
internal import PorticoIR

/// The variables that a function's process starts with.
///
/// As on Lambda, nothing of the machine leaks in: what is not listed here is not there. Later layers win: what the
/// machine must give, credentials and endpoints of Portico's own environment, Lambda's variables, the function's own.
struct FunctionEnvironment {
    /// Variables that Portico passes on because programs do not run well without them.
    static let machineVariables = [
        "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    ]
    /// Variables that AWS SDKs read to find credentials and endpoints, so that a function talks to what Portico does.
    static let credentialVariables = [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CA_BUNDLE",
        "AWS_EC2_METADATA_DISABLED",
    ]
    /// `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB`...
    static let endpointPrefix = "AWS_ENDPOINT_URL"
    /// Variables that say which function this is; a function may not declare them.
    /// Source: Lambda guide, "Reserved environment variables".
    static let reservedNames: Set<String> = [
        "_HANDLER", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_EXECUTION_ENV",
    ]

    private var names: [String] = []
    private var values: [String: String] = [:]

    /// The variables of `function`. `own` are Portico's variables.
    init(
        _ function: FunctionSpecification, configuration: FunctionHostConfiguration, own: [String: String],
        taskRoot: String, runtimeDirectory: String, runtimeAPI: String, logStream: String
    ) throws(FunctionLaunchError) {
        self["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        self["HOME"] = "/tmp"
        self["LANG"] = "C.UTF-8"
        self["TZ"] = ":UTC"
        for name in Self.machineVariables + Self.credentialVariables {
            if let value = own[name], !value.isEmpty { self[name] = value }
        }
        for name in own.keys.sorted() where name.hasPrefix(Self.endpointPrefix) { self[name] = own[name] }

        let process = function.process
        let name = FunctionName(function.name).name
        self["_HANDLER"] = process.handler
        self["LAMBDA_TASK_ROOT"] = taskRoot
        self["LAMBDA_RUNTIME_DIR"] = runtimeDirectory
        self["AWS_LAMBDA_RUNTIME_API"] = runtimeAPI
        self["AWS_LAMBDA_FUNCTION_NAME"] = name
        self["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST"
        self["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "\(process.memoryMegabytes)"
        self["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/\(name)"
        self["AWS_LAMBDA_LOG_STREAM_NAME"] = logStream
        self["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand"
        self["AWS_REGION"] = configuration.region
        self["AWS_DEFAULT_REGION"] = configuration.region
        self["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR"
        // Source: Lambda guide, "Defined runtime environment variables": not there for OS-only runtimes.
        if !process.runtime.hasPrefix("provided") { self["AWS_EXECUTION_ENV"] = "AWS_Lambda_\(process.runtime)" }

        for variable in process.environment {
            guard !Self.reservedNames.contains(variable.name) else {
                throw FunctionLaunchError(
                    "function '\(function.name)' declares environment variable '\(variable.name)', which Lambda keeps "
                        + "for itself; remove it")
            }
            guard !variable.name.isEmpty, !variable.name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") })
            else {
                throw FunctionLaunchError(
                    "function '\(function.name)' declares an environment variable named '\(variable.name)', which no "
                        + "program can read")
            }
            let value: String
            do throws(EnvironmentText.Problem) {
                value = try EnvironmentText.expand(variable.value, environment: own)
            } catch {
                throw FunctionLaunchError(
                    "environment variable '\(variable.name)' of function '\(function.name)': \(error); set it in the "
                        + "environment that portico is started in, or mend the value")
            }
            guard !value.utf8.contains(0) else {
                throw FunctionLaunchError(
                    "environment variable '\(variable.name)' of function '\(function.name)' has a NUL in its value")
            }
            self[variable.name] = value
        }
    }

    /// Value of a variable.
    subscript(_ name: String) -> String? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            values[name] = newValue
        }
    }

    /// `NAME=value`, in the order in which names came first.
    var list: [String] { names.compactMap { name in values[name].map { "\(name)=\($0)" } } }

    /// The variables that Portico was started with.
    static func ownVariables() -> [String: String] { ProcessInfo.processInfo.environment }
}
