# frozen_string_literal: true

module PorticoClient
  # Every error that this package raises itself.
  class Error < StandardError; end

  # An argument that cannot be sent. Nothing was sent.
  class InvalidArgumentError < Error; end

  # The operation needs an option that the client does not have. Nothing was sent.
  class MissingOptionError < InvalidArgumentError; end

  # No answer came: no connection, or it broke. `cause` is the error of the system.
  class TransportError < Error; end

  # An attempt, or the call with all of its attempts, took longer than it may.
  class TimeoutError < Error; end

  # The server gave the same page token twice in a row.
  class PaginationError < Error; end

  # JSON that is not what the API describes.
  class DecodingError < Error
    # @return [String] where it is, such as `$.items[1].count`; `$` is the whole body.
    attr_reader :path
    # @return [Response, nil] the answer, unless the JSON came from elsewhere.
    attr_reader :response

    def initialize(message, path: "$", response: nil)
      super("#{path} #{message}")
      @path = path
      @response = response
    end
  end

  # An answer with a status other than 2xx.
  class ResponseError < Error
    # @return [Response] the answer; its `value` is nil.
    attr_reader :response
    # @return [Object, nil] the decoded body, if the operation declares one for this status.
    attr_reader :body
    # @return [String, nil] `message` or `Message` of a JSON body.
    attr_reader :server_message

    def initialize(response, body: nil)
      @response = response
      @body = body
      @server_message = ResponseError.message_in(response)
      text = "HTTP #{response.status}"
      text += " #{error_type}" if error_type
      text += ": #{@server_message}" if @server_message
      super(text)
    end

    # @return [Integer] the HTTP status.
    def status
      @response.status
    end

    # @return [Headers] the headers of the answer.
    def headers
      @response.headers
    end

    # @return [String] the bytes of the body.
    def raw_body
      @response.body
    end

    # @return [String, nil] what to tell the API's owner.
    def request_id
      @response.request_id
    end

    # @return [String, nil] API Gateway's name for the error.
    def error_type
      type = headers["x-amzn-errortype"]
      type && type[/\A[^:]*/]
    end

    class << self
      # @private
      attr_reader :body_codec

      # The text that services put into their errors.
      # @private
      def message_in(response)
        json = JSONText.parse(response.body)
        return unless json.is_a?(Hash)

        [json["message"], json["Message"]].find { |text| text.is_a?(String) }
      rescue CodingFailure
        nil
      end

      private

      # Declares the type of the body.
      def define_body(codec)
        @body_codec = codec
      end
    end
  end

  # An answer that the gateway made itself: it refused the call, or did not get through to what is behind it.
  class GatewayError < ResponseError; end
end
