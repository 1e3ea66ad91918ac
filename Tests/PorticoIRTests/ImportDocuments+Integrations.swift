extension ImportDocuments {
    /// A document whose only operation has the integration written in `lines`, at 10 spaces.
    static func integration(_ description: String, _ lines: String, responses: String = "'200': {description: ok}")
        -> MarkedDocument
    {
        let indented = lines.split(separator: "\n").map { line in
            line.hasPrefix("#") ? "#          " + line.dropFirst() : "          " + line
        }
        return MarkedDocument(
            description,
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x/{id}:
                get:
                  parameters: [{name: q, in: query}]
                  responses: {\(responses)}
                  x-amazon-apigateway-integration:
            \(indented.joined(separator: "\n"))
            """)
    }

    static let done = "\nresponses: {default: {statusCode: 200}}"

    static let integrations: [MarkedDocument] = [
        integration("no type", "uri: http://a\n# error[openapi.value-missing]: no 'type'"),
        integration(
            "an unknown type in small letters",
            "type: aws_proxi\n#     ^ error[extension.unknown-value]: did you mean 'aws_proxy'?"),
        integration(
            "any case of letters", "type: MoCk\npassthroughBehavior: Never\ncontentHandling: convert_to_text" + done),
        integration(
            "unknown words",
            """
            type: mock
            passthroughBehavior: when_no_macth
            #                    ^ error[extension.unknown-value]: did you mean 'when_no_match'?
            contentHandling: BINARY
            #                ^ error[extension.unknown-value]: 'CONVERT_TO_BINARY'
            connectionType: VPCLINK
            #               ^ error[extension.unknown-value]: did you mean 'VPC_LINK'?
            """ + done),
        integration(
            "unknown members",
            "type: mock\nrequestTemplate: {}\n# warning[extension.unknown-member]: 'requestTemplates'" + done),
        integration(
            "no verb",
            "type: http\n#     ^ error[integration.http-method]: no 'httpMethod'\nuri: http://a" + done),
        integration(
            "an unknown verb",
            "type: http_proxy\nhttpMethod: GETT\n"
                + "#           ^ error[extension.unknown-value]: did you mean 'GET'?\nuri: http://a"),
        integration(
            "Lambda with another verb",
            """
            type: aws_proxy
            httpMethod: GET
            #           ^ warning[integration.http-method-forced]
            uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations
            """),
        integration("no address", "type: http_proxy\n#     ^ error[integration.uri]: no 'uri'\nhttpMethod: GET"),
        integration(
            "a relative address",
            "type: http_proxy\nhttpMethod: GET\nuri: /pets\n#    ^ warning[integration.invalid-endpoint]: '/pets'"),
        integration(
            "another scheme",
            "type: http_proxy\nhttpMethod: GET\nuri: ftp://a\n#    ^ warning[integration.invalid-endpoint]: 'ftp://a'"),
        integration(
            "a refused port",
            "type: http_proxy\nhttpMethod: GET\nuri: http://a:1024/x\n#    ^ warning[integration.invalid-endpoint]: port 1024"
        ),
        integration("a port", "type: http_proxy\nhttpMethod: ANY\nuri: HTTP://a:8080"),
        integration(
            "path parameters in the address",
            """
            type: http_proxy
            httpMethod: GET
            uri: 'http://{host}:{port}/{a+}'
            requestParameters:
              integration.request.path.host: "'a'"
              integration.request.path.port: "'b'"
              integration.request.path.a: method.request.path.id
            """),
        integration(
            "a stage variable that nobody sets",
            "type: http_proxy\nhttpMethod: GET\nuri: 'http://${stageVariables.host}/x'\n#    ^ warning[integration.stage-variable]: 'host'"
        ),
        integration(
            "a URL for Lambda",
            "type: aws_proxy\nhttpMethod: POST\nuri: https://a/\n#    ^ warning[integration.invalid-endpoint]: needs an ARN"
        ),
        integration(
            "text for Lambda", "type: aws_proxy\nhttpMethod: POST\nuri: function\n#    ^ error[integration.uri]: no ARN"
        ),
        integration(
            "a function's own ARN",
            """
            type: aws_proxy
            httpMethod: POST
            uri: arn:aws:lambda:us-east-1:111111111111:function:f
            #    ^ error[integration.uri]: the function's ARN belongs inside it
            """),
        integration(
            "no path and no action",
            "type: aws\nhttpMethod: POST\nuri: arn:aws:apigateway:us-east-1:sqs:queue\n#    ^ error[integration.uri]: 'path/'"
                + done),
        integration(
            "a proxy of another service",
            """
            type: aws_proxy
            httpMethod: POST
            uri: arn:aws:apigateway:us-east-1:sqs:path/1/q
            #    ^ error[integration.uri]: not 'sqs'
            """),
        integration(
            "a time-out that is too short",
            "type: mock\ntimeoutInMillis: 49\n#                ^ error[extension.out-of-range]" + done),
        integration(
            "a time-out beyond the quota",
            "type: mock\ntimeoutInMillis: 29001\n#                ^ warning[extension.out-of-range]" + done),
        integration(
            "a time-out in quotes",
            "type: mock\ntimeoutInMillis: '50'\n#                ^ warning[openapi.near-miss]" + done),
        integration(
            "a VPC link without id",
            "type: http_proxy\nhttpMethod: GET\nuri: http://a\nconnectionType: VPC_LINK\n#               ^ warning[integration.vpc-link]"
        ),
        integration(
            "an id without VPC link",
            "type: http_proxy\nhttpMethod: GET\nuri: http://a\nconnectionId: abc\n#             ^ warning[extension.ignored-member]"
        ),
        integration(
            "streaming where there is none",
            "type: mock\nresponseTransferMode: stream\n#                     ^ warning[integration.streaming]" + done),
        integration(
            "has no cache and no conversion when it streams",
            "type: http_proxy\nhttpMethod: GET\nuri: http://127.0.0.1/\nresponseTransferMode: STREAM\n"
                + "timeoutInMillis: 900000\ncontentHandling: CONVERT_TO_TEXT\n"
                + "#                ^ warning[integration.streaming-ignored]\n"
                + "cacheNamespace: x\n#               ^ warning[integration.streaming-ignored]"),
        integration(
            "streams a function by the call that does so",
            "type: aws_proxy\nhttpMethod: POST\nresponseTransferMode: STREAM\n"
                + "uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations\n"
                + "#    ^ warning[integration.streaming]"),
        integration(
            "does not stream a function's answer unless it says so",
            "type: aws_proxy\nhttpMethod: POST\n"
                + "uri: arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/f/response-streaming-invocations\n"
                + "#    ^ warning[integration.streaming]"),
        integration(
            "members of HTTP APIs",
            "type: mock\npayloadFormatVersion: '1.0'\n# warning[extension.ignored-member]" + done),
        integration(
            "cache keys",
            """
            type: mock
            cacheKeyParameters:
            - method.request.path.id
            - method.request.querystring.q
            - method.request.querystring.r
            # ^ warning[integration.cache-key]: did you mean 'method.request.querystring.q'?
            """ + done),
        integration("no responses", "type: mock\n#     ^ warning[integration.no-response]"),
        integration(
            "a response without status",
            "type: mock\nresponses:\n  '2..': {}\n# ^ error[openapi.value-missing]: no 'statusCode'"),
        integration(
            "undeclared status and header",
            """
            type: mock
            responses:
              default: {statusCode: 404}
            #                       ^ warning[integration.undeclared-response]: '404'
              '200':
                statusCode: '200'
                responseParameters:
                  method.response.header.X: "'x'"
            #     ^ warning[integration.undeclared-header]: 'X'
            """),
        integration(
            "a status that is none",
            """
            type: http
            httpMethod: GET
            uri: http://a
            responses:
              default: {statusCode: 200}
              'x': {statusCode: abc}
            #                   ^ error[response.invalid-status]: 'abc'
            """),
        integration(
            "mappings of a proxy",
            """
            type: http_proxy
            httpMethod: GET
            uri: http://a
            requestTemplates:
              application/json: x
            # ^ warning[integration.ignored-by-proxy]: request templates
            responses:
              default:
                statusCode: 200
                responseTemplates: {application/json: y}
            #                       ^ warning[integration.ignored-by-proxy]: response templates
            """),
        integration(
            "what exports write on proxies",
            "type: http_proxy\nhttpMethod: GET\nuri: http://a\nresponses: {default: {statusCode: 200}}"),
        integration("wrong types", "type: mock\nresponses: [1]\n#          ^ error[openapi.wrong-type]: not a list\n"),
    ]

    static let mappings: [MarkedDocument] = [
        integration(
            "values that are no strings are dropped",
            """
            type: mock
            requestParameters:
              integration.request.header.A: 5
            #                               ^ warning[integration.not-a-string]: not the integer 5
              integration.request.header.B: {a: b}
            #                               ^ warning[integration.not-a-string]: not an object
            requestTemplates:
              application/json: [1]
            #                   ^ warning[integration.not-a-string]: not a list
            """ + done),
        integration(
            "sources that nobody declares",
            """
            type: http
            httpMethod: GET
            uri: http://a/{id}/{ie}
            #    ^ warning[integration.uri.unknown-placeholder]: did you mean 'id'?
            requestParameters:
              integration.request.path.id: method.request.path.id
              integration.request.path.x: method.request.path.idd
            # ^ warning[integration.uri.unknown-placeholder]: lacks '{x}'
            #                             ^ warning[integration.undeclared-source]: did you mean 'method.request.path.id'?
              integration.request.querystring.q: method.request.multivaluequerystring.q
              integration.request.header.h: method.request.header.h
            #                               ^ warning[integration.undeclared-source]
              integration.request.header.c: context.requestId
              integration.request.header.b: method.request.body.a
            """ + done),
        integration(
            "placeholders of an address that is known at run time",
            """
            type: http_proxy
            httpMethod: GET
            uri: http://${stageVariables.h}/x
            #    ^ warning[integration.stage-variable]: 'h'
            requestParameters: {integration.request.path.id: method.request.path.id}
            """),
        integration(
            "destinations that do not exist",
            """
            type: http
            httpMethod: GET
            uri: http://a
            requestParameters:
              integration.request.headers.A: "'a'"
            # ^ error[integration.mapping-destination]: 'integration.request.headers.A'
              integration.request.header.: "'a'"
            # ^ error[integration.mapping-destination]
              integration.request.header.A B: "'a'"
            # ^ error[integration.mapping-destination]
              integration.request.querystring.a b: "'a'"
            responses:
              default:
                statusCode: 200
                responseParameters:
                  integration.response.header.A: "'a'"
            #     ^ error[integration.mapping-destination]: 'method.response.header.NAME'
            """),
        integration(
            "headers that the service refuses",
            """
            type: http
            httpMethod: GET
            uri: http://a
            requestParameters:
              integration.request.header.content-length: "'1'"
            # ^ warning[integration.refused-header]
              integration.request.header.Transfer-Encoding: "'1'"
            # ^ warning[integration.refused-header]
              integration.request.header.Authorization: "'1'"
              integration.request.header.Host: "'1'"
              integration.request.header.TE: "'1'"
            # ^ warning[integration.dropped-header]
              integration.request.header.Via: "'1'"
            # ^ warning[integration.dropped-header]
            """ + done),
        integration(
            "headers that AWS integrations refuse",
            """
            type: aws
            httpMethod: POST
            uri: arn:aws:apigateway:us-east-1:sqs:path/1/q
            requestParameters:
              integration.request.header.Authorization: "'1'"
            # ^ warning[integration.refused-header]
              integration.request.header.TE: "'1'"
            # ^ warning[integration.refused-header]
              integration.request.header.Referer: "'1'"
            # ^ warning[integration.dropped-header]
              integration.request.header.Content-Type: "'1'"
            """ + done),
        integration(
            "headers to the client",
            """
            type: mock
            responses:
              default:
                statusCode: 200
                responseParameters:
                  method.response.header.Server: "'1'"
            #     ^ warning[integration.dropped-header]: 'x-amzn-Remapped-Server'
                  method.response.header.Transfer-Encoding: "'1'"
            #     ^ warning[integration.dropped-header]: does not reach the client
                  method.response.header.X: "'1'"
            """,
            responses: "'200': {description: ok, headers: {Server: {}, transfer-encoding: {}, X: {}}}"),
    ]
}
