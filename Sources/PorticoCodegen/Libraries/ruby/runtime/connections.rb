# frozen_string_literal: true

require "net/http"

module PorticoClient
  # Connections that wait for their next request. A connection that is in use belongs to one thread.
  class ConnectionPool
    # Shorter than the idle timeout of API Gateway and of load balancers.
    IDLE_SECONDS = 30
    private_constant :IDLE_SECONDS

    def initialize(endpoint, limit:, configure: nil)
      @endpoint = endpoint
      @limit = limit
      @configure = configure
      @mutex = Mutex.new
      @idle = []
      @process = Process.pid
    end

    # Yields a connection. It is used again only if the block comes to its end: an error, a `break`, a timeout or the end
    # of the thread may leave half an answer on it.
    def with
      connection = checkout
      result = yield connection
      done = true
      result
    ensure
      done ? checkin(connection) : discard(connection) if connection
    end

    # Closes the connections that nobody uses.
    def close
      idle = @mutex.synchronize { @idle.slice!(0..-1) }
      idle.each { |connection| discard(connection) }
    end

    private

    def checkout
      @mutex.synchronize do
        # A child process must not talk on its parent's connections, nor close them.
        if @process != Process.pid
          @idle = []
          @process = Process.pid
        end
        @idle.pop
      end || connection
    end

    def checkin(connection)
      kept = @mutex.synchronize { @idle.push(connection) if @idle.size < @limit }
      discard(connection) unless kept
    end

    def discard(connection)
      connection.finish if connection.started?
    rescue IOError, SystemCallError
      nil
    end

    def connection
      http = Net::HTTP.new(@endpoint.host, @endpoint.port)
      http.use_ssl = @endpoint.secure?
      http.keep_alive_timeout = IDLE_SECONDS
      # The client decides itself what is tried again.
      http.max_retries = 0
      @configure&.call(http)
      http
    end
  end
end
