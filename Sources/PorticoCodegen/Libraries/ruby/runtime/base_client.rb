# frozen_string_literal: true

module PorticoClient
  # What all clients can do. Threads may share a client; it keeps connections open for the next call.
  class BaseClient
    # @option options [String] :base_url where the API is; see {Endpoint} for addresses of AWS
    # @option options [String] :api_key sent as `x-api-key` to operations that need one
    # @option options [String, #call] :token token of the caller; what can be called is called for each attempt
    # @option options [String] :username for HTTP basic authentication
    # @option options [String] :password for HTTP basic authentication
    # @option options [Hash{String=>String}] :keys other keys by the name of their header or query parameter
    # @option options [Credentials, #call] :credentials who signs; AWS_ACCESS_KEY_ID and so on unless given
    # @option options [String] :region to sign for; from the address or AWS_REGION unless given
    # @option options [Numeric, nil] :timeout seconds that an attempt may take (30)
    # @option options [Numeric, nil] :deadline seconds that a call with all of its attempts may take (no limit)
    # @option options [Integer] :max_retries attempts after the first one (3)
    # @option options [Hash{String=>String}] :headers sent with each call
    # @option options [#call, Array<#call>] :before_attempt called with each {Attempt}; may change its headers
    # @option options [#call, Array<#call>] :after_attempt called with each {Attempt} and how it ended
    # @option options [Integer] :max_idle_connections connections that are kept (16)
    # @option options [#call] :configure_http called with each new `Net::HTTP`, for certificates and proxies
    # @option options [#call] :sleeper waits the seconds that it is called with
    # @option options [#call] :random gives a number from 0 up to 1
    # @option options [#call] :clock gives the present Time
    # @raise [InvalidArgumentError]
    def initialize(**options)
      @runner = Runner.new(ClientOptions.new(self.class::DEFAULT_BASE_URL, **options))
    end

    # Where the API is.
    # @return [String]
    def base_url
      @runner.base_url
    end

    # Closes the connections that are not in use. The client can go on to be used.
    # @return [void]
    def close
      @runner.close
    end

    def inspect
      "#<#{self.class.name} base_url=#{base_url.inspect}>"
    end
    alias to_s inspect
  end
end
