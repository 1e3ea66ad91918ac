/// The file that `portico init` writes. A test compiles it without a diagnostic.
enum StarterSpec {
    static let text = #"""
        # An API for Portico: one OpenAPI file with x-amazon-apigateway extensions.
        #   portico serve api.yaml
        #   curl -i http://127.0.0.1:8080/dev/greetings/world
        openapi: 3.0.1
        info:
          title: greetings
          version: "1.0"

        paths:
          /greetings/{name}:
            get:
              operationId: getGreeting
              parameters:
                - name: name
                  in: path
                  required: true
                  schema:
                    type: string
              responses:
                "200":
                  description: A greeting.
              # What is behind the method. A mock answers by itself: the request template gives the status, the
              # response template (VTL) the body.
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
                          "greeting": "hello, $util.escapeJavaScript($input.params('name'))",
                          "stage": "$context.stage",
                          "mood": "$stageVariables.mood"
                        }

          # Everything below /backend goes to another server as it comes.
          /backend/{proxy+}:
            x-amazon-apigateway-any-method:
              parameters:
                - name: proxy
                  in: path
                  required: true
                  schema:
                    type: string
              responses: {}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: http://${stageVariables.backend}/{proxy}
                requestParameters:
                  integration.request.path.proxy: method.request.path.proxy

        # What API Gateway keeps outside OpenAPI is written with x-portico keys.
        x-portico-stages:
          dev:
            variables:
              mood: fine
              backend: 127.0.0.1:9000

        """#
}
