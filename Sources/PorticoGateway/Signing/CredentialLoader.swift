internal import PorticoIR

/// Finds the credentials that outgoing calls are signed with, where the AWS CLI and boto3 find them.
///
/// An identity of the spec that stands for a role or user comes first; then the environment, the shared `credentials`
/// file, a `credential_process` of the profile and the shared `config` file. What those tools get from a service (roles
/// that are assumed, single sign-on, containers, instances) is not fetched, but told by name with what to do instead.
///
/// It reads files and may run a process, so that it belongs on a thread that may wait, and to one such thread at a time.
///
/// Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers"; botocore, `credentials.py`.
final class CredentialLoader {
    /// Credentials that end sooner are asked for again. Source: botocore, `RefreshableCredentials`, which must refresh 10
    /// and would like to 15 minutes before; the shared files tell no end, and processes hand out what they have cached.
    static let refreshMilliseconds = 10 * 60_000
    /// How long it takes until a source that failed is tried again.
    static let retryMilliseconds = 60_000

    private let environment: [String: String]
    private let secrets: SecretText
    private let identities: [Identity]
    private let files: any FileLoader
    private let fingerprint: @Sendable (String) -> FileFingerprint?
    private let runProcess: @Sendable ([String], [String: String]) throws(CredentialProblem) -> [UInt8]

    private var table: CredentialTable?
    private var fingerprints: [FileFingerprint?] = []
    private var nextLoadMilliseconds = Int.max
    private var usesProcess = false

    /// Takes the environment of the process and the identities of the spec.
    init(
        environment: [String: String], identities: [Identity] = [], directory: String = ".",
        files: any FileLoader = SystemFileLoader(),
        fingerprint: @escaping @Sendable (String) -> FileFingerprint? = { FileFingerprint(path: $0) },
        runProcess: @escaping @Sendable ([String], [String: String]) throws(CredentialProblem) -> [UInt8] = {
            (words, environment) throws(CredentialProblem) in
            try CredentialProcess.run(words, environment: environment)
        }
    ) {
        self.environment = environment
        secrets = SecretText(environment: environment, directory: directory, files: files)
        self.identities = identities
        self.files = files
        self.fingerprint = fingerprint
        self.runProcess = runProcess
    }

    /// Reads everything anew.
    func load(nowMilliseconds now: Int) -> CredentialTable {
        let before = fingerprints
        // Looked at before the files are read, so that a change in between is seen next time.
        fingerprints = currentFingerprints()
        usesProcess = false
        var fallback = Self.checkingEnd(defaultEntry(), now)
        let isUnchanged = before.count == fingerprints.count && before == fingerprints
        if fallback.credentials == nil, isUnchanged, usesProcess, let old = table?.fallback.credentials,
            let end = old.expiryMilliseconds, end > now
        {
            // A process that fails while its credentials are still good is asked again before they end.
            fallback = .available(old)
        }
        let roles = identities.compactMap { identity in
            identity.arn.map { (arn: $0.value, entry: entry(of: identity)) }
        }
        let table = CredentialTable(fallback: fallback, identities: roles)
        self.table = table
        nextLoadMilliseconds = nextLoad(table, now)
        return table
    }

    /// A new table if a file has changed or credentials are about to end, and there are others now; `nil` otherwise.
    func reloadIfNeeded(nowMilliseconds now: Int) -> CredentialTable? {
        guard let old = table else { return load(nowMilliseconds: now) }
        guard now >= nextLoadMilliseconds || fingerprints != currentFingerprints() else { return nil }
        let new = load(nowMilliseconds: now)
        return new.isSame(as: old) ? nil : new
    }

    private func nextLoad(_ table: CredentialTable, _ now: Int) -> Int {
        guard let end = table.earliestExpiryMilliseconds else {
            // A process may succeed later; all other sources show a change in their files.
            return usesProcess && table.fallback.credentials == nil ? now + Self.retryMilliseconds : .max
        }
        let early = end - Self.refreshMilliseconds
        return early > now ? early : min(now + Self.retryMilliseconds, max(end, now + 1))
    }

