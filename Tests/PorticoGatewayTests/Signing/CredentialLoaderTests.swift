import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("Credentials of outgoing calls")
struct CredentialLoaderTests {
    static let now = 1_705_320_000_000

    /// Files in memory, whose fingerprints follow their text.
    final class Files: FileLoader, @unchecked Sendable {
        var texts: [String: String]
        var unreadable: Set<String> = []

        init(_ texts: [String: String] = [:]) { self.texts = texts }

        func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
            guard let text = texts[path], !unreadable.contains(path) else {
                throw FileLoadingError(path: path, reason: "Permission denied")
            }
            return Array(text.utf8)
        }

        func fingerprint(_ path: String) -> FileFingerprint? {
            texts[path].map { text in
                let sum = text.utf8.reduce(Int64(17)) { $0 &* 31 &+ Int64($1) }
                return FileFingerprint(size: Int64(text.utf8.count), modifiedNanoseconds: sum)
            }
        }
    }

    /// Answers of a `credential_process`, one after the other; `nil` fails.
    final class Process: @unchecked Sendable {
        var answers: [String?]
        var commands: [[String]] = []

        init(_ answers: [String?] = []) { self.answers = answers }

        func run(_ words: [String]) throws(CredentialProblem) -> [UInt8] {
            commands.append(words)
            guard !answers.isEmpty, let answer = answers.removeFirst() else { throw CredentialProblem("it failed") }
            return Array(answer.utf8)
        }
    }

    static func loader(
        _ environment: [String: String], _ files: Files = Files(), identities: [Identity] = [],
        process: Process = Process()
    ) -> CredentialLoader {
        CredentialLoader(
            environment: environment.merging(["HOME": "/home/u"]) { own, _ in own }, identities: identities,
            files: files, fingerprint: { files.fingerprint($0) },
            runProcess: { (words, _) throws(CredentialProblem) in try process.run(words) })
    }

    /// `KEY SECRET TOKEN` of what was found, or the problem.
    static func told(_ entry: CredentialTable.Entry) -> String {
        switch entry {
        case .available(let credentials):
            let secret = String(decoding: credentials.prefixedSecret.dropFirst(4), as: UTF8.self)
            let token = credentials.sessionToken.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
            return "\(credentials.accessKeyID) \(secret)\(token)"
        case .unavailable(let problem): return problem.text
        }
    }

    static func found(_ environment: [String: String], credentials: String? = nil, config: String? = nil) -> String {
        var texts: [String: String] = [:]
        texts["/home/u/.aws/credentials"] = credentials
        texts["/home/u/.aws/config"] = config
        return told(loader(environment, Files(texts)).load(nowMilliseconds: now).fallback)
    }

    static let plain = "[default]\naws_access_key_id = FILE\naws_secret_access_key = secret\n"

    @Test("the environment comes before the files")
    func environment() {
        let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
        #expect(Self.found(keys, credentials: Self.plain) == "ENV s")
        #expect(Self.found(keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }) == "ENV s t")
        #expect(Self.found(keys.merging(["AWS_SESSION_TOKEN": ""]) { $1 }) == "ENV s")
        #expect(Self.found(keys.merging(["AWS_PROFILE": "other"]) { $1 }, credentials: Self.plain) == "ENV s")
        #expect(Self.found(["AWS_ACCESS_KEY_ID": ""], credentials: Self.plain) == "FILE secret")
        #expect(
            Self.found(["AWS_ACCESS_KEY_ID": "ENV"], credentials: Self.plain)
                == "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or none")
    }

    @Test(
        "a profile is found in either file",
        arguments: [
            ("", plain, "", "FILE secret"),
            ("", "", "[default]\naws_access_key_id=C\naws_secret_access_key=s\n", "C s"),
            ("", plain, "[default]\naws_access_key_id=C\naws_secret_access_key=s\n", "FILE secret"),
            ("p", "[p]\naws_access_key_id=P\naws_secret_access_key=s\naws_session_token=t\n", "", "P s t"),
            ("p", "", "[profile p]\naws_access_key_id=P\naws_secret_access_key=s\n", "P s"),
            ("a b", "", "[profile 'a b']\naws_access_key_id=P\naws_secret_access_key=s\n", "P s"),
            ("p", plain, "[profile p]\naws_access_key_id=P\naws_secret_access_key=s\n", "P s"),
            (
                "",
                "# c\n; d\n[other]\naws_access_key_id = O\n[default]\n  # e\nAWS_Access_Key_ID: A#1\n"
                    + "aws_secret_access_key   =  s=/+ \nregion = r\n", "", "A#1 s=/+"
            ),
            (
                "", "",
                "[default]\ns3 =\n    max_concurrent_requests = 20\n\n    signature_version = s3v4\n"
                    + "aws_access_key_id=C\naws_secret_access_key=s\n[services x]\ndynamodb =\n  endpoint_url = a\n",
                "C s"
            ),
            ("", "[DEFAULT]\naws_secret_access_key=d\n[default]\naws_access_key_id=A\n", "", "A d"),
            ("", "\u{FEFF}[default]\r\naws_access_key_id=A\r\naws_secret_access_key=s\r\n", "", "A s"),
        ])
    func profiles(row: (String, String, String, String)) {
        let environment = row.0.isEmpty ? [:] : ["AWS_PROFILE": row.0]
        #expect(Self.found(environment, credentials: row.1, config: row.2) == row.3)
    }

    @Test("files may be elsewhere")
    func paths() {
        let files = Files([
            "/x/cred": Self.plain, "/home/u/y": "[profile p]\naws_access_key_id=Y\naws_secret_access_key=s",
        ])
        let environment = ["AWS_SHARED_CREDENTIALS_FILE": "/x/cred", "AWS_CONFIG_FILE": "~/y"]
        #expect(Self.told(Self.loader(environment, files).load(nowMilliseconds: 0).fallback) == "FILE secret")
        let other = environment.merging(["AWS_PROFILE": "p"]) { $1 }
        #expect(Self.told(Self.loader(other, files).load(nowMilliseconds: 0).fallback) == "Y s")
    }

    @Test(
        "why there are no credentials is told with what to do",
        arguments: [
            (
                "", nil, nil,
                "AWS_ACCESS_KEY_ID is not set, and '/home/u/.aws/credentials' and '/home/u/.aws/config' have no"
            ),
            ("", nil, "[default]\nregion=r", "no aws_access_key_id and no credential_process"),
            ("p", plain, nil, "have no profile 'p', which AWS_PROFILE names; set AWS_ACCESS_KEY_ID"),
            ("", "[default]\naws_access_key_id=A", nil, "but no aws_secret_access_key; add it"),
            ("", "[default]\naws_access_key_id=A\naws_secret_access_key=\n", nil, "the secret access key is empty"),
            ("", "[default]\naws_access_key_id=A\naws_secret_access_key=b\n c\n", nil, "has a line break in it"),
            ("", "[default]\naws_access_key_id=A,\naws_secret_access_key=b\n", nil, "the access key id has ','"),
            ("", "[default]\nx\n", nil, "line 2: the line is neither '[section]' nor 'name = value'"),
            ("", "x=1\n", nil, "line 1: a value stands before the first [section]"),
            ("", "[a]\n[a]\n", nil, "line 2: section '[a]' stands twice"),
            ("", "[a]\nx=1\nX=2\n", nil, "line 3: 'x' stands twice in '[a]'"),
            ("", nil, "[default]\ns3=\n  a\n", "line 3: the block of 's3' has a line without '='"),
            ("", plain, "[default]\nrole_arn=arn:x\nsource_profile=a", "assumes the role 'arn:x' (role_arn)"),
            ("", nil, "[default]\nweb_identity_token_file=/t\nrole_arn=arn:x", "web_identity_token_file"),
            ("p", nil, "[profile p]\nsso_account_id=1\nsso_role_name=r", "export-credentials --profile p"),
        ] as [(String, String?, String?, String)])
    func problems(row: (String, String?, String?, String)) {
        let environment = row.0.isEmpty ? [:] : ["AWS_PROFILE": row.0]
        let told = Self.found(environment, credentials: row.1, config: row.2)
        #expect(told.contains(row.3), "\(told)")
        #expect(!told.contains("\n"))
    }

    @Test("a file that cannot be read is told, and not passed over")
    func unreadable() {
        let files = Files(["/home/u/.aws/credentials": Self.plain])
        files.unreadable = ["/home/u/.aws/credentials"]
        #expect(
            Self.told(Self.loader([:], files).load(nowMilliseconds: 0).fallback)
                == "cannot read '/home/u/.aws/credentials': Permission denied; make it readable for this process")
    }

    static func identity(_ name: String, _ arn: String?, _ key: String, _ secret: String, token: String? = nil)
        -> Identity
    {
        Identity(
            name: Located(name), arn: arn.map { Located($0) }, accessKeyID: key, secretAccessKey: secret,
            sessionToken: token)
    }

    @Test("an identity that stands for a role comes before the others")
    func identities() {
        let identities = [
            Self.identity("a", "arn:aws:iam::1:role/a", "${env.A_KEY}", "x${env.A_SECRET}y", token: "${env.A_TOKEN}"),
            Self.identity("b", "arn:aws:iam::1:role/b", "B", "${env.NOT_THERE}"), Self.identity("c", nil, "C", "s"),
            Self.identity("d", "arn:aws:iam::1:role/d", "D", "${env.}"),
        ]
        let environment = [
            "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "A_KEY": "A", "A_SECRET": "${env.A_KEY}",
            "A_TOKEN": "t",
        ]
        let table = Self.loader(environment, identities: identities).load(nowMilliseconds: 0)
        #expect(Self.told(table.entry(arn: "arn:aws:iam::1:role/a")) == "A x${env.A_KEY}y t")
        #expect(Self.told(table.entry(arn: "arn:aws:iam::1:role/z")) == "ENV s")
        #expect(Self.told(table.entry(arn: "")) == "ENV s")
        #expect(Self.told(table.entry(arn: nil)) == "ENV s")
        #expect(
            Self.told(table.entry(arn: "arn:aws:iam::1:role/b"))
                == "identity 'b': environment variable 'NOT_THERE' is not set for its secretAccessKey; set NOT_THERE and "
                + "start again")
        #expect(
            Self.told(table.entry(arn: "arn:aws:iam::1:role/d"))
                == "identity 'd': secretAccessKey: '${env.' is no reference to the environment; expected '${env.NAME}'")
    }

    @Test("keys may stand in files, which are read again when they change")
    func files() {
        let files = Files(["/secrets/a": "first\r\n", "/secrets/long": String(repeating: "x", count: 20_000)])
        let identities = [
            Self.identity("a", "arn:aws:iam::1:role/a", "A", "${file./secrets/a}"),
            Self.identity("b", "arn:aws:iam::1:role/b", "B", "${file./secrets/b}"),
            Self.identity("c", "arn:aws:iam::1:role/c", "C", "${file./secrets/long}"),
        ]
        let loader = Self.loader([:], files, identities: identities)
        let table = loader.load(nowMilliseconds: 0)
        #expect(Self.told(table.entry(arn: "arn:aws:iam::1:role/a")) == "A first")
        #expect(Self.told(table.entry(arn: "arn:aws:iam::1:role/b")).contains("cannot read '/secrets/b'"))
        #expect(Self.told(table.entry(arn: "arn:aws:iam::1:role/c")).contains("too long for a key"))
        files.texts["/secrets/a"] = "second"
        files.texts["/secrets/b"] = "there"
        let next = loader.reloadIfNeeded(nowMilliseconds: 1)
        #expect(next.map { Self.told($0.entry(arn: "arn:aws:iam::1:role/a")) } == "A second")
        #expect(next.map { Self.told($0.entry(arn: "arn:aws:iam::1:role/b")) } == "B there")
    }

    @Test("a table is handed out again only when something is another")
    func reload() {
        let path = "/home/u/.aws/credentials"
        let files = Files([path: Self.plain])
        let loader = Self.loader([:], files)
        _ = loader.load(nowMilliseconds: 0)
        #expect(loader.reloadIfNeeded(nowMilliseconds: 1) == nil)
        files.texts[path] = Self.plain + "# a comment\n"
        #expect(loader.reloadIfNeeded(nowMilliseconds: 2) == nil)
        files.texts[path] = Self.plain.replacing("FILE", with: "NEW")
        #expect(loader.reloadIfNeeded(nowMilliseconds: 3).map { Self.told($0.fallback) } == "NEW secret")
        #expect(loader.reloadIfNeeded(nowMilliseconds: 4) == nil)
        files.texts[path] = nil
        #expect(loader.reloadIfNeeded(nowMilliseconds: 5)?.fallback.problem != nil)
        files.texts[path] = Self.plain
        #expect(loader.reloadIfNeeded(nowMilliseconds: 6)?.fallback.credentials != nil)
    }

    @Test("credentials of the environment end when it says so")
    func ending() {
        let environment = [
            "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_CREDENTIAL_EXPIRATION": "2024-01-15T13:00:00+00:30",
        ]
        let loader = Self.loader(environment)
        #expect(loader.load(nowMilliseconds: Self.now).fallback.credentials?.expiryMilliseconds == Self.now + 1_800_000)
        #expect(loader.reloadIfNeeded(nowMilliseconds: Self.now + 1_799_999) == nil)
        let ended = loader.reloadIfNeeded(nowMilliseconds: Self.now + 1_800_000)
        #expect(
            ended.map { Self.told($0.fallback) }
                == "the temporary credentials 'ENV' ended at 2024-01-15T12:30:00Z; get new ones")
        let wrong = Self.loader(environment.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 })
        #expect(Self.told(wrong.load(nowMilliseconds: 0).fallback).contains("AWS_CREDENTIAL_EXPIRATION is 'soon'"))
    }

    static func answer(_ key: String, until end: String? = nil, version: String = "1") -> String {
        let expiration = end.map { #","Expiration":"\#($0)""# } ?? ""
        return
            #"{"Version":\#(version),"AccessKeyId":"\#(key)","SecretAccessKey":"s","SessionToken":"t"\#(expiration)}"#
    }

    @Test("a process is asked again before its credentials end, and once more when it fails")
    func process() {
        let files = Files(["/home/u/.aws/config": "[default]\ncredential_process = \"/a b/c\" --d 'e f' \\g\n"])
        let process = Process([
            Self.answer("ONE", until: "2024-01-15T12:30:00Z"), nil, Self.answer("TWO", until: "2024-01-15T13:30:00Z"),
            nil,
        ])
        let loader = Self.loader([:], files, process: process)
        #expect(Self.told(loader.load(nowMilliseconds: Self.now).fallback) == "ONE s t")
        #expect(process.commands == [["/a b/c", "--d", "e f", "g"]])
        #expect(loader.reloadIfNeeded(nowMilliseconds: Self.now + 19 * 60_000) == nil)
        #expect(process.commands.count == 1)
        // It fails, and what there is is still good.
        #expect(loader.reloadIfNeeded(nowMilliseconds: Self.now + 20 * 60_000) == nil)
        #expect(loader.reloadIfNeeded(nowMilliseconds: Self.now + 20 * 60_000 + 1000) == nil)
        #expect(process.commands.count == 2)
        let later = loader.reloadIfNeeded(nowMilliseconds: Self.now + 21 * 60_000)
        #expect(later.map { Self.told($0.fallback) } == "TWO s t")
        let ended = loader.reloadIfNeeded(nowMilliseconds: Self.now + 90 * 60_000)
        #expect(
            ended.map { Self.told($0.fallback) }
                == "in the answer of credential_process of profile 'default' it failed")
    }

    @Test(
        "an answer of a process that is none is told without its text",
        arguments: [
            ("", "no JSON object"), ("[]", "no JSON object"), (#"{"AccessKeyId":"A"}"#, "'Version' is not 1"),
            (answer("A", version: "2"), "'Version' is not 1"), (#"{"Version":1}"#, "'AccessKeyId' is missing"),
            (#"{"Version":1,"AccessKeyId":"A"}"#, "'SecretAccessKey' is missing"),
            (answer("A", until: "soon"), "'Expiration' is no time"),
        ])
    func answers(row: (String, String)) {
        #expect {
            try CredentialProcess.credentials(from: Array(row.0.utf8))
        } throws: {
            ($0 as? CredentialProblem)?.text.contains(row.1) == true
        }
    }

    @Test("a process is run with its arguments and the environment")
    func run() throws {
        let output = try CredentialProcess.run(
            ["sh", "-c", "printf '%s' \"$1$NAME\"", "sh", "a b"], environment: ["NAME": "c", "PATH": "/bin:/usr/bin"])
        #expect(String(decoding: output, as: UTF8.self) == "a bc")
        for words in [["sh", "-c", "exit 3"], ["/no/such/program"], []] {
            #expect(throws: CredentialProblem.self) {
                try CredentialProcess.run(words, environment: ["PATH": "/bin:/usr/bin"])
            }
        }
        #expect {
            try CredentialProcess.run(["head", "-c", "100000", "/dev/zero"], environment: ["PATH": "/bin:/usr/bin"])
        } throws: {
            ($0 as? CredentialProblem)?.text.contains("more than 64 KB") == true
        }
    }

    @Test("no description of credentials has their secrets")
    func redaction() throws {
        let credentials = try SigningCredentials(
            accessKeyID: "KEY", secretAccessKey: "hidden1", sessionToken: "hidden2")
        var dumped = ""
        dump(credentials, to: &dumped)
        dump([CredentialTable.Entry.available(credentials)], to: &dumped)
        let texts = [
            "\(credentials)", String(reflecting: credentials), dumped,
            "\(CredentialTable.Entry.available(credentials))",
        ]
        for text in texts {
            #expect(text.contains("KEY"))
            // Neither as text nor as the numbers of its bytes.
            #expect(!text.contains("hidden") && !text.contains("104"))
        }
    }
}
