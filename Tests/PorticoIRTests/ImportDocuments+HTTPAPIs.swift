extension ImportDocuments {
    /// An HTTP API by one of its own keys, and what its import says otherwise than that of REST APIs.
    ///
    /// Source: reference, "OpenAPI import" (1.14); cases `import-http-*`.
    static let httpAPIs: [MarkedDocument] = [
        MarkedDocument(
            "by its CORS, with a route that has no integration",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x: {get: {}}
            #      ^ warning[integration.missing]
            x-amazon-apigateway-cors: {allowOrigins: ['*']}
            """),
        MarkedDocument(
            "by its default route",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /$default:
                x-amazon-apigateway-any-method:
                  isDefaultRoute: true
                  x-amazon-apigateway-integration: \(proxy)
            """),
        MarkedDocument(
            "by the version of its export, with everything that is ignored and no noise",
            """
            openapi: 3.0.1
            info: {title: t}
            x-amazon-apigateway-importexport-version: '1.0'
            tags: [{name: a, x-amazon-apigateway-tag-value: b}]
            paths:
              /pets/{id}:
                parameters: [{name: other, in: path, required: true, schema: {type: string}}]
                post:
                  requestBody: {content: {'text': {schema: {$ref: '#/components/schemas/My-Pet'}}}}
                  responses: {2XX: {description: ok, content: {application/json: {schema: {type: object}}}}}
                  x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/pets'}
            components:
              schemas: {My-Pet: {type: object}}
              x-amazon-apigateway-integrations: {pets: \(proxy)}
            """),
        MarkedDocument(
            "in Swagger 2.0",
            """
            swagger: '2.0'
            info: {title: t}
            paths: {}
            x-portico-protocol: HTTP
            #                   ^ error[http-api.version]: OpenAPI 3.0 only
            """),
        MarkedDocument(
            "in OpenAPI 3.1",
            """
            openapi: 3.1.0
            #        ^ warning[openapi.version-refused-by-aws]
            info: {title: t}
            paths: {}
            x-portico-protocol: HTTP
            """),
        MarkedDocument(
            "keys of REST APIs",
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: HTTP
            x-amazon-apigateway-policy: {}
            # warning[extension.other-protocol]: belongs to REST APIs and is ignored
            x-amazon-apigateway-gateway-responses: {}
            # warning[extension.other-protocol]
            x-amazon-apigateway-request-validator: all
            # warning[extension.other-protocol]
            x-portico-usage-plans: {}
            # warning[extension.other-protocol]
            paths:
              /x:
                get:
                  x-amazon-apigateway-request-validator: all
            #     ^ warning[extension.other-protocol]
                  x-amazon-apigateway-integration: \(proxy)
            """),
        MarkedDocument(
            "two requirements of security",
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: HTTP
            paths:
              /x:
                get:
                  security: [{a: []}, {b: []}]
            #                          ^ error[http-api.several-requirements]
                  x-amazon-apigateway-integration: \(proxy)
              /y:
                get:
                  security: [{a: [], b: []}]
            #                        ^ error[http-api.several-requirements]
                  x-amazon-apigateway-integration: \(proxy)
            components:
              securitySchemes:
                a: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
                b: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
            """),
        MarkedDocument(
            "the default route",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /$default:
                get: {x-amazon-apigateway-integration: \(proxy)}
            #   ^ warning[http-api.default-route]: takes requests of every verb
              /x:
                x-amazon-apigateway-any-method:
                  isDefaultRoute: true
            #     ^ warning[http-api.default-route]: no effect on the path '/x'
                  x-amazon-apigateway-integration: \(proxy)
            """),
        MarkedDocument(
            "two operations that are one route",
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: HTTP
            paths:
              /users/{id}:
                get: {x-amazon-apigateway-integration: \(proxy)}
              /users/{name}:
                get: {x-amazon-apigateway-integration: \(proxy)}
            #   ^ error[http-api.duplicate-route]: 'GET /users/{name}'
                put: {x-amazon-apigateway-integration: \(proxy)}
              /users/{rest+}:
                get: {x-amazon-apigateway-integration: \(proxy)}
            """),
    ]

    /// An integration that there is nothing to say about.
    private static let proxy = "{type: http_proxy, httpMethod: ANY, uri: 'https://example.com/'}"

    private static func route(_ description: String, _ integration: String) -> MarkedDocument {
        let lines = integration.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("#") ? "#          " + $0.dropFirst() : "          " + $0
        }
        return MarkedDocument(
            description,
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: HTTP
            x-portico-endpoints: {lambda: 'http://127.0.0.1:9'}
            x-portico-vpc-links: {link: 'http://127.0.0.1:9'}
            paths:
              /x:
                get:
                  x-amazon-apigateway-integration:
            \(lines.joined(separator: "\n"))
            """)
    }

    private static let function = "uri: arn:aws:lambda:us-east-1:111111111111:function:F"

    /// Source: reference, "Integrations" (1.2).
    static let routeIntegrations: [MarkedDocument] = [
        route("a function by its own ARN", "type: aws_proxy\npayloadFormatVersion: '2.0'\n" + function),
        route(
            "a function by the address of Invoke",
            "type: AWS_PROXY\nhttpMethod: POST\npayloadFormatVersion: '1.0'\n"
                + "uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/F/invocations"),
        route(
            "a function without format",
            "type: aws_proxy\n#     ^ error[http-api.payload-format]: no 'payloadFormatVersion'\n" + function),
        route(
            "formats that do not exist",
            "type: aws_proxy\npayloadFormatVersion: '3.0'\n#                     ^ error[http-api.payload-format]\n"
                + function),
        route(
            "a format that is for functions only",
            "type: http_proxy\nhttpMethod: GET\nuri: http://example.com\npayloadFormatVersion: '2.0'\n"
                + "#                     ^ error[http-api.payload-format]: where no function is called"),
        route(
            "another verb for a function",
            "type: aws_proxy\npayloadFormatVersion: '2.0'\nhttpMethod: GET\n"
                + "#           ^ warning[integration.http-method-forced]\n" + function),
        route("no verb", "type: http_proxy\n#     ^ error[integration.http-method]\nuri: http://example.com"),
        route("no address", "type: http_proxy\n#     ^ error[integration.uri]\nhttpMethod: GET"),
        route(
            "a type that HTTP APIs lack",
            "type: mock\n#     ^ warning[http-api.integration-type]: no integrations of type 'MOCK'"),
        route(
            "an address that is none",
            "type: http_proxy\nhttpMethod: GET\nuri: example.com\n#    ^ warning[integration.invalid-endpoint]"),
        route(
            "a placeholder that is no variable",
            "type: http_proxy\nhttpMethod: GET\nuri: http://example.com/{id}\n"
                + "#    ^ warning[integration.uri.unknown-placeholder]: no variable of '/x'"),
        route(
            "a URL where a function is wanted",
            "type: aws_proxy\npayloadFormatVersion: '2.0'\nuri: https://example.com\n"
                + "#    ^ warning[integration.invalid-endpoint]"),
        route(
            "members of REST APIs",
            "type: http_proxy\nhttpMethod: GET\nuri: http://example.com\npassthroughBehavior: never\n"
                + "# warning[http-api.rest-member]\nresponses: {}\n# warning[http-api.rest-member]\n"
                + "cacheNamespase: x\n# warning[extension.unknown-member]"),
        route(
            "a time-out over 30 seconds",
            "type: http_proxy\nhttpMethod: GET\nuri: http://example.com\ntimeoutInMillis: 30001\n"
                + "#                ^ error[extension.out-of-range]: from 50 to 30000"),
        route(
            "a private integration of a listener",
            "type: http_proxy\nhttpMethod: ANY\nconnectionType: VPC_LINK\nconnectionId: link\n"
                + "uri: arn:aws:elasticloadbalancing:us-east-1:1:listener/app/a/b/c"),
        route(
            "a private integration without link",
            "type: http_proxy\nhttpMethod: ANY\nconnectionType: VPC_LINK\n"
                + "#               ^ error[http-api.private-integration]: needs 'connectionId'\n"
                + "uri: arn:aws:elasticloadbalancing:us-east-1:1:listener/app/a/b/c"),
        route(
            "a private integration of an address",
            "type: http_proxy\nhttpMethod: ANY\nconnectionType: VPC_LINK\nconnectionId: link\nuri: http://example.com\n"
                + "#    ^ error[http-api.private-integration]: no ARN"),
        route(
            "a private integration that nobody knows",
            "type: http_proxy\nhttpMethod: ANY\nconnectionType: VPC_LINK\nconnectionId: lnk\n"
                + "uri: arn:aws:servicediscovery:us-east-1:1:service/s?a=b\n"
                + "#    ^ warning[vpc-link.unknown]: did you mean 'link'?"),
    ]

    private static func hosted(_ description: String, _ text: String) -> MarkedDocument {
        MarkedDocument(
            description,
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: HTTP
            paths:
              /x:
                get: {x-amazon-apigateway-integration: \(proxy)}
              /$default:
                x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: \(proxy)}
            \(text)
            """)
    }

    /// Stages and CORS of HTTP APIs.
    static let routeStages: [MarkedDocument] = [
        hosted(
            "settings of routes",
            """
            x-portico-stages:
              $default:
                autoDeploy: true
                stageVariables: {a: b}
                defaultRouteSettings: {throttlingRateLimit: 10, throttlingBurstLimit: 5, detailedMetricsEnabled: true}
                routeSettings:
                  $default: {throttlingRateLimit: 0.5}
                  GET /x: {throttlingBurstLimit: 1}
                  GET /y: {}
            #     ^ warning[stage.method-setting]: did you mean 'GET /x'?
                  ANY /x: {loggingLevel: INFO, rate: 1}
            #     ^ warning[stage.method-setting]
            #              ^ warning[extension.ignored-member]: WebSocket
            #                                  ^ warning[extension.unknown-member]
            """),
        hosted(
            "members of REST APIs",
            """
            x-portico-stages:
              $default:
                tracingEnabled: true
            #   ^ warning[extension.ignored-member]: REST APIs
                canarySettings: {}
            #   ^ warning[extension.ignored-member]: REST APIs
                methodSettings: {}
            #   ^ warning[extension.ignored-member]: REST APIs
              de.v: {}
            # ^ error[name.invalid]: '$default'
            """),
        hosted(
            "origins",
            """
            x-amazon-apigateway-cors:
              allowCredentials: true
              allowOrigins:
              - '*'
            #   ^ error[http-api.cors]: does not go with the origin '*'
              - https://*
              - http://localhost:3000
              - example.com
            #   ^ error[http-api.cors]: no scheme
              - https://*.example.com
            #   ^ error[http-api.cors]: a star within a host
              - https://example.com/
            #   ^ error[http-api.cors]: a path
            """),
        hosted(
            "verbs, headers and age",
            """
            x-amazon-apigateway-cors:
              allowOrigins: ['*']
              allowMethods: [GET, '*', get, FETCH]
            #                          ^ error[http-api.cors]: in capital letters
            #                               ^ error[http-api.cors]: no verb
              allowHeaders: ['*', x-own, 'a b']
            #                            ^ error[http-api.cors]: no name of a header
              maxAge: 86401
            #         ^ error[extension.out-of-range]
              allowAll: true
            # ^ warning[extension.unknown-member]
            """),
        hosted(
            "domain names",
            """
            x-portico-domain-names:
              api.example.com:
                certificate: c.pem
                privateKey: k.pem
                securityPolicy: TLS_1_0
            #                   ^ error[extension.unknown-value]: 'TLS_1_2' only
                apiMappings: {"shop/v1": $default}
            """),
        hosted(
            "no origin",
            """
            x-amazon-apigateway-cors:
              allowMethods: [GET]
            # ^ warning[http-api.cors-without-effect]
            """),
    ]
}
