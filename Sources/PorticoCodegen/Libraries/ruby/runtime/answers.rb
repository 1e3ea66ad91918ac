# frozen_string_literal: true

module PorticoClient
  # Makes values and errors of answers.
  module Answers
    module_function

    # The decoded body of a success.
    # @raise [DecodingError]
    def value(request, response, streamed: false)
      output = request.operation.output
      return if output.nil? || streamed || request.verb == "HEAD"
      return response.body if output == :binary
      return text(response) if output == :text
      return if response.body.empty? && output.accept?(nil)

      output.decode(JSONText.parse(response.body))
    rescue CodingFailure => e
      raise e.decoding_error(response)
    end

    # The error that an answer means: the gateway's own, or what the operation declares for its status.
    # @return [ResponseError]
    def error(operation, response)
      return GatewayError.new(response) if response.headers["x-amzn-errortype"]

      type = operation.errors.fetch(response.status, operation.default_error)
      return ResponseError.new(response) unless type

      type.new(response, body: type.body_codec&.decode(JSONText.parse(response.body)))
    rescue CodingFailure
      ResponseError.new(response)
    end

    def text(response)
      text = response.body.dup.force_encoding(Encoding::UTF_8)
      raise CodingFailure, "is not UTF-8" unless text.valid_encoding?

      text
    end
    private_class_method :text
  end
end
