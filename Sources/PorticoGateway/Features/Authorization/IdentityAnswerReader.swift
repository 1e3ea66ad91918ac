internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Reads what an endpoint says of an access key: `secretAccessKey`, `sessionToken`, `arn`, `accountId`, `policies`,
/// `expiration`. Nothing of it is repeated in problems but names and places.
enum IdentityAnswerReader {
    struct Problem: Error, Sendable {
        var text: String

        init(_ text: String) { self.text = text }
    }

    /// Bytes of an answer. Source: none; ten managed policies of an identity have 6,144 characters each.
    static let longestAnswer = 128 << 10
    /// Policies of an identity. Source: IAM quotas: 10 managed policies, 20 with an increase, and inline ones.
    private static let mostPolicies = 64

    static func read(_ bytes: [UInt8], accessKeyID: String) -> Result<CallerTable.Entry, Problem> {
        do throws(Problem) {
            return .success(try entry(bytes, accessKeyID))
        } catch {
            return .failure(error)
        }
    }

    private static func entry(_ bytes: [UInt8], _ accessKeyID: String) throws(Problem) -> CallerTable.Entry {
        guard let value = JSONValue(parsing: String(decoding: bytes, as: UTF8.self)), case .object(let members) = value
        else { throw Problem("it is no JSON object") }
        func text(_ name: String) throws(Problem) -> String? {
            let found = members.filter { $0.name == name }
            guard found.count < 2 else { throw Problem("'\(name)' is there twice") }
            switch found.first?.value {
            case nil, .null?: return nil
            case .string(let text)?: return text
            default: throw Problem("'\(name)' is no text")
            }
        }
        // Whoever answers with the identity of another key has misread the question.
        if let own = try text("accessKeyId"), own != accessKeyID { throw Problem("it is of another access key") }
        guard let secret = try text("secretAccessKey") else { throw Problem("there is no 'secretAccessKey'") }
        guard let arn = try text("arn") else { throw Problem("there is no 'arn'") }
        guard PrincipalARN(arn) != nil || isRoot(arn), let own = CallerTable.account(arn), own != "*" else {
            throw Problem("'arn' is no ARN of a user, role or session")
        }
        let account = try text("accountId") ?? own
        guard account == own else { throw Problem("'accountId' is not the account of 'arn'") }
        var expiry: Int?
        if let time = try text("expiration") {
            guard let milliseconds = CredentialTime.milliseconds(time) else {
                throw Problem("'expiration' is no time such as 2030-01-31T12:00:00Z")
            }
            expiry = milliseconds
        }
        let token = try text("sessionToken")
        let credentials: SigningCredentials
        do throws(CredentialProblem) {
            credentials = try SigningCredentials(
                accessKeyID: accessKeyID, secretAccessKey: secret, sessionToken: token, expiryMilliseconds: expiry)
        } catch {
            throw Problem(error.text)
        }
        return CallerTable.Entry(
            arn: arn, account: account, credentials: credentials, policies: try policies(members))
    }

    private static func isRoot(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[3].isEmpty && parts[4].count == 12
            && parts[5] == "root"
    }

    /// A policy that does not compile takes the identity with it: what it denies would be allowed otherwise.
    private static func policies(_ members: [JSONMember]) throws(Problem) -> [PolicyProgram] {
        let found = members.filter { $0.name == "policies" }
        guard found.count < 2 else { throw Problem("'policies' is there twice") }
        let documents: [JSONValue]
        switch found.first?.value {
        case nil, .null?: return []
        case .array(let list)?: documents = list
        case .object(let members)?: documents = [.object(members)]
        default: throw Problem("'policies' is no list of policies")
        }
        guard documents.count <= mostPolicies else { throw Problem("there are more than \(mostPolicies) policies") }
        var programs: [PolicyProgram] = []
        for (index, document) in documents.enumerated() {
            let (program, problems) = PolicyCompiler.compile(document, kind: .identity)
            guard let program else {
                let problem = problems.first { $0.isFatal }
                throw Problem("policy \(index): \(problem?.message ?? "") at '\(problem?.pointer ?? "")'")
            }
            programs.append(program)
        }
        return programs
    }
}
