extension ImportDocuments {
    static func root(_ description: String, _ lines: String) -> MarkedDocument {
        MarkedDocument(description, "openapi: 3.0.1\ninfo: {title: t}\npaths: {/x: {get: \(mock)}}\n" + lines)
    }

    static let roots: [MarkedDocument] = [
        root(
            "unknown keys",
            """
            basePath: /a
            # warning[openapi.unknown-key]: belongs to Swagger 2.0
            componenst: {}
            # warning[openapi.unknown-key]: did you mean 'components'?
            x-anything: {}
            x-amazon-apigateway-polcy: {}
            # warning[extension.unknown]: did you mean 'x-amazon-apigateway-policy'?
            x-amazon-apigateway-integration: {}
            # warning[extension.misplaced]: belongs in an operation
            x-portico-stage: {}
            # warning[extension.unknown]: did you mean 'x-portico-stages'?
            """),
        root(
            "key source",
            "x-amazon-apigateway-api-key-source: HAEDER\n#                                   ^ error[extension.unknown-value]: did you mean 'HEADER'?"
        ),
        root("key source in small letters", "x-amazon-apigateway-api-key-source: authorizer"),
        root(
            "compression",
            "x-amazon-apigateway-minimum-compression-size: 10485761\n#                                             ^ error[extension.out-of-range]"
        ),
        root(
            "compression of another type",
            "x-amazon-apigateway-minimum-compression-size: big\n#                                             ^ error[openapi.wrong-type]: an integer"
        ),
        root(
            "binary types",
            "x-amazon-apigateway-binary-media-types:\n- image/*\n- '*/*'\n- image\n# ^ warning[media-type.invalid]: 'image'"
        ),
        root(
            "gateway responses",
            """
            x-amazon-apigateway-gateway-responses:
              THROTLED: {}
            # ^ error[extension.unknown-value]: did you mean 'THROTTLED'?
              DEFAULT_4XX:
                statusCode: 4XX
            #               ^ error[response.invalid-status]
                responseParameter: {}
            #   ^ warning[extension.unknown-member]: 'responseParameters'
                responseParameters:
                  gatewayresponse.header.X: "'x'"
                  gatewayresponse.headers.X: "'x'"
            #     ^ error[gateway-response.parameter]
                  gatewayresponse.path.X: "'x'"
            #     ^ warning[extension.ignored-member]
                responseTemplates: {json: x}
            #                       ^ warning[media-type.invalid]
              REQUEST_TOO_LARGE: {statusCode: 413}
            # ^ warning[gateway-response.fixed]
            """),
        root(
            "validators",
            """
            x-amazon-apigateway-request-validators:
              all: {validateRequestBody: true, validateRequestHeaders: true}
            #                                  ^ warning[extension.unknown-member]
            x-amazon-apigateway-request-validator: al
            #                                      ^ error[validator.unknown]: did you mean 'all'?
            """),
        root(
            "a policy without statements",
            "x-amazon-apigateway-policy: {Version: '2012-10-17'}\n#                           ^ error[openapi.value-missing]: 'Statement'"
        ),
        root(
            "a policy that is no JSON",
            "x-amazon-apigateway-policy: 'allow all'\n#                           ^ error[openapi.wrong-type]: no JSON object"
        ),
        root("a policy in a string", "x-amazon-apigateway-policy: '{\"Statement\": []}'"),
        root(
            "a security policy of the new kind",
            """
            x-amazon-apigateway-security-policy: SecurityPolicy_TLS13_1_3_2025_09
            #                                    ^ warning[openapi.value-missing]: endpoint-access-mode
            """),
        root(
            "an unknown security policy and mode",
            """
            x-amazon-apigateway-security-policy: TLS_1_3
            #                                    ^ error[extension.unknown-value]
            x-amazon-apigateway-endpoint-access-mode: STRIKT
            #                                         ^ error[extension.unknown-value]: did you mean 'STRICT'?
            """),
        root(
            "endpoint configuration",
            """
            servers:
            - url: https://a
              x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true, vpcEndpointIds: [x]}
            #                                                                                                ^ warning[name.invalid]: 'vpce-...'
            """),
        root(
            "documentation",
            """
            x-amazon-apigateway-documentation:
              version: 1.0
              documentationParts:
              - {location: {type: API}, properties: {}}
              - {location: {type: QUERY_PARAMETER, path: /x}}
            #              ^ warning[documentation.location]: has no 'name'
              - {location: {type: METHODS}}
            #                     ^ warning[extension.unknown-value]: did you mean 'METHOD'?
              - {properties: {}}
            #   ^ warning[documentation.location]: no 'location'
            """),
        root(
            "tags",
            """
            tags:
            - {name: a, x-amazon-apigateway-tag-value: b}
            #           ^ warning[extension.other-protocol]: HTTP APIs
            - {}
            # ^ error[openapi.value-missing]: no 'name'
            """),
        root(
            "model names",
            "components:\n  schemas:\n    My-Pet: {type: object}\n#   ^ error[model.invalid-name]: 'My-Pet'"),
    ]

