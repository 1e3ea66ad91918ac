internal import PorticoSyntax

/// `x-portico-functions`: where Lambda functions run.
///
/// Members carry the names and ranges of Lambda's CreateFunction and of SAM's `CodeUri`.
enum FunctionsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-functions", in: [.root], of: [.rest, .http, .webSocket],
        "Where Lambda functions run locally, by name, ARN or logical id, each with or without ':qualifier'.")

    /// Members of processes.
    private static let processMembers = [
        "runtime", "handler", "codeUri", "timeout", "memorySize", "concurrency", "environment", "command",
    ]

    /// Members of Lambda that are not executed, and what to write instead.
    private static let unsupportedMembers: [(name: String, hint: String)] = [
        ("image", "name 'runtime' and 'codeUri', or start the container and write its address as 'url'"),
        ("layers", "put what the layers hold beside the code in 'codeUri'"),
        ("aliases", "write an alias of its own as another entry, 'NAME:ALIAS'"),
        ("version", "write a version of its own as another entry, 'NAME:VERSION'"),
    ]

    private static let members = Set(processMembers + unsupportedMembers.map(\.name) + ["url", "description"])

    /// The functions of the document, with those of the command line laid over them.
    static func read(_ node: Node?, _ context: ImporterContext) -> [Function] {
        var functions: [Function] = []
        if let node, let mapping = context.reader.mapping(node, "'\(key)'") {
            for member in mapping.members {
                if let function = readFunction(member, context) { functions.append(function) }
            }
        }
        checkNames(functions, context)
        for override in context.options.functions { apply(override, to: &functions) }
        return functions
    }

    private static func readFunction(_ member: Mapping.Member, _ context: ImporterContext) -> Function? {
        guard FunctionIdentity(member.key) != nil || context.unresolved.touches(member.keySpan) else {
            context.reader.report(
                ImportDiagnostics.invalidName,
                "'\(member.key)' is no name and no ARN of a function", at: member.keySpan,
                fixIt: .init(hint: "write 'NAME', 'NAME:ALIAS', or 'arn:aws:lambda:REGION:ACCOUNT:function:NAME'"))
            return nil
        }
        guard let object = context.reader.mapping(member.value, "function '\(member.key)'") else { return nil }
        context.reader.checkMembers(object, known: members, "a function")
        for (name, hint) in unsupportedMembers {
            guard let member = object.member(name), !member.value.isNull else { continue }
            context.reader.report(
                ImportDiagnostics.functionMember, "'\(name)' of a function is not executed and is left out",
                at: member.keySpan, fixIt: .init(hint: hint))
        }
        let home = home(object, of: member, context)
        return Function(
            name: Located(member.key, at: member.keySpan), home: home, settings: settings(member.value, home))
    }

    /// As read; values of variables stay texts, since `012` is no number to a process.
    private static func settings(_ node: Node, _ home: FunctionHome) -> JSONValue {
        guard case .object(var members) = JSONValue(node), case .process(let process) = home else {
            return JSONValue(node)
        }
        for index in members.indices where members[index].name == "environment" {
            members[index].value = .object(process.environment.map { JSONMember($0.name, .string($0.value)) })
        }
        return .object(members)
    }

    private static func home(
        _ object: Mapping, of function: Mapping.Member, _ context: ImporterContext
    ) -> FunctionHome {
        guard let node = object.present("url") else { return .process(process(object, of: function, context)) }
        for name in processMembers {
            guard let member = object.member(name), !member.value.isNull else { continue }
            context.reader.report(
                ImportDiagnostics.functionHome,
                "function '\(function.key)' has 'url' and '\(name)'; a function is a server or processes",
                at: member.keySpan,
                notes: [.init("the server is named here", at: node.span)],
                fixIt: .init(hint: "keep 'url' alone, or leave it out"))
        }
        guard let url = context.strictLocated(node, "'url'") else { return .server(url: "") }
        if !HTTPAddress.isAbsolute(url.value), !context.unresolved.touches(url.span) {
            context.reader.report(
                ImportDiagnostics.invalidName,
                "'\(url.value)' of function '\(function.key)' must be an absolute http or https URL", at: url.span)
        }
        return .server(url: url.value)
    }

    private static func process(
        _ object: Mapping, of function: Mapping.Member, _ context: ImporterContext
    ) -> FunctionProcess {
        let command = context.strings(object, "command")
        let hasCommand = object.present("command") != nil
        let runtime = readRuntime(object, of: function, hasCommand: hasCommand, context)
        var process = FunctionProcess(
            runtime: runtime ?? (hasCommand ? "provided" : ""),
            handler: readHandler(object, of: function, runtime: runtime, hasCommand: hasCommand, context),
            codeURI: readCode(object, context))
        process.command = command.map(\.value)
        if hasCommand, process.command.first?.isEmpty ?? true, let node = object.present("command"),
            !context.unresolved.touches(node.span), node.sequence != nil || node.scalar != nil
        {
            context.reader.report(
                ImportDiagnostics.valueMissing, "'command' of function '\(function.key)' names no program",
                at: node.span, fixIt: .init(hint: "write a list: the program, then its arguments"))
        }
        if let timeout = context.integer(object, "timeout", in: 1...900) { process.timeoutSeconds = timeout.value }
        if let memory = context.integer(object, "memorySize", in: 128...10_240) {
            process.memoryMegabytes = memory.value
        }
        if let count = context.integer(object, "concurrency", in: 1...10_000) { process.concurrency = count.value }
        process.environment = readEnvironment(object, context)
        return process
    }

    private static func readRuntime(
        _ object: Mapping, of function: Mapping.Member, hasCommand: Bool, _ context: ImporterContext
    ) -> String? {
        guard let node = object.present("runtime") else {
            if !hasCommand {
                context.reader.report(
                    ImportDiagnostics.functionHome,
                    "function '\(function.key)' has neither 'runtime' nor 'command' nor 'url'", at: function.keySpan,
                    fixIt: .init(hint: "write 'runtime: python3.13' with 'handler', or 'url: http://HOST:PORT'"))
            }
            return nil
        }
        guard let runtime = context.strictLocated(node, "'runtime'") else { return nil }
        if FunctionRuntimes.isHosted(runtime.value) || context.unresolved.touches(node.span) { return runtime.value }
        if FunctionRuntimes.needsCommand(runtime.value) {
            if !hasCommand {
                context.reader.report(
                    ImportDiagnostics.functionHome,
                    "runtime '\(runtime.value)' is not started by Portico itself", at: node.span,
                    fixIt: .init(hint: "name the program in 'command', such as [java, -jar, app.jar], or write 'url'"))
            }
            return runtime.value
        }
        context.reader.unknownWord(
            runtime.value, FunctionRuntimes.suggested, "'runtime'", at: node.span, severity: .error)
        return nil
    }

    private static func readHandler(
        _ object: Mapping, of function: Mapping.Member, runtime: String?, hasCommand: Bool, _ context: ImporterContext
    ) -> String {
        let isNeeded =
            !hasCommand && runtime.map { FunctionRuntimes.isHosted($0) && !FunctionRuntimes.isProvided($0) } == true
        guard let node = object.present("handler") else {
            if isNeeded {
                context.reader.report(
                    ImportDiagnostics.valueMissing, "function '\(function.key)' has no 'handler'",
                    at: function.keySpan, fixIt: .init(hint: "write 'handler: MODULE.FUNCTION'"))
            }
            return ""
        }
        guard let handler = context.located(node, "'handler'") else { return "" }
        if isNeeded, !context.unresolved.touches(node.span) {
            let last = handler.value.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
            let words = last.split(separator: ".", omittingEmptySubsequences: false)
            if words.count < 2 || words.contains(where: \.isEmpty) {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "'\(handler.value)' is no handler; expected 'MODULE.FUNCTION'", at: node.span)
            }
        }
        return handler.value
    }

    /// The directory of the code. Archives would have to be unpacked, and buckets be asked.
    private static func readCode(_ object: Mapping, _ context: ImporterContext) -> String {
        guard let node = object.present("codeUri") else { return "." }
        guard let code = context.located(node, "'codeUri'"), !context.unresolved.touches(node.span) else { return "." }
        let lower = code.value.lowercased()
        if lower.hasPrefix("s3://") || lower.hasPrefix("https://") || lower.hasPrefix("http://") {
            context.reader.report(
                ImportDiagnostics.functionHome, "'codeUri' is '\(code.value)', which is not on this machine",
                at: node.span, fixIt: .init(hint: "name the directory of the code, relative to this file"))
        } else if lower.hasSuffix(".zip") {
            context.reader.report(
                ImportDiagnostics.functionHome, "'codeUri' is the archive '\(code.value)'; expected a directory",
                at: node.span, fixIt: .init(hint: "unpack it and name the directory"))
        }
        return code.value.isEmpty ? "." : code.value
    }

    /// A map of names to texts, also in the form of CloudFormation: `{Variables: {...}}`.
    private static func readEnvironment(_ object: Mapping, _ context: ImporterContext) -> [EnvironmentVariable] {
        guard let node = object.present("environment"),
            var variables = context.reader.mapping(node, "'environment'")
        else { return [] }
        if variables.members.count == 1, let inner = variables.present("Variables"), inner.scalar == nil {
            guard let mapping = context.reader.mapping(inner, "'Variables'") else { return [] }
            variables = mapping
        }
        return variables.members.compactMap { member in
            guard isVariableName(member.key) else {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "name '\(member.key)' of an environment variable may hold only letters, digits and '_', and begins "
                        + "with no digit", at: member.keySpan)
                return nil
            }
            if ownVariables.contains(member.key) {
                context.reader.report(
                    ImportDiagnostics.ignoredMember, "'\(member.key)' is set by the runtime; this value has no effect",
                    at: member.keySpan, notes: [.init("Lambda refuses it: a reserved environment variable")])
            }
            if member.value.isNull { return EnvironmentVariable(name: member.key, value: "") }
            guard let value = context.located(member.value, "environment variable '\(member.key)'") else { return nil }
            return EnvironmentVariable(name: member.key, value: value.value)
        }
    }

    /// Variables that tell a process what it runs. Source: Lambda developer guide, "Defined runtime environment
    /// variables". Those with credentials and region may be given here.
    private static let ownVariables: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "LAMBDA_TASK_ROOT",
    ]

    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, ASCII.consists(name, of: "_") else { return false }
        return !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }
}

