/// Documents whose export must read back as they did; each holds what one part of the exporter writes.
enum ExportDocuments {
    static let all: [(name: String, text: String)] = [
        ("swagger.yaml", swagger), ("operations.yaml", operations), ("integrations.yaml", integrations),
        ("security.yaml", security), ("hosting.yaml", hosting), ("gateway.yaml", gateway), ("schemas.yaml", schemas),
        ("intrinsics.yaml", intrinsics), ("texts.yaml", texts), ("bare.yaml", bare),
        ("websocket.yaml", webSocket), ("websocket-bare.yaml", bareWebSocket),
        ("http.yaml", httpAPI), ("http-access.yaml", httpAccess),
    ]

    /// Callers, mappings and services of an HTTP API.
    static let httpAccess = """
        openapi: 3.0.1
        info: {title: Access}
        x-portico-protocol: HTTP
        paths:
          /a:
            get:
              security: [{tokens: [read, write]}]
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: http://127.0.0.1:9000/
                requestParameters: {'append:header.x': $request.header.y, 'overwrite:path': '/b${request.path}', 'remove:querystring.z': "''"}
                responseParameters: {"500": {'overwrite:statuscode': "503"}, "200": {'append:header.x': $response.body.a}}
            post:
              security: [{asked: []}]
              x-amazon-apigateway-integration:
                type: aws_proxy
                integrationSubtype: SQS-SendMessage
                payloadFormatVersion: "1.0"
                credentials: arn:aws:iam::123456789012:role/r
                requestParameters: {QueueUrl: q, MessageBody: $request.body, DelaySeconds: 5}
            put:
              security: [{asked1: []}]
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: http://127.0.0.1:9000/}
            delete:
              x-amazon-apigateway-auth: {type: AWS_IAM}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: http://127.0.0.1:9000/}
            options:
              security: [{connected: []}]
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: http://127.0.0.1:9000/}
        x-portico-identities: {r: {arn: 'arn:aws:iam::123456789012:role/r', accessKeyId: "${env.A}", secretAccessKey: "${env.B}"}}
        components:
          securitySchemes:
            tokens:
              type: oauth2
              x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.Authorization, jwtConfiguration: {issuer: 'https://i/', audience: [a, b]}}
            connected:
              type: openIdConnect
              openIdConnectUrl: https://i/.well-known/openid-configuration
              x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.querystring.t, jwtConfiguration: {audience: [a]}}
            asked:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer:
                type: request
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations
                authorizerCredentials: arn:aws:iam::123456789012:role/r
                authorizerPayloadFormatVersion: "2.0"
                enableSimpleResponses: true
                authorizerResultTtlInSeconds: 60
                identitySource: $request.header.A, $context.routeKey
            asked1:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer:
                type: request
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations
                authorizerPayloadFormatVersion: "1.0"
        """

    static let bare = """
        openapi: 3.0.1
        info: {title: Bare}
        paths:
          /: {}
          /a: {get: {responses: {"200": {}, default: }}, post: }
        """

