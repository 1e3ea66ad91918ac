extension ImportDocuments {
    static let observability: [MarkedDocument] = [
        root(
            "access logs",
            """
            x-portico-stages:
              a:
                accessLogSettings: {destinationArn: stdout, format: $context.requestId}
              b:
                accessLogSettings: {destinationArn: stdot, format: "${context.extendedRequestId}"}
            #                                       ^ error[access-log.destination]: 'stdot'
              c:
                accessLogSettings: {destinationArn: "arn:aws:firehose:us-east-1:000000000000:deliverystream/logs", format: $context.requestId}
            #                                       ^ error[access-log.destination]: 'amazon-apigateway-'
              d:
                accessLogSettings: {destinationArn: "file:/tmp/a.log", format: $context.requestIdentity}
            #                                                                  ^ error[access-log.format]: must contain
              e:
                accessLogSettings: {format: $context.requestId}
            #                      ^ error[openapi.value-missing]: 'destinationArn'
              f:
                accessLogSettings: {destinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:/a/b.c:*"}
            #                      ^ error[openapi.value-missing]: 'format'
              g:
                accessLogSettings: {destinationArn: "file:", format: "a\\n$context.requestId", fromat: x}
            #                                       ^ error[access-log.destination]: 'file:'
            #                                                          ^ error[access-log.format]: one line
            #                                                                                 ^ warning[extension.unknown-member]: 'format'
              h:
                accessLogSettings:
                  destinationArn: file:logs/access.log
                  format: |
                    $context.requestId $context.status
            """),
        root(
            "tracing",
            """
            x-portico-tracing:
              samplingRules:
                - {RuleName: a, Priority: 0, ReservoirSize: -1, FixedRate: 5}
            #                             ^ error[extension.out-of-range]: 'Priority'
            #                                               ^ error[extension.out-of-range]: 'ReservoirSize'
            #                                                              ^ error[extension.out-of-range]: 'FixedRate'
                - {RuleName: b, Priority: 1, FixedRate: x}
            #     ^ error[openapi.value-missing]: 'ReservoirSize'
            #                                           ^ error[openapi.wrong-type]: a number
                - {RuleName: c, Priority: 1, ReservoirSize: 0, FixedRate: 0, HTTPMethod: 'GET,POST,PUT', Hots: a}
            #                                                                            ^ error[tracing.sampling-rule]: 1 to 10
            #                                                                                            ^ warning[extension.unknown-member]: 'Host'
                - SamplingRule: {RuleName: d, Priority: 1, ReservoirSize: 0, FixedRate: 0.5, Version: 2}
            #                                                                                         ^ error[extension.out-of-range]: 'Version'
                - {RuleName: e, Priority: 1, ReservoirSize: 0, FixedRate: 0.5, Attributes: {a: '', b: c}}
            #                                                                                  ^ error[tracing.sampling-rule]: 1 to 32
                - {RuleName: f, Priority: 1, ReservoirSize: 0, FixedRate: 0.5}
                - {RuleName: f, Priority: 1, ReservoirSize: 0, FixedRate: 0.5}
            #     ^ error[openapi.duplicate]: 'f'
              xray: tcp://a:1
            #       ^ error[tracing.destination]: 'udp://HOST:PORT'
              otlp:
                endpoint: http://127.0.0.1:4318?x
            #             ^ error[tracing.destination]: query
              oltp: {}
            # ^ warning[extension.unknown-member]: did you mean 'otlp'?
            """),
        root(
            "collectors",
            """
            x-portico-tracing:
              xray: 5
            #       ^ error[openapi.wrong-type]: an address
              otlp:
                endpoint: https://collector.example.com/base/
                headers: {x-api-key: abcdefghijklmnopqrstuvwx, Host: a, "a b": c, ok: "${env.A_TOKEN_OF_SOME_LENGTH}"}
            #                        ^ warning[identity.literal-secret]: 'x-api-key'
            #                                                  ^ error[name.invalid]: 'Host'
            #                                                           ^ error[name.invalid]: 'a b'
                timeoutInMillis: 5
            #                    ^ error[extension.out-of-range]: 'timeoutInMillis'
                queueSize: 0
            #              ^ error[extension.out-of-range]: 'queueSize'
            """),
        root(
            "local sampling rules",
            """
            x-portico-tracing:
              samplingRules:
                version: 2
                rules:
                  - {host: '*', http_method: '*', url_path: /a, fixed_target: 1}
            #       ^ error[openapi.value-missing]: 'rate'
                default: {fixed_target: 1, rate: 2}
            #                                    ^ error[extension.out-of-range]: 'rate'
            """),
    ]
}
