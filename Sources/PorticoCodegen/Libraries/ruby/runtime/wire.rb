# frozen_string_literal: true

require "net/http"
require "socket"

module PorticoClient
  # The bytes of a connection of WebSocket. One thread may read while others write.
  class Wire
    PIECE = 65_536
    WRITE_SECONDS = 30
    BREAKS = [SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError].freeze
    # What `configure_http` may have said of TLS.
    SETTINGS = %i[
      ca_file ca_path cert_store cert key ciphers min_version max_version verify_callback verify_depth verify_mode
    ].freeze
    private_constant :PIECE, :WRITE_SECONDS, :SETTINGS

    # Too slow.
    class Expired < StandardError; end

    # @param configure [#call, nil] called with a `Net::HTTP`, whose settings of TLS are taken
    # @raise [Expired, SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError]
    def self.open(endpoint, seconds, configure: nil)
      ends = Deadline.new(seconds)
      io = ::Socket.tcp(endpoint.host, endpoint.port, connect_timeout: seconds)
      io.setsockopt(::Socket::IPPROTO_TCP, ::Socket::TCP_NODELAY, 1)
      wire = new(io)
      wire.secure(endpoint, ends, configure) if endpoint.secure?
      done = true
      wire
    rescue Errno::ETIMEDOUT
      raise Expired, "no connection in time"
    ensure
      io&.close unless done
    end

    def initialize(io)
      @io = io
      @writing = Mutex.new
    end

    # Goes on with TLS.
    def secure(endpoint, ends, configure)
      context = OpenSSL::SSL::SSLContext.new
      context.set_params(settings(endpoint, configure))
      tls = OpenSSL::SSL::SSLSocket.new(@io, context)
      tls.sync_close = true
      tls.hostname = endpoint.host unless endpoint.host.match?(/\A[\d.]+\z|:/)
      @io = tls
      again(ends) { tls.connect_nonblock(exception: false) }
      tls.post_connection_check(endpoint.host) unless context.verify_mode == OpenSSL::SSL::VERIFY_NONE
    end

    # @param ends [Deadline]
    # @return [String, nil] what came; nil at the end
    # @raise [Expired]
    def read(ends)
      again(ends) { @io.read_nonblock(PIECE, exception: false) }
    rescue EOFError
      nil
    end

    # Writes all of it.
    def write(data)
      ends = Deadline.new(WRITE_SECONDS)
      @writing.synchronize do
        until data.empty?
          written = again(ends) { @io.write_nonblock(data, exception: false) }
          data = data.byteslice(written..-1)
        end
      end
    end

    def close
      @io.close
    rescue *BREAKS
      nil
    end

    private

    def settings(endpoint, configure)
      http = Net::HTTP.new(endpoint.host, endpoint.port)
      configure&.call(http)
      SETTINGS.to_h { |name| [name, http.public_send(name)] }.compact
    end

    def again(ends)
      loop do
        result = yield
        case result
        when :wait_readable then wait([@io], nil, ends)
        when :wait_writable then wait(nil, [@io], ends)
        else return result
        end
      end
    end

    def wait(readers, writers, ends)
      left = ends.left
      return if (left.nil? || left.positive?) && IO.select(readers, writers, nil, left)

      raise Expired, "timed out"
    end
  end
end
