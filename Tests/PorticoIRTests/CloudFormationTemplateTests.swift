import PorticoIR
import PorticoSyntax
import Testing

@Suite struct CloudFormationTemplateTests {
    private static let template = """
        {"AWSTemplateFormatVersion": "2010-09-09",
         "Parameters": {"Env": {"Type": "String", "Default": "dev"}, "Size": {"Type": "String"}},
         "Mappings": {"Hosts": {"dev": {"url": "https://dev.example.com"}}},
         "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
           "Loop": {"Fn::Not": [{"Condition": "Loop"}]}, "Asks": {"Fn::Equals": [{"Ref": "Size"}, "XL"]}},
         "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"},
          "Api": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": BODY}}}}
        """

    private static func resolve(_ body: String, _ parameters: [String: String] = [:]) -> CloudFormationResult {
        var options = ImportOptions()
        options.parameters = parameters
        let text = template.split(separator: "BODY", omittingEmptySubsequences: false).joined(separator: body)
        return CloudFormation.resolve(CloudFormationTree.read(text), options: options, defaults: nil)
    }

    @Test("Of a whole template the definition in its API is read, with the template's parameters, maps and conditions")
    func definition() {
        let body = """
            {"openapi": "3.0.1", "a": {"Ref": "Env"}, "b": !FindInMap ["Hosts", !Ref "Env", "url"],
             "c": !If ["IsProd", 1, 2], "d": !If ["NotProd", 1, 2]}
            """
        let result = Self.resolve(body)
        #expect(
            result.root.compact == #"{"openapi":"3.0.1","a":"dev","b":"https://dev.example.com","c":2,"d":1}"#)
        #expect(result.diagnostics.map(\.id.name) == ["cloudformation.whole-template"])
        #expect(
            result.diagnostics.first?.message
                == "the file is a CloudFormation template; only 'DefinitionBody' of 'Api' is read")
    }

    @Test("The command line wins over defaults and decides conditions")
    func parameters() {
        let body = #"{"openapi": "3.0.1", "a": {"Ref": "Env"}, "c": !If ["IsProd", 1, 2], "d": !If ["NotProd", 1, 2]}"#
        #expect(
            Self.resolve(body, ["Env": "prod"]).root.compact == #"{"openapi":"3.0.1","a":"prod","c":1,"d":2}"#)
        #expect(
            Self.resolve(body, ["IsProd": "true"]).root.compact == #"{"openapi":"3.0.1","a":"dev","c":1,"d":2}"#)
    }

    @Test("Conditions that go in a circle or ask for a missing value are asked for by their own name")
    func circle() {
        let result = Self.resolve(#"{"a": !If ["Loop", 1, 2], "b": !If ["Asks", 1, 2], "c": !If ["None", 1, 2]}"#)
        #expect(result.root.compact == #"{"a":1,"b":1,"c":1}"#)
        #expect(
            result.diagnostics.dropFirst().map(\.message)
                == ["Loop", "Asks", "None"].map { "condition '\($0)' has no value; the first branch is taken" })
    }

    @Test("A template without definition is an error; an OpenAPI file with a key named Resources is no template")
    func noDefinition() {
        let options = ImportOptions()
        let empty = CloudFormationTree.read(
            #"{"Resources": {"Api": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionUri": "a.yaml"}}}}"#)
        let result = CloudFormation.resolve(empty, options: options, defaults: nil)
        #expect(result.diagnostics.map(\.id.name) == ["cloudformation.no-definition"])
        let api = CloudFormationTree.read(#"{"openapi": "3.0.1", "Resources": {}}"#)
        let untouched = CloudFormation.resolve(api, options: options, defaults: nil)
        #expect(untouched.root === api)
        #expect(untouched.diagnostics.isEmpty)
    }
}

@Suite struct CloudFormationLimitTests {
    private static func string(_ text: String) -> Node {
        Node(.scalar(Scalar(kind: .string, text: PositionedText(text, span: .none), style: .plain)), span: .none)
    }

    private static func call(_ name: String, _ argument: Node) -> Node {
        Node(.mapping(Mapping([.init(key: name, keySpan: .none, value: argument)])), span: .none)
    }

    private static func resolve(_ root: Node) -> CloudFormationResult {
        CloudFormation.resolve(root, options: ImportOptions(), defaults: nil)
    }

    @Test("Two hundred levels of lists, and of functions inside functions, are resolved")
    func depth() {
        var list = Self.call("Ref", Self.string("AWS::Region"))
        var join = list
        for _ in 0..<200 {
            list = Node(.sequence([list]), span: .none)
            join = Self.call(
                "Fn::Join", Node(.sequence([Self.string("-"), Node(.sequence([join]), span: .none)]), span: .none))
        }
        #expect(Self.resolve(list).root.compact.contains("[\"us-east-1\"]"))
        #expect(Self.resolve(join).root.compact == "\"us-east-1\"")
    }

    @Test("Deeper trees are left as they are and reported")
    func tooDeep() {
        var list = Self.call("Ref", Self.string("AWS::Region"))
        var not = Self.string("Yes")
        for _ in 0..<5_000 {
            list = Node(.sequence([list]), span: .none)
            not = Self.call("Fn::Not", Node(.sequence([not]), span: .none))
        }
        #expect(Self.resolve(list).root === list)
        #expect(Self.resolve(list).diagnostics.map(\.id.name) == ["cloudformation.nested-too-deep"])
        let condition = Self.call("Fn::If", Node(.sequence([not, list, list]), span: .none))
        #expect(Self.resolve(condition).diagnostics.map(\.id.name) == ["cloudformation.nested-too-deep"])
    }

    @Test("Aliases that double a text at each level meet the limit of its size")
    func textBomb() {
        var text = Self.string("0123456789")
        for _ in 0..<60 {
            text = Self.call(
                "Fn::Join",
                Node(.sequence([Self.string(""), Node(.sequence([text, text]), span: .none)]), span: .none))
        }
        let result = Self.resolve(Node(.sequence([text]), span: .none))
        #expect(result.diagnostics.map(\.id.name) == ["cloudformation.text-too-long"])
    }

    @Test("Aliases that double a tree at each level cost its nodes, not its paths")
    func treeBomb() {
        var tree = Node(.sequence([Self.call("Ref", Self.string("P"))]), span: .none)
        for _ in 0..<60 { tree = Node(.sequence([tree, tree]), span: .none) }
        let result = Self.resolve(tree)
        #expect(result.unresolved.count == 1)
        #expect(result.diagnostics.count == 1)
    }
}
