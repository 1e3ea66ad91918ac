extension ImportDocuments {
    static let functions: [MarkedDocument] = [
        root(
            "functions of every home",
            """
            x-portico-functions:
              f: {runtime: python3.8, handler: app.list}
              f:live: {runtime: nodejs24.x, handler: src/index.api.get, codeUri: ./functions, timeout: 900}
              f:$LATEST-2: {url: 'http://a'}
            # error[name.invalid]: no name and no ARN
              g: {runtime: python3.99, handler: pkg/app.main}
              h: {runtime: nodejs26.x, handler: a.b, memorySize: 10240, concurrency: 1}
              i: {runtime: provided.al2023, codeUri: build}
              j: {runtime: provided, handler: anything}
              k: {command: [java, -jar, app.jar], description: d}
              l: {runtime: java21, handler: 'a.B::c', command: [java, -jar, app.jar]}
              m: {url: 'https://example.com:9/x'}
              us-east-1:000000000000:n: {url: 'http://a'}
              000000000000:function:o:live: {url: 'http://a'}
              arn:aws-cn:lambda:cn-north-1:000000000000:function:p: {url: 'http://a'}
            """),
        root(
            "functions without home, and with two",
            """
            x-portico-functions:
              a: {}
            # ^ error[function.home]: neither 'runtime' nor 'command' nor 'url'
              b: {url: 'http://a', handler: x.y, timeout: 3}
            #                      ^ error[function.home]: 'url' and 'handler'
            #                                    ^ error[function.home]: 'url' and 'timeout'
              c: {url: localhost:9000}
            #          ^ error[name.invalid]: absolute
              d: 5
            #    ^ error[openapi.wrong-type]
              e: {command: []}
            #              ^ error[openapi.value-missing]: names no program
              g: {command: app}
            #              ^ warning[openapi.near-miss]: a list
              h: {image: 'x:latest'}
            #     ^ warning[function.unsupported-member]: 'image'
            # ^ error[function.home]
            """),
        root(
            "runtimes and handlers",
            """
            x-portico-functions:
              a: {runtime: pyton3.11, handler: a.b}
            #              ^ error[extension.unknown-value]: did you mean 'python3.11'?
              b: {runtime: nodejs20, handler: a.b}
            #              ^ error[extension.unknown-value]: did you mean 'nodejs20.x'?
              c: {runtime: java21, handler: a.b}
            #              ^ error[function.home]: not started by Portico itself
              d: {runtime: python3.12}
            # ^ error[openapi.value-missing]: no 'handler'
              e: {runtime: python3.12, handler: app}
            #                                   ^ error[name.invalid]: no handler
              f: {runtime: python3.12, handler: app.}
            #                                   ^ error[name.invalid]: no handler
              g: {runtime: python2.7, handler: a.b}
            #              ^ error[extension.unknown-value]
              h: {runtime: 3.11, handler: a.b}
            #              ^ error[openapi.wrong-type]
            """),
        root(
            "ranges, code and variables",
            """
            x-portico-functions:
              a:
                runtime: python3.12
                handler: a.b
                timeout: 0
            #            ^ error[extension.out-of-range]: 1 to 900
                memorySize: 127
            #               ^ error[extension.out-of-range]: 128 to 10240
                concurrency: 0
            #                ^ error[extension.out-of-range]
                codeUri: s3://bucket/key
            #            ^ error[function.home]: not on this machine
                layers: [l]
            #   ^ warning[function.unsupported-member]: 'layers'
                version: 3
            #   ^ warning[function.unsupported-member]: 'version'
                aliases: {live: 3}
            #   ^ warning[function.unsupported-member]: 'aliases'
                environment:
                  A_1: 5
                  B: [x]
            #        ^ error[openapi.wrong-type]
                  2C: x
            #     ^ error[name.invalid]: '2C'
                  D-E: x
            #     ^ error[name.invalid]: 'D-E'
                  _HANDLER: x
            #     ^ warning[extension.ignored-member]: '_HANDLER'
                  AWS_ACCESS_KEY_ID: test
              b: {runtime: provided, codeUri: code.zip, environment: {Variables: {A: x}}}
            #                                 ^ error[function.home]: archive
              c: {runtime: provided, environment: 5}
            #                                     ^ error[openapi.wrong-type]
              d: {runtime: provided, enviroment: {}}
            #                        ^ warning[extension.unknown-member]: did you mean 'environment'?
            """),
        root(
            "one function under two names",
            """
            x-portico-functions:
              f: {url: 'http://a'}
              arn:aws:lambda:us-east-1:000000000000:function:f: {url: 'http://a'}
            # ^ error[openapi.duplicate]: are the same function
              f:$LATEST: {url: 'http://a'}
            # ^ error[openapi.duplicate]: 'f:$LATEST' and 'f' are the same function
              f:live: {url: 'http://a'}
              000000000000:function:f:live: {url: 'http://a'}
            # ^ error[openapi.duplicate]: 'f:live'
              arn:aws:lambda:us-east-1:000000000000:function:g: {url: 'http://a'}
              arn:aws:lambda:eu-west-1:000000000000:function:g: {url: 'http://a'}
              arn:aws:lambda:eu-west-1:111111111111:function:g: {url: 'http://a'}
            """),
    ]

    static let backends: [MarkedDocument] = [
        root(
            "VPC links of every form",
            """
            x-portico-vpc-links:
              a: http://127.0.0.1:9000
              b: [host, 'host:80', https://host/]
              c: {targets: localhost}
              d: {targets: [a, b], healthCheckEnabled: false}
              e: {targets: [a], healthCheckPath: '/up?x=1', matcher: 200}
              arn:aws:elasticloadbalancing:us-east-1:1:listener/app/x/1/2: '[::1]:9000'
            """),
        root(
            "VPC links that lead nowhere",
            """
            x-portico-vpc-links:
              a:
            # ^ error[vpc-link.target]: no targets
              b: []
            # ^ error[vpc-link.target]: no targets
              c: {healthCheckPath: /}
            # ^ error[vpc-link.target]: no targets
              d: [http://a/path]
            #     ^ error[vpc-link.target]: no target
              e: tcp://a
            #    ^ error[vpc-link.target]
              f: 'a:0'
            #    ^ error[vpc-link.target]
              g: [a, 5]
            #        ^ error[openapi.wrong-type]
              h: [a, a]
            #        ^ warning[openapi.duplicate]
              i: 5
            #    ^ error[openapi.wrong-type]
              j: {targets: {a: b}}
            #              ^ error[openapi.wrong-type]
              k: '[::1'
            #    ^ error[vpc-link.target]
              l: ''
            #    ^ error[vpc-link.target]
            """),
        root(
            "health checks outside their ranges",
            """
            x-portico-vpc-links:
              a:
                targets: [a]
                healthCheckPath: up
            #                    ^ error[name.invalid]: begins with '/'
                healthCheckIntervalSeconds: 301
            #                               ^ error[extension.out-of-range]
                healthCheckTimeoutSeconds: 31
            #                              ^ error[extension.out-of-range]: interval of 30
                healthyThresholdCount: 11
            #                          ^ error[extension.out-of-range]
                unhealthyThresholdCount: 0
            #                            ^ error[extension.out-of-range]
                matcher: '199'
            #            ^ error[extension.out-of-range]: names no statuses
                healthCheckPort: 5
            #   ^ warning[extension.unknown-member]
              b: {targets: [a], matcher: '200-'}
            #                            ^ error[extension.out-of-range]
              c: {targets: [a], matcher: '200-399'}
            #                   ^ warning[extension.ignored-member]: without 'healthCheckPath'
            """),
        root(
            "identity providers",
            """
            x-portico-identity-providers:
              a: {issuer: 'https://id.example.com', algorithms: [rs256, ES384], audiences: [x]}
              b: {issuer: 'http://localhost:9/p', providerArns: ['arn:aws:cognito-idp:eu-west-1:000000000000:userpool/p']}
              c: {issuer: 'http://[::1]:9', jwksUri: 'https://a.example.com/keys?p=q'}
              d: {issuer: 'https://d', jwks: keys.json}
              e: {issuer: 'https://e/', jwks: {keys: []}, description: d}
            """),
        root(
            "identity providers that are none",
            """
            x-portico-identity-providers:
              a: {}
            # ^ error[openapi.value-missing]: no 'issuer'
              b: {issuer: 'http://id.example.com'}
            #             ^ error[identity-provider.address]: expected an absolute https URL
              c: {issuer: 'https://u@id.example.com'}
            #             ^ error[identity-provider.address]
              d: {issuer: 'https://id.example.com?x'}
            #             ^ error[identity-provider.address]
              e: {issuer: 'https://e', jwksUri: 'http://10.0.0.1/keys'}
            #                                   ^ error[identity-provider.address]: 'jwksUri'
              f: {issuer: 'https://f', jwksUri: 'https://f#k'}
            #                                   ^ error[identity-provider.address]
              g: {issuer: 'https://g', algorithms: [none]}
            #                                       ^ error[extension.unknown-value]
              h: {issuer: 'https://h', algorithms: [HS256]}
            #                                       ^ error[extension.unknown-value]
              i: {issuer: 'https://i', algorithms: [], audiences: []}
            #                                      ^ error[openapi.value-missing]
            #                                                     ^ error[openapi.value-missing]
              j: {issuer: 'https://j', providerArns: ['arn:aws:iam::000000000000:role/r']}
            #                                         ^ error[authorizer.user-pool]
              k: {issuer: 'https://k', jwks: {}}
            #                                ^ error[identity-provider.keys]: no 'keys'
              l: {issuer: 'https://l', jwks: 5}
            #                                ^ error[openapi.wrong-type]
              m: {issuer: 'https://m', jwks: {keys: [{kty: RSA, d: secret}]}}
            #                                                   ^ error[identity-provider.keys]: public part
              n: {issuer: 'https://n', jwks: {keys: [{kty: oct, k: secret}]}}
            #                                                   ^ error[identity-provider.keys]
              o: {issuer: 'https://o', jwks: a.json, jwksUri: 'https://o/k'}
            #                                        ^ error[identity-provider.keys]: one of the two
              p: {issuer: 'https://a', jwksUrl: 'https://a'}
            #                          ^ warning[extension.unknown-member]: 'jwksUri'
              q: {issuer: 'https://a'}
            #             ^ error[openapi.duplicate]: two identity providers
              r: 5
            #    ^ error[openapi.wrong-type]
            """),
        root(
            "identities",
            """
            x-portico-identities:
              a: {accessKeyId: '${env.ID}', secretAccessKey: '${env.KEY}', arn: 'arn:aws:iam::000000000000:role/path/r'}
              b: {accessKeyId: local, secretAccessKey: local, account: '000000000000'}
              c: {accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
              d: {accessKeyId: k, secretAccessKey: 'abcdefghijabcdefghijabcdefghijabcdefghij'}
            #                                      ^ warning[identity.literal-secret]: 'secretAccessKey'
              e: {accessKeyId: e}
            # ^ error[openapi.value-missing]: no 'secretAccessKey'
              f: {arn: 'arn:aws:lambda:us-east-1:0:function:f', accessKeyId: f, secretAccessKey: s, account: 1}
            #          ^ error[name.invalid]: no ARN of a role or user
            #                                                                                                ^ error[name.invalid]: twelve digits
              g: {accessKeyId: f, secretAccessKey: s, policies: [], arn: 'arn:aws:iam::000000000000:role/path/r'}
            # ^ warning[openapi.duplicate]: access key id
            #                                                            ^ error[openapi.duplicate]: two identities
              h: {accessKeyId: h, secretAccessKey: s, policies: 5, secret: x}
            #                                                   ^ error[openapi.wrong-type]
            #                                                      ^ warning[extension.unknown-member]
            """),
        root(
            "identity endpoints",
            """
            x-portico-identities:
              a: {endpoint: 'https://id.example.com/who?x=1', ttl: 0, timeoutInMillis: 50, authorization: '${env.TOKEN}', description: d}
              b: {endpoint: 'http://127.0.0.1:9', ttl: 3601}
            # ^ error[openapi.duplicate]: two entries have an 'endpoint'
            #                                          ^ error[extension.out-of-range]
              c: {accessKeyId: k, secretAccessKey: s}
            """),
        root(
            "identity endpoints that may not be called",
            """
            x-portico-identities:
              a: {endpoint: 'http://id.example.com/who', timeoutInMillis: 10, arn: x, authorization: 'Bearer abcdefghijklmnopqrstuvwxyz'}
            #               ^ error[identity.endpoint]: no 'endpoint'
            #                                                             ^ error[extension.out-of-range]
            #                                                                 ^ warning[extension.unknown-member]
            #                                                                                        ^ warning[identity.literal-secret]: 'authorization'
            """),
        root(
            "identity endpoints by another name",
            """
            x-portico-identities:
              a: {endpoint: 5}
            #               ^ error[openapi.wrong-type]
            """),
        root(
            "client certificates",
            """
            x-portico-client-certificates:
              a: {certificate: a.pem, privateKey: a.key}
              b: {certificate: b.pem}
            # ^ error[openapi.value-missing]: no 'privateKey'
              c: {certificate: "-----BEGIN CERTIFICATE-----", privateKey: c.key}
            #                  ^ error[name.invalid]: the PEM text itself
              d: {certificate: 5, privateKey: ''}
            #                  ^ error[openapi.wrong-type]
            #                                 ^ error[openapi.value-missing]: is empty
            x-portico-stages:
              dev: {clientCertificateId: a}
              prod: {clientCertificateId: aa}
            #                             ^ error[name.unknown]: 'prod' names client certificate 'aa', which is not declared; did you mean 'a'?
            """),
    ]

    /// A document with one integration a line, each about another method, and lines at the root.
    private static func calls(_ description: String, _ lines: String, root: String = "") -> MarkedDocument {
        var count = 0
        let methods = lines.split(separator: "\n").map { line in
            if line.hasPrefix("#") { return String(line) }
            count += 1
            return "  /p\(count): {post: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {"
                + "httpMethod: POST, responses: {default: {statusCode: '200'}}, \(line)}}}"
        }
        return MarkedDocument(
            description,
            "openapi: 3.0.1\ninfo: {title: t}\n\(root)\npaths:\n" + methods.joined(separator: "\n") + "\n")
    }

    private static func lambda(_ function: String) -> String {
        "'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(function)/invocations'"
    }

    private static func stream(_ function: String) -> String {
        "'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/\(function)/response-streaming-invocations'"
    }

    static let backendRules: [MarkedDocument] = [
        calls(
            "VPC links that are known, are not, and may be",
            """
            type: http_proxy, uri: 'http://a', connectionType: VPC_LINK, connectionId: known
            type: http, uri: 'http://a', connectionType: VPC_LINK, connectionId: knwon
            # warning[vpc-link.unknown]: did you mean 'known'?
            type: http, uri: 'http://a', connectionType: VPC_LINK, connectionId: '${stageVariables.link}'
            type: http, uri: 'http://a', connectionType: VPC_LINK, connectionId: '${stageVariables.lnk}'
            # warning[integration.stage-variable]: in 'connectionId'
            type: http_proxy, uri: 'http://a', connectionType: VPC_LINK, connectionId: other, integrationTarget: 'arn:x'
            type: http_proxy, uri: 'http://a', connectionType: VPC_LINK, connectionId: known, integrationTarget: 'arn:y'
            type: http_proxy, uri: 'http://a', integrationTarget: 'arn:y'
            # warning[vpc-link.unknown]: 'arn:y'
            type: http_proxy, uri: 'http://a', connectionType: VPC_LINK, integrationTarget: 'arn:x'
            type: http_proxy, uri: 'http://a', connectionType: VPC_LINK
            # warning[integration.vpc-link]: needs 'connectionId'
            type: mock, connectionType: VPC_LINK
            # warning[integration.vpc-link]: not 'MOCK'
            """,
            root: """
                x-portico-vpc-links: {known: 'http://a', 'arn:x': 'http://a'}
                x-portico-stages: {dev: {variables: {link: known}}}
                """),
        calls(
            "Lambda addresses",
            """
            type: aws_proxy, uri: \(lambda("f"))
            type: aws_proxy, uri: \(lambda("arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.f}:live"))
            type: aws, uri: \(lambda("arn:aws:lambda:us-east-1:000000000000:function:f"))
            type: aws, uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions'
            type: aws_proxy, uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions'
            # warning[integration.invalid-endpoint]: calls no function
            type: aws_proxy, uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions//invocations'
            # warning[integration.invalid-endpoint]: calls no function
            type: aws_proxy, uri: 'arn:aws:apigateway:us-east-1:lambda:path/functions/f/invocations'
            # warning[integration.invalid-endpoint]: calls no function
            type: aws_proxy, uri: \(lambda("arn:aws:lambda:us-east-1:0:f"))
            # warning[integration.invalid-endpoint]: no name and no ARN of a function
            type: aws_proxy, uri: 'arn:aws:apigateway:us-east-1:firehose:action/PutRecord'
            # warning[support.integration]: Firehose
            """,
            root: "x-portico-stages: {dev: {variables: {f: f}}}"),
        calls(
            "streaming goes with its own address, and only with it",
            """
            type: aws_proxy, responseTransferMode: STREAM, uri: \(stream("f"))
            type: aws_proxy, responseTransferMode: STREAM, uri: \(lambda("f"))
            # warning[integration.streaming]: InvokeWithResponseStream
            type: aws_proxy, uri: \(stream("f"))
            # warning[integration.streaming]: 'responseTransferMode: STREAM' only
            type: aws, uri: \(stream("f"))
            # warning[integration.streaming]: type 'aws_proxy'
            """),
        calls(
            "roles",
            """
            type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', credentials: 'arn:aws:iam::000000000000:role/known'
            type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', credentials: 'arn:aws:iam::000000000000:role/other'
            # warning[integration.credentials]: role 'arn:aws:iam::000000000000:role/other' is not assumed
            type: aws_proxy, uri: \(lambda("away")), credentials: 'arn:aws:iam::000000000000:role/other'
            type: aws_proxy, uri: \(lambda("away")), credentials: 'arn:aws:iam::000000000000:role/third'
            # warning[integration.credentials]: role/third
            type: aws_proxy, uri: \(lambda("arn:aws:lambda:us-east-1:000000000000:function:here:live")), credentials: 'arn:aws:iam::000000000000:role/4'
            type: aws_proxy, uri: \(lambda("${stageVariables.f}")), credentials: 'arn:aws:iam::000000000000:role/5'
            type: aws_proxy, uri: \(lambda("${stageVariables.g}")), credentials: 'arn:aws:iam::000000000000:role/6'
            # warning[integration.credentials]: role/6
            type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', credentials: 'arn:aws:iam::*:user/*'
            # warning[integration.caller-credentials]: answered 500
            type: aws_proxy, uri: \(lambda("arn:aws:lambda:us-east-1:000000000000:function:here:live")), credentials: 'arn:aws:iam::*:user/*'
            type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', credentials: role
            # warning[integration.credentials]: no ARN of a role
            type: http, uri: 'http://a', credentials: 'arn:aws:iam::000000000000:role/7'
            type: aws, uri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', credentials: '${stageVariables.f}'
            """,
            root: """
                x-portico-functions: {here: {url: 'http://a'}}
                x-portico-identities: {k: {arn: 'arn:aws:iam::000000000000:role/known', accessKeyId: a, secretAccessKey: b}}
                x-portico-stages: {dev: {variables: {f: here, g: away}}}
                """),
    ]
}