    /// Swagger 2 has its own places for models, bodies, media types and responses.
    static let swagger = """
        swagger: "2.0"
        info:
          title: Pets
          version: "2016-09-12T17:50:37Z"
          description: |
            two
            lines
        host: example.com
        basePath: /v1
        schemes: [https]
        consumes: [application/json]
        produces: [application/json, text/plain]
        x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true, vpcEndpointIds: [vpce-1, vpce-2]}
        paths:
          /pets:
            parameters:
              - {name: trace, in: header, type: string}
            get:
              tags: [pets, all]
              summary: List
              operationId: listPets
              deprecated: true
              parameters:
                - {name: type, in: query, required: false, type: string, enum: [dog, cat], description: kind}
                - {name: page, in: query, type: integer, minimum: 1}
              responses:
                200:
                  description: ok
                  schema: {$ref: "#/definitions/Pets"}
                  headers:
                    Access-Control-Allow-Origin: {type: string}
                "404": {description: "", schema: {type: object, properties: {pet: {$ref: "#/definitions/Pet"}}}}
                default: {description: other}
            post:
              consumes: [application/xml, application/json]
              produces: [application/xml]
              parameters:
                - {in: body, name: NewPet, required: true, schema: {$ref: "#/definitions/Pet"}}
              responses: {"201": {description: 201 response, schema: {$ref: "#/definitions/Pet"}}}
              x-amazon-apigateway-integration:
                type: MOCK
                requestTemplates: {application/json: '{"statusCode": 201}'}
                responses: {default: {statusCode: 201}}
          /pets/{petId}:
            get:
              responses: {"200": {description: "200 response"}}
        definitions:
          Pet: {type: object, description: one, properties: {id: {type: integer, maximum: 1.50}, friend: {$ref: "#/definitions/Pet"}}}
          Pets: {type: array, items: {$ref: "#/definitions/Pet"}}
        """

    static let operations = """
        openapi: 3.0.3
        info: {title: Operations, version: 1.0}
        tags:
          - {name: pets, description: animals, x-amazon-apigateway-tag-value: v}
          - {name: empty}
        x-amazon-apigateway-request-validators:
          all: {validateRequestBody: true, validateRequestParameters: true}
          none: {}
        x-amazon-apigateway-request-validator: all
        paths:
          /{proxy+}:
            x-amazon-apigateway-any-method:
              responses: {}
              x-amazon-apigateway-request-validator: none
          /a/{b}/c/{d}:
            parameters:
              - {name: d, in: path, required: true, schema: {type: integer}}
              - $ref: "#/components/parameters/Limit"
            get:
              parameters:
                - {name: b, in: path, required: true, description: the b, schema: {type: string}}
                - {name: X-Trace, in: header, schema: {type: string}}
              responses:
                "200":
                  description: fine
                  headers: {X-Rate: {description: rate, schema: {type: integer}}, X-None: {}}
                  content:
                    application/json: {schema: {$ref: "#/components/schemas/Thing"}}
                    text/plain: {schema: {type: string}}
                default: {$ref: "#/components/responses/Oops"}
              x-portico-pagination: {token: next, limit: 10}
            put:
              requestBody: {$ref: "#/components/requestBodies/Thing"}
              responses: {"204": {description: none}}
            head: {responses: {"200": {description: 200 response}}}
            options: {responses: {"200": {description: cors}}}
            patch: {responses: {"200": {description: p}}}
            delete: {description: away, responses: {"200": {description: d}}}
        components:
          parameters:
            Limit: {name: limit, in: query, required: true, schema: {type: integer, default: 10}}
          requestBodies:
            Thing:
              required: true
              content:
                application/json: {schema: {$ref: "#/components/schemas/Thing"}}
                application/xml: {schema: {type: object}}
          responses:
            Oops: {description: oops, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
          schemas:
            Thing: {type: object, properties: {id: {type: string}}}
        """

    static let integrations = """
        openapi: 3.0.1
        info: {title: Integrations, version: "1"}
        paths:
          /http/{id}:
            get:
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              responses:
                "200": {description: ok, headers: {X-A: {schema: {type: string}}}}
                "500": {description: bad}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: get
                uri: http://${stageVariables.host}/pets/{id}
                passthroughBehavior: when_no_templates
                contentHandling: CONVERT_TO_TEXT
                timeoutInMillis: 2500
                cacheNamespace: n
                cacheKeyParameters: [method.request.path.id]
                tlsConfig: {insecureSkipVerification: true}
                requestParameters:
                  integration.request.path.id: method.request.path.id
                  integration.request.header.X-Static: "'a''b'"
                requestTemplates:
                  application/json: |
                    #set($a = $input.path('$.a'))
                    {"a": "$a"}
                  text/plain: ""
                  $default: $input.body
                responses:
                  "2\\\\d{2}":
                    statusCode: 200
                    responseParameters: {method.response.header.X-A: integration.response.header.A}
                    responseTemplates: {application/json: "{}\\n\\n", application/xml: "  <a/>"}
                    contentHandling: convert_to_binary
                  ".*\\"quoted\\".*": {statusCode: "500"}
                  default: {statusCode: 200}
            post:
              responses: {}
              x-amazon-apigateway-integration: {type: HTTP_PROXY, httpMethod: ANY, uri: "https://example.com/{id}"}
          /lambda:
            post:
              responses: {}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations
                credentials: arn:aws:iam::*:user/*
                responseTransferMode: STREAM
          /link:
            get:
              responses: {}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: http://example.com
                connectionType: VPC_LINK
                connectionId: ${stageVariables.link}
                integrationTarget: arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/b/c
                passthroughBehavior: never
        """

