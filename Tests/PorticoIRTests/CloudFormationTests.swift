import PorticoIR
import PorticoSyntax
import Testing

@Suite struct CloudFormationTests {
    private static func resolve(
        _ text: String, _ parameters: [String: String] = [:], defaults: String? = nil, region: String = "eu-west-1"
    ) -> CloudFormationResult {
        var options = ImportOptions()
        options.parameters = parameters
        options.region = region
        options.accountID = "123456789012"
        return CloudFormation.resolve(
            CloudFormationTree.read(text), options: options,
            defaults: defaults.flatMap { CloudFormationTree.read($0).mapping })
    }

    private static let parameters = [
        "Name": "pets", "Func.Arn": "arn:f", "Role": "arn:role", "List": "a,b,c", "Yes": "true", "No": "False",
        "Sizes.eu-west-1.big": "XL", "shared-vpc": "vpc-1",
    ]

    @Test(
        "A function becomes what CloudFormation would have made of it",
        arguments: [
            (#"{"Ref": "Name"}"#, #""pets""#),
            (#"!Ref "Name""#, #""pets""#),
            (#"{"Fn::GetAtt": "Func.Arn"}"#, #""arn:f""#),
            (#"{"Fn::GetAtt": ["Func", "Arn"]}"#, #""arn:f""#),
            (#"{"Fn::GetAtt": ["Role", "Arn"]}"#, #""arn:role""#),
            (#"!GetAtt "Func.Arn""#, #""arn:f""#),
            (#"!GetAtt ["Func", {"Ref": "Attr"}]"#, #""${Func.${Attr}}""#),
            (#"{"Fn::Sub": "a ${Name} b ${Func.Arn} c ${AWS::Region}"}"#, #""a pets b arn:f c eu-west-1""#),
            (#"{"Fn::Sub": "${ Name }"}"#, #""pets""#),
            (#"!Sub "${!Name} ${Name} $Name""#, #""${Name} pets $Name""#),
            (#"!Sub ["${x}-${Name}-${y}", {"x": {"Ref": "Name"}, "y": "1", "Name": "mine"}]"#, #""pets-mine-1""#),
            (#"!Sub "${stageVariables.v} ${env.HOME}""#, #""${stageVariables.v} ${env.HOME}""#),
            (#"!Sub "{$} ${ ${Name}""#, #""{$} ${ pets""#),
            (#"!Sub "no placeholder""#, #""no placeholder""#),
            (#"{"Fn::Join": ["-", ["a", {"Ref": "Name"}, !Sub "${AWS::AccountId}", 7]]}"#, #""a-pets-123456789012-7""#),
            (#"!Join ["", []]"#, #""""#),
            (#"!Join ["", ["a", {"Ref": "AWS::NoValue"}, "b"]]"#, #""ab""#),
            (#"!Join ["+", {"Ref": "List"}]"#, #""a+b+c""#),
            (#"!Select [1, ["x", "y"]]"#, #""y""#),
            (#"!Select ["2", {"Fn::Split": ["::", "a::b::c::d"]}]"#, #""c""#),
            (#"{"Fn::Split": [",", {"Ref": "List"}]}"#, #"["a","b","c"]"#),
            (#"!Select [1, !Ref "List"]"#, #""b""#),
            (#"{"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "big"]}"#, #""XL""#),
            (#"!FindInMap ["Sizes", "x", "big", {"DefaultValue": "S"}]"#, #""S""#),
            (#"{"Fn::ImportValue": {"Fn::Sub": "shared-vpc"}}"#, #""vpc-1""#),
            (#"{"Fn::Base64": {"Ref": "Name"}}"#, #""cGV0cw==""#),
            (#"!Length ["a", "b"]"#, "2"),
            (#"{"Fn::If": ["Yes", "a", "b"]}"#, #""a""#),
            (#"!If ["No", "a", {"Ref": "Name"}]"#, #""pets""#),
            (#"!If ["No", "a", {"b": [{"Ref": "Name"}]}]"#, #"{"b":["pets"]}"#),
            (#"!If [!Not [!Condition "Yes"], 1, 2]"#, "2"),
            (#"!If [{"Fn::And": [{"Condition": "Yes"}, {"Fn::Equals": [{"Ref": "Name"}, "pets"]}]}, 1, 2]"#, "1"),
            (#"!If [{"Fn::Or": [{"Condition": "No"}, {"Fn::Equals": [{"Ref": "Name"}, "cats"]}]}, 1, 2]"#, "2"),
            (#"{"Fn::Equals": ["a", "a"]}"#, "true"),
            (#"[1, {"Ref": "AWS::NoValue"}, 2]"#, "[1,2]"),
            (#"{"a": !Ref "AWS::NoValue", "b": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "c": 1}"#, #"{"c":1}"#),
        ])
    func functions(_ text: String, _ expected: String) {
        let result = Self.resolve("{\"value\": \(text)}", Self.parameters)
        #expect(result.root["value"]?.compact == expected)
        #expect(!result.diagnostics.hasErrors)
    }

    @Test(
        "Pseudo parameters follow the region",
        arguments: [
            ("${AWS::Region}", "eu-west-1", "eu-west-1"), ("${AWS::AccountId}", "eu-west-1", "123456789012"),
            ("${AWS::Partition}.${AWS::URLSuffix}", "eu-west-1", "aws.amazonaws.com"),
            ("${AWS::Partition}.${AWS::URLSuffix}", "cn-north-1", "aws-cn.amazonaws.com.cn"),
            ("${AWS::Partition}.${AWS::URLSuffix}", "us-gov-west-1", "aws-us-gov.amazonaws.com"),
            ("${AWS::Partition}.${AWS::URLSuffix}", "us-iso-east-1", "aws-iso.c2s.ic.gov"),
            ("${AWS::Partition}.${AWS::URLSuffix}", "us-isob-east-1", "aws-iso-b.sc2s.sgov.gov"),
            ("${AWS::StackName}", "eu-west-1", "portico"), ("[${AWS::NoValue}]", "eu-west-1", "[]"),
            (
                "${AWS::StackId}", "eu-west-1",
                "arn:aws:cloudformation:eu-west-1:123456789012:stack/portico/00000000-0000-0000-0000-000000000000"
            ),
        ])
    func pseudoParameters(_ text: String, _ region: String, _ expected: String) {
        let result = Self.resolve(#"{"v": {"Fn::Sub": "\#(text)"}}"#, region: region)
        #expect(result.root["v"]?.scalar?.text.string == expected)
        #expect(result.diagnostics.isEmpty)
    }

    @Test(
        "What only looks like a function is left alone, as the very same node",
        arguments: [
            #"{"Ref": {"type": "string"}}"#, #"{"Ref": "Name", "other": 1}"#, #"{"Condition": "Yes"}"#,
            #"{"Fn::Sub": "${Name}", "x": 1}"#, #"{"text": "${Name} ${AWS::Region}"}"#, #"["Fn::Sub", "Ref"]"#,
            #"{"get": {"requestTemplates": {"application/json": "${input.x} ${AWS::Region}"}}}"#,
            #"{"x-portico-parameters": {"A": {"Ref": "Name"}}}"#, #"{"Ref": 3}"#, #"{"Ref": "a sentence"}"#,
            #"{"Ref": ""}"#,
            #"{"x-amazon-apigateway-integration": {"requestTemplates": {"a": "${AWS::Region} ${Name}"}}}"#,
            #"{"x-amazon-apigateway-integration": {"responses": {"d": {"responseTemplates": {"a": "${Name}"}}}}}"#,
            #"{"x-amazon-apigateway-integration": {"uri": "http://${stageVariables.host}/${env.X}/{id}/${!y}"}}"#,
        ])
    func untouched(_ text: String) {
        let root = CloudFormationTree.read(text)
        var options = ImportOptions()
        options.parameters = Self.parameters
        let result = CloudFormation.resolve(root, options: options, defaults: nil)
        #expect(result.root === root)
        #expect(result.diagnostics.isEmpty)
        #expect(result.unresolved.isEmpty)
    }

    @Test("Subtrees without functions are shared with the tree that was read")
    func sharing() {
        let root = CloudFormationTree.read(#"{"a": {"b": [1, 2]}, "c": {"Ref": "Name"}, "d": {"e": 1}}"#)
        var options = ImportOptions()
        options.parameters = Self.parameters
        let result = CloudFormation.resolve(root, options: options, defaults: nil)
        #expect(result.root["a"] === root["a"])
        #expect(result.root["d"] === root["d"])
        #expect(result.root["c"]?.compact == #""pets""#)
    }

    @Test(
        "Strings of integrations and authorizers hold what API Gateway replaces at import",
        arguments: [
            ("uri", "arn:aws:apigateway:${AWS::Region}:x", "arn:aws:apigateway:eu-west-1:x"),
            ("uri", "${Name}/${Func.Arn}", "pets/arn:f"),
            ("credentials", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/r", "arn:aws:iam::123456789012:role/r"),
            ("cacheNamespace", "${AWS::Region}-${Name}", "eu-west-1-${Name}"),
            ("uri", "https://${stageVariables.h}/${AWS::Region}", "https://${stageVariables.h}/eu-west-1"),
        ])
    func plainPlaceholders(_ key: String, _ text: String, _ expected: String) {
        let result = Self.resolve(
            #"{"x-amazon-apigateway-integration": {"\#(key)": "\#(text)"}}"#, Self.parameters)
        #expect(result.root["x-amazon-apigateway-integration"]?[key]?.scalar?.text.string == expected)
        #expect(result.diagnostics.isEmpty)
    }

    @Test("Each provider of an authorizer is an address")
    func providers() {
        let result = Self.resolve(
            #"{"x-amazon-apigateway-authorizer": {"providerARNs": ["arn:${AWS::Region}", "arn:${pool}"]}}"#)
        #expect(
            result.root["x-amazon-apigateway-authorizer"]?["providerARNs"]?.compact
                == #"["arn:eu-west-1","arn:${pool}"]"#
        )
        #expect(result.unresolved.map(\.name) == ["pool"])
    }

    @Test("The command line wins over x-portico-parameters, and both over pseudo parameters")
    func precedence() {
        let text = #"{"v": !Sub "${A} ${B} ${AWS::Region} ${AWS::AccountId}", "n": !Ref "N"}"#
        let result = Self.resolve(
            text, ["A": "line", "AWS::Region": "ap-south-1"],
            defaults: #"{"A": "file", "B": "file", "AWS::AccountId": 5, "N": 3000}"#)
        #expect(result.root["v"]?.compact == #""line file ap-south-1 5""#)
        #expect(result.root["n"]?.compact == #""3000""#)
    }

    @Test("A function that runs here has its name and an ARN, unless a parameter says otherwise")
    func functions() {
        let text = """
            {"x-portico-functions": {"F": {}, "arn:aws:lambda:x": {}}, "arn": {"Fn::GetAtt": "F.Arn"}, "name": !Ref "F",
             "sub": {"Fn::Sub": "functions/${F.Arn}/invocations"}, "other": {"Fn::GetAtt": "F.Version"}}
            """
        let result = Self.resolve(text)
        #expect(result.root["arn"]?.compact == #""arn:aws:lambda:eu-west-1:123456789012:function:F""#)
        #expect(result.root["name"]?.compact == #""F""#)
        #expect(
            result.root["sub"]?.compact
                == #""functions/arn:aws:lambda:eu-west-1:123456789012:function:F/invocations""#)
        #expect(result.unresolved.map(\.name) == ["F.Version"])
        #expect(Self.resolve(text, ["F": "F"]).root["arn"]?.compact == #""F""#)
        #expect(Self.resolve(text, ["F.Arn": "arn:g"]).root["arn"]?.compact == #""arn:g""#)
    }

    @Test("A parameter may be a list or an object in x-portico-parameters")
    func structuredDefaults() {
        let result = Self.resolve(
            #"{"l": {"Ref": "L"}, "j": !Join ["+", {"Ref": "L"}], "o": !Ref "O"}"#,
            defaults: #"{"L": ["a", "b"], "O": {"x": {"Ref": "L"}}}"#)
        #expect(result.root.compact == #"{"l":["a","b"],"j":"a+b","o":{"x":{"Ref":"L"}}}"#)
    }

    @Test("A name without value stays in the text, is listed for its value, and is said once with its places")
    func unresolved() throws {
        let text = """
            {"a": {"Fn::Sub": "x${F.Arn}y"}, "b": [{"Fn::GetAtt": ["F", "Arn"]}],
             "c": !Join ["", ["1", {"Ref": "P"}]], "d": !GetAtt "F.Arn", "e": !GetAtt "F.Arn", "f": !GetAtt "F.Arn"}
            """
        let result = Self.resolve(text)
        #expect(
            result.root.compact
                == #"{"a":"x${F.Arn}y","b":["${F.Arn}"],"c":"1${P}","d":"${F.Arn}","e":"${F.Arn}","f":"${F.Arn}"}"#)
        let places = ["a", "c", "d"].compactMap { result.root[$0]?.span }
        #expect(result.unresolved.contains(UnresolvedReference(name: "F.Arn", span: places[0])))
        #expect(result.unresolved.contains(UnresolvedReference(name: "P", span: places[1])))
        #expect(result.unresolved.contains(UnresolvedReference(name: "F.Arn", span: places[2])))
        #expect(result.unresolved.count == 6)

        try #require(result.diagnostics.count == 2)
        let first = result.diagnostics[0]
        #expect(first.id == CloudFormationDiagnostics.unresolvedReference)
        #expect(first.severity == .warning)
        #expect(first.message == "'F.Arn' has no value; '${F.Arn}' stays in the text")
        #expect(first.fixIt?.hint == "pass --param F.Arn=value, or set 'F.Arn' in x-portico-parameters")
        #expect(Self.slice(text, first.span) == "${F.Arn}")
        #expect(first.notes.count == 4)
        #expect(first.notes.last?.message == "and in 1 more place")
        #expect(Self.slice(text, result.diagnostics[1].span) == "P")
    }

    @Test("A long name is cut in the message")
    func longName() {
        let name = String(repeating: "n", count: 300)
        let message = Self.resolve(#"{"a": {"Fn::ImportValue": "\#(name)"}}"#).diagnostics.first?.message ?? ""
        #expect(message.utf8.count < 300)
        #expect(message.contains("…' has no value"))
    }

    @Test("A name that was passed in another case is suggested")
    func suggestion() {
        let result = Self.resolve(#"{"a": {"Ref": "TableName"}}"#, ["tablename": "t"])
        #expect(result.diagnostics.first?.message.hasSuffix("did you mean 'tablename'?") == true)
    }

    @Test("What cannot be cut or encoded without its value keeps the placeholder")
    func unresolvedInside() {
        let result = Self.resolve(
            """
            {"a": {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": "F.Arn"}]}]}, "b": {"Fn::Base64": {"Ref": "P"}},
             "c": {"Fn::ImportValue": "net-${AWS::Region}"}, "d": {"Fn::FindInMap": ["M", "a", "b"]}}
            """)
        #expect(
            result.root.compact == #"{"a":"${F.Arn}","b":"${P}","c":"${net-${AWS::Region}}","d":"${M.a.b}"}"#)
        #expect(Set(result.unresolved.map(\.name)) == ["F.Arn", "P", "net-${AWS::Region}", "M.a.b"])
    }

    @Test("A condition without value takes the first branch and says how to choose")
    func unresolvedCondition() throws {
        let result = Self.resolve(
            #"{"a": {"Fn::If": ["IsProd", "x", "y"]}, "b": !If ["IsProd", !Ref "AWS::NoValue", 1]}"#)
        #expect(result.root.compact == #"{"a":"x"}"#)
        try #require(result.diagnostics.count == 1)
        #expect(result.diagnostics[0].id == CloudFormationDiagnostics.unresolvedCondition)
        #expect(result.diagnostics[0].message == "condition 'IsProd' has no value; the first branch is taken")
        #expect(
            result.diagnostics[0].fixIt?.hint == "choose with --param IsProd=true or --param IsProd=false")
        #expect(result.diagnostics[0].notes.count == 1)
        #expect(result.unresolved.isEmpty)
    }

    @Test(
        "What CloudFormation would refuse, or only it can do, is reported and left as it is",
        arguments: [
            (#"{"Fn::Join": "a"}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Join": ["a", "b"]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Sub": {"a": 1}}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Sub": ["${a}", {"a": ["x"]}]}"#, "cloudformation.malformed-intrinsic"),
            (#"!Ref "a b""#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::GetAtt": "NoAttribute"}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::GetAtt": ["A"]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::GetAtt": [["A"], "B"]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Select": [9, ["a"]]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Select": ["x", ["a"]]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::Split": ["", "a"]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::If": ["Yes", 1]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::If": [["Yes"], 1, 2]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::FindInMap": ["a"]}"#, "cloudformation.malformed-intrinsic"),
            (#"{"Fn::GetAZs": ""}"#, "cloudformation.unsupported-intrinsic"),
            (#"{"Fn::Subb": "x"}"#, "cloudformation.unsupported-intrinsic"),
            (#"!Getatt "A.B""#, "cloudformation.unknown-tag"),
        ])
    func refused(_ text: String, _ id: String) {
        let result = Self.resolve("{\"v\": \(text)}", Self.parameters)
        #expect(result.diagnostics.map(\.id.name) == [id])
        #expect(result.root["v"]?.compact == CloudFormationTree.read(text).compact)
    }

    @Test("An included file is an error that names the file, alone or beside other keys")
    func include() {
        let include = #""Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/api.yaml"}}"#
        let result = Self.resolve("{\"a\": {\(include)}, \"b\": {\"x\": 1, \(include)}}")
        #expect(result.root.compact == #"{"b":{"x":1}}"#)
        #expect(result.diagnostics.map(\.id.name) == ["cloudformation.transform", "cloudformation.transform"])
        #expect(
            result.diagnostics.first?.message
                == "the transform 'AWS::Include' of 's3://b/api.yaml' is not carried out")
        #expect(Self.resolve("{\(include)}").root.compact == "{}")
    }

    @Test("A condition that is neither true nor false counts as none")
    func invalidCondition() {
        let result = Self.resolve(#"{"a": {"Fn::If": ["C", 1, 2]}}"#, ["C": "maybe"])
        #expect(
            result.diagnostics.map(\.id.name) == [
                "cloudformation.invalid-condition", "cloudformation.unresolved-condition",
            ])
    }

    @Test("Literal parts of a text keep their places and values take the place of their placeholder")
    func places() throws {
        let text = #"{"v": {"Fn::Sub": "ab${Name}cd${!X}ef${Empty}g"}}"#
        let result = Self.resolve(text, ["Name": "a-long-value-indeed", "Empty": ""])
        let resolved = try #require(result.root["v"]?.scalar?.text)
        #expect(resolved.string == "aba-long-value-indeedcd${X}efg")
        #expect(Self.slice(text, resolved.span(of: 0..<2)) == "ab")
        #expect(Self.slice(text, resolved.span(of: 2..<21)) == "${Name}")
        #expect(Self.slice(text, resolved.span(of: 21..<23)) == "cd")
        #expect(Self.slice(text, resolved.span(of: 25..<27)) == "X}")
        #expect(Self.slice(text, resolved.span(of: 27..<29)) == "ef")
        #expect(Self.slice(text, resolved.span(of: 29..<30)) == "g")
        #expect(Self.slice(text, result.root["v"]?.span) == #"{"Fn::Sub": "ab${Name}cd${!X}ef${Empty}g"}"#)
    }

    @Test("Joined texts keep the places of their parts")
    func joinedPlaces() throws {
        let text = #"{"v": {"Fn::Join": ["/", ["one", {"Ref": "P"}, "three"]]}}"#
        let resolved = try #require(Self.resolve(text, ["P": "x"]).root["v"]?.scalar?.text)
        #expect(resolved.string == "one/x/three")
        #expect(Self.slice(text, resolved.span(of: 0..<3)) == "one")
        #expect(Self.slice(text, resolved.span(of: 4..<5)) == "P")
        #expect(Self.slice(text, resolved.span(of: 6..<11)) == "three")
    }

    private static func slice(_ text: String, _ span: SourceSpan?) -> String? {
        span.map { String(decoding: Array(text.utf8)[$0.offset..<$0.end], as: UTF8.self) }
    }
}
