# frozen_string_literal: true

module PorticoClient
  # Bytes to send: text in memory, or a stream that is sent as it comes.
  class Body
    NONE = new
    private_class_method :new

    class << self
      # The body for a value.
      # @raise [InvalidArgumentError]
      def for(rule, value, content_type)
        return NONE if rule.nil? || absent?(rule, value)

        type = content_type || rule.media_type
        case rule.kind
        when :json then Bytes.new(JSONText.generate(rule.codec.encode(value)), type)
        when :text then Bytes.new(Codecs::STRING.encode(value), type)
        else binary(value, type)
        end
      rescue CodingFailure => e
        raise e.argument_error("body")
      end

      private

      def absent?(rule, value)
        return false unless value.nil?
        raise InvalidArgumentError, "body must be given" if rule.required && rule.kind != :json

        !rule.required
      end

      def binary(value, type)
        return Bytes.new(value, type) if value.is_a?(String)
        return Stream.new(value, type) if value.respond_to?(:read)

        raise InvalidArgumentError, "body must be a String or an IO, but is a #{value.class}"
      end
    end

    def content_type
      nil
    end

    # Whether there is none, as opposed to one without bytes.
    def empty?
      equal?(NONE)
    end

    # All bytes, for a signature.
    def to_bytes
      self
    end

    def bytes
      ""
    end

    # Whether it can be sent once more.
    def repeatable?
      true
    end

    # Puts it into a request of Net::HTTP.
    def attach(request)
      # Without length, some servers wait for a body.
      request["Content-Length"] = "0" if %w[POST PUT PATCH].include?(request.method)
    end

    # The error that reading the body raised, as opposed to errors of the connection.
    def failure
      nil
    end

    # Bytes in memory.
    class Bytes < Body
      public_class_method :new
      attr_reader :bytes, :content_type

      def initialize(bytes, content_type)
        super()
        @bytes = bytes
        @content_type = content_type
      end

      def attach(request)
        request.body = @bytes
      end
    end

    # A stream; Net::HTTP reads from it.
    class Stream < Body
      public_class_method :new
      attr_reader :content_type, :failure

      def initialize(io, content_type)
        super()
        @io = io
        @content_type = content_type
        @start = position
        @touched = false
      end

      def to_bytes
        Bytes.new(read_all, @content_type)
      end

      def repeatable?
        !@touched || !@start.nil?
      end

      def attach(request)
        rewind if @touched
        @left = size
        @left ? request["Content-Length"] = @left.to_s : request["Transfer-Encoding"] = "chunked"
        request.body_stream = self
      end

      # Called by IO.copy_stream.
      def read(length, buffer = +"")
        @touched = true
        # A file that grows must not send more than was said.
        length = [length, @left].min if @left
        buffer.clear
        piece = @io.read(length, buffer) unless length.zero?
        @left -= piece.bytesize if @left && piece
        piece
      rescue StandardError => e
        @failure = e
        raise
      end

      private

      def read_all
        @touched = true
        @io.read.to_s.b
      end

      def rewind
        @io.seek(@start) if @start
      end

      # Where it begins; nil if there is no way back.
      def position
        @io.pos if @io.respond_to?(:pos) && @io.respond_to?(:seek)
      rescue SystemCallError, IOError
        nil
      end

      # How much there is to send; nil if nobody knows. Devices say that they have nothing.
      def size
        size = @io.size - @start if @start && @io.respond_to?(:size)
        size if size&.positive?
      end
    end
  end
end
