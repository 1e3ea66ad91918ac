internal import PorticoSyntax

/// Values of parameters, in the order of precedence: the command line, `x-portico-parameters`, the `Parameters` of a
/// whole template, functions of `x-portico-functions`, pseudo parameters.
struct ParameterValues {
    /// A value: text from the command line or the machine, or a node of the file.
    enum Value {
        case text(String)
        case node(Node)
    }

    /// `--param`
    var given: [String: String]
    /// Mappings of defaults, the strongest first.
    var defaults: [Mapping?]
    /// The template, for the defaults of its `Parameters`.
    var template: TemplateDocument
    /// Keys of `x-portico-functions` and names of `--lambda`: a function that runs here has a name and an ARN.
    var functions: Set<String>
    /// `AWS::Region`
    var region: String
    /// `AWS::AccountId`
    var accountID: String

    /// The value of a parameter or pseudo parameter.
    func value(_ name: String) -> Value? {
        if let text = given[name] { return .text(text) }
        for mapping in defaults {
            if let node = mapping?[name], node.scalar?.kind != .null { return .node(node) }
        }
        if let node = template.parameterDefault(name) { return .node(node) }
        if isFunction(name) { return .text(name) }
        return pseudoParameter(name).map(Value.text)
    }

    /// The value of `Fn::GetAtt`: of `Name.Attribute`, and for an ARN also of `Name`, since that is what most people
    /// have at hand for a function or role.
    func attribute(_ attribute: String, of resource: String) -> Value? {
        if let value = value(resource + "." + attribute) { return value }
        guard attribute == "Arn", let value = value(resource) else { return nil }
        if case .text(resource) = value, isFunction(resource), given[resource] == nil {
            return .text("arn:\(partition):lambda:\(region):\(accountID):function:\(resource)")
        }
        return value
    }

    /// Whether a function of that name, not of that ARN, is declared.
    private func isFunction(_ name: String) -> Bool { !name.contains(":") && functions.contains(name) }

    /// Source: CloudFormation user guide, "Pseudo parameters reference". Stack name and id are ours, since no stack
    /// exists; `AWS::NoValue` in a text is empty.
    private func pseudoParameter(_ name: String) -> String? {
        switch name {
        case "AWS::Region": region
        case "AWS::AccountId": accountID
        case "AWS::Partition": partition
        case "AWS::URLSuffix": urlSuffix
        case "AWS::StackName": stackName
        case "AWS::StackId":
            "arn:\(partition):cloudformation:\(region):\(accountID):stack/\(stackName)"
                + "/00000000-0000-0000-0000-000000000000"
        case "AWS::NotificationARNs", "AWS::NoValue": ""
        default: nil
        }
    }

    private var stackName: String {
        if let name = given["AWS::StackName"] { return name }
        return "portico"
    }

    private var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        if region.hasPrefix("us-gov-") { return "aws-us-gov" }
        if region.hasPrefix("us-isob-") { return "aws-iso-b" }
        if region.hasPrefix("us-iso-") { return "aws-iso" }
        return "aws"
    }

    private var urlSuffix: String {
        if region.hasPrefix("cn-") { return "amazonaws.com.cn" }
        if region.hasPrefix("us-isob-") { return "sc2s.sgov.gov" }
        if region.hasPrefix("us-iso-") { return "c2s.ic.gov" }
        return "amazonaws.com"
    }
}
