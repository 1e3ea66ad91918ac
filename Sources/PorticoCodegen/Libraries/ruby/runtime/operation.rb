# frozen_string_literal: true

module PorticoClient
  # What a call needs to know of its operation.
  class Operation
    attr_reader :name, :verb, :path, :parameters, :body, :output, :errors, :default_error, :security, :pagination

    # @param path [Array<String, Integer>] fixed text, percent-encoded; indices of path parameters between
    # @param output [Symbol, Object, nil] `:text`, `:binary`, nil for none, or the codec of JSON
    # @param errors [Hash{Integer=>Class}] classes of response errors by status
    def initialize(name, verb, path, parameters: [], body: nil, output: nil, errors: {}, default_error: nil,
                   security: Security::NONE, pagination: nil)
      @name = name
      @verb = verb
      @path = path
      @parameters = parameters
      @body = body
      @output = output
      @errors = errors
      @default_error = default_error
      @security = security
      @pagination = pagination
      freeze
    end

    # What to ask for.
    def accept
      @output == :text || @output == :binary ? "*/*" : "application/json"
    end
  end

  # A parameter of an operation. Its location is `:path`, `:greedy` (slashes stay), `:query` or `:header`.
  class Parameter
    attr_reader :name, :wire_name, :location

    # @param separator [String, nil] what joins the elements of a list; nil: the parameter is written once for each
    def initialize(name, wire_name, location, codec, required: false, list: false, separator: nil)
      @name = name
      @wire_name = wire_name
      @location = location
      @codec = codec
      @required = required
      @list = list
      @separator = separator
      freeze
    end

    # The texts to write for a value; none if it is absent.
    # @raise [InvalidArgumentError]
    def texts(value)
      raise InvalidArgumentError, "#{name} must be given" if value.nil? && @required
      return [] if value.nil?

      json = @codec.encode(value)
      return [json.to_s] unless @list
      return json.map(&:to_s) unless @separator

      json.empty? ? [] : [json.map(&:to_s).join(@separator)]
    rescue CodingFailure => e
      raise e.argument_error(name)
    end
  end

  # How an operation takes its body. Its kind is `:json`, `:text` or `:binary`.
  BodyRule = Struct.new(:kind, :media_type, :required, :codec)

  # Who may call an operation. Its identity is `:none`, `:sigv4`, `:token`, `:bearer`, `:basic`, `:header_key` or
  # `:query_key`; the name is that of a header or query parameter.
  class Security
    attr_reader :identity, :name

    def initialize(identity, name: nil, api_key: false)
      @identity = identity
      @name = name
      @api_key = api_key
      freeze
    end

    # Whether `x-api-key` must be sent.
    def api_key?
      @api_key
    end

    NONE = new(:none)
  end

  # How to page: index of the argument that takes the token, and readers that lead to the next one and to the items.
  Pagination = Struct.new(:input, :token, :items)
end
