# frozen_string_literal: true

module PorticoClient
  # What is sent, as far as it is the same for all attempts.
  class Request
    VERB = /\A[A-Z][A-Z0-9-]*\z/.freeze
    TOKEN = /\A[!#$%&'*+\-.^_`|~0-9A-Za-z]+\z/.freeze
    private_constant :VERB, :TOKEN

    attr_reader :operation, :verb, :url, :headers, :body, :options

    # @param arguments [Array] values of the operation's parameters, in their order
    # @raise [InvalidArgumentError]
    def initialize(operation, arguments, options, endpoint, verb: nil, body: nil, content_type: nil)
      @operation = operation
      @verb = checked_verb(verb || operation.verb)
      @options = options
      @arguments = arguments
      @url = "#{endpoint.url}#{path}#{query}"
      @body = Body.for(operation.body, body, content_type)
      @headers = headers_to_send.each { |name, value| Request.check_header(name, value) }.freeze
    end

    # Whether a repetition does no harm.
    def repeatable?
      !@options.idempotency_key.nil? || %w[GET HEAD OPTIONS PUT DELETE].include?(@verb)
    end

    # The same request with a body in memory, which a signature needs.
    def with_bytes
      copy = dup
      copy.instance_variable_set(:@body, @body.to_bytes)
      copy
    end

    # @raise [InvalidArgumentError] if the header would end before its end
    def self.check_header(name, value)
      unless [name, value].all? { |text| text.is_a?(String) && text.valid_encoding? }
        raise InvalidArgumentError, "header #{name.inspect} is no text, or not valid in its encoding"
      end
      return if name.match?(TOKEN) && !value.match?(/[\r\n\0]/)

      raise InvalidArgumentError, "header #{name.inspect} has a character that headers cannot have"
    end

    private

    def checked_verb(verb)
      verb = verb.to_s.upcase
      return verb if verb.match?(VERB)

      raise InvalidArgumentError, "http_method must be a method of HTTP: #{verb.inspect}"
    end

    def path
      @operation.path.map { |part| part.is_a?(Integer) ? segment(part) : part }.join
    end

    def segment(index)
      parameter = @operation.parameters[index]
      text = parameter.texts(@arguments[index]).join(",")
      raise InvalidArgumentError, "#{parameter.name} must not be empty: it is part of the path" if text.empty?

      greedy = parameter.location == :greedy
      # They would lead to another resource, wherever somebody on the way resolves them.
      if (greedy ? text.split("/", -1) : [text]).any? { |segment| [".", ".."].include?(segment) }
        raise InvalidArgumentError, "#{parameter.name} must not have a segment that is . or .."
      end

      greedy ? PercentEncoding.encode_path(text) : PercentEncoding.encode(text)
    end

    def query
      pairs = texts(:query)
      pairs.empty? ? "" : "?#{PercentEncoding.query(pairs)}"
    end

    def texts(location)
      @operation.parameters.each_with_index.flat_map do |parameter, index|
        next [] unless parameter.location == location

        parameter.texts(@arguments[index]).map { |text| [parameter.wire_name, text] }
      end
    end

    def headers_to_send
      headers = { "User-Agent" => USER_AGENT, "Accept" => @operation.accept }
      headers["Content-Type"] = @body.content_type if @body.content_type
      texts(:header).group_by(&:first).each { |name, pairs| headers[name] = pairs.map(&:last).join(",") }
      headers["Idempotency-Key"] = @options.idempotency_key if @options.idempotency_key
      @options.headers.each do |name, value|
        headers.delete_if { |present, _| present.casecmp?(name) }
        headers[name] = value
      end
      headers
    end
  end

  # One try to get an answer; hooks see it, and may change its headers before it is sent.
  class Attempt
    # @return [Integer] from 1
    attr_reader :number
    # @return [String] name of the operation
    attr_reader :operation
    # @return [String] the HTTP method
    attr_reader :verb
    # @return [String]
    attr_reader :url
    # @return [Hash{String=>String}]
    attr_reader :headers
    # @return [Response, nil] the answer; after the attempt
    attr_reader :response
    # @return [Error, nil] why there is no answer; after the attempt
    attr_reader :error
    # @return [Float, nil] seconds; after the attempt
    attr_reader :duration

    def initialize(number, request, url, headers)
      @number = number
      @operation = request.operation.name
      @verb = request.verb
      @url = url
      @headers = headers
    end

    # @return [Integer, nil] status of the answer
    def status
      @response&.status
    end

    # @private
    def finish(duration, response: nil, error: nil)
      @duration = duration
      @response = response
      @error = error
    end
  end
end
