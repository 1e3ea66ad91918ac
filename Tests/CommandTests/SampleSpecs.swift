/// Specs that the command tests save to files.
enum SampleSpecs {
    /// One mock method, `GET /value`, that answers `{"value": N}`.
    static func value(_ value: Int) -> String {
        """
        openapi: 3.0.1
        info: {title: value, version: "1"}
        paths:
          /value:
            get:
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates:
                      application/json: '{"value": \(value)}'

        """
    }

    /// Two mistakes: an integration type that does not exist, and a `$ref` to nowhere.
    static let twoMistakes = """
        openapi: 3.0.1
        info: {title: broken, version: "1"}
        paths:
          /a:
            get:
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mokc
          /b:
            post:
              requestBody:
                content:
                  application/json:
                    schema: {$ref: "#/components/schemas/Missing"}
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock

        """

    /// A template whose `#if` has no `#end`, in a block scalar: the mistake is in line 13 or after it.
    static let brokenTemplate = """
        openapi: 3.0.1
        info: {title: broken, version: "1"}
        paths:
          /a:
            get:
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates:
                  application/json: '{"statusCode": 200}'
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates:
                      application/json: |
                        {
                          #if($context.stage == "dev")
                          "a": 1
                        }

        """

    /// Serves, with a warning: an extension that does not exist.
    static let unknownExtension = value(1) + "x-amazon-apigateway-binary-media-type: [image/png]\n"
}