    static let security = """
        openapi: 3.0.1
        info: {title: Security, version: "1"}
        security: [{lambda: []}]
        paths:
          /default: {get: {responses: {}}}
          /none: {get: {security: [], responses: {}}}
          /key: {get: {security: [{key: []}], responses: {}}}
          /both: {get: {security: [{key: [], cognito: [a/read, b]}], responses: {}}}
          /iam: {get: {security: [{sigv4: []}], responses: {}}}
          /auth: {get: {security: [], x-amazon-apigateway-auth: {type: aws_iam}, responses: {}}}
          /request: {get: {security: [{request: []}, {key: []}], responses: {}}}
          /denied: {get: {security: [{oauth: [x]}], responses: {}}}
        components:
          securitySchemes:
            key: {type: apiKey, name: X-Api-Key, in: header}
            sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
            oauth: {type: oauth2, flows: {}}
            lambda:
              type: apiKey
              name: X-Token
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer:
                type: token
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations
                authorizerCredentials: arn:aws:iam::000000000000:role/r
                identityValidationExpression: "^Bearer [-0-9a-zA-z.]*$"
                authorizerResultTtlInSeconds: 0
            request:
              type: apiKey
              name: Unused
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer:
                type: request
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations
                identitySource: method.request.header.A, method.request.querystring.b, context.identity.sourceIp
            cognito:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authtype: cognito_user_pools
              x-amazon-apigateway-authorizer:
                type: cognito_user_pools
                providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/p"]
                identityValidationExpression: "^client-.*$"
            unused:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer:
                type: cognito_user_pools
                providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/q"]
        """