extension FunctionsExtension {
    /// Reports entries that mean one function.
    private static func checkNames(_ functions: [Function], _ context: ImporterContext) {
        var byName: [String: [(identity: FunctionIdentity, name: Located<String>)]] = [:]
        for function in functions {
            guard let identity = FunctionIdentity(function.name.value) else { continue }
            let others = byName[identity.name, default: []]
            // A file with thousands of ARNs of one name must not cost quadratic time.
            if let first = others.prefix(100).first(where: { $0.identity.means(identity) }) {
                context.reader.report(
                    ImportDiagnostics.duplicate,
                    "'\(function.name.value)' and '\(first.name.value)' are the same function", at: function.name.span,
                    notes: [.init("first declared here", at: first.name.span)])
            }
            byName[identity.name] = others + (others.count < 100 ? [(identity, function.name)] : [])
        }
    }

    /// Lays a function of the command line over the entry that means the same, or adds it.
    private static func apply(_ override: FunctionOverride, to functions: inout [Function]) {
        let wanted = FunctionIdentity(override.name)
        let index = functions.firstIndex { function in
            if function.name.value == override.name { return true }
            guard let wanted, let identity = FunctionIdentity(function.name.value) else { return false }
            return identity.means(wanted)
        }
        guard let index else {
            functions.append(override.function(over: nil))
            return
        }
        functions[index] = override.function(over: functions[index])
    }
}

