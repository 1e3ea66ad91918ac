# frozen_string_literal: true

module PorticoClient
  # The connection ended, and is not opened again.
  class ConnectionClosedError < Error
    # @return [Integer] as RFC 6455 has it; 1006 if the connection ended without a close frame
    attr_reader :code
    # @return [String]
    attr_reader :reason

    def initialize(code, reason)
      super("the connection is closed: #{code}#{" #{reason}" unless reason.empty?}")
      @code = code
      @reason = reason
    end
  end

  # A message that came.
  class SocketMessage
    # @return [Object, nil] what it says. JSON of no known type, and text that is no JSON, come as {UnknownVariant}; bytes
    #   have no value.
    attr_reader :value
    # @return [String, nil] the text as it came; nil for bytes
    attr_reader :text
    # @return [String, nil] the bytes of a binary message
    attr_reader :data

    def initialize(value, text, data)
      @value = value
      @text = text
      @data = data
      freeze
    end
  end

  # A kind of connection: the operation that opens it, the codec of what comes, and the names on the way to the member of
  # a message that holds its route's key.
  SocketKind = Struct.new(:operation, :incoming, :selection)

  # How a connection behaves.
  class SocketOptions
    attr_reader :subprotocols, :reconnect, :max_reconnects, :on_reconnect, :max_message_bytes, :ping_interval, :call

    # @param subprotocols [Array<String>] names that are offered to the server, the best one first
    # @param headers [Hash{String=>String}] sent with the handshake besides and instead of the client's own
    # @param timeout [Numeric, nil] seconds that opening may take
    # @param reconnect [Boolean] whether a lost connection is opened again when somebody receives
    # @param max_reconnects [Integer] how often that is tried in a row
    # @param on_reconnect [#call, nil] called with the socket after each success: the server knows nothing of the
    #   connection before
    # @param max_message_bytes [Integer] a longer message closes the connection with 1009
    # @param ping_interval [Numeric, nil] seconds without a message after which a ping is sent; after as long again the
    #   connection counts as lost
    # @raise [InvalidArgumentError]
    def initialize(client, subprotocols: [], headers: {}, timeout: client.timeout, reconnect: true, max_reconnects: 10,
                   on_reconnect: nil, max_message_bytes: 1_048_576, ping_interval: nil)
      @subprotocols = subprotocols.map(&:to_s).freeze
      @reconnect = reconnect
      @max_reconnects = max_reconnects
      @on_reconnect = on_reconnect
      @max_message_bytes = max_message_bytes
      @ping_interval = ping_interval
      @call = CallOptions.new(client, timeout: timeout, headers: headers)
      freeze
    end

    # @raise [InvalidArgumentError]
    def self.from(client, options)
      new(client, **(options || {}))
    rescue ArgumentError, TypeError, NoMethodError => e
      raise InvalidArgumentError, "options: #{e.message}"
    end
  end

  # What all connections can do. One thread may receive while others send; lost connections are opened again by
  # receiving.
  class BaseSocket
    # Opens a connection; with a block gives it that and closes it afterwards.
    # @private
    def self.open(runner, kind, arguments, options)
      socket = new(runner, kind, arguments, options)
      return socket unless block_given?

      begin
        yield socket
      ensure
        socket.close
      end
    end

    # @private
    def initialize(runner, kind, arguments, options)
      @connection = Connection.new(self, runner, kind, arguments, runner.socket_options(options))
      @connection.open
    end

    # @return [String, nil] the subprotocol that the server selected
    def subprotocol
      @connection.subprotocol
    end

    # The next message.
    # @param timeout [Numeric, nil] seconds
    # @return [SocketMessage]
    # @raise [TimeoutError] if none comes in time
    # @raise [ConnectionClosedError] when the connection has ended; where it could not be opened again, the error of that
    def receive(timeout: nil)
      @connection.receive(timeout)
    end

    # Gives each message to the block until the connection ends.
    # @yield [SocketMessage]
    # @raise [ConnectionClosedError] unless the client closed it, or the server with 1000
    def each
      return enum_for(:each) unless block_given?

      loop do
        begin
          message = receive
        rescue ConnectionClosedError
          raise unless @connection.over?

          return self
        end
        yield message
      end
    end

    # Sends text as it is.
    # @raise [TransportError]
    def send_text(text)
      @connection.transmit(Frames::TEXT, text.encode(Encoding::UTF_8))
      nil
    end

    # Sends a binary message, which API Gateway refuses.
    # @raise [TransportError]
    def send_bytes(data)
      @connection.transmit(Frames::BINARY, data)
      nil
    end

    # Sends a ping.
    # @raise [TransportError]
    def ping
      @connection.transmit(Frames::PING, "")
      nil
    end

    # Closes the connection, and waits up to 5 seconds for the server to do the same.
    # @return [void]
    def close(code = 1000, reason = "")
      @connection.close(code, reason)
    end

    def inspect
      "#<#{self.class.name}>"
    end
    alias to_s inspect

    private

    def send_message(key, codec, message)
      @connection.transmit(Frames::TEXT, @connection.text(key, codec, message))
      nil
    end
  end
end
