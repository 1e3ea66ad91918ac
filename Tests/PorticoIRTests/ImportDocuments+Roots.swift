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
            #                    ^ error[name.unknown]: did you mean 'prod'?
              rate: {throttle: {rateLimit: -1, burstLimt: 2}, quota: {offset: 1}}
            #                              ^ error[extension.out-of-range]
            #                                  ^ warning[extension.unknown-member]: did you mean 'burstLimit'?
            #                                                        ^ error[openapi.value-missing]: no 'period'
            #                                                        ^ error[openapi.value-missing]: no 'limit'
              more: {throttle: {rateLimit: 10, burstLimit: 20}, quota: {limit: 1, period: DAY, offset: 1}}
            #                                                                                          ^ error[extension.out-of-range]: from 0 to 0
              week: {quota: {limit: 1, period: WEEK, offset: 7}, apiStages: prod}
            #                                                ^ error[extension.out-of-range]: from 0 to 6
            #                                                               ^ warning[openapi.near-miss]: should be a list
              month: {quota: {limit: 1, period: MONTH, offset: 27}, apiStages: [prod, prod]}
            #                                                                         ^ error[openapi.duplicate]: names stage 'prod' twice
              stages:
                apiStages:
                - {stage: prod, apiId: abc, throttle: {'/x/GET': {rateLimit: 1}, '/x/PUT': {}, x/GET: {}}}
            #                          ^ warning[extension.ignored-member]: 'apiId' has no effect
            #                                          ^ warning[openapi.value-missing]: no 'throttle' of its own
            #                                                                    ^ warning[stage.method-setting]: '/x/PUT'
            #                                                                                  ^ warning[stage.method-setting]: expected '/path/METHOD'
                - {throttle: {}}
            #     ^ error[openapi.value-missing]: no 'stage'
            x-portico-api-keys:
            - {name: a, value: '01234567890123456789', usagePlans: [gold, god]}
            #                  ^ warning[api-key.literal]: 'a' stands in the file
            #                                                             ^ error[name.unknown]: did you mean 'gold'?
            - {name: b, value: short}
            #                  ^ error[api-key.value]: has 5 characters; expected 20 to 128
            - {name: c}
            # ^ error[openapi.value-missing]: no 'value'
            - {name: d, value: '${env.KEY}', enabled: false}
            - {name: e, value: '${env.KEY}'}
            #                  ^ error[openapi.duplicate]: same value
            - {name: f, value: 'key-${env.KEY}'}
            #                  ^ error[api-key.value]: neither a literal nor one reference
            - {name: g, value: 'blanks within a key value'}
            #                  ^ error[api-key.value]: other than letters, digits
            - {name: h, value: '${env.H}', usagePlans: [gold, week]}
            #                                                 ^ error[api-key.plans]: two usage plans of stage 'prod', 'gold' and 'week'
            - {name: i, value: '${env.I}', usagePlans: [more, rate, p3, p4, p5, p6, p7, p8, p9, p10, p11]}
            #        ^ error[api-key.plans]: in 11 usage plans
            #                                                       ^ error[name.unknown]
            #                                                           ^ error[name.unknown]
            #                                                               ^ error[name.unknown]
            #                                                                   ^ error[name.unknown]
            #                                                                       ^ error[name.unknown]
            #                                                                           ^ error[name.unknown]
            #                                                                               ^ error[name.unknown]
            #                                                                                   ^ error[name.unknown]
            #                                                                                        ^ error[name.unknown]
            """),
        MarkedDocument(
            "keys from an authorizer, at stages without a plan",
            """
            openapi: 3.0.1
            info: {title: t}
            x-amazon-apigateway-api-key-source: AUTHORIZER
            x-portico-stages: {prod: {}, test: {}}
            x-portico-usage-plans: {gold: {apiStages: [prod]}}
            paths:
              /x:
                get:
            #   ^ warning[api-key.none]: no usage plan has stage 'test'
                  security: [{lambda: [], key: []}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
                put:
            #   ^ warning[api-key.source]
                  security: [{key: []}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            components:
              securitySchemes:
                key: {type: apiKey, name: x-api-key, in: header}
                lambda:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authtype: custom
                  x-amazon-apigateway-authorizer:
                    type: token
                    authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations
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
            #                                                                                   ^ error[name.unknown]: 'live'
            x-portico-identities: 5
            #                     ^ error[openapi.wrong-type]
            """),
        root(
            "what a domain name cannot have here",
            """
            x-portico-stages: {dev: {}}
            x-portico-domain-names:
              a.example.com: {securityPolicy: TLS_1_2, basePathMappings: {'': dev}}
            #                                 ^ warning[extension.ignored-member]: 'a.example.com' has no certificate
              b.example.com: {endpointAccessMode: STRICT, basePathMappings: {'': dev}}
            #                                     ^ warning[extension.ignored-member]: 'b.example.com' has no certificate
              c.example.com: {endpointConfiguration: {types: [EDGE]}, basePathMappings: {'': {stage: dev, restApiId: abc}}}
            #                                        ^ warning[extension.ignored-member]: 'endpointConfiguration' has no effect
            #                                                                                                        ^ warning[extension.ignored-member]: the id of an API has no effect
              d.example.com: {}
            # ^ warning[openapi.value-missing]: leads to no stage
            x-amazon-apigateway-security-policy: SecurityPolicy_TLS14
            #                                    ^ error[extension.unknown-value]: 'SecurityPolicy_TLS14'
            """),
    ]
}