    private static func checkingEnd(_ entry: CredentialTable.Entry, _ now: Int) -> CredentialTable.Entry {
        guard let credentials = entry.credentials, let end = credentials.expiryMilliseconds, end <= now else {
            return entry
        }
        return .unavailable(
            CredentialProblem(
                "the temporary credentials '\(credentials.accessKeyID)' ended at \(CredentialTime.text(end)); get new ones"
            ))
    }

    // MARK: Identities

    private func entry(of identity: Identity) -> CredentialTable.Entry {
        do throws(CredentialProblem) {
            return .available(
                try SigningCredentials(
                    accessKeyID: expand(identity.accessKeyID, "accessKeyId"),
                    secretAccessKey: expand(identity.secretAccessKey, "secretAccessKey"),
                    sessionToken: identity.sessionToken.map { (text) throws(CredentialProblem) in
                        try expand(text, "sessionToken")
                    }))
        } catch {
            return .unavailable(CredentialProblem("identity '\(identity.name.value)': \(error.text)"))
        }
    }

    private func expand(_ text: String, _ member: String) throws(CredentialProblem) -> String {
        do throws(EnvironmentText.Problem) {
            return try secrets.expand(text)
        } catch {
            switch error {
            case .missing(let name): throw CredentialProblem("\(error) for its \(member); set \(name) and start again")
            case .malformed, .unreadable: throw CredentialProblem("\(member): \(error)")
            }
        }
    }

    // MARK: Chain

    private func defaultEntry() -> CredentialTable.Entry {
        do throws(CredentialProblem) {
            if let found = try environmentCredentials() { return .available(found) }
            return .available(try profileCredentials())
        } catch {
            return .unavailable(error)
        }
    }

    private func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func environmentCredentials() throws(CredentialProblem) -> SigningCredentials? {
        guard let accessKeyID = variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = variable("AWS_SECRET_ACCESS_KEY") else {
            throw CredentialProblem("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or none")
        }
        var end: Int?
        if let text = variable("AWS_CREDENTIAL_EXPIRATION") {
            guard let time = CredentialTime.milliseconds(text) else {
                throw CredentialProblem(
                    "AWS_CREDENTIAL_EXPIRATION is '\(text)'; expected a time such as 2030-01-31T12:00:00Z")
            }
            end = time
        }
        return try Self.made(in: "the environment") { () throws(CredentialProblem) in
            try SigningCredentials(
                accessKeyID: accessKeyID, secretAccessKey: secret,
                sessionToken: variable("AWS_SECURITY_TOKEN") ?? variable("AWS_SESSION_TOKEN"), expiryMilliseconds: end)
        }
    }

    private static func made(
        in place: String, _ make: () throws(CredentialProblem) -> SigningCredentials
    ) throws(CredentialProblem) -> SigningCredentials {
        do throws(CredentialProblem) {
            return try make()
        } catch {
            throw CredentialProblem("in \(place) \(error.text)")
        }
    }

