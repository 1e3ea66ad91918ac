# frozen_string_literal: true

require "securerandom"

module PorticoClient
  # The frames of RFC 6455, as a client writes and reads them; no bytes move here.
  module Frames
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10
    # API Gateway takes longer messages, but no longer frames.
    LONGEST = 32_768
    CLOSE_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, *3000..4999].freeze
    OPCODES = [0, TEXT, BINARY, CLOSE, PING, PONG].freeze
    private_constant :LONGEST, :CLOSE_CODES, :OPCODES

    # A whole message or control frame; `text` is that of a message, or the reason of a close frame, `code` that frame's.
    Event = Struct.new(:opcode, :data, :text, :code)

    # What the server sent is not as RFC 6455 has it; `code` is what the connection is closed with.
    class Violation < StandardError
      attr_reader :code

      def initialize(code, message)
        super(message)
        @code = code
      end
    end

    module_function

    # A message or control frame in as many frames as it needs.
    def encode(opcode, data)
      data = data.b
      starts = data.empty? ? [0] : 0.step(data.bytesize - 1, LONGEST).to_a
      starts.each_with_object(String.new(encoding: Encoding::BINARY)) do |start, frames|
        piece = data.byteslice(start, LONGEST)
        final = start + LONGEST >= data.bytesize ? 0x80 : 0
        key = SecureRandom.bytes(4)
        frames << (final | (start.zero? ? opcode : 0)).chr << length(piece.bytesize) << key << masked(piece, key)
      end
    end

    # What a close frame carries.
    # @raise [InvalidArgumentError] for what none may carry
    def close_payload(code, reason)
      raise InvalidArgumentError, "#{code.inspect} is no code to close with" unless CLOSE_CODES.include?(code)

      data = [code].pack("n") + reason.encode(Encoding::UTF_8).b
      raise InvalidArgumentError, "the reason is longer than 123 bytes" if data.bytesize > 125

      data
    end

    def length(size)
      return (0x80 | size).chr if size < 126

      size < 65_536 ? [0xFE, size].pack("Cn") : [0xFF, size].pack("CQ>")
    end

    def masked(data, key)
      word = key.unpack1("N")
      words = (data + ("\0".b * (-data.bytesize % 4))).unpack("N*")
      words.map! { |value| value ^ word }
      words.pack("N*").byteslice(0, data.bytesize)
    end
    private_class_method :length, :masked

    # Reads frames from whatever pieces the bytes come in.
    class Decoder
      # @param limit [Integer] bytes that a message may have
      def initialize(limit)
        @limit = limit
        @buffer = String.new(encoding: Encoding::BINARY)
        @opcode = 0
        @message = String.new(encoding: Encoding::BINARY)
      end

      # Takes bytes that came.
      def feed(data)
        @buffer << data
      end

      # @return [Event, nil] the next one of what was fed; nil until more is
      # @raise [Violation]
      def next
        while (final, opcode, data = frame)
          return control(opcode, data) if opcode >= 8

          @opcode = opcode unless opcode.zero?
          @message << data
          return message if final
        end
      end

      private

      def message
        opcode = @opcode
        data = @message
        @opcode = 0
        @message = String.new(encoding: Encoding::BINARY)
        Event.new(opcode, data, opcode == TEXT ? text(data) : nil)
      end

      def frame
        first, second = @buffer.unpack("CC")
        return unless second

        opcode = first & 0x0F
        check(first, second, opcode)
        size, start = size(second & 0x7F)
        return unless size

        if opcode < 8 && @message.bytesize + size > @limit
          raise Violation.new(1009, "the message has more than #{@limit} bytes")
        end
        return if @buffer.bytesize < start + size

        [first >= 0x80, opcode, @buffer.slice!(0, start + size).byteslice(start, size)]
      end

      def size(short)
        case short
        when 126 then [@buffer.unpack1("x2n"), 4] if @buffer.bytesize >= 4
        when 127 then [@buffer.unpack1("x2Q>"), 10] if @buffer.bytesize >= 10
        else [short, 2]
        end
      end

      def check(first, second, opcode)
        raise Violation.new(1002, "a frame has a reserved bit") if first.anybits?(0x70)
        raise Violation.new(1002, "a frame of the server is masked") if second >= 0x80
        raise Violation.new(1002, "a frame has opcode #{opcode}") unless OPCODES.include?(opcode)

        if opcode >= 8
          return if first >= 0x80 && second <= 125

          raise Violation.new(1002, "a control frame is in parts or too long")
        end
        return if opcode.zero? != @opcode.zero?

        raise Violation.new(1002, "a part of a message is out of place")
      end

      def control(opcode, data)
        return Event.new(opcode, data, "", 1005) if opcode != CLOSE || data.empty?

        code = data.unpack1("n") || 0
        unless (1000..4999).cover?(code) && ![1004, 1005, 1006, 1015].include?(code)
          raise Violation.new(1002, "a close frame has no code that it may have")
        end

        Event.new(opcode, data, text(data.byteslice(2..-1)), code)
      end

      def text(data)
        text = data.dup.force_encoding(Encoding::UTF_8)
        return text if text.valid_encoding?

        raise Violation.new(1007, "a text message is no UTF-8")
      end
    end
  end
end
