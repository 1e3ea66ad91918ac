/// Documents that announce in comments what is said about them: see `marks(in:)`.
enum ImportDocuments {
    static let versions: [MarkedDocument] = [
        MarkedDocument(
            "neither swagger nor openapi", "info: {title: t}\n# error[openapi.version-missing]\npaths: {}\n"),
        MarkedDocument(
            "unknown version",
            "openapi: 4.0.0\n#        ^ error[openapi.version-unsupported]: '4.0.0'\ninfo: {title: t}\n"),
        MarkedDocument(
            "a version behind a tag that nobody knows",
            """
            openapi: !Su 3.0.1
            # warning[cloudformation.unknown-tag]
            # warning[openapi.intrinsic-left]
            # error[openapi.version-missing]: 'openapi' has no value
            info: {title: t}

            """),
        MarkedDocument(
            "version 1.2 of Swagger",
            "swagger: '1.2'\n#        ^ error[openapi.version-unsupported]\ninfo: {title: t}\n"),
        MarkedDocument(
            "3.1 is refused by AWS",
            "openapi: 3.1.0\n#        ^ warning[openapi.version-refused-by-aws]: 3.1.0\ninfo: {title: t}\npaths: {}\n"),
        MarkedDocument(
            "schemas of 3.1 may be booleans",
            """
            openapi: 3.1.0
            #        ^ warning[openapi.version-refused-by-aws]
            info: {title: t}
            paths: {}
            components: {schemas: {Any: true}}
            """),
        MarkedDocument(
            "schemas of 3.0 may not",
            """
            openapi: 3.0.0
            info: {title: t}
            paths: {}
            components: {schemas: {Any: true}}
            #                           ^ error[openapi.wrong-type]: not the boolean true
            """),
        MarkedDocument("a float for Swagger", "swagger: 2.0\ninfo: {title: t}\npaths: {}\n"),
        MarkedDocument("a short Swagger version", "swagger: \"2\"\ninfo: {title: t}\npaths: {}\n"),
        MarkedDocument("a float for OpenAPI", "openapi: 3.0\ninfo: {title: t, version: 1.0}\npaths: {}\n"),
        MarkedDocument(
            "no title and no paths",
            "openapi: 3.0.0\n# warning[openapi.paths-missing]\ninfo: {}\n# warning[openapi.title-missing]\n"),
        MarkedDocument("a list at the root", "[1, 2]\n# error[openapi.not-a-document]: a list\n"),
        MarkedDocument(
            "REST by its own word",
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-protocol: REST
            x-amazon-apigateway-cors: {allowOrigins: ['*']}
            # warning[extension.other-protocol]: belongs to HTTP APIs
            """),
        MarkedDocument(
            "an unknown protocol",
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-protocol: RESR
            #                   ^ error[extension.unknown-value]: did you mean 'REST'?
            """),
    ]

    /// An operation that there is nothing to say about.
    static let mock =
        "{responses: {'200': {description: ok}}, x-amazon-apigateway-integration: "
        + "{type: mock, responses: {default: {statusCode: 200}}}}"

    static func pathsDocument(_ description: String, _ lines: String) -> MarkedDocument {
        MarkedDocument(
            description,
            "openapi: 3.0.1\ninfo: {title: t}\npaths:\n" + lines.replacing("MOCK", with: "{get: \(mock)}"))
    }