    private func profileCredentials() throws(CredentialProblem) -> SigningCredentials {
        let named = variable("AWS_DEFAULT_PROFILE") ?? variable("AWS_PROFILE")
        let name = named ?? "default"
        let credentialsFile = try read(credentialsPath)
        let configFile = try read(configPath)
        let ofCredentials = credentialsFile?.profileOfCredentials(name)
        let ofConfig = configFile?.profileOfConfig(name)
        guard ofCredentials != nil || ofConfig != nil else { throw nothingFound(name, isNamed: named != nil) }

        let both = (ofConfig ?? [:]).merging(ofCredentials ?? [:]) { _, stronger in stronger }
        if let problem = Self.unsupported(both, profile: name) { throw problem }
        if let found = try keys(of: ofCredentials, profile: name, path: credentialsPath) { return found }
        if let command = both["credential_process"] {
            usesProcess = true
            return try Self.made(in: "the answer of credential_process of profile '\(name)'") {
                () throws(CredentialProblem) in
                guard let words = ShellWords.split(command), !words.isEmpty else {
                    throw CredentialProblem("there is nothing, since its command line is empty or has an open quote")
                }
                return try CredentialProcess.credentials(from: try runProcess(words, environment))
            }
        }
        if let found = try keys(of: ofConfig, profile: name, path: configPath) { return found }
        throw CredentialProblem(
            "profile '\(name)' of the shared AWS files has no aws_access_key_id and no credential_process; add keys to "
                + "'\(credentialsPath ?? "~/.aws/credentials")', or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    }

    private func keys(
        of profile: SharedConfigFile.Section?, profile name: String, path: String?
    ) throws(CredentialProblem) -> SigningCredentials? {
        guard let profile, let accessKeyID = profile["aws_access_key_id"] else { return nil }
        let place = "profile '\(name)' of '\(path ?? "")'"
        guard let secret = profile["aws_secret_access_key"] else {
            throw CredentialProblem("\(place) has an aws_access_key_id, but no aws_secret_access_key; add it")
        }
        return try Self.made(in: place) { () throws(CredentialProblem) in
            try SigningCredentials(
                accessKeyID: accessKeyID, secretAccessKey: secret,
                sessionToken: profile["aws_security_token"] ?? profile["aws_session_token"])
        }
    }

    /// A profile whose credentials come from a service.
    private static func unsupported(_ profile: SharedConfigFile.Section, profile name: String) -> CredentialProblem? {
        let what: String
        if profile["web_identity_token_file"] != nil {
            what = "exchanges a web identity token (web_identity_token_file)"
        } else if let role = profile["role_arn"] {
            what = "assumes the role '\(role)' (role_arn)"
        } else if profile["sso_account_id"] != nil || profile["sso_role_name"] != nil {
            what = "signs in through IAM Identity Center (sso_account_id)"
        } else if profile["login_session"] != nil {
            what = "signs in through the console (login_session)"
        } else {
            return nil
        }
        return CredentialProblem(
            "profile '\(name)' \(what), which Portico does not do itself; name a profile with 'credential_process = aws "
                + "configure export-credentials --profile \(name)' in AWS_PROFILE, or export keys with 'aws configure "
                + "export-credentials --profile \(name) --format env'")
    }

    private func nothingFound(_ profile: String, isNamed: Bool) -> CredentialProblem {
        let paths = [credentialsPath, configPath].compactMap { $0 }.map { "'\($0)'" }
        let places =
            paths.isEmpty
            ? "no shared AWS file is known, since HOME is not set"
            : paths.joined(separator: " and ") + " have no profile '\(profile)'"
        let fix = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write the profile with 'aws configure'"
        guard !isNamed else { return CredentialProblem("\(places), which AWS_PROFILE names; \(fix)") }
        let service: (variable: String, what: String)? = [
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "a web identity token"),
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "the credentials of a container"),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "the credentials of a container"),
        ].first { variable($0.0) != nil }
        let hint = service.map { "; \($0.variable) is set, but \($0.what) is not fetched by Portico itself" } ?? ""
        let half = variable("AWS_SECRET_ACCESS_KEY") == nil ? "" : ", though AWS_SECRET_ACCESS_KEY is"
        return CredentialProblem("AWS_ACCESS_KEY_ID is not set\(half), and \(places)\(hint); \(fix)")
    }

    // MARK: Files

    private var credentialsPath: String? { path("AWS_SHARED_CREDENTIALS_FILE", "credentials") }
    private var configPath: String? { path("AWS_CONFIG_FILE", "config") }

    private func path(_ name: String, _ file: String) -> String? {
        let home = variable("HOME")
        guard let path = variable(name) else { return home.map { "\($0)/.aws/\(file)" } }
        guard path.hasPrefix("~/"), let home else { return path }
        return home + path.dropFirst()
    }

    private func currentFingerprints() -> [FileFingerprint?] {
        let own = identities.flatMap { [$0.accessKeyID, $0.secretAccessKey, $0.sessionToken ?? ""] }
        return ([credentialsPath, configPath] + own.map(secrets.path)).map { $0.flatMap(fingerprint) }
    }

    /// A file that is not there is none; one that cannot be read is a problem, since it may have what was meant.
    private func read(_ path: String?) throws(CredentialProblem) -> SharedConfigFile? {
        guard let path, fingerprint(path) != nil else { return nil }
        let bytes: [UInt8]
        do throws(FileLoadingError) {
            bytes = try files.load(path)
        } catch {
            throw CredentialProblem("cannot read '\(path)': \(error.reason); make it readable for this process")
        }
        do throws(SharedConfigFile.Problem) {
            return try SharedConfigFile(bytes)
        } catch {
            throw CredentialProblem("cannot read '\(path)': line \(error.line): \(error.reason)")
        }
    }
}