extension FunctionOverride {
    /// The function as it runs: a server alone, or processes with the limits and variables of the file's entry.
    fileprivate func function(over declared: Function?) -> Function {
        let name = declared?.name ?? Located(self.name)
        var kept: [JSONMember] = []
        if case .object(let members)? = declared?.settings { kept = members }
        switch home {
        case .server(let url):
            kept.removeAll { $0.name != "description" }
            return Function(
                name: name, home: .server(url: url), settings: .object([JSONMember("url", .string(url))] + kept))
        case .process(var process):
            if case .process(let old)? = declared?.home {
                process.timeoutSeconds = old.timeoutSeconds
                process.memoryMegabytes = old.memoryMegabytes
                process.concurrency = old.concurrency
                process.environment = old.environment
            }
            var members = [JSONMember("runtime", .string(process.runtime))]
            if !process.handler.isEmpty { members.append(JSONMember("handler", .string(process.handler))) }
            members.append(JSONMember("codeUri", .string(process.codeURI)))
            if !process.command.isEmpty {
                members.append(JSONMember("command", .array(process.command.map { .string($0) })))
            }
            kept.removeAll { ["runtime", "handler", "codeUri", "command", "url"].contains($0.name) }
            return Function(name: name, home: .process(process), settings: .object(members + kept))
        }
    }
}
