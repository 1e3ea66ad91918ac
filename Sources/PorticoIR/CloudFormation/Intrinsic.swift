internal import PorticoSyntax

/// CloudFormation's functions; the raw value is the long form's key.
///
/// Source: CloudFormation user guide, "Intrinsic function reference".
enum Intrinsic: String, CaseIterable {
    case ref = "Ref"
    case condition = "Condition"
    case and = "Fn::And"
    case base64 = "Fn::Base64"
    case cidr = "Fn::Cidr"
    case equals = "Fn::Equals"
    case findInMap = "Fn::FindInMap"
    case getAtt = "Fn::GetAtt"
    case getAZs = "Fn::GetAZs"
    case `if` = "Fn::If"
    case importValue = "Fn::ImportValue"
    case join = "Fn::Join"
    case length = "Fn::Length"
    case not = "Fn::Not"
    case or = "Fn::Or"
    case select = "Fn::Select"
    case split = "Fn::Split"
    case sub = "Fn::Sub"
    case toJSONString = "Fn::ToJsonString"
    case transform = "Fn::Transform"

    /// The YAML tag: `!Sub` for `Fn::Sub`, `!Ref` for `Ref`.
    var tag: String {
        rawValue.hasPrefix("Fn::") ? "!" + rawValue.dropFirst(4) : "!" + rawValue
    }

    private static let byTag = Dictionary(uniqueKeysWithValues: allCases.map { ($0.tag, $0) })
    private static let byLowercasedTag = Dictionary(uniqueKeysWithValues: allCases.map { ($0.tag.lowercased(), $0) })

    /// The function of that key. Nearly every key of a document is none, which its first letters tell.
    static func named(_ key: String) -> Intrinsic? {
        key.hasPrefix("Fn::") || key == "Ref" || key == "Condition" ? Intrinsic(rawValue: key) : nil
    }

    /// The function that a local tag stands for.
    static func tagged(_ tag: String) -> Intrinsic? { byTag[tag] }

    /// The function that was probably meant by a tag with wrong case, such as `!Getatt`.
    static func suggestion(forTag tag: String) -> Intrinsic? { byLowercasedTag[tag.lowercased()] }
}

/// A function with its argument, as it stands in the tree.
struct IntrinsicCall {
    /// The function.
    var function: Intrinsic
    /// Its argument, without the tag.
    var argument: Node
    /// The node that the call is: mapping of one member, or tagged node.
    var node: Node

    /// Reads `node` as a call.
    ///
    /// A mapping is one only if the function's name is its only key. A lone `Ref` needs a name beside it, since a
    /// schema or a payload may have a property of that name; a lone `Condition` key is a call only inside conditions.
    init?(_ node: Node, inCondition: Bool = false) {
        if let tag = node.tag {
            guard let function = Intrinsic.tagged(tag) else { return nil }
            self.function = function
            self.argument = Node(node.content, span: node.span)
            self.node = node
            return
        }
        guard case .mapping(let mapping) = node.content, mapping.members.count == 1, let member = mapping.members.first,
            let function = Intrinsic.named(member.key)
        else { return nil }
        switch function {
        case .ref:
            guard member.value.tag == nil, let scalar = member.value.scalar, scalar.kind == .string,
                PlaceholderScanner.isName(scalar.text.string)
            else { return nil }
        case .condition:
            guard inCondition, member.value.scalar != nil else { return nil }
        default: break
        }
        self.function = function
        self.argument = member.value
        self.node = node
    }
}