    static let paths: [MarkedDocument] = [
        pathsDocument("no leading slash", "  pets: MOCK\n# ^ error[path.invalid]: must begin with '/'\n"),
        pathsDocument("characters outside the alphabet", "  /a*b: MOCK\n# ^ error[path.invalid]: 'a*b'\n"),
        pathsDocument("all characters of the alphabet", "  '/aZ09_.-,:/{job-id}/x': MOCK\n"),
        pathsDocument(
            "a parameter with a suffix", "  /{a}.json: MOCK\n# ^ error[path.invalid]: must fill its segment\n"),
        pathsDocument(
            "a greedy parameter inside", "  /{a+}/x: MOCK\n# ^ error[path.invalid]: must be the last segment\n"),
        pathsDocument("an empty segment", "  /a//b: MOCK\n# ^ error[path.invalid]: empty segment\n"),
        pathsDocument("an empty parameter", "  /a/{}: MOCK\n# ^ error[path.invalid]: no valid parameter\n"),
        pathsDocument("one parameter twice", "  /{a}/{a}: MOCK\n# ^ error[path.invalid]: twice\n"),
        pathsDocument("a slash at the end", "  /a/: MOCK\n# ^ warning[path.trailing-slash]\n"),
        pathsDocument(
            "two spellings of one resource",
            "  /a: MOCK\n  /a/: MOCK\n# ^ warning[path.trailing-slash]\n# ^ error[path.duplicate]: '/a' is already there\n"
        ),
        pathsDocument(
            "two variables below one resource",
            "  /pets/{id}: MOCK\n  /pets/{name}/x: MOCK\n# ^ error[path.variable-clash]: clashes with '{id}' below '/pets'\n"
        ),
        pathsDocument(
            "two names for one path", "  /{a}: MOCK\n  /{b}: MOCK\n# ^ error[path.variable-clash]: below '/'\n"),
        pathsDocument(
            "a greedy variable beside a plain one",
            "  /{a}: MOCK\n  /{b+}: MOCK\n# ^ error[path.variable-clash]: '{b+}'\n"),
        pathsDocument("one variable with children", "  /{a}: MOCK\n  /{a}/b: MOCK\n  /c/{a}: MOCK\n"),
        pathsDocument(
            "unknown keys of a path",
            """
              /x:
                gett: {}
            #   ^ warning[openapi.unknown-key]: did you mean 'get'?
                trace: {}
            #   ^ warning[operation.unsupported-verb]
                x-other: 1
                x-amazon-apigateway-any-methods: {}
            #   ^ warning[extension.unknown]: did you mean 'x-amazon-apigateway-any-method'?
                x-amazon-apigateway-integration: {}
            #   ^ warning[extension.misplaced]: belongs in an operation
            """),
        pathsDocument("a path that is no object", "  /x: 5\n#     ^ error[openapi.wrong-type]: not the integer 5\n"),
    ]

    static let operations: [MarkedDocument] = [
        MarkedDocument(
            "no integration",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                get: {operationId: a}
            #   ^ warning[integration.missing]: GET /x
                put:
            #   ^ warning[integration.missing]: PUT /x
            #   ^ warning[operation.duplicate-id]: 'a'
                  operationId: a
                  operationID: b
            #     ^ warning[openapi.unknown-key]: did you mean 'operationId'?
                  deprecated: yes please
            #                 ^ error[openapi.wrong-type]: 'deprecated' must be a boolean
            """),
        MarkedDocument(
            "parameters",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x/{id}:
                get:
                  parameters:
                    - {name: a, in: query}
                    - {name: a, in: query}
            #                ^ error[openapi.duplicate]: 'a'
                    - {name: b, in: cookie}
            #                       ^ warning[parameter.unsupported]: 'cookie'
                    - {name: b, in: qeury}
            #                       ^ error[extension.unknown-value]: did you mean 'query'?
                    - {name: idd, in: path}
            #                ^ warning[parameter.not-in-path]: did you mean 'id'?
                    - {in: query}
            #         ^ error[openapi.value-missing]: no 'name'
                    - {name: c}
            #         ^ error[openapi.value-missing]: no 'in'
                    - {name: d, in: header, required: 'true'}
            #                                         ^ warning[openapi.near-miss]
                    - 5
            #         ^ error[openapi.wrong-type]: a parameter must be an object
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200'}}}
            """),
        MarkedDocument(
            "status codes",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                get:
                  responses:
                    200: {description: ok}
                    default: {description: other}
                    2XX: {description: range}
            #       ^ warning[response.status-range]
                    '600': {description: bad}
            #       ^ error[response.invalid-status]
                    ok: {description: bad}
            #       ^ error[response.invalid-status]
                    '404': {descriptoin: typo}
            #               ^ warning[openapi.unknown-key]: did you mean 'description'?
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200'}}}
            """),
    ]
}