    static let hosting = """
        openapi: 3.0.1
        info: {title: Hosting, version: "1"}
        servers:
          - url: https://example.com/base
            x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: false, vpcEndpointIds: [vpce-9]}
        paths: {/a: {get: {responses: {}}}}
        x-portico-stages:
          prod:
            description: main
            variables: {host: example.com, empty: "", n: 5}
            methodSettings:
              "*/*": {throttlingRateLimit: 100.5, throttlingBurstLimit: 10, loggingLevel: INFO}
              "/a/GET": {cachingEnabled: true, cacheTtlInSeconds: 60}
            canarySettings: {percentTraffic: 12.5, stageVariableOverrides: {host: canary.example.com}, useStageCache: true}
            accessLogSettings: {destinationArn: "stdout", format: "$context.requestId"}
            cacheClusterEnabled: true
            cacheClusterSize: "0.5"
            tracingEnabled: true
            documentationVersion: "1"
            clientCertificateId: c
            webAclArn: arn:aws:wafv2:us-east-1:000000000000:regional/webacl/a/b
          test:
        x-portico-usage-plans:
          gold: {throttle: {rateLimit: 50, burstLimit: 100}, quota: {limit: 1000000, period: MONTH}, apiStages: [prod]}
          free:
          fine: {throttle: {rateLimit: 1}, apiStages: [{stage: prod, throttle: {/a/GET: {rateLimit: 0.5}}}], description: d}
        x-portico-api-keys:
          - {name: acme, value: "${env.ACME_KEY}", usagePlans: [gold], description: d, customerId: c, tags: {a: b}}
          - {name: off, value: "01234567890123456789", enabled: false}
        x-portico-domain-names:
          api.example.com: {certificate: cert.pem, privateKey: key.pem, basePathMappings: {"": prod}}
        x-portico-functions:
          f: {runtime: python3.11, handler: app.f, codeUri: ./functions, timeout: 5}
          f:live:
            runtime: provided.al2023
            codeUri: build
            memorySize: 256
            concurrency: 4
            environment: {Variables: {TABLE: t, CODE: 0123, EMPTY: "", FLAG: true, SECRET: "${env.SECRET}"}}
          "arn:aws:lambda:us-east-1:000000000000:function:g": {command: [./server, "--port", "08"], description: d}
          h: {url: "http://127.0.0.1:9001/2015-03-31/functions/h/invocations"}
        x-portico-endpoints: {dynamodb: "http://127.0.0.1:8000"}
        x-portico-vpc-links:
          link: {targets: ["http://127.0.0.1:9000"]}
          one: "127.0.0.1:9000"
          many: ["a:1", "https://b", "[::1]:80"]
          checked:
            targets: [a, b]
            healthCheckPath: /health
            healthCheckIntervalSeconds: 10
            healthCheckTimeoutSeconds: 2
            healthyThresholdCount: 3
            unhealthyThresholdCount: 4
            matcher: {HttpCode: "200-299,302"}
        x-portico-identity-providers:
          pool: {issuer: "http://127.0.0.1:9/p", providerArns: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/p"]}
          all:
            issuer: "https://id.example.com/t/"
            jwksUri: "https://id.example.com/keys?p=x"
            algorithms: [RS256, ES512]
            audiences: [a, b]
            description: d
          offline: {issuer: "https://a", jwks: keys.json}
          here: {issuer: "https://b", jwks: {keys: [{kty: EC, kid: k, crv: P-256, x: a, y: b}]}}
        x-portico-identities:
          writer: {arn: "arn:aws:iam::012345678901:role/w", accessKeyId: "${env.ID}", secretAccessKey: "${env.KEY}",
                   sessionToken: "${env.TOKEN}", account: 012345678901, policies: [{Statement: []}]}
          others: {endpoint: "https://id.example.com/who", ttl: 60, timeoutInMillis: 500, authorization: "${env.TOKEN}"}
        x-portico-client-certificates:
          c: {certificate: certs/client.pem, privateKey: certs/client.key}
        x-portico-tracing:
          samplingRules:
            - {RuleName: pets, Priority: 1, ReservoirSize: 2, FixedRate: 0.25, URLPath: "/pets/*", Attributes: {X-A: "b*"}}
          xray: "udp://127.0.0.1:2000"
          otlp: {endpoint: "http://127.0.0.1:4318", headers: {x-api-key: "${env.OTLP_KEY}"}, batchSize: 100}
        """

    static let gateway = """
        openapi: 3.0.1
        info: {title: Gateway, version: "1"}
        paths: {/a: {get: {responses: {}}}}
        x-amazon-apigateway-binary-media-types: [image/*, application/octet-stream]
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-api-key-source: AUTHORIZER
        x-amazon-apigateway-security-policy: TLS_1_2
        x-amazon-apigateway-endpoint-access-mode: STRICT
        x-amazon-apigateway-policy:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: ["execute-api:/*"],
               Condition: {IpAddress: {"aws:SourceIp": ["10.0.0.0/8"]}, StringEquals: {"a": "${aws:username}"}}}
        x-amazon-apigateway-gateway-responses:
          THROTTLED:
            statusCode: 430
            responseParameters: {gatewayresponse.header.Retry-After: "'5'"}
            responseTemplates: {application/json: '{"m": $context.error.messageString}', text/plain: ""}
          DEFAULT_4XX: {}
          RESOURCE_NOT_FOUND: {statusCode: "410"}
        x-amazon-apigateway-documentation:
          version: "1.0"
          documentationParts:
            - {location: {type: API}, properties: {info: {description: text}}}
            - {location: {type: METHOD, path: /a, method: GET}, properties: {summary: s, tags: [x]}}
            - {location: {type: MODEL, name: M}}
        """

