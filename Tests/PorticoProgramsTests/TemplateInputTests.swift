import PorticoPrograms
import Testing

@Suite("$input, $util, $context and $stageVariables")
struct TemplateInputTests {
    static let bodies: [(body: String, template: String, output: String?)] = [
        ("", "$input.body", "{}"),
        ("raw", "$input.body|$input.body.x", "raw|"),
        ("", "[$input.path('$')]", "[]"),
        ("", "$input.json('$')", "{}"),
        ("no json", "[$input.path('$.a')]$input.json('$')", "[]\"\""),
        (#"{"a": {"b": [1, "x", {"c": null}]}}"#, "$input.path('$.a')", #"{b=[1,"x",{"c":null}]}"#),
        (#"{"a": {"b": [1, "x"]}}"#, "$input.path('$.a.b')", #"[1,"x"]"#),
        (#"{"a": [[{"b": 1}]]}"#, "$input.path('$.a')[0] $input.path('$.a[0][0]')", #"[{"b":1}] {b=1}"#),
        (#"{"a": "x\"y"}"#, "$input.json('$.a') $input.path('$.a')", #""x\"y" x"y"#),
        (#"{"a": 1}"#, "$input.json('$.b')", "\"\""),
        (#"{"a": null}"#, "[$input.path('$.a')]#if($input.path('$.a') == $null)null#end", "[]null"),
        (#"{"a": []}"#, "$input.path('$.a')#if($input.path('$.a') == '')empty#end", "[]"),
        (
            #"{"a": 249.99, "b": 1e3, "c": -0, "d": 1.50, "e": 12345678901234567890}"#,
            "$input.path('$.a') $input.path('$.b') $input.path('$.c') $input.path('$.d') $input.path('$.e')",
            "249.99 1000.0 0 1.5 12345678901234567890"
        ),
        (
            #"{"a": 7, "b": 2.5, "c": 2147483648}"#,
            "#set($a = $input.path('$.a') + 1)$a|#set($b = $input.path('$.b') * 2)$b|#set($c = $input.path('$.c') - 1)$c",
            "8|5.0|2147483647"
        ),
        (#"{"a": [1,2,3]}"#, "#foreach($x in $input.path('$.a'))$x#if($foreach.hasNext),#end#end", "1,2,3"),
        (#"{"a": {"x": 1, "y": 2}}"#, "#foreach($x in $input.path('$.a'))$x;#end", "1;2;"),
        (
            #"{"a": {"x": 1, "y": 2}}"#,
            "#set($a = $input.path('$.a'))#foreach($k in $a.keySet())$k=$a.get($k);#end", "x=1;y=2;"
        ),
        (
            #"{"a": {"x": 1}}"#,
            "#foreach($e in $input.path('$.a').entrySet())$e.key:$e.value#end", "x:1"
        ),
        (#"{"a": {"1": {}, "2": {}}}"#, "$input.path('$.a').size()", "2"),
        (#"{"a": ["x", "y"]}"#, "$input.path('$.a').contains('y') $input.path('$.a').indexOf('y')", "true 1"),
        (#"{"s": [{"n": 1}, {"n": 5}]}"#, "$input.path('$.s[?(@.n > 2)]') $input.path('$..n')", #"[{"n":5}] [1,5]"#),
        (
            #"{"a": {"b": 1}}"#,
            "#set($a = $input.path('$.a'))#set($ok = $a.put('c', [1]))$a $input.path('$') $input.json('$')",
            #"{b=1, c=[1]} {a={b=1, c=[1]}} {"a":{"b":1,"c":[1]}}"#
        ),
        (
            #"{"l": [1]}"#,
            "#set($l = $input.path('$.l'))#set($ok = $l.add({'k': 'v'}))$l $input.path('$')",
            #"[1,{"k":"v"}] {l=[1,{"k":"v"}]}"#
        ),
        (#"{"k": "é\u00e9\ud83d\ude00"}"#, "$input.path('$.k') $input.path('$.k').length()", "éé😀 4"),
        (#"{"r": [{"d": "x"}]}"#, "#set($i = 0)$input.path(\"$.r[${i}]\").d", "x"),
        (#"{"a":1}"#, "$input.path('$.a[')", nil),
        (#"{"a": 1, "a": 2}"#, "$input.path('$.a')", "2"),
        (#"{"a": true, "b": false}"#, "#if($input.path('$.a'))A#end#if($input.path('$.b'))B#end", "A"),
        (
            #"{"a": {"b": "c"}}"#, "#set($p = $input)$p.path('$.a.b') $p.body.length() $p.json('$.a')",
            #"c 17 {"b":"c"}"#
        ),
        (#"[1, 2]"#, "$input.path('$').size() $input.path('$')[1]", "2 2"),
        ("\"text\"", "$input.path('$') $input.json('$')", "text \"text\""),
    ]

    @Test("$input works on the body", arguments: bodies)
    func body(_ row: (body: String, template: String, output: String?)) {
        var renderer = TemplateRenderer(body: row.body)
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }

    static let parameters: [(template: String, output: String)] = [
        ("$input.params('id')", "fromPath"),
        ("$input.params('q')", "2"),
        ("$input.params('X-H')|$input.params('x-h')|$input.params('none')", "h||"),
        (
            "$input.params().path.id $input.params().querystring.id $input.params().header.get('X-H')",
            "fromPath fromQuery h"
        ),
        ("$input.params().path $input.params().header", "{id=fromPath} {X-H=h}"),
        ("$input.params()", "{path={id=fromPath}, querystring={q=2, id=fromQuery}, header={X-H=h}}"),
        (
            "#foreach($g in $input.params().keySet())$g:#foreach($n in $input.params().get($g).keySet())$n,#end;#end",
            "path:id,;querystring:q,id,;header:X-H,;"
        ),
        ("#set($n = 'q')$input.params($n) $input.params().get('querystring')[$n]", "2 2"),
        ("#set($h = $input.params().header)#set($h.New = 'x')$input.params('New')", "x"),
    ]

    @Test("$input.params looks at path, query and headers", arguments: parameters)
    func params(_ row: (template: String, output: String)) {
        var renderer = TemplateRenderer()
        renderer.path = [("id", "fromPath")]
        renderer.query = [("q", "1"), ("id", "fromQuery"), ("q", "2")]
        renderer.headers = [("X-H", "h")]
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }

    static let utilities: [(template: String, output: String?)] = [
        ("$util.escapeJavaScript(\"a\"\"b'c\\/d\")", #"a\"b\'c\\\/d"#),
        ("$util.escapeJavaScript('é😀')", #"\u00E9\uD83D\uDE00"#),
        ("$util.escapeJavaScript(5)", "5"),
        ("$util.escapeJavaScript($none)", ""),
        ("$util.escapeJavaScript('it''s').replaceAll(\"\\\\'\",\"'\")", "it's"),
        ("$util.urlEncode('a b{}é/~*')", "a+b%7B%7D%C3%A9%2F%7E*"),
        ("$util.urlDecode('a+b%7B%C3%A9')", "a b{é"),
        ("$util.urlDecode('%zz')", nil),
        ("$util.base64Encode('é!') $util.base64Decode('w6kh')", "w6kh é!"),
        ("$util.base64Encode('ab').length()", "4"),
        ("#set($o = $util.parseJson('{\"a\":{\"b\":[1,2]}}'))$o.a $o.a.b[1]", "{b=[1,2]} 2"),
        ("$util.parseJson('[]') $util.parseJson('\"x\"') $util.parseJson('3')", "[] x 3"),
        ("$util.parseJson('{')", nil),
        ("[$util.toJson('x')][$util.none]", "[][]"),
    ]

    @Test("$util encodes and decodes", arguments: utilities)
    func util(_ row: (template: String, output: String?)) {
        var renderer = TemplateRenderer()
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }

    static let contexts: [(template: String, output: String)] = [
        ("$context.httpMethod $context.identity.sourceIp ${context.stage}", "GET 1.2.3.4 prod"),
        ("$context['httpMethod'] $context.get('stage') $context['identity']['sourceIp']", "GET prod 1.2.3.4"),
        ("[$context.identity][$context.nothing][$context.requestId]", "[][][]"),
        ("#set($k = 'httpMethod')$context[$k] $context.identity.get('sourceIp')", "GET 1.2.3.4"),
        ("#set($i = $context.identity)$i.sourceIp#if($i.containsKey('userAgent'))!#end", "1.2.3.4!"),
        (
            "$context.identity.keySet()",
            "[cognitoIdentityPoolId, accountId, cognitoIdentityId, caller, sourceIp, principalOrgId, accessKey, "
                + "cognitoAuthenticationType, cognitoAuthenticationProvider, userArn, userAgent, user]"
        ),
        (
            "#foreach($k in $context.requestOverride.keySet())$k=$context.requestOverride.get($k);#end",
            "path=;header=;querystring=;"
        ),
        (
            "$context.authorizer.plan $context.authorizer.principalId [$context.authorizer.claims.sub] $context.authorizer.get('plan')",
            "gold me [abc] gold"
        ),
        ("[$context.authorizer.claims]", "[]"),
        ("#foreach($k in $context.authorizer.keySet())$k,#end", "principalId,plan,"),
        ("#set($context.foo = 'x')[$context.foo]$context.httpMethod", "[]GET"),
        ("#set($context = {'a': 1})$context.a", "1"),
        (
            "$stageVariables.env ${stageVariables.table} $stageVariables['env'] [$stageVariables.none]",
            "dev items dev []"
        ),
        ("#foreach($k in $stageVariables.keySet())$k=$stageVariables.get($k);#end", "env=dev;table=items;"),
    ]

    @Test("$context and $stageVariables resolve names, known and computed", arguments: contexts)
    func context(_ row: (template: String, output: String)) {
        var renderer = TemplateRenderer()
        renderer.context = [
            "httpMethod": "GET", "stage": "prod", "identity.sourceIp": "1.2.3.4", "authorizer.principalId": "me",
        ]
        renderer.extra = [("authorizer.plan", "gold"), ("authorizer.claims.sub", "abc")]
        renderer.stageVariables = ["env": "dev", "table": "items"]
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }
}
