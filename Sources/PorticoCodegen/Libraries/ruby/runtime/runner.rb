# frozen_string_literal: true

module PorticoClient
  # Makes calls: authorises, sends, tries again, and decodes.
  class Runner
    def initialize(options)
      @options = options
      @pool = ConnectionPool.new(
        options.endpoint, limit: options.max_idle_connections, configure: options.configure_http
      )
      @transport = Transport.new(@pool)
      @authorizer = Authorizer.new(options)
      @retries = RetryPolicy.new(options)
    end

    # @return [String]
    def base_url
      @options.base_url
    end

    def close
      @pool.close
    end

    # Calls an operation.
    # @param arguments [Array] values of its parameters, in their order
    # @return [Response]
    def call(operation, arguments, options, verb: nil, body: nil, content_type: nil, &block)
      settings = CallOptions.from(@options, options)
      request = Request.new(
        operation, arguments, settings, @options.endpoint, verb: verb, body: body, content_type: content_type
      )
      response = answer(request, Sink.new(block))
      response.with_value(Answers.value(request, response, streamed: !block.nil?))
    end

    # The answers of an operation that has pages.
    # @return [Enumerator]
    def pages(operation, arguments, options)
      Pages.pages(operation, arguments) { |page_arguments| call(operation, page_arguments, options).value }
    end

    # What is on the pages.
    # @return [Enumerator]
    def items(operation, arguments, options)
      Pages.items(operation, pages(operation, arguments, options))
    end

    # The request that opens a connection, without what WebSocket adds to it.
    # @return [Attempt]
    def handshake(operation, arguments, settings)
      request = Request.new(operation, arguments, settings, @options.endpoint)
      attempt = prepared(request, 1)
      %w[Accept amz-sdk-request].each { |name| attempt.headers.delete(name) }
      authorise(request, attempt)
      attempt
    end

    # The bytes of a new connection.
    # @return [Wire]
    def wire(seconds)
      Wire.open(@options.endpoint, seconds, configure: @options.configure_http)
    end

    # @return [SocketOptions]
    def socket_options(options)
      SocketOptions.from(@options, options)
    end

    # Waits for a random time.
    def pause(seconds, longest)
      @options.sleeper.call(@options.random.call * [seconds, longest].min)
    end

    private

    def answer(request, sink)
      deadline = Deadline.new(request.options.deadline)
      request = request.with_bytes if @authorizer.signs?(request.operation)
      number = 0
      begin
        number += 1
        attempt(request, number, deadline, sink)
      rescue TransportError, TimeoutError, ResponseError => e
        wait = @retries.wait(e, request, number, deadline.left) unless sink.used?
        raise unless wait

        @options.sleeper.call(wait)
        retry
      end
    end

    # The answer, if its status is 2xx.
    # @raise [TransportError, TimeoutError, ResponseError]
    def attempt(request, number, deadline, sink)
      attempt = prepared(request, number)
      authorise(request, attempt)
      response = exchange(request, attempt, deadline, sink)
      return response if response.success?

      raise Answers.error(request.operation, response)
    end

    def prepared(request, number)
      headers, pairs = @authorizer.identify(request.operation)
      url = request.url
      url += "#{url.include?("?") ? "&" : "?"}#{PercentEncoding.query(pairs)}" unless pairs.empty?
      headers = request.headers.merge(headers)
      headers["amz-sdk-request"] = "attempt=#{number}; max=#{request.options.max_retries + 1}"
      headers["Host"] = @options.endpoint.authority
      Attempt.new(number, request, url, headers)
    end

    def authorise(request, attempt)
      @options.before_attempt.each { |hook| hook.call(attempt) }
      attempt.headers.each { |name, value| Request.check_header(name, value) }
      return unless @authorizer.signs?(request.operation)

      attempt.headers.merge!(@authorizer.sign(request, attempt.url, attempt.headers))
    end

    def exchange(request, attempt, deadline, sink)
      start = Deadline.now
      response = @transport.exchange(request, attempt.url, attempt.headers, deadline, sink)
      finish(attempt, start, response: response)
      response
    rescue TransportError, TimeoutError => e
      finish(attempt, start, error: e)
      raise
    end

    def finish(attempt, start, **outcome)
      attempt.finish(Deadline.now - start, **outcome)
      @options.after_attempt.each { |hook| hook.call(attempt) }
    end
  end
end