    /// References in every form, data that only looks like references, numbers that must keep their digits.
    static let schemas = """
        openapi: 3.0.1
        info: {title: Schemas, version: "1"}
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/json: {schema: {$ref: "#/components/schemas/Deep/properties/inner"}}
                  application/xml: {schema: {type: array, items: {$ref: "#/components/schemas/Deep"}}}
              responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Deep"}}}}}
        components:
          schemas:
            Deep:
              type: object
              required: [inner]
              properties:
                inner: {type: object, properties: {back: {$ref: "#/components/schemas/Deep"}}}
                Ref: {type: string}
                "$ref": {type: string}
                "~odd/name": {type: string, pattern: "^a\\\\d+$"}
                example: {type: string, example: {$ref: "#/not/there"}}
                number: {type: number, minimum: 1.10, maximum: 1e3, multipleOf: 0.01, default: 12345678901234567890}
              example: {"$ref": "#/nowhere", list: [1, 2.50, true, null, "no"]}
              x-other: {kept: true}
            Choice: {oneOf: [{$ref: "#/components/schemas/Deep"}, {type: "null"}], discriminator: {propertyName: kind}}
        """

    static let intrinsics = """
        openapi: 3.0.1
        info:
          title: !Sub ${AWS::StackName}-api
          version: "1"
        x-portico-parameters: {Host: example.com}
        paths:
          /a:
            get:
              responses: {}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: !Sub https://${Host}/${Missing}/x
          /b:
            get:
              responses: {}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                uri: {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"}
                credentials: !GetAtt Role.Arn
          /c: !If [Maybe, {get: {responses: {}}}, !Ref AWS::NoValue]
        """

    /// Texts that a writer or reader could take for something else.
    static let texts = """
        {"openapi": "3.0.1", "info": {"title": "  \\u00e9\\t\\"quoted\\" # : - \\u0001 \\ud83d\\ude00 ", "version": "1.10",
          "description": "yes\\n  indented\\n\\n\\ttab\\r\\nend\\n\\n"},
         "paths": {"/null": {"get": {"operationId": "null", "summary": "0x1F", "description": "~", "tags": ["no", "", "1e3"],
          "responses": {"200": {"description": "true"}},
          "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json":
            "{\\"statusCode\\": 200}\\n#if($a)\\n  x: |\\n\\u2028\\u0085\\n#end"}, "responses": {"default": {"statusCode": "200",
            "responseTemplates": {"application/json": "---\\n...\\n- a\\n? b\\n%YAML"}}}}}}}}
        """

    static let httpAPI = """
        openapi: 3.0.1
        info: {title: shop, version: '1'}
        x-amazon-apigateway-importexport-version: '1.0'
        x-amazon-apigateway-cors:
          allowOrigins: ['https://example.com', 'http://*']
          allowMethods: [GET, POST]
          allowHeaders: [content-type]
          exposeHeaders: [x-own]
          maxAge: -1
          allowCredentials: true
        tags: [{name: owner, x-amazon-apigateway-tag-value: me}]
        x-portico-stages:
          $default: {autoDeploy: true, defaultRouteSettings: {throttlingRateLimit: 10.5, throttlingBurstLimit: 5}}
          dev: {variables: {a: b}, routeSettings: {GET /f: {detailedMetricsEnabled: true}}}
        x-portico-vpc-links: {link: http://127.0.0.1:9000}
        paths:
          /f:
            get:
              operationId: f
              x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/f'}
          /p/{proxy+}:
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: https://example.com/{proxy}
                payloadFormatVersion: '1.0'
                timeoutInMillis: 5000
          /$default:
            x-amazon-apigateway-any-method:
              isDefaultRoute: true
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                connectionType: VPC_LINK
                connectionId: link
                uri: arn:aws:elasticloadbalancing:us-east-1:1:listener/app/a/b/c
                tlsConfig: {serverNameToVerify: example.com}
        components:
          x-amazon-apigateway-integrations:
            f:
              type: aws_proxy
              httpMethod: POST
              payloadFormatVersion: '2.0'
              uri: arn:aws:lambda:us-east-1:111111111111:function:F
        """
}

