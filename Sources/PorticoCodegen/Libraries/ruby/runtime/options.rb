# frozen_string_literal: true

module PorticoClient
  # Options of a client. They do not change, so that threads can share it.
  class ClientOptions
    DEFAULTS = {
      base_url: nil, api_key: nil, token: nil, username: nil, password: nil, keys: {}, credentials: nil, region: nil,
      timeout: 30, deadline: nil, max_retries: 3, headers: {}, before_attempt: [], after_attempt: [],
      max_idle_connections: 16, configure_http: nil, sleeper: nil, random: nil, clock: nil
    }.freeze
    private_constant :DEFAULTS

    attr_reader(*DEFAULTS.keys, :endpoint)

    def initialize(default_base_url, **options)
      unknown = options.keys - DEFAULTS.keys
      unless unknown.empty?
        raise InvalidArgumentError, "unknown option #{unknown.first.inspect}; there are #{DEFAULTS.keys.join(", ")}"
      end

      DEFAULTS.merge(options).each { |name, value| instance_variable_set(:"@#{name}", value) }
      @endpoint = Endpoint.new(@base_url || default_base_url)
      complete
      check
      freeze
    end

    # The region to sign for.
    def signing_region
      @region || @endpoint.region || ENV["AWS_REGION"] || ENV["AWS_DEFAULT_REGION"]
    end

    # Nobody wants secrets in logs.
    def inspect
      "#<#{self.class.name} base_url=#{@endpoint.url}>"
    end

    private

    def complete
      @base_url = @endpoint.url
      @credentials ||= -> { Credentials.from_environment }
      @sleeper ||= ->(seconds) { sleep(seconds) }
      @random ||= -> { Random.rand }
      @clock ||= -> { Time.now }
      @keys = @keys.to_h { |name, key| [name.to_s.downcase, key] }.freeze
      @headers = @headers.to_h { |name, value| [name.to_s, value.to_s] }.freeze
      @before_attempt = Array(@before_attempt).freeze
      @after_attempt = Array(@after_attempt).freeze
    end

    def check
      CallOptions.check(@timeout, @deadline, @max_retries)
    end
  end

  # Options of a call; what is not given is as in the client.
  class CallOptions
    attr_reader :timeout, :deadline, :max_retries, :idempotency_key, :headers

    # @param timeout [Numeric, nil] seconds that an attempt may take
    # @param deadline [Numeric, nil] seconds that the call with all of its attempts may take
    # @param max_retries [Integer] attempts after the first one
    # @param idempotency_key [String, nil] the same for calls that are meant to have their effect once; it makes all calls
    #   repeatable
    # @param headers [Hash{String=>String}] sent besides, or instead of those of the same name
    # @raise [InvalidArgumentError]
    def initialize(client, timeout: client.timeout, deadline: client.deadline, max_retries: client.max_retries,
                   idempotency_key: nil, headers: {})
      @timeout = timeout
      @deadline = deadline
      @max_retries = max_retries
      @idempotency_key = idempotency_key
      @headers = client.headers.merge(headers.to_h { |name, value| [name.to_s, value.to_s] })
      CallOptions.check(timeout, deadline, max_retries)
      freeze
    end

    # @raise [InvalidArgumentError]
    def self.from(client, options)
      new(client, **(options || {}))
    rescue ArgumentError, TypeError => e
      raise InvalidArgumentError, "options: #{e.message}"
    end

    # @raise [InvalidArgumentError]
    def self.check(timeout, deadline, max_retries)
      { timeout: timeout, deadline: deadline }.each do |name, seconds|
        next if seconds.nil? || (seconds.is_a?(Numeric) && seconds.positive?)

        raise InvalidArgumentError, "#{name} must be a number of seconds above 0, or nil for no limit"
      end
      return if max_retries.is_a?(Integer) && max_retries >= 0

      raise InvalidArgumentError, "max_retries must be a whole number of at least 0"
    end
  end
end
