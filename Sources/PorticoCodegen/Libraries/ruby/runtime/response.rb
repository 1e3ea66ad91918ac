# frozen_string_literal: true

module PorticoClient
  # Headers of an answer; case does not matter.
  class Headers
    include Enumerable

    # @param values [Hash{String=>Array<String>}]
    def initialize(values)
      @values = values.transform_keys(&:downcase).freeze
      freeze
    end

    # @return [String, nil] the value; several are joined by `, `.
    def [](name)
      values(name).then { |values| values.join(", ") unless values.empty? }
    end

    # @return [Array<String>] the values in the order of the answer
    def values(name)
      @values.fetch(name.to_s.downcase, [])
    end

    # Yields lower-case name and value.
    def each
      return enum_for(:each) unless block_given?

      @values.each_key { |name| yield name, self[name] }
      self
    end

    # @return [Hash{String=>String}] by lower-case name
    def to_h
      each.to_h
    end
  end

  # An answer.
  class Response
    # @return [Integer] the HTTP status
    attr_reader :status
    # @return [Headers]
    attr_reader :headers
    # @return [String] the bytes of the body; empty if they were streamed.
    attr_reader :body
    # @return [Object, nil] the decoded body
    attr_reader :value

    def initialize(status, headers, body, value = nil)
      @status = status
      @headers = headers
      @body = body
      @value = value
      freeze
    end

    # @return [String, nil] what to tell the API's owner if something is wrong.
    def request_id
      @headers["x-amzn-requestid"] || @headers["apigw-requestid"]
    end

    # Whether the status is 2xx.
    def success?
      (200..299).cover?(@status)
    end

    # The same answer with a decoded body.
    def with_value(value)
      Response.new(@status, @headers, @body, value)
    end

    # Not the body: it may be large, and is nobody's business in logs.
    def inspect
      "#<#{self.class.name} status=#{@status} request_id=#{request_id.inspect}>"
    end
  end
end
