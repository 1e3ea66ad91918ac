# frozen_string_literal: true

module PorticoClient
  # Puts into an attempt what the operation's security asks for.
  class Authorizer
    def initialize(options)
      @options = options
    end

    # Whether the signature needs all bytes of the body.
    def signs?(operation)
      operation.security.identity == :sigv4
    end

    # Headers and query pairs of who is calling, but for the signature.
    # @raise [MissingOptionError]
    def identify(operation)
      security = operation.security
      headers = {}
      headers["x-api-key"] = needed(operation, :api_key) if security.api_key?
      pairs = []
      case security.identity
      when :token then headers[security.name] = token(operation)
      when :bearer then headers["Authorization"] = "Bearer #{token(operation)}"
      when :basic then headers["Authorization"] = basic(operation)
      when :header_key then headers[security.name] = key(operation)
      when :query_key then pairs << [security.name, key(operation)]
      end
      [headers, pairs]
    end

    # Headers of the signature.
    # @raise [MissingOptionError]
    def sign(request, url, headers)
      Signer.sign(
        method: request.verb, url: url, headers: headers, body: request.body.bytes,
        credentials: credentials(request.operation), region: region(request.operation), time: @options.clock.call
      )
    end

    private

    def token(operation)
      called(needed(operation, :token))
    end

    def basic(operation)
      pair = "#{needed(operation, :username)}:#{needed(operation, :password)}"
      "Basic #{[pair].pack("m0")}"
    end

    def key(operation)
      name = operation.security.name
      called(@options.keys.fetch(name.downcase) { missing(operation, "keys: { #{name.inspect} => ... }") })
    end

    def credentials(operation)
      called(@options.credentials) || missing(operation, "credentials")
    end

    def region(operation)
      @options.signing_region || missing(operation, "region")
    end

    def needed(operation, name)
      @options.public_send(name) || missing(operation, name)
    end

    def called(value)
      value.respond_to?(:call) ? value.call : value
    end

    def missing(operation, option)
      raise MissingOptionError, "#{operation.name} needs the client's option #{option}"
    end
  end
end