extension ExportDocuments {
    static let bareWebSocket = """
        openapi: 3.0.1
        info: {title: Bare}
        x-portico-websocket: {routeSelectionExpression: $request.body.action, routes: {}}
        """

    /// Everything that `x-portico-websocket` takes.
    static let webSocket = """
        openapi: 3.0.1
        info: {title: chat, version: "1"}
        servers: [{url: "wss://chat.example.com/prod"}]
        x-portico-protocol: WEBSOCKET
        x-portico-websocket:
          routeSelectionExpression: ${request.body.action}
          apiKeySelectionExpression: $context.authorizer.usageIdentifierKey
          disableSchemaValidation: true
          binary: allow
          messageSelectionExpression: $message.body.type
          messages:
            said: {description: Somebody said something., schema: {$ref: "#/components/schemas/Said"}}
            left: {schema: {type: object, properties: {who: {type: string}}}}
          routes:
            $connect:
              operationId: open
              summary: Comes in
              security: [{who: []}, {key: []}]
              parameters:
                - {name: room, in: query, required: true, description: where, schema: {type: string}}
                - {name: X-Trace, in: header, deprecated: true}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://example.com/{room}
                requestParameters: {integration.request.path.room: route.request.querystring.room}
                connectionType: VPC_LINK
                connectionId: link
            $disconnect:
            join:
              operationId: join
              description: |
                two
                lines
              deprecated: true
              modelSelectionExpression: $request.body.kind
              requestModels: {$default: {$ref: "#/components/schemas/Join"}, other: {type: object}}
              routeResponse: $default
              responseModels: {$default: {$ref: "#/components/schemas/Said"}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://example.com/join
                timeoutInMillis: 50
                contentHandling: CONVERT_TO_BINARY
                passthroughBehavior: never
                templateSelectionExpression: \\$default
                requestTemplates: {$default: '{"id": "$context.connectionId"}', empty: ''}
                responses:
                  $default: {templateSelectionExpression: '${integration.response.statuscode}', responseTemplates: {200: $input.body}}
                  /4\\d\\d/: {contentHandling: CONVERT_TO_TEXT}
            $default: {x-amazon-apigateway-integration: {$ref: "#/components/x-amazon-apigateway-integrations/nothing"}}
        x-portico-stages:
          prod:
            variables: {a: b}
            autoDeploy: true
            defaultRouteSettings: {throttlingRateLimit: 0.5, throttlingBurstLimit: 5, detailedMetricsEnabled: true}
            routeSettings: {join: {loggingLevel: INFO, dataTraceEnabled: true}, $default: {}}
        x-portico-usage-plans: {gold: {apiStages: [prod]}}
        x-portico-vpc-links: {link: "http://127.0.0.1:9000"}
        components:
          x-amazon-apigateway-integrations: {nothing: {type: mock}}
          schemas:
            Join: {type: object, required: [room], properties: {action: {type: string}, room: {type: string}}}
            Said: {type: object, properties: {type: {type: string}, text: {type: string}}}
          securitySchemes:
            key: {type: apiKey, name: x-api-key, in: header}
            who:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer: {type: request, authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:who/invocations", identitySource: route.request.header.Authorization}
        """
}
