extension ImportDocuments {
    /// A WebSocket API around the lines of `routes`, which begin four blanks in.
    private static func chat(_ routes: String, root: String = "") -> String {
        """
        openapi: 3.0.1
        info: {title: chat}
        x-portico-protocol: WEBSOCKET
        \(root)
        x-portico-websocket:
          routeSelectionExpression: $request.body.action
          routes:
        \(routes)
        """
    }

    private static let mocked = "x-amazon-apigateway-integration: {type: mock}"

    static let webSocket: [MarkedDocument] = [
        MarkedDocument(
            "the smallest WebSocket API, known by its key",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes: {$connect: , $disconnect: {}, $default: {\(mocked)}}
            """),
        MarkedDocument(
            "a WebSocket API without routes",
            """
            openapi: 3.0.1
            info: {title: chat}
            paths: {}
            x-portico-protocol: WEBSOCKET
            #                   ^ error[openapi.value-missing]: no 'x-portico-websocket'
            """),
        MarkedDocument(
            "the key without a value",
            """
            {openapi: 3.0.1, info: {title: chat}, x-portico-websocket: null}
            #                                     ^ error[openapi.value-missing]: no 'x-portico-websocket'
            """),
        MarkedDocument(
            "neither expression nor routes",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket: {binary: deny}
            #                    ^ error[openapi.value-missing]: 'routeSelectionExpression'
            #                    ^ error[openapi.value-missing]: 'routes'
            #                             ^ error[extension.unknown-value]: 'binary'
            """),
        MarkedDocument(
            "an empty expression and wrong types",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: ''
            # ^ error[openapi.value-missing]
              disableSchemaValidation: 'yes'
            #                          ^ error[openapi.wrong-type]
              routes: []
            #         ^ error[openapi.wrong-type]
            """),
        MarkedDocument(
            "paths have no effect",
            """
            openapi: 3.0.1
            info: {title: chat}
            paths: {/x: {get: {}}}
            # warning[openapi.ignored-key]: 'paths' has no effect
            x-portico-websocket: {routeSelectionExpression: $request.body.action, routes: {}}
            """),
        MarkedDocument(
            "routes in a REST API",
            """
            openapi: 3.0.1
            info: {title: chat}
            paths: {}
            x-portico-protocol: REST
            x-portico-websocket: {routeSelectionExpression: $request.body.action, routes: {}}
            # warning[extension.other-protocol]: belongs to WEBSOCKET APIs
            """),
        MarkedDocument(
            "sources of API keys",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              apiKeySelectionExpression: $request.header.x-api-keys
            #                            ^ error[extension.unknown-value]: did you mean '$request.header.x-api-key'?
              routes: {}
            """),
        MarkedDocument(
            "near misses of keys",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              rotues: {}
            # ^ warning[extension.unknown-member]: did you mean 'routes'?
              routes:
                join:
                  operationid: join
            #     ^ warning[extension.unknown-member]: did you mean 'operationId'?
                  routeResponses: $default
            #     ^ warning[extension.unknown-member]: did you mean 'routeResponse'?
                  \(mocked)
            """),
        MarkedDocument(
            "route keys",
            chat(
                """
                    $conect: {\(mocked)}
                #   ^ error[websocket.route-key]: did you mean '$connect'?
                    $other: {\(mocked)}
                #   ^ error[websocket.route-key]: '$connect', '$disconnect' and '$default' only
                    '': {\(mocked)}
                #   ^ error[websocket.route-key]: not empty
                    a b: {\(mocked)}
                """)),
        MarkedDocument(
            "messages without a backend",
            chat(
                """
                    $connect:
                    $disconnect: {}
                    $default:
                #   ^ warning[integration.missing]: route '$default'
                    join: {}
                #   ^ warning[integration.missing]: route 'join'
                """)),
        MarkedDocument(
            "what only connecting has",
            chat(
                """
                    $connect: {parameters: [{name: t, in: query, schema: {type: string}}], security: []}
                    join:
                      security: []
                #     ^ error[websocket.connect-only]: 'security'
                      parameters: []
                #     ^ error[websocket.connect-only]: 'parameters'
                      x-amazon-apigateway-auth: {type: AWS_IAM}
                #     ^ error[websocket.connect-only]: 'x-amazon-apigateway-auth'
                      \(mocked)
                """)),
        MarkedDocument(
            "places of parameters",
            chat(
                """
                    $connect:
                      parameters:
                      - {name: a, in: path}
                #              ^ warning[parameter.not-in-path]
                      - {name: b, in: cookie}
                #                     ^ warning[parameter.unsupported]
                      - {name: c, in: qeury}
                #                     ^ error[extension.unknown-value]: did you mean 'query'?
                """)),
        MarkedDocument(
            "sources of request parameters",
            chat(
                """
                    $connect:
                      x-amazon-apigateway-integration:
                        type: http
                        httpMethod: POST
                        uri: http://a/
                        requestParameters:
                          integration.request.header.A: route.request.header.A
                          integration.request.header.B: route.request.multivaluequerystring.b
                          integration.request.header.C: method.request.header.C
                #                                       ^ error[websocket.parameter-source]: did you mean 'route.request.header.C'?
                    join:
                      x-amazon-apigateway-integration:
                        type: http
                        httpMethod: POST
                        uri: http://a/
                        requestParameters:
                          integration.request.header.A: route.request.header.A
                #                                       ^ error[websocket.parameter-source]: for '$connect' only
                          integration.request.header.B: route.request.querystring.b
                #                                       ^ error[websocket.parameter-source]: for '$connect' only
                          integration.request.header.C: route.request.body.a.b
                          integration.request.header.D: context.connectionId
                          integration.request.header.E: stageVariables.e
                          integration.request.header.F: "'f'"
                          integration.request.header.G: f
                #                                       ^ error[websocket.parameter-source]: no source
                          integration.request.body.H: "'h'"
                #         ^ error[integration.mapping-destination]
                """)),
        MarkedDocument(
            "models and what chooses them",
            chat(
                """
                    a:
                      requestModels: {$default: {type: object}}
                #     ^ warning[websocket.model-selection]: not checked
                      \(mocked)
                    b:
                      modelSelectionExpression: $default
                #                               ^ warning[websocket.model-selection]: fails
                      \(mocked)
                    c:
                      modelSelectionExpression: $default
                      requestModels: {$default: {$ref: '#/components/schemas/C'}}
                #                                      ^ error[ref.missing]: did you mean
                      \(mocked)
                """, root: "components: {schemas: {D: {type: object}}}")),
        MarkedDocument(
            "route responses",
            chat(
                """
                    a:
                      routeResponse: default
                #                    ^ error[websocket.route-response]: expected '$default'
                      \(mocked)
                    b:
                      routeResponse: $default
                      x-amazon-apigateway-integration: {type: mock}
                #                                             ^ warning[integration.no-response]: two-way route 'b'
                    c:
                      responseModels: {$default: {type: object}}
                #     ^ warning[extension.ignored-member]: without 'routeResponse'
                      \(mocked)
                    d:
                      routeResponse: $default
                      responseModels: {other: {type: object}}
                #     ^ warning[websocket.route-response]: never chosen
                      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://a/'}
                    $disconnect:
                      routeResponse: $default
                #     ^ warning[extension.ignored-member]: the client is gone
                """)),
        MarkedDocument(
            "members of integrations that routes do not have",
            chat(
                """
                    a:
                      x-amazon-apigateway-integration:
                        type: http
                        httpMethod: POST
                        uri: http://a/
                        timeoutInMillis: 29001
                #                        ^ error[extension.out-of-range]: 50 to 29000
                        cacheNamespace: x
                #       ^ warning[extension.ignored-member]: does not exist in WebSocket APIs
                        responseTransferMode: STREAM
                #       ^ warning[extension.ignored-member]: does not exist in WebSocket APIs
                        templateSelectonExpression: a
                #       ^ warning[extension.unknown-member]: did you mean 'templateSelectionExpression'?
                        responses:
                          default: {}
                #         ^ error[websocket.response-key]: expected '$default' or '/PATTERN/'
                          4..: {}
                #         ^ error[websocket.response-key]: expected '$default' or '/PATTERN/'
                          /4\\d\\d/: {statusCode: 400}
                #                   ^ warning[extension.ignored-member]: 'statusCode' of an integration response
                          $default: {responseParameters: {method.response.header.A: "'a'"}}
                #                    ^ warning[extension.ignored-member]: messages have no headers
                """)),
        MarkedDocument(
            "shared integrations",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes:
                a: {x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shared'}}
                b: {x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shred'}}
                #                                           ^ error[ref.missing]: did you mean
            components: {x-amazon-apigateway-integrations: {shared: {type: mock}}}
            """),
        MarkedDocument(
            "authorizers",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket: {routeSelectionExpression: a, routes: {$connect: {security: [{good: []}]}}}
            components:
              securitySchemes:
                good:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authorizer:
                    type: request
                    authorizerUri: a
                    identitySource: 'route.request.header.A, route.request.querystring.b, context.c, stageVariables.d'
                kept:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authorizer: {type: request, authorizerUri: a, authorizerResultTtlInSeconds: 5, enableSimpleResponses: true}
            #                                                                       ^ warning[extension.ignored-member]: authorized once
            #                                                                                                        ^ warning[extension.ignored-member]: HTTP APIs
                source:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authorizer: {type: request, authorizerUri: a, identitySource: method.request.header.A}
            #                                                                                       ^ error[authorizer.identity-source]: expected 'route.request.header.NAME'
                token:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authorizer: {type: token, authorizerUri: a}
            #                                            ^ error[websocket.authorizer]: 'token'
                bare:
                  type: apiKey
                  name: Authorization
                  in: header
                  x-amazon-apigateway-authorizer: {type: request}
            #                                            ^ error[authorizer.incomplete]
            """),
        MarkedDocument(
            "stages of a WebSocket API",
            chat(
                """
                    join: {\(mocked)}
                """,
                root: """
                    x-portico-stages:
                      prod:
                        methodSettings: {'*/*': {}}
                    #   ^ warning[extension.ignored-member]: stages of REST APIs
                        defaultRouteSettings: {throttlingRateLimit: -1, throttlingBurstLimit: 5}
                    #                                               ^ error[extension.out-of-range]
                        routeSettings:
                          join: {loggingLevel: INFO, dataTraceEnabled: true, metricsEnabled: true}
                    #                                                        ^ warning[extension.unknown-member]
                          jion: {}
                    #     ^ warning[stage.method-setting]: did you mean 'join'?
                    """)),
        MarkedDocument(
            "route settings in a REST API",
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-stages: {dev: {routeSettings: {}}}
            #                        ^ warning[extension.ignored-member]: HTTP and WebSocket APIs
            """),
        MarkedDocument(
            "what the API sends",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes: {}
              messageSelectionExpression: $request.body.type
            #                             ^ error[websocket.message-selection]: expected '$message.body.PATH'
              messages:
                a: {schema: {type: object}, desciption: x}
                #                           ^ warning[extension.unknown-member]: did you mean 'description'?
                b: {}
            #   ^ error[openapi.value-missing]: 'schema'
            """),
        MarkedDocument(
            "an expression for no messages",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes: {}
              messageSelectionExpression: $message.body.type
            #                             ^ warning[extension.ignored-member]: without 'messages'
            """),
        MarkedDocument(
            "keys that are asked for and that nobody has",
            """
            openapi: 3.0.1
            info: {title: chat}
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes:
                $connect: {security: [{key: []}]}
            #   ^ warning[api-key.none]
            components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
            """),
        MarkedDocument(
            "rules of all integrations hold for those of routes",
            chat(
                """
                    a: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'ftp://a'}}
                    #                                                                             ^ warning[integration.invalid-endpoint]
                    b: {operationId: a, x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: 'x'}}
                    #                                                                                             ^ error[integration.uri]
                    c: {operationId: a, x-amazon-apigateway-integration: {type: http, uri: 'http://${stageVariables.h}/'}}
                #   ^ warning[operation.duplicate-id]
                    #                                                           ^ error[integration.http-method]
                    #                                                                      ^ warning[integration.stage-variable]
                """)),
    ]
}
