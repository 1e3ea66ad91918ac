# frozen_string_literal: true

module PorticoClient
  # A connection of WebSocket: opened, read, written, closed and opened again.
  class Connection
    # Ends of a connection that the next one may not meet.
    PASSING = [1001, 1005, 1006, 1011, 1012, 1013, 1014].freeze
    CLOSING_SECONDS = 5
    # A reader looks as often as this whether another thread closes the connection.
    SLICE = 1
    LONGEST_WAIT = 20
    FIRST_WAIT = 0.1
    private_constant :PASSING, :CLOSING_SECONDS, :SLICE, :LONGEST_WAIT, :FIRST_WAIT

    # @return [String, nil] the subprotocol that the server selected
    attr_reader :subprotocol

    # @param owner [BaseSocket] given to the hook of reconnecting
    # @param runner [Runner] makes the requests that open connections
    # @param kind [SocketKind]
    # @param options [SocketOptions]
    def initialize(owner, runner, kind, arguments, options)
      @owner = owner
      @runner = runner
      @kind = kind
      @arguments = arguments
      @options = options
      @receiving = Mutex.new
    end

    # Opens the connection.
    # @raise [Error]
    def open
      seconds = @options.call.timeout
      ends = Deadline.new(seconds)
      attempt = @runner.handshake(@kind.operation, @arguments, @options.call)
      wire = @runner.wire(seconds)
      handshake = Handshake.new(wire, @kind.operation, attempt, @options.subprotocols, ends)
      @decoder = Frames::Decoder.new(@options.max_message_bytes)
      @decoder.feed(handshake.call)
      @subprotocol = handshake.subprotocol
      heard
      @wire = wire
    rescue Wire::Expired
      raise TimeoutError, "opening the connection took too long"
    rescue *Wire::BREAKS => e
      raise TransportError, "no connection: #{e.message}"
    ensure
      wire&.close unless @wire.equal?(wire)
    end

    # The next message.
    # @return [SocketMessage]
    # @raise [Error] what ended the connection, or TimeoutError
    def receive(seconds)
      ends = Deadline.new(seconds)
      raise InvalidArgumentError, "another thread receives from this connection" unless @receiving.try_lock

      begin
        loop do
          message = step(ends)
          return message if message
        end
      ensure
        @receiving.unlock
      end
    end

    # Whether the connection ended as it should.
    def over?
      @ending.is_a?(ConnectionClosedError) && (!@closing.nil? || @ending.code == 1000)
    end

    # Sends a message.
    # @raise [TransportError]
    def transmit(opcode, data)
      wire = @wire
      if wire.nil? || @closing
        lost = @ending.nil? && @closing.nil?
        raise TransportError, lost ? "the connection is lost; receiving opens it again" : "the connection is closed"
      end
      wire.write(Frames.encode(opcode, data))
    rescue Wire::Expired, *Wire::BREAKS => e
      raise TransportError, "the connection is lost: #{e.message}"
    end

    # JSON text of a message to a route.
    # @raise [InvalidArgumentError]
    def text(key, codec, message)
      json = ABSENT.equal?(message) ? {} : codec.encode(message)
      JSONText.generate(key ? keyed(json, key, @kind.selection) : json)
    rescue CodingFailure => e
      raise e.argument_error("message")
    end

    # Closes the connection, and waits for the server to do so for a short time.
    def close(code, reason)
      payload = Frames.close_payload(code, reason)
      return if @ending || @closing

      @closed_with = [code, reason]
      @closing = Deadline.new(CLOSING_SECONDS)
      wire = @wire
      control(wire, Frames::CLOSE, payload) if wire
      # Whoever receives waits for the end anyway.
      receive(nil) until @ending || @receiving.locked?
    rescue TransportError, TimeoutError, ConnectionClosedError
      nil
    end

    private

    # A message, if there is one after this.
    def step(ends)
      raise @ending if @ending
      return reopen unless @wire

      event = @decoder.next
      return read(ends) unless event
      return message(event) if [Frames::TEXT, Frames::BINARY].include?(event.opcode)

      answer(event)
    rescue Frames::Violation => e
      control(@wire, Frames::CLOSE, Frames.close_payload(e.code, ""))
      lose(e.code, "")
    end

    def read(ends)
      return lose(*@closed_with) if @closing && @closing.left <= 0

      left = ends.left
      raise TimeoutError, "no message came in time" if left && left <= 0

      due = keep_alive
      wait = [SLICE, left, due].compact.min
      data = @wire.read(Deadline.new(wait)) if wait.positive?
      data ? take(data) : (lose(1006, "") if wait.positive?)
    rescue Wire::Expired
      nil
    rescue *Wire::BREAKS
      lose(1006, "")
    end

    def take(data)
      heard
      @decoder.feed(data)
      nil
    end

    def heard
      @heard = Deadline.now
      @pinged = nil
    end

    # Seconds until something has to be done to know whether the server is there; nil: never.
    def keep_alive
      return unless @options.ping_interval

      now = Deadline.now
      due = (@pinged || @heard) + @options.ping_interval - now
      return due if due.positive?
      raise IOError, "the server is silent" if @pinged

      @pinged = now
      control(@wire, Frames::PING, "")
      @options.ping_interval
    end

    def answer(event)
      case event.opcode
      when Frames::PING then control(@wire, Frames::PONG, event.data)
      when Frames::CLOSE
        control(@wire, Frames::CLOSE, event.data.byteslice(0, 2)) unless @closing
        lose(event.code, event.text)
      end
      nil
    end

    # Writes a control frame; that the connection is lost is seen when it is read.
    def control(wire, opcode, data)
      wire.write(Frames.encode(opcode, data))
    rescue Wire::Expired, *Wire::BREAKS
      nil
    end

    def lose(code, reason)
      @wire&.close
      @wire = nil
      if @closing
        @ending = ConnectionClosedError.new(*@closed_with)
      elsif !(@options.reconnect && PASSING.include?(code))
        @ending = ConnectionClosedError.new(code, reason)
      end
      nil
    end

    # Opens the connection again, or says why not.
    def reopen
      error = nil
      @options.max_reconnects.times do |attempt|
        @runner.pause(FIRST_WAIT * 2**[attempt, 30].min, LONGEST_WAIT)
        return lose(*@closed_with) if @closing

        error = failure { open }
        return reopened unless error
        break if final?(error)
      end
      @ending = error || ConnectionClosedError.new(1006, "")
      nil
    end

    def reopened
      @options.on_reconnect&.call(@owner)
      nil
    end

    def failure
      yield
      nil
    rescue Error => e
      e
    end

    def final?(error)
      return true if error.is_a?(InvalidArgumentError)

      error.is_a?(ResponseError) && (400..499).cover?(error.status) && error.status != 429
    end

    def message(event)
      return SocketMessage.new(nil, nil, event.data) if event.opcode == Frames::BINARY

      SocketMessage.new(value(event.text), event.text, nil)
    end

    def value(text)
      json = JSONText.parse(text)
    rescue CodingFailure
      UnknownVariant.new(text)
    else
      begin
        @kind.incoming.decode(json)
      rescue CodingFailure
        UnknownVariant.new(json)
      end
    end

    def keyed(json, key, selection)
      *outer, last = selection
      return json unless last

      # Not into what belongs to the caller.
      json = json.dup
      holder = outer.reduce(json) do |inner, name|
        inner.is_a?(Hash) ? inner[name] = inner.fetch(name, {}).dup : nil
      end
      raise InvalidArgumentError, "a message to a route is a JSON object" unless holder.is_a?(Hash)

      holder[last] = key
      json
    end
  end
end