    /// A document whose operation has `requirement` and whose schemes are `schemes`, at 4 spaces.
    static func secured(_ description: String, _ requirement: String, _ schemes: String) -> MarkedDocument {
        MarkedDocument(
            description,
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                get:
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            \(requirement)
            components:
              securitySchemes:
            \(schemes)
            """)
    }

    static let lambda = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"

    static let security: [MarkedDocument] = [
        secured(
            "schemes that are known",
            "      security: [{auth: [a]}]",
            """
                key: {type: apiKey, name: X-API-Key, in: header}
                sig: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
                auth:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authtype: custom
                  x-amazon-apigateway-authorizer: {type: token, authorizerUri: '\(lambda)', authorizerResultTtlInSeconds: 0}
            """),
        secured(
            "schemes that are not",
            """
                  security: [{oauth: [a]}, {kye: []}]
            #                 ^ warning[security.unsupported-scheme]: 'oauth2'
            #                               ^ warning[security.unknown-scheme]: did you mean 'key'?
            """,
            """
                key: {type: apiKey, name: x-api-key, in: header}
                oauth: {type: oauth2, flows: {}}
            """),
        secured(
            "two authorizers",
            """
                  security: [{a: []}, {b: []}, {}]
            #                          ^ warning[security.several-authorizers]: 'b'
            #               ^ warning[security.optional-ignored]
            """,
            """
                a: {type: apiKey, name: A, in: header, x-amazon-apigateway-authtype: awsSigv4}
                b:
                  type: apiKey
                  name: B
                  in: header
                  x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/p']}
            """),
        secured(
            "authorizers that lack something",
            "",
            """
                a:
            #   ^ error[authorizer.incomplete]: no 'type'
                  {type: apiKey, name: A, in: header, x-amazon-apigateway-authorizer: {}}
                b:
                  type: apiKey
                  name: B
                  in: header
                  x-amazon-apigateway-authorizer: {type: token}
            #                                            ^ error[authorizer.incomplete]: 'authorizerUri'
                c:
                  type: apiKey
                  name: C
                  in: header
                  x-amazon-apigateway-authorizer: {type: cognito_user_pools}
            #                                            ^ error[authorizer.incomplete]: 'providerARNs'
                e:
                  type: apiKey
                  name: E
                  in: header
                  x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: []}
            #                                            ^ error[authorizer.incomplete]: 'providerARNs'
                d:
                  type: oauth2
            #           ^ warning[authorizer.scheme]: not 'oauth2'
                  x-amazon-apigateway-authorizer: {type: tokne, authorizerUri: x}
            #                                            ^ error[extension.unknown-value]: did you mean 'token'?
            """),
        secured(
            "sources, ranges and members of other types",
            "",
            """
                a:
                  type: apiKey
                  name: A
                  in: header
                  x-amazon-apigateway-authorizer:
                    type: request
                    authorizerUri: x
                    authorizerResultTtlInSeconds: 3601
            #                                     ^ error[extension.out-of-range]
                    identitySource: method.request.header.A, request.header.B
            #                       ^ error[authorizer.identity-source]: 'request.header.B'
                    identityValidationExpression: x
            #                                     ^ warning[extension.ignored-member]
                    enableSimpleResponses: true
            #       ^ warning[extension.ignored-member]: HTTP APIs
                b:
                  type: apiKey
                  name: B
                  in: header
                  x-amazon-apigateway-authorizer:
                    type: token
                    authorizerUri: x
                    identitySource: method.request.header.C
            #                       ^ warning[extension.ignored-member]: 'method.request.header.B'
            """),
        secured(
            "IAM by the old key",
            """
                  x-amazon-apigateway-auth: {type: aws_iam, role: x}
            #                                               ^ warning[extension.unknown-member]
            """,
            "    {}"),
        secured(
            "a near miss of awsSigv4",
            "",
            """
                a: {type: apiKey, name: A, in: header, x-amazon-apigateway-authtype: wsSigv4}
            #                                                                        ^ warning[extension.unknown-value]
            """),
    ]

    static let hosting: [MarkedDocument] = [
        MarkedDocument(
            "methods that want a key without any",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                servers: [{url: https://a}]
            #   ^ warning[openapi.ignored-key]: 'servers'
                get:
            #   ^ warning[api-key.none]
                  callbacks: {}
            #     ^ warning[openapi.ignored-key]: 'callbacks'
                  security: [{key: []}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
            """),
        root(
            "stages",
            """
            x-portico-stages:
              dev:
              a b: {}
            # ^ error[name.invalid]: 'a b'
              prod:
                variables: {a-b: x, ok: 'http://a:80/b?c=d', bad: 'a b', n: 5}
            #               ^ error[name.invalid]: 'a-b'
            #                                                     ^ error[name.invalid]: 'a b'
                varibles: {}
            #   ^ warning[extension.unknown-member]: did you mean 'variables'?
                tracingEnabled: 5
            #                   ^ error[openapi.wrong-type]: a boolean
                cacheClusterSize: 7
            #                     ^ error[extension.unknown-value]: '0.5'
                canarySettings: {percentTraffic: 101}
            #                                    ^ error[extension.out-of-range]
                methodSettings:
                  '*/*': {cacheTtlInSeconds: 3601, loggingLevel: INFOS}
            #                                ^ error[extension.out-of-range]
            #                                                    ^ error[extension.unknown-value]: did you mean 'INFO'?
                  /x/GET: {throttlingRateLimit: 1.5, throtlingBurstLimit: 1}
            #                                        ^ warning[extension.unknown-member]
                  x/GET: {}
                  /y/GET: {}
            #     ^ warning[stage.method-setting]: '/y/GET'
                  /x: {}
            #     ^ error[name.invalid]: '/x'
            """),
        root(
            "usage plans and keys",
            """
            x-portico-stages: {prod: {}}
            x-portico-usage-plans:
              gold: {throttle: {rateLimit: 50, burstLimit: 1.5}, quota: {limit: 5, period: MOTH}, apiStages: [prod]}
            #                                              ^ error[openapi.wrong-type]: an integer
            #                                                                              ^ error[extension.unknown-value]: 'MONTH'
              iron: {apiStages: [prd]}
            # ^ error[name.unknown]: did you mean 'prod'?
            x-portico-api-keys:
            - {name: a, value: '01234567890123456789', usagePlans: [gold, god]}
            #                                                             ^ error[name.unknown]: did you mean 'gold'?
            - {name: b, value: short}
            #                  ^ warning[api-key.length]
            - {name: c}
            # ^ error[openapi.value-missing]: no 'value'
            - {name: d, value: '${env.KEY}', enabled: false}
            - {name: e, value: '${env.KEY}'}
            #                  ^ error[openapi.duplicate]: same value
            """),
        root(
            "endpoints, functions and domains",
            """
            x-portico-endpoints: {lambda: localhost}
            #                             ^ error[name.invalid]: absolute
            x-portico-functions: {f: {runtime: python3.11, handlr: a.b}}
            #                     ^ error[openapi.value-missing]: no 'handler'
            #                                              ^ warning[extension.unknown-member]: did you mean 'handler'?
            x-portico-domain-names: {a.example.com: {certificate: a.pem, basePathMappings: {'': live}}}
            #                        ^ error[openapi.value-missing]: 'privateKey'
            #                        ^ error[name.unknown]: 'live'
            x-portico-identities: 5
            #                     ^ error[openapi.wrong-type]
            """),
    ]
}
